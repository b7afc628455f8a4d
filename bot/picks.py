"""Menus to pick from: recognised by their custom id as our buttons are, so they work after any restart.

What was picked follows the words of the custom id; the verb says what is done with it.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final, Self

import discord

from bot.client import FareBot, listen
from bot.press import old

PATTERN: Final = re.compile(r"pick1:(?P<verb>[a-z-]+)(?P<words>(?::[A-Za-z0-9_-]*)*)")
MOST_ROLES: Final = 10

_CHANNEL: Final = discord.SelectDefaultValueType.channel
_ROLE: Final = discord.SelectDefaultValueType.role


class PickMenu(discord.ui.DynamicItem[discord.ui.Item[Any]], template=PATTERN):
    """A menu of any kind whose custom id says what its picks mean."""

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003  discord.py's signature
        item: discord.ui.Item[Any],
        match: re.Match[str],  # noqa: ARG003
        /,
    ) -> Self:
        """Take the menu as it stands in the message."""
        return cls(item)

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Everybody may; what comes of it is said in the language of who picked."""
        listen(interaction)
        return True

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what the verb says with what was picked."""
        match = PATTERN.fullmatch(self.custom_id)
        client: FareBot = interaction.client
        act = client.presses.get(match["verb"]) if match else None
        if match is None or act is None:
            await old(interaction)
            return
        given: Any = interaction.data or {}
        picked = [str(value) for value in given.get("values", ())]
        await act(interaction, [*match["words"].split(":")[1:], *picked])


def roles(verb: str, hint: str, chosen: Iterable[str], *, most: int = MOST_ROLES) -> PickMenu:
    """A menu of the server's roles; picking none is a choice too."""
    menu: discord.ui.RoleSelect[Any] = discord.ui.RoleSelect(
        custom_id=f"pick1:{verb}",
        placeholder=hint,
        min_values=0,
        max_values=most,
        default_values=[discord.SelectDefaultValue(id=int(id_), type=_ROLE) for id_ in chosen],
    )
    return PickMenu(menu)


def channel(verb: str, hint: str, chosen: str | None, kinds: Sequence[discord.ChannelType]) -> PickMenu:
    """A menu of the server's channels; picking none is a choice too."""
    held = [discord.SelectDefaultValue(id=int(chosen), type=_CHANNEL)] if chosen else []
    menu: discord.ui.ChannelSelect[Any] = discord.ui.ChannelSelect(
        custom_id=f"pick1:{verb}",
        placeholder=hint,
        min_values=0,
        max_values=1,
        channel_types=list(kinds),
        default_values=held,
    )
    return PickMenu(menu)


def options(verb: str, hint: str, offered: Sequence[tuple[str, str]]) -> PickMenu:
    """A menu of these, each with its caption and what it stands for."""
    menu: discord.ui.Select[Any] = discord.ui.Select(
        custom_id=f"pick1:{verb}",
        placeholder=hint,
        options=[discord.SelectOption(label=caption, value=value) for caption, value in offered],
    )
    return PickMenu(menu)
