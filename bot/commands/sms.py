"""/sms: link, status, test, pause, forget. The number is typed into a form: options are visible to all.

Types in these signatures are read by discord.py when the module is loaded: no annotation may be
importable for the type checker only.
"""

from collections.abc import Awaitable, Callable

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot import phones, sms_replies
from bot.answer import Reply, answer, show_form
from bot.client import FareBot
from bot.phone_forms import NumberForm
from bot.present.sms import consent
from bot.visit import Visit, visit_of

_RESUME = "resume"


@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
@app_commands.allowed_installs(guilds=True, users=True)
class SmsCommands(app_commands.Group):
    """Your alerts as texts on your phone."""

    def __init__(self) -> None:
        super().__init__(name="sms", description="Your alerts as texts on your phone")

    @app_commands.command()
    async def link(self, interaction: discord.Interaction[FareBot]) -> None:
        """Get your alerts on your phone as well; only you see what you type."""
        sms = interaction.client.desk.actions.sms
        if not sms.lacks:
            await show_form(interaction, NumberForm(consent(sms.most_a_day)))
            return

        async def work() -> Reply:
            return sms_replies.not_set_up(sms.lacks)

        await answer(interaction, work)

    @app_commands.command()
    async def status(self, interaction: discord.Interaction[FareBot]) -> None:
        """Which number is linked, and how many texts it got today."""
        await _act(interaction, phones.status)

    @app_commands.command()
    async def test(self, interaction: discord.Interaction[FareBot]) -> None:
        """Send a text to your phone now, and see how long it takes."""
        await _act(interaction, phones.test)

    @app_commands.command()
    @app_commands.describe(action="Pause unless you say otherwise")
    @app_commands.choices(action=[Choice(name="Pause", value="pause"), Choice(name="Resume", value=_RESUME)])
    async def pause(self, interaction: discord.Interaction[FareBot], action: str = "pause") -> None:
        """Get no texts until you resume them; your phone stays linked."""
        await _act(interaction, phones.resume if action == _RESUME else phones.pause)

    @app_commands.command()
    async def forget(self, interaction: discord.Interaction[FareBot]) -> None:
        """Delete your number and your consent, at once."""
        await _act(interaction, phones.forget)


async def _act(interaction: discord.Interaction[FareBot], act: Callable[[Visit], Awaitable[Reply]]) -> None:
    async def work() -> Reply:
        return await act(visit_of(interaction))

    await answer(interaction, work)
