"""What leaving on each day costs: the newest look of a day counts, what has passed goes."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.calendars import MOST_DAYS, Calendar, DayFare, leaves_choice
from engine.domain.places import ANYWHERE
from engine.domain.quote import Quote
from engine.domain.route import DateWindow, FixedDates, RollingWindow
from engine.domain.trips import Nights, Span
from tests.support import build
from tests.support.clock import START

TODAY = START.date()
MARCH = DateWindow(out=Span(date(2027, 3, 1), date(2027, 3, 31)), nights=Nights(7, 14))
ROUTE = build.route(trip=MARCH)


def quote(day: int, total: int, nights: int = 7, **changes: object) -> Quote:
    out = date(2027, 3, day)
    dates = FixedDates(out, out + timedelta(days=nights))
    return build.quote(total, ROUTE, slices=(), dates=dates, **changes)


def totals(calendar: Calendar) -> dict[int, int]:
    return {day.out_on.day: day.minor // 100 for day in calendar.days}


def test_of_each_day_the_cheapest_is_kept_with_its_way_back() -> None:
    found = Calendar().with_found(ROUTE, [quote(12, 400, 10), quote(10, 450), quote(12, 470)], TODAY)

    assert totals(found) == {10: 450, 12: 400}
    assert found.days[1].back_on == date(2027, 3, 22)


def test_a_newer_price_takes_the_place_of_an_older_one_and_other_days_stay() -> None:
    before = Calendar().with_found(ROUTE, [quote(10, 450), quote(12, 400)], TODAY)

    after = before.with_found(ROUTE, [quote(12, 480, observed_at=START + timedelta(hours=1))], TODAY)

    assert totals(after) == {10: 450, 12: 480}
    assert after.days[1].seen_at == START + timedelta(hours=1)


def test_a_fare_that_does_not_say_its_day_is_passed_over() -> None:
    assert Calendar().with_found(ROUTE, [build.quote(400, ROUTE, slices=())], TODAY) == Calendar()


def test_only_a_route_with_a_choice_of_days_to_one_place_has_a_calendar() -> None:
    assert leaves_choice(ROUTE)
    assert leaves_choice(build.route(trip=RollingWindow(within_days=90)))
    assert not leaves_choice(build.route())
    assert not leaves_choice(build.route(trip=MARCH, destination=ANYWHERE))


def test_what_was_seen_long_ago_or_has_passed_is_left_out() -> None:
    old, new = START - timedelta(days=4), START
    calendar = Calendar(
        (
            DayFare(TODAY - timedelta(days=1), 1, new),
            DayFare(TODAY, 2, new),
            DayFare(TODAY + timedelta(days=1), 3, old),
        )
    )

    assert [day.minor for day in calendar.since(TODAY, START - timedelta(days=3)).days] == [2]


@given(st.lists(st.tuples(st.integers(1, 31), st.integers(1, 900)), max_size=60))
def test_days_come_in_order_once_each_at_the_lowest_that_was_found(found: list[tuple[int, int]]) -> None:
    quotes = sorted((quote(day, total) for day, total in found), key=lambda each: each.total.minor)

    calendar = Calendar().with_found(ROUTE, quotes, TODAY)

    lows: dict[int, int] = {}
    for day, total in found:
        lows[day] = min(total, lows.get(day, total))
    assert totals(calendar) == lows
    assert [day.out_on for day in calendar.days] == sorted(day.out_on for day in calendar.days)


def test_a_calendar_has_an_end() -> None:
    days = tuple(DayFare(TODAY + timedelta(days=n), 1, START) for n in range(MOST_DAYS + 50))
    assert len(Calendar(days).with_found(ROUTE, [], TODAY).days) == MOST_DAYS
