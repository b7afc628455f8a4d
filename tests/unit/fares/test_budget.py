"""The door of a source that has a budget."""

from contextlib import suppress
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from engine.domain.budget import Asker, CallLimits, CallsMade
from engine.domain.quote import OutcomeKind
from engine.fares.budget import Budget, Budgets, NotCounted
from engine.fares.exchange import Unanswered
from engine.fares.gate import Gate, asking_for
from engine.fares.pacing import Pace, Pacer
from tests.support.clock import START, HandClock
from tests.support.counts import Counts

DAY_S = 86_400


def gate(budget: Budget) -> Gate:
    return Gate(Pacer(Pace.parse("10000/1s")), budget=budget)


async def call(door: Gate) -> None:
    async with door.call():
        pass


async def refused(door: Gate) -> Unanswered:
    with pytest.raises(Unanswered) as caught:
        await call(door)
    return caught.value


async def test_the_door_closes_when_the_budget_is_spent_and_says_until_when() -> None:
    clock, counts = HandClock(), Counts()
    door = gate(Budget("kiwi", CallLimits(per_day=2), counts, clock))
    for _ in range(2):
        await call(door)

    why = await refused(door)

    assert (why.kind, why.detail) == (OutcomeKind.QUOTA, "your budget of 2 calls a day is spent")
    assert why.retry_at is not None
    assert why.retry_at.isoformat() == "2026-11-23T00:00:00+00:00"
    assert counts.of["kiwi"].ever == 2


async def test_the_door_opens_again_with_the_next_day() -> None:
    clock = HandClock()
    budget = Budget("kiwi", CallLimits(per_day=1), Counts(), clock)
    door = gate(budget)
    await call(door)
    await refused(door)
    assert budget.spent() is not None

    await clock.advance(DAY_S)

    assert budget.spent() is None
    await call(door)


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
    door = gate(Budget("kiwi", CallLimits(per_day=2), Counts(broken=True), clock))

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

    await call(gate(budgets.of("amadeus")))
    with capture_logs():
        assert (await refused(gate(budgets.of("kiwi")))).kind is OutcomeKind.QUOTA


async def test_a_source_without_limits_is_counted_in_memory_only() -> None:
    clock, counts = HandClock(), Counts(broken=True)
    budget = Budget("amadeus", CallLimits(), counts, clock)
    door = gate(budget)

    for _ in range(5):
        await call(door)

    assert counts.of == {}
    assert budget.made.today == 5


async def test_that_a_budget_is_spent_is_said_once_a_day() -> None:
    clock = HandClock()
    door = gate(Budget("kiwi", CallLimits(per_day=1), Counts(), clock))

    with capture_logs() as logs:
        for _ in range(2):
            await call(door)
            await refused(door)
            await refused(door)
            await clock.advance(DAY_S)

    assert [(line["event"], line["until"]) for line in logs] == [
        ("budget spent", "2026-11-23"),
        ("budget spent", "2026-11-24"),
    ]


async def test_members_and_the_loop_cannot_starve_each_other() -> None:
    clock = HandClock()
    budget = Budget("kiwi", CallLimits(per_day=20).shared_with_members(), Counts(), clock)
    door = gate(budget)
    made = dict.fromkeys(Asker, 0)

    for asker in (Asker.MEMBER, Asker.LOOP):
        with asking_for(asker), suppress(Unanswered):
            while True:
                await call(door)
                made[asker] += 1

    assert made == {Asker.MEMBER: 2, Asker.LOOP: 18}


async def test_the_loop_leaves_members_their_share() -> None:
    clock = HandClock()
    budget = Budget("kiwi", CallLimits(per_day=20).shared_with_members(), Counts(), clock)
    door = gate(budget)
    for _ in range(18):
        await call(door)

    why = await refused(door)
    with asking_for(Asker.MEMBER):
        await call(door)

    assert why.detail == "the rest of today's calls is kept for members (2)"
    assert budget.made.members_today == 1
