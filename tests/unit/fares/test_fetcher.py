import asyncio
from collections.abc import Callable
from contextlib import aclosing
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from engine.domain.budget import CallLimits
from engine.domain.quote import Outcome, OutcomeKind, SourceKind
from engine.domain.route import RollingDates, Route
from engine.fares.abilities import Abilities
from engine.fares.breaker import Breakers
from engine.fares.budget import Budgets
from engine.fares.exchange import Unanswered
from engine.fares.fetcher import Fetcher
from engine.fares.gate import Gate, Gates
from engine.fares.ports import Source
from tests.support.build import outcome, quote, route
from tests.support.clock import START, HandClock, settle
from tests.support.counts import Counts
from tests.support.gates import FAST


class PlannedSource:
    """A source that answers what it was told to, when it was told to."""

    def __init__(
        self,
        name: str = "one",
        answer: Callable[[Route], Outcome] | None = None,
        *,
        kind: SourceKind = SourceKind.LIVE,
        abilities: Abilities | None = None,
        waits: bool = False,
    ) -> None:
        self.name = name
        self.kind = kind
        self.abilities = abilities or Abilities()
        self.asked: list[Route] = []
        self.running = 0
        self.most_running = 0
        self.may_answer = asyncio.Event()
        if not waits:
            self.may_answer.set()
        self._answer = answer or (lambda of: outcome(quote(of=of, source=name)))

    async def search(self, route: Route) -> Outcome:
        self.asked.append(route)
        self.running += 1
        self.most_running = max(self.running, self.most_running)
        try:
            await self.may_answer.wait()
            return self._answer(route)
        finally:
            self.running -= 1


def failing(kind: OutcomeKind, **changes: Any) -> Callable[[Route], Outcome]:
    return lambda _: outcome(kind=kind, source="one", **changes)


def fetcher(*sources: Source, concurrency: int = 10, clock: HandClock | None = None) -> Fetcher:
    return Fetcher(sources, confirm_sources=sources, concurrency=concurrency, clock=clock or HandClock())


def routes(count: int) -> list[Route]:
    """Different routes: one per number of days until departure."""
    return [route(trip=RollingDates(days)) for days in range(1, count + 1)]


async def test_the_preferred_source_answers_alone() -> None:
    first, second = PlannedSource("one"), PlannedSource("two")

    got = await fetcher(first, second).fetch(route())

    assert got.source == "one"
    assert second.asked == []


@pytest.mark.parametrize("kind", [kind for kind in OutcomeKind if kind not in ("quotes", "no_fares")])
async def test_the_next_source_is_asked_when_one_gives_no_answer(kind: OutcomeKind) -> None:
    second = PlannedSource("two")

    got = await fetcher(PlannedSource("one", failing(kind)), second).fetch(route())

    assert (got.kind, got.source) == (OutcomeKind.QUOTES, "two")


async def test_no_fares_is_an_answer_and_the_next_source_is_not_asked() -> None:
    second = PlannedSource("two")

    got = await fetcher(PlannedSource("one", lambda _: outcome(source="one")), second).fetch(route())

    assert got.kind is OutcomeKind.NO_FARES
    assert second.asked == []


async def test_when_no_source_answers_the_most_preferred_one_has_the_word() -> None:
    first = PlannedSource("one", failing(OutcomeKind.BLOCKED, detail="38194 rate limit"))
    second = PlannedSource("two", lambda _: outcome(kind=OutcomeKind.UNREACHABLE, source="two"))

    got = await fetcher(first, second).fetch(route())

    assert (got.source, got.kind, got.detail) == ("one", OutcomeKind.BLOCKED, "38194 rate limit")


async def test_without_any_source_a_look_is_rejected_in_words() -> None:
    got = await fetcher().fetch(route())

    assert (got.kind, got.detail) == (OutcomeKind.REJECTED, "no fare source is configured")


async def test_a_source_that_said_when_to_come_back_is_not_asked_before() -> None:
    clock = HandClock()
    first = PlannedSource("one", failing(OutcomeKind.BLOCKED, retry_at=START + timedelta(minutes=5)))
    second = PlannedSource("two")
    both = fetcher(first, second, clock=clock)

    for _ in range(3):
        assert (await both.fetch(route())).source == "two"
    asked_while_resting = len(first.asked)
    await clock.advance(300)
    await both.fetch(route())

    assert (asked_while_resting, len(first.asked)) == (1, 2)


async def test_a_resting_source_alone_repeats_what_it_said() -> None:
    retry_at = START + timedelta(minutes=5)
    only = PlannedSource("one", failing(OutcomeKind.QUOTA, detail="38195 monthly quota", retry_at=retry_at))
    alone = fetcher(only)
    await alone.fetch(route())

    got = await alone.fetch(route(adults=2))

    assert (got.kind, got.detail, got.retry_at) == (OutcomeKind.QUOTA, "38195 monthly quota", retry_at)
    assert len(only.asked) == 1


async def test_equal_routes_in_flight_share_one_search() -> None:
    source = PlannedSource(waits=True)
    shared = fetcher(source)
    askers = [asyncio.create_task(shared.fetch(route())) for _ in range(20)]
    await settle()

    source.may_answer.set()
    got = await asyncio.gather(*askers)

    assert len(source.asked) == 1
    assert {one.kind for one in got} == {OutcomeKind.QUOTES}


async def test_a_bug_in_one_source_becomes_an_outcome_and_one_logged_exception() -> None:
    def stumble(_: Route) -> Outcome:
        raise ZeroDivisionError

    with capture_logs() as logs:
        got = await fetcher(PlannedSource("one", stumble)).fetch(route())

    assert (got.kind, got.detail) == (OutcomeKind.MALFORMED, "fault in the adapter")
    assert [(line["event"], line["source"]) for line in logs] == [("source_fault", "one")]


async def test_a_bug_on_one_route_leaves_the_others_alone() -> None:
    bad, *good = routes(8)

    def stumble(of: Route) -> Outcome:
        if of == bad:
            raise ZeroDivisionError
        return outcome(quote(of=of))

    with capture_logs():
        got = {
            of: result.kind
            async for of, result in fetcher(PlannedSource(answer=stumble)).fan_out([bad, *good])
        }

    assert got == {bad: OutcomeKind.MALFORMED} | dict.fromkeys(good, OutcomeKind.QUOTES)


async def test_fan_out_yields_each_outcome_as_it_lands() -> None:
    slow, fast = routes(2)
    gates = {slow.id: asyncio.Event(), fast.id: asyncio.Event()}

    class Gated(PlannedSource):
        async def search(self, route: Route) -> Outcome:
            await gates[route.id].wait()
            return outcome(quote(of=route))

    landing = fetcher(Gated()).fan_out([slow, fast])
    gates[fast.id].set()
    first, _ = await anext(landing)
    gates[slow.id].set()
    second, _ = await anext(landing)

    assert [first, second] == [fast, slow]


async def test_fan_out_fetches_equal_routes_once_and_yields_them_all() -> None:
    source = PlannedSource()
    one, other = routes(2)

    got = [of async for of, _ in fetcher(source, concurrency=1).fan_out([one, other, one, one])]

    assert sorted(of.id for of in got) == sorted([one.id, one.id, one.id, other.id])
    assert len(source.asked) == 2


async def test_fan_out_of_nothing_yields_nothing() -> None:
    assert [pair async for pair in fetcher(PlannedSource()).fan_out([])] == []


async def test_leaving_a_fan_out_early_breaks_off_what_is_in_flight() -> None:
    instant, *rest = routes(5)
    source = PlannedSource(waits=True)

    class FirstAtOnce(PlannedSource):
        async def search(self, route: Route) -> Outcome:
            return outcome(quote(of=route)) if route == instant else await source.search(route)

    async with aclosing(fetcher(FirstAtOnce()).fan_out([instant, *rest])) as landing:
        await anext(landing)
        in_flight = source.running
    await settle()

    assert (in_flight, source.running) == (4, 0)


async def test_only_live_sources_confirm() -> None:
    cached, live = PlannedSource("two", kind=SourceKind.CACHED), PlannedSource("one")

    got = await fetcher(cached, live).confirm(route())

    assert got is not None
    assert got.source == "one"
    assert cached.asked == []


async def test_without_a_live_source_nothing_can_be_confirmed() -> None:
    only_cached = fetcher(PlannedSource(kind=SourceKind.CACHED))

    assert not only_cached.can_confirm
    assert await only_cached.confirm(route()) is None


async def test_a_confirmation_never_joins_a_fetch_that_began_before_it() -> None:
    source = PlannedSource(waits=True)
    asked = fetcher(source)
    fetch = asyncio.create_task(asked.fetch(route()))
    await settle()
    confirm = asyncio.create_task(asked.confirm(route()))
    await settle()

    source.may_answer.set()
    await asyncio.gather(fetch, confirm)

    assert len(source.asked) == 2


async def test_a_live_source_without_a_call_left_cannot_confirm() -> None:
    live = PlannedSource("kiwi")
    clock = HandClock()
    budgets = Budgets({"kiwi": CallLimits(per_day=1)}, Counts(), clock)
    asked = Fetcher([], confirm_sources=[live], concurrency=5, clock=clock, budgets=budgets)

    assert asked.can_confirm
    await budgets.of("kiwi").take()
    assert not asked.can_confirm


async def test_a_confirmation_without_an_answer_in_two_minutes_is_given_up() -> None:
    clock = HandClock()
    source = PlannedSource(waits=True)
    asking = asyncio.create_task(fetcher(source, clock=clock).confirm(route()))
    await settle()

    await clock.advance(119)
    waiting = not asking.done()
    await clock.advance(1)
    got = await asking
    await settle()

    assert got is not None
    assert (waiting, got.kind, got.detail) == (True, OutcomeKind.UNREACHABLE, "no answer in two minutes")
    assert source.running == 0


async def test_confirmations_that_wait_do_not_hold_up_fetches() -> None:
    slow, quick = PlannedSource("kiwi", waits=True), PlannedSource("cached", kind=SourceKind.CACHED)
    asked = Fetcher([quick], confirm_sources=[slow], concurrency=2, clock=HandClock())
    confirming = [asyncio.create_task(asked.confirm(of)) for of in routes(5)]
    await settle()

    got = await asked.fetch(route())

    assert got.source == "cached"
    slow.may_answer.set()
    await asyncio.gather(*confirming)


async def test_a_member_who_asks_again_within_five_minutes_costs_no_search() -> None:
    clock = HandClock()
    source = PlannedSource(answer=lambda of: outcome(quote(of=of, source="one"), at=clock.now()))
    asked = fetcher(source, clock=clock)

    first = await asked.ask(route())
    await clock.advance(299)
    again = await asked.ask(route())
    await clock.advance(1)
    later = await asked.ask(route())

    assert len(source.asked) == 2
    assert again == first
    assert later.observed_at == START + timedelta(seconds=300)


async def test_a_member_sees_what_the_loop_saw_a_minute_ago() -> None:
    source = PlannedSource()
    asked = fetcher(source)

    looked = await asked.fetch(route())

    assert await asked.ask(route()) is looked
    assert len(source.asked) == 1


async def test_a_due_look_is_never_served_from_what_was_kept() -> None:
    source = PlannedSource()
    asked = fetcher(source)

    await asked.ask(route())
    for _ in range(3):
        await asked.fetch(route())

    assert len(source.asked) == 4


async def test_a_confirmation_neither_takes_what_was_kept_nor_leaves_anything() -> None:
    cached, live = PlannedSource("cached", kind=SourceKind.CACHED), PlannedSource("live")
    asked = fetcher(cached, live)

    await asked.fetch(route())
    await asked.confirm(route())
    got = await asked.ask(route())

    assert (len(cached.asked), len(live.asked), got.source) == (1, 1, "cached")


@pytest.mark.parametrize("kind", [kind for kind in OutcomeKind if kind not in ("quotes", "no_fares")])
async def test_a_failure_is_not_kept(kind: OutcomeKind) -> None:
    source = PlannedSource("one", failing(kind))
    asked = fetcher(source)

    for _ in range(3):
        await asked.ask(route())

    assert len(source.asked) == 3


async def test_two_hundred_members_who_ask_for_the_same_cost_one_search_though_the_first_gives_up() -> None:
    source = PlannedSource(waits=True)
    asked = fetcher(source)
    askers = [asyncio.create_task(asked.ask(route())) for _ in range(200)]
    await settle()

    askers[0].cancel()
    await settle()
    source.may_answer.set()
    got = await asyncio.gather(*askers[1:])

    assert len(source.asked) == 1
    assert {one.kind for one in got} == {OutcomeKind.QUOTES}


async def test_a_member_joins_a_look_of_the_loop_that_is_under_way() -> None:
    source = PlannedSource(waits=True)
    asked = fetcher(source)
    looking = asyncio.create_task(asked.fetch(route()))
    await settle()
    asking = asyncio.create_task(asked.ask(route()))
    await settle()

    source.may_answer.set()

    assert await asking == await looking
    assert len(source.asked) == 1


class Doored(PlannedSource):
    """A source whose searches pass a gate, as real ones do."""

    def __init__(self, name: str, door: Gate) -> None:
        super().__init__(name)
        self._door = door

    async def search(self, route: Route) -> Outcome:
        try:
            async with self._door.call():
                return await super().search(route)
        except Unanswered as why:
            return outcome(kind=why.kind, source=self.name, detail=why.detail, retry_at=why.retry_at)


async def test_members_who_spent_their_share_leave_the_loop_its_source() -> None:
    clock = HandClock()
    budgets = Budgets({"kiwi": CallLimits(per_day=10).shared_with_members()}, Counts(), clock)
    gates = Gates(Breakers(clock), budgets, concurrency=5)
    source = Doored("kiwi", gates.of("kiwi", FAST))
    asked = Fetcher(
        [source], confirm_sources=[], concurrency=5, clock=clock, breakers=gates.breakers, budgets=budgets
    )

    by_members = [await asked.ask(of) for of in routes(3)]
    held_back = [asked.held_back(of, one) for of, one in zip(routes(3), by_members, strict=True)]
    by_the_loop = [await asked.fetch(of) for of in routes(12)]

    assert [one.kind.value for one in by_members] == ["quotes", "quota", "quota"]
    assert held_back == [False, True, True]
    assert [one.kind.value for one in by_the_loop] == ["quotes"] * 9 + ["quota"] * 3
    assert not asked.held_back(route(), by_the_loop[-1])
    assert asked.standings()[0].down_since is None
