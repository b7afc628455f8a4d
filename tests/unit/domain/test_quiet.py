"""Quiet hours on ordinary days, over midnight, and on days whose clocks are changed."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.domain.quiet import Quiet, exists, instant, release_at

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = Quiet(time(22), time(7))
NOON = Quiet(time(12), time(14))
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def berlin(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("quiet", "now", "ends"),
    [
        (NIGHT, "2026-11-22 22:00", "2026-11-23 07:00"),
        (NIGHT, "2026-11-22 23:59", "2026-11-23 07:00"),
        (NIGHT, "2026-11-23 02:00", "2026-11-23 07:00"),
        (NOON, "2026-11-22 12:00", "2026-11-22 14:00"),
        (NOON, "2026-11-22 13:59", "2026-11-22 14:00"),
    ],
)
def test_within_quiet_hours_their_end_is_given(quiet: Quiet, now: str, ends: str) -> None:
    assert release_at(quiet, BERLIN, berlin(now)) == berlin(ends)


@pytest.mark.parametrize(
    ("quiet", "now"),
    [
        (NIGHT, "2026-11-22 21:59"),
        (NIGHT, "2026-11-23 07:00"),
        (NOON, "2026-11-22 14:00"),
        (NOON, "2026-11-22 11:59"),
    ],
)
def test_outside_of_quiet_hours_there_is_nothing_to_wait_for(quiet: Quiet, now: str) -> None:
    assert release_at(quiet, BERLIN, berlin(now)) is None


def test_equal_times_are_no_quiet_hours() -> None:
    assert release_at(Quiet(time(8), time(8)), BERLIN, berlin("2026-11-22 08:00")) is None


def test_an_end_that_the_clocks_skip_is_the_next_time_that_they_show() -> None:
    """On 29 March 2026 the clocks of Berlin go from 2:00 to 3:00."""
    quiet = Quiet(time(22), time(2, 30))
    assert release_at(quiet, BERLIN, berlin("2026-03-29 01:00")) == berlin("2026-03-29 03:00")


def test_an_end_that_the_clocks_show_twice_is_the_first() -> None:
    """On 25 October 2026 the clocks of Berlin go from 3:00 back to 2:00."""
    quiet = Quiet(time(22), time(2, 30))
    assert release_at(quiet, BERLIN, berlin("2026-10-25 01:00")) == berlin("2026-10-25 02:30")
    assert release_at(quiet, BERLIN, berlin("2026-10-25 02:15", fold=1)) is None


def test_a_begin_that_the_clocks_show_twice_is_the_first() -> None:
    quiet = Quiet(time(2, 30), time(7))
    assert release_at(quiet, BERLIN, berlin("2026-10-25 02:15", fold=1)) == berlin("2026-10-25 07:00")


def test_a_window_that_the_clocks_skip_holds_nothing() -> None:
    quiet = Quiet(time(2, 10), time(2, 40))
    assert release_at(quiet, BERLIN, berlin("2026-03-29 03:00")) is None


def test_nights_with_no_waking_time_between_them_are_one() -> None:
    """Awake from 2:10 to 2:40 only, which on 29 March 2026 does not exist."""
    quiet = Quiet(time(2, 40), time(2, 10))
    assert release_at(quiet, BERLIN, berlin("2026-03-29 01:00")) == berlin("2026-03-30 02:10")


def test_a_place_that_skips_a_day_skips_its_quiet_hours_too() -> None:
    """Apia crossed the date line: after 29 December 2011 came the 31st."""
    apia = ZoneInfo("Pacific/Apia")
    evening = datetime(2011, 12, 29, 23, tzinfo=apia)
    assert release_at(NIGHT, apia, evening) == datetime(2011, 12, 31, 7, tzinfo=apia)
    assert not exists(date(2011, 12, 30), apia)


# Properties, over every zone there is, around every change of its clocks.

ZONES = sorted(available_timezones() - {"localtime", "Factory"})


@cache
def changes(name: str, year: int) -> tuple[datetime, ...]:
    """The instants of a year at which the clocks of a zone are changed, to the second."""
    zone = ZoneInfo(name)
    begin = datetime(year, 1, 1, tzinfo=UTC)
    found = []
    for days in range(366):
        before, after = begin + days * DAY, begin + (days + 1) * DAY
        if _offset(before, zone) == _offset(after, zone):
            continue
        while after - before > SECOND:
            middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
            if _offset(middle, zone) == _offset(before, zone):
                before = middle
            else:
                after = middle
        found.append(after)
    return tuple(found)


def _offset(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


@st.composite
def places_in_time(draw: st.DrawFn) -> tuple[ZoneInfo, datetime]:
    """A zone and an instant, mostly one within a day and a half of a change of its clocks."""
    name = draw(st.sampled_from(ZONES))
    year = draw(st.integers(1970, 2037))
    near = changes(name, year)
    anchor = draw(st.sampled_from(near)) if near else datetime(year, 7, 1, tzinfo=UTC)
    away = draw(st.sampled_from((-60, -1, 0, 1, 60)) | st.integers(-36 * 3600, 36 * 3600))
    return ZoneInfo(name), anchor + timedelta(seconds=away)


MINUTES = st.builds(time, st.integers(0, 23), st.sampled_from((0, 1, 15, 30, 59)))
QUIETS = st.builds(Quiet, MINUTES, MINUTES)


@given(places_in_time(), MINUTES)
def test_an_instant_shows_its_time_or_the_next_that_is_shown(
    place: tuple[ZoneInfo, datetime], at: time
) -> None:
    zone, near = place
    day = near.astimezone(zone).date()
    found = instant(day, at, zone)
    wall = datetime.combine(day, at)
    shown = found.astimezone(zone).replace(tzinfo=None)
    before = (found - SECOND).astimezone(zone).replace(tzinfo=None)
    assert shown >= wall
    assert shown == wall or before < wall
    # The first of two: nowhere in the day before was it shown already.
    earlier = found - timedelta(hours=1)
    if shown == wall and _offset(earlier, zone) == _offset(found, zone):
        assert earlier.astimezone(zone).replace(tzinfo=None) != wall


@given(places_in_time(), QUIETS)
def test_the_end_lies_ahead_and_is_not_itself_quiet(place: tuple[ZoneInfo, datetime], quiet: Quiet) -> None:
    zone, now = place
    ends = release_at(quiet, zone, now)
    assume(ends is not None)
    assert ends is not None
    assert now < ends <= now + timedelta(hours=50)
    assert ends.tzinfo is UTC
    assert release_at(quiet, zone, ends) is None


@given(places_in_time(), QUIETS, st.floats(0, 1, exclude_max=True))
def test_every_instant_up_to_the_end_has_the_same_end(
    place: tuple[ZoneInfo, datetime], quiet: Quiet, share: float
) -> None:
    zone, now = place
    ends = release_at(quiet, zone, now)
    assume(ends is not None)
    assert ends is not None
    between = now + timedelta(seconds=int((ends - now).total_seconds() * share))
    assert release_at(quiet, zone, between) == ends


@given(places_in_time(), QUIETS)
def test_far_from_a_change_of_clocks_quiet_is_what_the_clock_on_the_wall_says(
    place: tuple[ZoneInfo, datetime], quiet: Quiet
) -> None:
    zone, now = place
    assume(_offset(now - 2 * DAY, zone) == _offset(now, zone) == _offset(now + 2 * DAY, zone))
    assume(not any(abs(change - now) < 2 * DAY for change in changes(zone.key, now.year)))
    shown = now.astimezone(zone).time().replace(tzinfo=None)
    if quiet.start <= quiet.end:
        within = quiet.start <= shown < quiet.end
    else:
        within = shown >= quiet.start or shown < quiet.end
    ends = release_at(quiet, zone, now)
    assert (ends is not None) == within
    assert ends is None or ends.astimezone(zone).time() == quiet.end


@given(places_in_time(), QUIETS)
def test_nobody_is_woken_before_the_clock_shows_the_end(
    place: tuple[ZoneInfo, datetime], quiet: Quiet
) -> None:
    """At the end the clock shows that time, or the first one after a gap that swallowed it."""
    zone, now = place
    ends = release_at(quiet, zone, now)
    assume(ends is not None)
    assert ends is not None
    shown = ends.astimezone(zone).replace(tzinfo=None)
    before = (ends - SECOND).astimezone(zone).replace(tzinfo=None)
    wanted = datetime.combine(shown.date(), quiet.end)
    assert shown == wanted or before < wanted < shown or before < wanted - DAY < shown
