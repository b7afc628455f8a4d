"""One class for all our buttons: it is recognised by its custom id, so it works after any restart."""

import re
from collections.abc import Sequence
from typing import Any, Self

import discord
import structlog

from bot.client import FareBot, listen
from bot.ids import PATTERN
from engine.tongue import say

_log = structlog.get_logger(__name__)

Style = discord.ButtonStyle


class PressButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=PATTERN):
    """A button whose custom id says everything that a press needs."""

    @classmethod
    def labelled(
        cls, label: str, custom_id: str, style: Style = Style.secondary, *, disabled: bool = False
    ) -> Self:
        """A button with that caption."""
        return cls(discord.ui.Button(label=label, custom_id=custom_id, style=style, disabled=disabled))

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003  discord.py's signature
        item: discord.ui.Item[Any],
        match: re.Match[str],  # noqa: ARG003
        /,
    ) -> Self:
        """Take the button as it stands in the message."""
        if not isinstance(item, discord.ui.Button):
            raise TypeError("our custom ids stand on buttons only")
        return cls(item)

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Everybody may; what comes of it is said in the presser's language."""
        listen(interaction)
        return True

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what the verb says; a verb of a version that is gone is answered in words."""
        verb, words = read(self.custom_id)
        client: FareBot = interaction.client
        act = client.presses.get(verb)
        if act is None:
            _log.info("unknown button", verb=verb)
            await old(interaction)
            return
        await act(interaction, words)


async def old(interaction: discord.Interaction[Any]) -> None:
    """Say that what was pressed is no longer known."""
    await interaction.response.send_message(
        say("This button is from an older version of me. `/route list` shows what you watch."),
        ephemeral=True,
    )


def read(custom_id: str) -> tuple[str, Sequence[str]]:
    """The verb of a custom id and the words after it."""
    match = PATTERN.fullmatch(custom_id)
    if match is None:
        return "", []
    return match["verb"], match["words"].split(":")[1:]
