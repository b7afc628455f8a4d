"""The form into which a member pastes rows."""

import re
from typing import Any, Final

import discord

from bot import brought, lists
from bot.answer import Form, Reply, answer
from bot.places import told_at
from bot.visit import visit_of
from engine.routelists.columns import Column, column_of
from engine.tongue import say

_LONGEST: Final = 4000  # what Discord takes in one field
_WHERE_TO: Final = (Column.DESTINATION, Column.CITY)
HEADER: Final = "origin,destination,depart,return,target,currency"


class PasteForm(Form):
    """One field with the header in it; `where` is what the command was given."""

    def __init__(self, where: str | None) -> None:
        super().__init__(title=say("Import routes"))
        self._where = where
        self._rows: discord.ui.TextInput[PasteForm] = discord.ui.TextInput(
            custom_id="rows",
            style=discord.TextStyle.paragraph,
            default=f"{HEADER}\n",
            placeholder=f"{HEADER}\nLON,TYO,2027-03-10,2027-03-24,420,EUR",
            max_length=_LONGEST,
        )
        self.add_item(
            discord.ui.Label(
                text=say("One route a line, below the column names"),
                description=say(
                    "Also: city, adults, cabin, max_stops. Cells copied from a spreadsheet are fine."
                ),
                component=self._rows,
            )
        )

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Show what the rows would change."""

        async def work() -> Reply:
            text, visit = one_header(self._rows.value), visit_of(interaction)
            tell = await told_at(interaction, visit, self._where)
            return await brought.noted(interaction, visit, await lists.preview_pasted(visit, text, tell))

        await answer(interaction, work)


def one_header(text: str) -> str:
    """What was pasted below the header that stood there, with the header that is meant.

    Rows that bring their own header take its place, and cells with tabs between them get one with
    tabs. The lines keep their numbers.
    """
    first, _, rest = text.partition("\n")
    below = next((line for line in rest.splitlines() if line.strip()), "")
    if first.strip() != HEADER:
        return text
    if any(column_of(title.strip(' "')) in _WHERE_TO for title in re.split(r"[,;\t]", below)):
        return f"\n{rest}"
    return text.replace(first, first.replace(",", "\t"), 1) if "\t" in below else text
