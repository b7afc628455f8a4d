"""When digests are due, and in which order their lines stand."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from engine.domain.digest import (
    Due,
    Line,
    by_closeness,
    day_of,
    lowest_since_yesterday,
    next_due,
    yesterday,
)
from engine.domain.history import DayLow, History
from engine.domain.quiet import exists
from engine.domain.quote import SourceKind
from engine.domain.watch import Rules, WatchId
from tests.support import build
from tests.unit.domain.test_quiet import MINUTES, places_in_time

BERLIN = ZoneInfo("Europe/Berlin")
EIGHT = time(8)
DAY = timedelta(days=1)


def berlin(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("after", "due"),
    [
        ("2026-11-22 07:59", "2026-11-22 08:00"),
        ("2026-11-22 08:00", "2026-11-23 08:00"),
        ("2026-11-22 23:59", "2026-11-23 08:00"),
    ],
)
def test_a_digest_is_due_at_its_time_every_day(after: str, due: str) -> None:
    assert next_due(EIGHT, BERLIN, berlin(after)) == Due(date.fromisoformat(due[:10]), berlin(due))


def test_a_time_that_the_clocks_skip_is_the_next_one_that_day() -> None:
    due = next_due(time(2, 30), BERLIN, berlin("2026-03-29 00:00"))
    assert due == Due(date(2026, 3, 29), berlin("2026-03-29 03:00"))


def test_a_time_that_the_clocks_show_twice_is_due_once() -> None:
    first = next_due(time(2, 30), BERLIN, berlin("2026-10-25 00:00"))
    assert first == Due(date(2026, 10, 25), berlin("2026-10-25 02:30", fold=0))
    assert next_due(time(2, 30), BERLIN, first.at).day == date(2026, 10, 26)


def test_a_day_that_a_place_skips_has_no_digest() -> None:
    apia = ZoneInfo("Pacific/Apia")
    before = next_due(EIGHT, apia, datetime(2011, 12, 29, 12, tzinfo=apia) - DAY)
    assert next_due(EIGHT, apia, before.at).day == date(2011, 12, 31)


@given(places_in_time(), MINUTES)
def test_each_local_day_has_one_digest_in_order(place: tuple[ZoneInfo, datetime], at: time) -> None:
    zone, start = place
    dues = [next_due(at, zone, start)]
    for _ in range(5):
        dues.append(next_due(at, zone, dues[-1].at))
    assert all(earlier.at < later.at for earlier, later in pairwise(dues))
    days = [due.day for due in dues]
    assert sorted(set(days)) == days
    for earlier, later in pairwise(days):
        left_out = [earlier + number * DAY for number in range(1, (later - earlier).days)]
        assert not any(exists(day, zone) for day in left_out)


@given(places_in_time(), MINUTES)
def test_the_day_of_a_digest_is_known_again_from_its_instant(
    place: tuple[ZoneInfo, datetime], at: time
) -> None:
    zone, start = place
    due = next_due(at, zone, start)
    assert start < due.at
    assert day_of(at, zone, due.at) == due.day


def line(id_: str, fare: int | None, target: int | None = 420, **changes: object) -> Line:
    return Line(
        watch_id=WatchId(id_),
        route=build.route(),
        rules=Rules(target=None if target is None else build.eur(target)),
        fare=None if fare is None else build.eur(fare),
        **changes,  # type: ignore[arg-type]
    )


def test_lines_stand_by_how_close_they_are_to_their_targets() -> None:
    lines = [
        line("no fare", None),
        line("no target", 100, None),
        line("twice", 840),
        line("just", 420),
        line("new low", 300, None, is_news=True),
        line("under", 210),
    ]
    assert [each.watch_id for each in by_closeness(lines)] == [
        "under",
        "just",
        "new low",
        "twice",
        "no target",
        "no fare",
    ]


def low(day: date, last: int, kind: SourceKind = SourceKind.LIVE) -> DayLow:
    return DayLow(day=day, kind=kind, low=last - 1000, first=last, last=last)


def test_a_fare_is_compared_with_the_last_of_the_day_before_a_live_one_first() -> None:
    today = date(2026, 11, 22)
    past = History(
        (low(today - DAY, 41000, SourceKind.CACHED), low(today - DAY, 45000), low(today - 2 * DAY, 1))
    )
    assert yesterday(past, "EUR", today) == build.eur(450)
    assert yesterday(past, "EUR", today + 2 * DAY) is None
    assert lowest_since_yesterday(past, "EUR", today) == build.eur(400)
    assert lowest_since_yesterday(History(), "EUR", today) is None
