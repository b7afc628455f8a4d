"""Looks of several searches: side by side, whole or not at all, and confirmed for the days of a lead."""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from engine.domain.budget import Asker, CallLimits
from engine.domain.journey import chosen_days
from engine.domain.quote import LocalTime, Outcome, OutcomeKind, Quote, SourceKind
from engine.domain.route import DateWindow, FixedDates, RollingWindow, Route
from engine.domain.trips import Nights, Span
from engine.fares.abilities import Abilities, Sweep
from engine.fares.budget import Budgets
from engine.fares.fetcher import Fetcher
from engine.fares.ports import Source
from tests.support.build import eur, outcome, quote, route
from tests.support.clock import START, HandClock, settle
from tests.support.counts import Counts
from tests.unit.fares.test_fetcher import PlannedSource

WEEKENDS = route(trip=RollingWindow(within_days=90, nights=Nights(2, 2), leaves_on=4))
WIDE = route(trip=DateWindow(out=Span(date(2027, 3, 1), date(2027, 3, 31)), nights=Nights(7, 10)))
AT_ONCE = Abilities(sweep=Sweep.SPAN, weekday=True)


def fetcher(*sources: Source, limits: CallLimits | None = None) -> Fetcher:
    clock = HandClock()
    budgets = Budgets({source.name: limits or CallLimits() for source in sources}, Counts(), clock)
    return Fetcher(sources, confirm_sources=sources, concurrency=2, clock=clock, budgets=budgets)


def by_day(total: Callable[[date], int]) -> Callable[[Route], Outcome]:
    """A fare for each day of departure."""

    def answer(of: Route) -> Outcome:
        assert isinstance(of.trip, FixedDates)
        return outcome(quote(total(of.trip.depart_on), of, slices=()))

    return answer


async def test_all_searches_of_a_look_run_side_by_side_and_the_cheapest_day_wins() -> None:
    source = PlannedSource(answer=by_day(lambda day: 400 - day.day), waits=True)
    asking = asyncio.create_task(fetcher(source).fetch(WEEKENDS))
    await settle()
    assert source.most_running == 13
    source.may_answer.set()

    got = await asking

    assert (got.quotes[0].total, len(got.quotes)) == (eur(371), 13)
    assert got.quotes[0].dates == FixedDates(date(2027, 1, 29), date(2027, 1, 31))


async def test_one_request_is_enough_where_a_source_takes_days_in_a_row() -> None:
    source = PlannedSource(abilities=AT_ONCE)

    await fetcher(source).fetch(WEEKENDS)

    assert len(source.asked) == 1


async def test_a_look_of_too_many_searches_is_not_begun_and_the_next_source_is_asked() -> None:
    first, second = PlannedSource("one"), PlannedSource("two", abilities=AT_ONCE)

    got = await fetcher(first, second).fetch(WIDE)
    alone = await fetcher(first).fetch(WIDE)

    assert (first.asked, got.source) == ([], "two")
    assert (alone.kind, alone.detail) == (
        OutcomeKind.REJECTED,
        "it would take 124 searches a look, and 50 is the most",
    )


async def test_a_look_that_does_not_fit_into_the_budget_is_not_begun() -> None:
    source = PlannedSource()

    got = await fetcher(source, limits=CallLimits(per_day=12)).fetch(WEEKENDS)

    assert source.asked == []
    assert (got.kind, got.detail) == (OutcomeKind.QUOTA, "a look takes 13 calls, and fewer are left today")
    assert got.retry_at is not None
    assert got.retry_at.date() == START.date() + timedelta(days=1)


async def test_members_are_held_back_where_the_loop_could_still_look() -> None:
    source = PlannedSource()
    asked = fetcher(source, limits=CallLimits(per_day=100).shared_with_members())

    got = await asked.ask(WEEKENDS)

    assert asked.held_back(WEEKENDS, got)
    assert (await asked.fetch(WEEKENDS)).kind is OutcomeKind.QUOTES


async def test_what_a_look_takes_and_a_budget_allows_is_told_beforehand() -> None:
    source = PlannedSource()

    (price,) = fetcher(source, limits=CallLimits(per_day=30)).price_of(WEEKENDS)
    (too_wide,) = fetcher(source).price_of(WIDE)
    (free,) = fetcher(source).price_of(WEEKENDS)

    assert (price.searches, price.looks_a_month, price.possible) == (13, 69, True)
    assert (too_wide.searches, too_wide.possible) == (124, False)
    assert (free.looks_a_month, free.possible) == (None, True)


async def test_a_look_that_no_budget_has_room_for_is_known_beforehand() -> None:
    budget = CallLimits(per_day=12).shared_with_members()

    (wide,) = fetcher(PlannedSource(), limits=budget).price_of(WEEKENDS)
    (single,) = fetcher(PlannedSource(), limits=CallLimits(per_month=0)).price_of(route())

    assert (wide.most_at_once, wide.possible) == (11, False)
    assert single.possible


async def test_some_failed_searches_leave_the_others_standing() -> None:
    def answer(of: Route) -> Outcome:
        assert isinstance(of.trip, FixedDates)
        if of.trip.depart_on.month == 12:
            return outcome(kind=OutcomeKind.UNREACHABLE, source="one", detail="timeout")
        return outcome(quote(400, of, slices=()))

    got = await fetcher(PlannedSource(answer=answer)).fetch(WEEKENDS)

    assert (got.kind, got.partial) == (OutcomeKind.QUOTES, True)
    assert got.detail == "4 of 13 searches without an answer (timeout)"


async def test_a_search_under_way_serves_every_window_that_needs_it() -> None:
    source = PlannedSource(waits=True)
    asked = fetcher(source)
    fewer = route(trip=RollingWindow(within_days=30, nights=Nights(2, 2), leaves_on=4))
    asking = [asyncio.create_task(asked.fetch(of)) for of in (WEEKENDS, fewer)]
    await settle()
    source.may_answer.set()

    wide, narrow = await asyncio.gather(*asking)

    assert len(source.asked) == 13
    assert {one.route_id for one in wide.quotes} == {WEEKENDS.id}
    assert {one.route_id for one in narrow.quotes} == {fewer.id}


@pytest.mark.parametrize("abilities", [Abilities(), AT_ONCE])
async def test_a_windows_lead_is_confirmed_by_one_search_for_its_very_days(abilities: Abilities) -> None:
    live = PlannedSource(abilities=abilities)
    days = (LocalTime("2026-11-27T18:00"), LocalTime("2026-11-29T18:00"))
    lead = quote(300, WEEKENDS, kind=SourceKind.CACHED, slices=(), departures=days)

    got = await fetcher(live).confirm(WEEKENDS, [lead])

    assert [of.trip for of in live.asked] == [FixedDates(date(2026, 11, 27), date(2026, 11, 29))]
    assert got is not None
    assert {one.route_id for one in got.quotes} == {WEEKENDS.id}
    assert got.quotes[0].dates == FixedDates(date(2026, 11, 27), date(2026, 11, 29))


async def test_a_budget_counts_what_a_look_of_several_calls_leaves() -> None:
    budgets = Budgets({"one": CallLimits(per_day=20)}, Counts(), HandClock())
    for _ in range(8):
        await budgets.of("one").take()
    assert budgets.of("one").left() == 12
    assert budgets.of("other").left(Asker.MEMBER) is None


def seen(day: date, total: int) -> Quote:
    """A cached lead for a Friday and the Sunday after it."""
    out, back = (LocalTime(f"{each}T18:00") for each in (day, day + timedelta(days=2)))
    return quote(total, WEEKENDS, kind=SourceKind.CACHED, slices=(), departures=(out, back))


LEADS = [seen(date(2026, 11, 27) + timedelta(weeks=number), 300 + number) for number in range(5)]


async def test_behind_a_lead_that_is_gone_the_next_ones_are_asked_for_three_in_all() -> None:
    live = PlannedSource(answer=by_day(lambda _: 500))

    got = await fetcher(live).confirm(WEEKENDS, LEADS)

    assert [of.trip for of in live.asked] == [chosen_days(WEEKENDS, lead) for lead in LEADS[:3]]
    assert got is not None
    assert (got.quotes[0].total, got.partial) == (eur(500), False)


async def test_a_lead_that_is_borne_out_ends_the_asking() -> None:
    live = PlannedSource(answer=by_day(lambda day: 301 if day == date(2026, 12, 4) else 400))

    got = await fetcher(live).confirm(WEEKENDS, LEADS)

    assert len(live.asked) == 2
    assert got is not None
    assert got.quotes[0].total == eur(301)


async def test_leads_dearer_than_what_was_found_are_not_asked_for() -> None:
    live = PlannedSource(answer=by_day(lambda _: 301))

    await fetcher(live).confirm(WEEKENDS, LEADS)

    assert len(live.asked) == 1


async def test_a_later_failure_leaves_the_first_answer_standing() -> None:
    def answer(_: Route) -> Outcome:
        first = len(live.asked) == 1
        return outcome(source="one") if first else outcome(source="one", kind=OutcomeKind.UNREACHABLE)

    live = PlannedSource(answer=answer)

    got = await fetcher(live).confirm(WEEKENDS, LEADS)

    assert got is not None
    assert (got.kind, len(live.asked)) == (OutcomeKind.NO_FARES, 2)


async def test_a_route_without_a_choice_is_confirmed_as_it_is() -> None:
    live = PlannedSource()

    await fetcher(live).confirm(route(), [quote(300), quote(310)])

    assert [of.id for of in live.asked] == [route().id]
