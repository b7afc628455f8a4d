"""Several outcomes of one look as one."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.places import Place
from engine.domain.quote import Hidden, OutcomeKind
from engine.domain.route import DateWindow, FixedDates, Route
from engine.domain.trips import Nights, Span
from engine.fares.combining import Answer, combined
from tests.support import build
from tests.support.clock import START

WINDOW = build.route(trip=DateWindow(out=Span(date(2027, 3, 10), date(2027, 3, 14)), nights=Nights(14, 14)))


def search(day: int) -> Route:
    return build.route(trip=FixedDates(date(2027, 3, day), date(2027, 3, day + 14)))


def fares(day: int, *totals: int, **changes: Any) -> Answer:
    of = search(day)
    quotes = [build.quote(total, of, slices=()) for total in totals]
    return of, build.outcome(*quotes, **changes)


def failed(day: int, kind: OutcomeKind = OutcomeKind.UNREACHABLE, detail: str = "timeout") -> Answer:
    return search(day), build.outcome(kind=kind, detail=detail)


def test_the_quotes_of_all_searches_are_the_routes_cheapest_first_each_with_its_days() -> None:
    got = combined(WINDOW, [fares(10, 450, 470), fares(11), fares(12, 400)])

    assert [quote.total for quote in got.quotes] == [build.eur(400), build.eur(450), build.eur(470)]
    assert {quote.route_id for quote in got.quotes} == {WINDOW.id}
    assert got.quotes[0].dates == FixedDates(date(2027, 3, 12), date(2027, 3, 26))
    assert (got.kind, got.partial, got.detail) == (OutcomeKind.QUOTES, False, None)


def test_there_are_no_fares_only_where_every_search_says_so() -> None:
    assert combined(WINDOW, [fares(10), fares(11)]).kind is OutcomeKind.NO_FARES
    some = combined(WINDOW, [fares(10), failed(11)])
    assert (some.kind, some.detail) == (OutcomeKind.UNREACHABLE, "timeout")
    refused = combined(WINDOW, [failed(10, OutcomeKind.REJECTED, "not on sale"), fares(11)])
    assert refused.kind is OutcomeKind.REJECTED


def test_what_some_searches_found_stands_and_says_that_others_failed() -> None:
    got = combined(WINDOW, [failed(10), fares(11, 420), failed(12)])

    assert (got.kind, got.partial) == (OutcomeKind.QUOTES, True)
    assert got.detail == "2 of 3 searches without an answer (timeout)"


def test_a_day_that_is_not_on_sale_yet_does_not_make_the_others_doubtful() -> None:
    got = combined(WINDOW, [failed(10, OutcomeKind.REJECTED, "not on sale"), fares(11, 420)])

    assert (got.kind, got.partial) == (OutcomeKind.QUOTES, False)


def test_a_look_is_as_old_as_its_oldest_answer() -> None:
    earlier = START - timedelta(minutes=3)
    got = combined(WINDOW, [fares(10, 450), fares(11, 400, observed_at=earlier)])
    assert got.observed_at == earlier


def test_between_several_places_a_quote_says_which() -> None:
    of = build.route(also_from=(Place.airport("MAN"),))
    from_london, from_manchester = build.route(), build.route(origin=Place.airport("MAN"))
    answers = [
        (from_london, build.outcome(build.quote(450, from_london, slices=()))),
        (from_manchester, build.outcome(build.quote(400, from_manchester, slices=()))),
    ]

    assert combined(of, answers).quotes[0].ends == (Place.airport("MAN"), Place.metro("TYO"))


def test_hidden_fares_are_added_up_and_the_cheapest_is_kept() -> None:
    hidden = [Hidden(count=2, cheapest=build.quote(300)), Hidden(count=3, cheapest=build.quote(291))]
    got = combined(WINDOW, [fares(10, 450, hidden=hidden[0]), fares(11, hidden=hidden[1])])

    assert got.hidden is not None
    assert (got.hidden.count, got.hidden.cheapest.total) == (5, build.eur(291))


@given(st.lists(st.sampled_from(sorted(OutcomeKind)), min_size=1, max_size=8))
def test_failures_never_become_no_fares_and_quotes_are_never_lost(kinds: list[OutcomeKind]) -> None:
    answers = [
        fares(day, 400 + day) if kind is OutcomeKind.QUOTES else (search(day), build.outcome(kind=kind))
        for day, kind in enumerate(kinds, start=1)
    ]
    got = combined(WINDOW, answers)
    assert (got.kind is OutcomeKind.QUOTES) == (OutcomeKind.QUOTES in kinds)
    assert (got.kind is OutcomeKind.NO_FARES) == ({OutcomeKind.NO_FARES} == set(kinds))
    assert len(got.quotes) == kinds.count(OutcomeKind.QUOTES)


@pytest.mark.parametrize("firm", [True, False])
def test_a_combined_quote_is_as_firm_as_it_was(firm: bool) -> None:
    of = search(10)
    got = combined(WINDOW, [(of, build.outcome(build.quote(400, of, estimated=not firm)))])
    assert got.quotes[0].firm is firm


def test_dear_days_keep_their_cheapest_fare_however_many_cheaper_ones_other_days_have() -> None:
    many = [400 + n for n in range(150)]
    got = combined(WINDOW, [fares(10, *many), fares(11, 900, 910), fares(12, 950)])

    dear = [
        (quote.dates.depart_on.day, quote.total.minor // 100) for quote in got.quotes[100:] if quote.dates
    ]
    assert dear == [(11, 900), (12, 950)]
    assert len(got.quotes) == 102
