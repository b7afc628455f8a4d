"""Calls counted in memory."""

from collections.abc import Mapping
from datetime import date

from engine.domain.budget import Asker, BudgetSpent, CallLimits, CallsMade, budget_spent
from engine.errors import StoreError


class Counts:
    """An `engine.fares.ports.CallCounts`; `broken` stands for a store that refuses."""

    def __init__(self, before: Mapping[str, CallsMade] | None = None, *, broken: bool = False) -> None:
        self.of = dict(before or {})
        self.broken = broken

    async def made(self, source: str) -> CallsMade | None:
        return self.of.get(source)

    async def take(
        self, source: str, limits: CallLimits, today: date, asker: Asker
    ) -> tuple[CallsMade, BudgetSpent | None]:
        if self.broken:
            raise StoreError("the database refused: disk full")
        made = self.of.get(source, CallsMade.none(today)).on(today)
        spent = budget_spent(limits, made, today, asker)
        self.of[source] = made if spent else made.one_more(asker)
        return self.of[source], spent
