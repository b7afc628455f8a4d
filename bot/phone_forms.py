"""The forms in which a member types a phone number, and then the code that came to it."""

from typing import Any, Final

import discord

from bot import sms_replies
from bot.answer import Form, How, Reply, answer
from bot.visit import visit_of
from engine.alerts.consent import Consent
from engine.tongue import say

_LONGEST_NUMBER: Final = 32
_LONGEST_CODE: Final = 16


class NumberForm(Form):
    """The consent sentence, and one field below it."""

    def __init__(self, consent: Consent) -> None:
        self._consent = consent
        super().__init__(title=say("Link your phone"))
        self._number: discord.ui.TextInput[NumberForm] = discord.ui.TextInput(
            custom_id="number", placeholder="+49 151 23456789", max_length=_LONGEST_NUMBER
        )
        self.add_item(discord.ui.TextDisplay(consent.sentence))
        self.add_item(
            discord.ui.Label(
                text=say("Your mobile number"),
                description=say("With its country code. I send it a code; nobody else in Discord sees it."),
                component=self._number,
            )
        )

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Send the code."""

        async def work() -> Reply:
            visit = visit_of(interaction)
            number = await visit.actions.sms.link(visit.actor, self._number.value, self._consent)
            return sms_replies.code_sent(number)

        await answer(interaction, work)


class CodeForm(Form):
    """One field for the code."""

    def __init__(self) -> None:
        super().__init__(title=say("Link your phone"))
        self._code: discord.ui.TextInput[CodeForm] = discord.ui.TextInput(
            custom_id="code", placeholder="123456", max_length=_LONGEST_CODE
        )
        self.add_item(discord.ui.Label(text=say("The code from the text"), component=self._code))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Link the number when the code is right."""

        async def work() -> Reply:
            visit = visit_of(interaction)
            sms = visit.actions.sms
            await sms.confirm(visit.actor, self._code.value)
            calm = await visit.actions.quiet_hours.show(visit.actor)
            return sms_replies.linked(await sms.status(visit.actor), calm)

        await answer(interaction, work, How.IN_PLACE if interaction.message else How.NEW)
