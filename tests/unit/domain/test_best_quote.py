"""Rule 1: which quote of a look is judged, and what is set aside for which reason."""

from datetime import date, timedelta

import pytest

from engine.domain.alert import Reason
from engine.domain.judge import best_quote, fresh_state, judge
from engine.domain.judgement import Look
from engine.domain.money import Money
from engine.domain.quote import LocalTime, OutcomeKind, Quote, Slice, SourceKind
from engine.domain.route import FixedDates, Route
from tests.support import build
from tests.support.clock import START
from tests.support.judging import Watching


def looked(*quotes: Quote, route: Route | None = None) -> Look:
    return Look(route=route or build.route(), outcome=build.outcome(*quotes), at=START)


def departing(iso: str) -> tuple[Slice, ...]:
    return (Slice(segments=(build.segment(departs=LocalTime(iso)),)),)


def test_the_cheapest_usable_quote_is_judged() -> None:
    best = best_quote(looked(build.quote(470), build.quote(450), build.quote(460)), START)

    assert best.quote == build.quote(450)
    assert best.reason is None


def test_of_equal_totals_the_firm_one_is_judged() -> None:
    lead = build.quote(450, estimated=True)

    assert best_quote(looked(lead, build.quote(450)), START).quote == build.quote(450)


@pytest.mark.parametrize(
    ("quote", "reason"),
    [
        (build.quote(0), Reason.UNUSABLE_PRICE),
        (build.quote(-5), Reason.UNUSABLE_PRICE),
        (build.quote(450, kind=SourceKind.TEST), Reason.UNUSABLE_TEST),
        (build.quote(Money(45000, "USD")), Reason.UNUSABLE_CURRENCY),
        (build.quote(450, slices=departing("2026-11-20T10:00")), Reason.UNUSABLE_PAST),
        (build.quote(450, expires_at=START), Reason.UNUSABLE_PAST),
        (build.quote(450, stops=(0, 2)), Reason.UNUSABLE_FILTER),
    ],
)
def test_what_is_not_usable_is_set_aside_and_counted(quote: Quote, reason: Reason) -> None:
    best = best_quote(looked(quote, route=build.route(max_stops=1)), START)

    assert best.quote is None
    assert best.set_aside == {reason: 1}
    assert best.reason is reason


def test_the_most_frequent_reason_is_given() -> None:
    tests = [build.quote(450, kind=SourceKind.TEST)] * 2

    assert best_quote(looked(build.quote(0), *tests), START).reason is Reason.UNUSABLE_TEST


def test_of_equally_frequent_reasons_the_first_in_the_list_is_given() -> None:
    best = best_quote(looked(build.quote(450, kind=SourceKind.TEST), build.quote(0)), START)

    assert best.reason is Reason.UNUSABLE_PRICE


def test_a_usable_quote_wins_over_cheaper_unusable_ones() -> None:
    best = best_quote(looked(build.quote(0), build.quote(500)), START)

    assert best.quote == build.quote(500)
    assert best.set_aside == {Reason.UNUSABLE_PRICE: 1}


def test_a_departure_that_may_still_be_ahead_somewhere_is_not_past() -> None:
    # 09:00 UTC is 21:00 of the day before at UTC-12.
    soon = build.quote(450, slices=departing("2026-11-21T21:30"))

    assert best_quote(looked(soon), START).quote == soon


def test_an_offer_that_lapsed_after_it_was_seen_still_tells_the_price() -> None:
    seen = build.quote(450, expires_at=START + timedelta(minutes=20))

    assert best_quote(looked(seen), START + timedelta(hours=1)).quote == seen


def test_stops_are_read_from_the_slices_when_the_source_does_not_count_them() -> None:
    changing = Slice(segments=(build.segment(), build.segment(technical_stops=1)))
    quote = build.quote(450, stops=(), slices=(changing, changing))

    best = best_quote(looked(quote, route=build.route(max_stops=1)), START)

    assert best.reason is Reason.UNUSABLE_FILTER


@pytest.mark.parametrize("stops", [(), (0,)])
def test_a_live_quote_that_does_not_show_the_stops_of_every_direction_is_a_lead(
    stops: tuple[int, ...],
) -> None:
    quote = build.quote(450, stops=stops, slices=())

    best = best_quote(looked(quote, route=build.route(max_stops=1)), START).quote

    assert best is not None
    assert not best.firm


def test_without_a_filter_a_quote_without_stops_stays_firm() -> None:
    quote = build.quote(450, stops=(), slices=())

    assert best_quote(looked(quote), START).quote == quote


def test_one_way_needs_the_stops_of_one_direction_only() -> None:
    route = build.route(trip=FixedDates(date(2027, 3, 10)), max_stops=0)
    quote = build.quote(450, of=route, stops=(0,), slices=())

    assert best_quote(looked(quote, route=route), START).quote == quote


@pytest.mark.parametrize("kind", [kind for kind in OutcomeKind if kind is not OutcomeKind.QUOTES])
def test_an_outcome_without_quotes_changes_nothing(kind: OutcomeKind) -> None:
    watching = Watching()
    watching.see(400)
    before = watching.state

    judgement = watching.fail(kind)

    assert judgement.reason is Reason.UNUSABLE_OUTCOME
    assert watching.state == before


def test_a_visit_that_fetched_nothing_changes_nothing() -> None:
    watching = Watching()

    judgement = watching.judge(None)

    assert judgement.reason is Reason.UNUSABLE_OUTCOME
    assert watching.state == fresh_state(from_list=True)


def test_a_cheap_fare_in_another_currency_is_never_told() -> None:
    watching = Watching()

    judgement = watching.see(Money(100, "USD"))  # type: ignore[arg-type]

    assert judgement.reason is Reason.UNUSABLE_CURRENCY
    assert watching.state == fresh_state(from_list=True)


def test_a_watch_in_another_currency_than_its_route_is_never_judged() -> None:
    watch = build.watch(currency="USD")

    judgement = judge(watch, fresh_state(from_list=True), looked(build.quote(1)), Watching().past, START)

    assert judgement.reason is Reason.UNUSABLE_CURRENCY
