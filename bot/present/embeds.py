"""The look that all messages share: colours, and embeds cut to what Discord takes."""

from collections.abc import Iterable
from enum import IntEnum
from typing import Final, NamedTuple

import discord

from bot.present.text import clip

_LONGEST_TITLE: Final = 256
_LONGEST_TEXT: Final = 4000
_LONGEST_FIELD_NAME: Final = 256
_LONGEST_FIELD: Final = 1024
_LONGEST_FOOTER: Final = 300


class Tone(IntEnum):
    """A colour that goes with the words; never the only sign of anything."""

    GOOD = 0x2E9E5B
    CALM = 0x3B82C4
    CARE = 0xD98A1F
    PAST = 0x8A919C


class Field(NamedTuple):
    """A short fact with its name; facts stand side by side, three in a row."""

    name: str
    text: str
    wide: bool = False


def embed(
    title: str, lines: Iterable[str | None], tone: Tone, *, fields: Iterable[Field] = (), footer: str = ""
) -> discord.Embed:
    """One embed; a line that is None is left out, everything is cut to Discord's limits."""
    text = "\n".join(line for line in lines if line is not None).strip()
    made = discord.Embed(
        title=clip(title, _LONGEST_TITLE), description=clip(text, _LONGEST_TEXT) or None, colour=tone.value
    )
    for field in fields:
        add_field(made, field)
    if footer:
        made.set_footer(text=clip(footer, _LONGEST_FOOTER))
    return made


def add_field(made: discord.Embed, field: Field) -> None:
    """One more fact at the end of an embed."""
    made.add_field(
        name=clip(field.name, _LONGEST_FIELD_NAME),
        value=clip(field.text, _LONGEST_FIELD),
        inline=not field.wide,
    )
