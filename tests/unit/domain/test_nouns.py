"""Routes, quotes and states as values: identity, round trips through JSON, local times."""

from datetime import date, timedelta

import msgspec
import pytest

from engine.domain.judgement import ConditionState, High, Run, Sighting, WatchState
from engine.domain.places import Place
from engine.domain.quote import LocalTime, Outcome, Quote, Slice
from engine.domain.route import Cabin, FixedDates, RollingDates, Route
from engine.domain.watch import Condition, Watch
from tests.support import build
from tests.support.clock import START
from tests.support.judging import Watching

ROUTE = build.route()


def test_the_fingerprint_of_a_route_is_the_same_in_every_version() -> None:
    assert ROUTE.id == "3f80c4d375ca10bee0f2a7107797766d"


def test_equal_routes_have_one_fingerprint() -> None:
    assert build.route().id == ROUTE.id


@pytest.mark.parametrize(
    "other",
    [
        build.route(origin=Place.airport("LON")),
        build.route(destination=Place.metro("OSA")),
        build.route(trip=FixedDates(date(2027, 3, 10))),
        build.route(trip=RollingDates(1, 30)),
        build.route(currency="GBP"),
        build.route(cabin=Cabin.BUSINESS),
        build.route(adults=2),
        build.route(max_stops=0),
    ],
)
def test_whatever_changes_the_answer_changes_the_fingerprint(other: Route) -> None:
    assert other.id != ROUTE.id


@pytest.mark.parametrize("trip", [FixedDates(date(2027, 3, 10)), RollingDates(1), RollingDates(1, 30)])
def test_a_route_survives_json_with_its_fingerprint(trip: FixedDates | RollingDates) -> None:
    route = build.route(trip=trip, max_stops=1)

    again = msgspec.json.decode(msgspec.json.encode(route), type=Route)

    assert again == route
    assert again.id == route.id


@pytest.mark.parametrize(
    ("trip", "directions"),
    [
        (FixedDates(date(2027, 3, 10)), 1),
        (FixedDates(date(2027, 3, 10), date(2027, 3, 24)), 2),
        (RollingDates(1), 1),
        (RollingDates(1, 30), 2),
    ],
)
def test_a_way_back_is_a_second_direction(trip: FixedDates | RollingDates, directions: int) -> None:
    assert build.route(trip=trip).directions == directions


def test_rolling_dates_move_with_today() -> None:
    assert RollingDates(1, 30).on(date(2027, 2, 27)) == FixedDates(date(2027, 2, 28), date(2027, 3, 30))
    assert RollingDates(1).on(date(2027, 2, 28)) == FixedDates(date(2027, 3, 1))


def test_fixed_dates_stay() -> None:
    assert ROUTE.trip.on(date(2030, 1, 1)) == ROUTE.trip
    assert ROUTE.last_departure_on == date(2027, 3, 10)
    assert build.route(trip=RollingDates(1)).last_departure_on is None


@pytest.mark.parametrize(
    "text", ["2027-03-10T10:00", "2027-03-10T10:00:30", "2027-03-10T10:00:00Z", "2027-03-10T10:00+09:00"]
)
def test_a_local_time_keeps_its_reading_and_drops_any_offset(text: str) -> None:
    assert LocalTime.of(text) == LocalTime("2027-03-10T10:00")


def test_what_is_no_time_is_refused() -> None:
    with pytest.raises(ValueError, match="Invalid isoformat"):
        LocalTime.of("tomorrow")


def test_stops_are_changes_and_technical_stops() -> None:
    assert Slice(segments=(build.segment(), build.segment(technical_stops=1))).stops == 2


def test_a_quote_knows_both_departures() -> None:
    quote = build.quote()

    assert quote.departs == LocalTime("2027-03-10T10:00")
    assert quote.departs_back == LocalTime("2027-03-24T11:00")
    assert build.quote(slices=()).departs is None


def test_quotes_outcomes_and_watches_survive_json() -> None:
    quote = build.quote(found_at=START, estimated=True)
    outcome = build.outcome(quote)
    watch = build.watch()

    assert msgspec.json.decode(msgspec.json.encode(quote), type=Quote) == quote
    assert msgspec.json.decode(msgspec.json.encode(outcome), type=Outcome) == outcome
    assert msgspec.json.decode(msgspec.json.encode(watch), type=Watch) == watch


def test_a_state_survives_json() -> None:
    memory = ConditionState(
        armed=False,
        told=40000,
        above=Run(START, START + timedelta(hours=1), 2),
        highs=(High(START.date(), 50000),),
    )
    state = WatchState(
        seeded=True,
        conditions={Condition.TARGET: memory},
        last=Sighting(minor=40000, source="amadeus", at=START),
    )

    assert msgspec.json.decode(msgspec.json.encode(state), type=WatchState) == state


def test_a_fresh_state_is_stored_as_next_to_nothing() -> None:
    assert msgspec.json.encode(Watching().state) == b'{"seeded":true}'
