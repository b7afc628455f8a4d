"""When a route is looked at next."""

import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.planner import Intervals, Plan
from engine.domain.quote import SourceKind
from tests.support.clock import START
from tests.support.judging import hours, minutes

STEADY = Intervals(jitter=0.0)


def plan(**changes: object) -> Plan:
    return Plan(**{"intervals": STEADY, "kind": SourceKind.LIVE, **changes})  # type: ignore[arg-type]


def dice() -> random.Random:
    return random.Random(1)  # noqa: S311


@pytest.mark.parametrize(
    ("kind", "live", "expected"),
    [
        (SourceKind.LIVE, minutes(15), minutes(15)),
        (SourceKind.TEST, minutes(15), minutes(15)),
        (SourceKind.CACHED, minutes(15), hours(1)),
        (SourceKind.CACHED, timedelta(seconds=2), hours(1)),
        (SourceKind.CACHED, hours(6), hours(6)),
    ],
)
def test_the_interval_follows_the_kind_of_source(
    kind: SourceKind, live: timedelta, expected: timedelta
) -> None:
    intervals = Intervals(live=live, jitter=0.0)

    assert Plan(intervals=intervals, kind=kind).next_look_at(START, dice()) == START + expected


def test_looks_are_spread_by_up_to_five_per_cent() -> None:
    jittered = Plan(intervals=Intervals(), kind=SourceKind.LIVE)
    throw = dice()
    waits = {jittered.next_look_at(START, throw) - START for _ in range(200)}

    assert len(waits) > 100
    assert minutes(15) * 0.95 <= min(waits) <= minutes(14.5)
    assert minutes(15.5) <= max(waits) <= minutes(15) * 1.05


def test_an_overdue_route_is_looked_at_once_and_then_from_now() -> None:
    late = START + hours(5)

    assert plan().next_look_at(late, dice()) == late + minutes(15)


def test_a_judgement_that_wants_another_look_sooner_gets_it() -> None:
    wanted = (START + hours(20), START + minutes(5))

    assert plan(look_again_at=wanted).next_look_at(START, dice()) == START + minutes(5)


def test_a_look_that_is_wanted_later_changes_nothing() -> None:
    assert plan(look_again_at=(START + hours(20),)).next_look_at(START, dice()) == START + minutes(15)


def test_a_source_that_says_when_to_come_back_is_obeyed() -> None:
    told = plan(retry_at=START + hours(2), look_again_at=(START + minutes(5),))

    assert told.next_look_at(START, dice()) == START + hours(2)


def test_a_source_that_may_be_asked_soon_is_asked_at_its_turn() -> None:
    assert plan(retry_at=START + timedelta(seconds=1)).next_look_at(START, dice()) == START + minutes(15)


@settings(deadline=None)
@given(
    wanted=st.lists(st.integers(-86_400, 86_400), max_size=3),
    retry=st.none() | st.integers(-86_400, 86_400),
    seed=st.integers(0, 10),
)
def test_the_next_look_is_never_before_now_nor_before_the_source_allows(
    wanted: list[int], retry: int | None, seed: int
) -> None:
    retry_at = None if retry is None else START + timedelta(seconds=retry)
    look_again_at = tuple(START + timedelta(seconds=each) for each in wanted)

    next_at = Plan(
        intervals=Intervals(), kind=SourceKind.LIVE, look_again_at=look_again_at, retry_at=retry_at
    ).next_look_at(START, random.Random(seed))  # noqa: S311

    assert next_at >= START
    assert retry_at is None or next_at >= retry_at
