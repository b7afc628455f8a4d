"""What narrows a route, held against quotes that show it, break it, or are silent about it."""

from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.alert import Reason
from engine.domain.filters import Filter, as_far_as_shown, broken
from engine.domain.judgement import Look
from engine.domain.quote import LocalTime, Slice
from engine.domain.route import FixedDates, Hours
from engine.domain.usable import best_quote
from tests.support import build
from tests.support.clock import START

ONE_WAY: dict[str, Any] = {"trip": FixedDates(date(2027, 3, 10))}
OUT_ONLY: dict[str, Any] = {"slices": (Slice(segments=(build.segment(),)),), "stops": (0,)}
BY_TWO = {"carriers": ("NH", "LH")}


@pytest.mark.parametrize(
    ("route", "quote", "which"),
    [
        ({}, {}, None),
        ({"max_stops": 0}, {"stops": (0, 1)}, Filter.STOPS),
        ({"max_stops": 1}, {"stops": (0, 1)}, None),
        ({"airlines": ("NH",)}, {}, None),
        ({"airlines": ("NH", "LH")}, BY_TWO, None),
        ({"airlines": ("NH",)}, BY_TWO, Filter.AIRLINES),
        ({"not_airlines": ("FR",)}, BY_TWO, None),
        ({"not_airlines": ("LH",)}, BY_TWO, Filter.AIRLINES),
        ({"out_hours": Hours(600, 720)}, {}, None),
        ({"out_hours": Hours(601, 720)}, {}, Filter.HOURS),
        ({"back_hours": Hours(0, 659)}, {}, Filter.HOURS),
        ({"back_hours": Hours(1320, 700)}, {}, None),
        ({"bags": 1}, {"bags": 1}, None),
        ({"bags": 2}, {"bags": 1}, Filter.BAGS),
    ],
)
def test_a_quote_is_held_against_every_filter(
    route: dict[str, Any], quote: dict[str, Any], which: Filter | None
) -> None:
    of = build.route(**route)
    fare = build.quote(of=of, **quote)
    assert broken(fare, of) is which
    judged = best_quote(Look(route=of, outcome=build.outcome(fare), at=START), START)
    assert judged.reason is (None if which is None else Reason.UNUSABLE_FILTER)


@pytest.mark.parametrize(
    ("route", "quote"),
    [
        ({"max_stops": 1}, OUT_ONLY),
        ({"airlines": ("NH",)}, OUT_ONLY),
        ({"not_airlines": ("FR",)}, {"slices": (), "carriers": ("NH",)}),
        ({"back_hours": Hours(0, 1439)}, OUT_ONLY),
        ({"out_hours": Hours(0, 1439)}, {"slices": ()}),
        ({"bags": 1}, {}),
    ],
)
def test_what_a_quote_does_not_show_makes_it_a_lead(route: dict[str, Any], quote: dict[str, Any]) -> None:
    of = build.route(**route)
    fare = build.quote(of=of, **quote)
    assert broken(fare, of) is None
    assert not as_far_as_shown(fare, of).firm
    assert as_far_as_shown(fare, build.route()).firm


def test_a_one_way_shows_all_there_is() -> None:
    of = build.route(**ONE_WAY, airlines=("NH",), max_stops=0, out_hours=Hours(0, 720))
    assert as_far_as_shown(build.quote(of=of, **OUT_ONLY), of).firm


@given(st.times(), st.integers(0, 1439), st.integers(0, 1439))
def test_hours_that_end_before_they_begin_run_over_midnight(at: time, first: int, last: int) -> None:
    assert (at in Hours(first, last)) or (at in Hours((last + 1) % 1440, (first - 1) % 1440)) or first == last


def test_a_departure_shown_alone_is_enough_for_its_hours() -> None:
    of = build.route(**ONE_WAY, out_hours=Hours(600, 660))
    fare = build.quote(of=of, slices=(), departures=(LocalTime("2027-03-10T10:30"),))
    assert as_far_as_shown(fare, of).firm
