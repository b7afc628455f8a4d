"""Words that others wrote, made safe to stand in a message."""

import re
from collections.abc import Sequence
from typing import Final

import discord

from engine.tongue import say

# Letters and digits of any script, and signs that mean nothing to Discord. What is left out:
# markdown, mentions, timestamps, links, line breaks, control and bidirectional signs.
_UNSAFE: Final = re.compile(r"[^\w .,'()&/+%:·-]|_")
_LONGEST_NAME: Final = 40


def plain(text: str, longest: int = 200) -> str:
    """A provider's or a fault's words on one line, without anything Discord would render."""
    bare = _UNSAFE.sub(" ", text).replace("://", " ")
    return clip(" ".join(bare.split()), longest)


def person(name: str) -> str:
    """A member's display name: any script, no mention, no markdown, no line break."""
    kept = "".join(sign for sign in name if sign.isprintable() and sign not in "<>@`\\")
    return discord.utils.escape_markdown(clip(" ".join(kept.split()), _LONGEST_NAME)) or say("Somebody")


def clip(text: str, longest: int) -> str:
    """The text, cut with an ellipsis where it is longer than that."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def listed(words: Sequence[str], last: str | None = None) -> str:
    """a, b and c; `last` stands before the last one in place of "and"."""
    last = say("and") if last is None else last
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""
