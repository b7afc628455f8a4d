"""What a member reads when something cannot be done: one clear sentence, never an exception's own words."""

from collections.abc import Callable

import discord

from bot.present.embeds import Tone, embed
from bot.present.sayings import said
from bot.present.text import plain
from engine.errors import InvalidInput
from engine.tongue import say


def invalid(fault: InvalidInput, named: Callable[[str], str]) -> discord.Embed:
    """What is wrong and what would be accepted; `named` gives a place's label for its code."""
    lines = [plain_sentence(said(fault.saying))]
    if fault.field in ("origin", "destination") and fault.suggestions:
        lines += ["", *(_suggestion(code, named(code)) for code in fault.suggestions)]
    if fault.field == "role":
        lines.append(" ".join(f"<@&{role}>" for role in fault.suggestions))
    return embed(say("That does not work yet"), lines, Tone.CARE)


def _suggestion(code: str, label: str) -> str:
    """`JFK` New York, John F Kennedy · United States; the label has the code in its middle."""
    bare = code.rpartition(":")[2]
    return f"`{plain(code, 12)}` {plain(label.replace(f' · {bare} · ', ' · '), 100)}"


def unexpected(error_id: str) -> discord.Embed:
    """A fault of ours."""
    lines = [
        say("That went wrong on my side, and it is written down. Please try again in a moment."),
        say("If it stays so, tell whoever runs me this number: {number}", number=f"`{error_id}`"),
    ]
    return embed(say("Sorry"), lines, Tone.CARE)


def plain_sentence(sentence: str) -> str:
    """The sentence with what somebody typed made harmless."""
    return discord.utils.escape_markdown("".join(sign for sign in sentence if sign not in "<>@"))
