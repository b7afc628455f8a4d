"""The form in which a member types another target."""

from typing import Any, Final

import discord

from bot import replies
from bot.answer import Form, Reply, answer
from bot.visit import visit_of
from engine.domain.money import Money
from engine.domain.watch import WatchId
from engine.tongue import say

_LONGEST_AMOUNT: Final = 24


class TargetForm(Form):
    """One field with the present target in it; the alert that it was opened from stays as it is."""

    def __init__(self, watch_id: WatchId, present: Money | None) -> None:
        super().__init__(title=say("Change target"))
        self._watch_id = watch_id
        self._amount: discord.ui.TextInput[TargetForm] = discord.ui.TextInput(
            custom_id="target",
            placeholder=say("420, or 210 pp for each person"),
            default=present.plain() if present else None,
            max_length=_LONGEST_AMOUNT,
        )
        label = discord.ui.Label(
            text=say("Tell me at or below"),
            description=_whose(present),
            component=self._amount,
        )
        self.add_item(label)

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Set the target and show the route anew."""

        async def work() -> Reply:
            visit = await visit_of(interaction).acting_on(self._watch_id)
            target = self._amount.value
            result = await visit.watches.change_target(self._watch_id, visit.actor, target)
            return replies.changed(result, visit.scene)

        await answer(interaction, work)


def _whose(present: Money | None) -> str:
    if present is None:
        return say("For the whole party.")
    return say("For the whole party, in {currency}.", currency=present.currency)
