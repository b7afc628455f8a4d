"""The door of a source that has a budget."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from structlog.testing import capture_logs

from engine.domain.budget import BudgetSpent, CallLimits, CallsMade, budget_spent
from engine.domain.quote import OutcomeKind
from engine.errors import StoreError
from engine.fares.budget import Budget, Budgets, NotCounted
from engine.fares.exchange import Unanswered
from engine.fares.gate import Gate
from engine.fares.pacing import Pace, Pacer
from tests.support.clock import START, HandClock

DAY_S = 86_400


class Counts:
    """Calls counted in memory; `broken` stands for a store that refuses."""

    def __init__(self, before: Mapping[str, CallsMade] | None = None, *, broken: bool = False) -> None:
        self.of = dict(before or {})
        self.broken = broken

    async def made(self, source: str) -> CallsMade | None:
        return self.of.get(source)

    async def take(
        self, source: str, limits: CallLimits, today: date
    ) -> tuple[CallsMade, BudgetSpent | None]:
        if self.broken:
            raise StoreError("the database refused: disk full")
        made = self.of.get(source, CallsMade.none(today)).on(today)
        spent = budget_spent(limits, made, today)
        self.of[source] = made if spent else made.one_more()
        return self.of[source], spent


def gate(clock: HandClock, budget: Budget) -> Gate:
    return Gate(Pacer(Pace.parse("10000/1s")), clock, budget)


async def refused(door: Gate) -> Unanswered:
    with pytest.raises(Unanswered) as caught:
        await door.turn()
    return caught.value


async def test_the_door_closes_when_the_budget_is_spent_and_says_until_when() -> None:
    clock, counts = HandClock(), Counts()
    door = gate(clock, Budget("kiwi", CallLimits(per_day=2), counts, clock))
    for _ in range(2):
        await door.turn()

    why = await refused(door)

    assert (why.kind, why.detail) == (OutcomeKind.QUOTA, "your budget of 2 calls a day is spent")
    assert why.retry_at is not None
    assert why.retry_at.isoformat() == "2026-11-23T00:00:00+00:00"
    assert counts.of["kiwi"].ever == 2


async def test_the_door_opens_again_with_the_next_day() -> None:
    clock = HandClock()
    budget = Budget("kiwi", CallLimits(per_day=1), Counts(), clock)
    door = gate(clock, budget)
    await door.turn()
    await refused(door)
    assert budget.spent() is not None

    await clock.advance(DAY_S)

    assert budget.spent() is None
    await door.turn()


async def test_what_was_spent_before_the_start_is_known_at_once() -> None:
    clock = HandClock()
    before = CallsMade.none(START.date()).one_more()
    budgets = Budgets({"kiwi": CallLimits(per_day=1)}, Counts({"kiwi": before}), clock)

    assert not budgets.spent("kiwi")
    await budgets.load()

    assert budgets.spent("kiwi")
    assert not budgets.spent("amadeus")


async def test_a_call_that_cannot_be_counted_is_not_made() -> None:
    clock = HandClock()
    door = gate(clock, Budget("kiwi", CallLimits(per_day=2), Counts(broken=True), clock))

    with capture_logs() as logs:
        why = await refused(door)

    assert (why.kind, why.retry_at) == (OutcomeKind.QUOTA, START + timedelta(minutes=1))
    assert [line["why"] for line in logs] == ["the database refused: disk full"]


async def test_without_a_database_a_limited_source_is_closed_and_an_unlimited_one_is_not() -> None:
    clock = HandClock()
    budgets = Budgets(
        {"kiwi": CallLimits(per_day=2), "amadeus": CallLimits()}, NotCounted("no database"), clock
    )
    await budgets.load()

    await gate(clock, budgets.of("amadeus")).turn()
    with capture_logs():
        assert (await refused(gate(clock, budgets.of("kiwi")))).kind is OutcomeKind.QUOTA


async def test_a_source_without_limits_is_never_counted() -> None:
    clock, counts = HandClock(), Counts(broken=True)
    door = gate(clock, Budget("amadeus", CallLimits(), counts, clock))

    for _ in range(5):
        await door.turn()

    assert counts.of == {}
