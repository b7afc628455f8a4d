"""The calendar of a window: what is drawn of it, and how it is said."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.present.money import shortly
from bot.present.months import by_day, in_words, month_map
from bot.present.scene import Scene
from engine.actions.shown import Shown
from engine.domain.calendars import Calendar, DayFare
from engine.domain.history import History
from engine.domain.judge import fresh_state
from engine.domain.money import Money
from engine.domain.route import DateWindow, RollingWindow, Route
from engine.domain.trips import Nights, Span
from engine.store.routes import RouteRow
from engine.tongue import Tongue, speaking
from tests.support import build
from tests.support.clock import START

SCENE = Scene(
    cities=lambda code: {"LON": "London", "TYO": "Tokyo"}.get(code, code),
    today=START.date(),
    here=None,
    interval=timedelta(minutes=15),
)
MARCH = DateWindow(out=Span(date(2027, 3, 8), date(2027, 3, 14)), nights=Nights(14, 14))


def shown(of: Route, target: int | None = 420) -> Shown:
    return Shown(
        watch=build.watch(of, target=target),
        row=RouteRow(route=of, next_look_at=START),
        state=fresh_state(from_list=False),
        history=History(),
    )


def fares(**prices: int) -> Calendar:
    days = (
        DayFare(date(2027, 3, int(day[1:])), price * 100, START, date(2027, 3, int(day[1:]) + 14))
        for day, price in prices.items()
    )
    return Calendar(tuple(days))


ROUTE = build.route(trip=MARCH)
DAYS = fares(d8=450, d9=410, d10=900, d12=520)


def test_every_day_to_leave_on_is_in_it_with_its_fare_where_there_is_one() -> None:
    picture = month_map(shown(ROUTE), DAYS, SCENE)

    assert picture is not None
    assert picture.title == "London → Tokyo · 8\N{EN DASH}14 Mar, 14 nights"
    assert [month.words for month in picture.months] == ["March 2027"]
    assert [cell.on.day for cell in picture.cells] == [8, 9, 10, 11, 12, 13, 14]
    assert [cell.words for cell in picture.cells] == ["€450", "€410", "€900", "", "€520", "", ""]
    assert [cell.on.day for cell in picture.cells if cell.is_best] == [9]
    assert [cell.on.day for cell in picture.cells if cell.is_met] == [9]
    assert (picture.low, picture.high, picture.best) == ("€410", "€900", "cheapest: €410")
    assert (picture.met, picture.unknown) == ("at or under your target €420", "no fare seen")


def test_the_cheapest_day_is_nought_the_dearest_one_and_a_small_difference_is_small() -> None:
    picture = month_map(shown(ROUTE), DAYS, SCENE)
    assert picture is not None
    dear = [cell.dearness for cell in picture.cells if cell.dearness is not None]
    assert (min(dear), max(dear)) == (0.0, 1.0)

    alike = month_map(shown(ROUTE), fares(d8=400, d9=404), SCENE)
    assert alike is not None
    assert [cell.dearness for cell in alike.cells[:2]] == [0.0, pytest.approx(0.045, abs=0.002)]


def test_without_a_target_or_a_gap_the_legend_does_not_speak_of_them() -> None:
    full = fares(d8=450, d9=410, d10=900, d11=1, d12=520, d13=2, d14=3)
    picture = month_map(shown(ROUTE, None), full, SCENE)
    assert picture is not None
    assert (picture.met, picture.unknown) == ("", "")
    far = month_map(shown(ROUTE, 9), DAYS, SCENE)
    assert far is not None
    assert far.met == ""


def test_where_all_days_cost_the_same_none_is_the_best() -> None:
    alike = fares(d8=450, d9=450, d10=450)
    picture = month_map(shown(ROUTE, None), alike, SCENE)
    assert picture is not None
    assert (picture.low, picture.best) == ("all €450", "")
    assert not any(cell.is_best for cell in picture.cells)
    assert "All €450." in in_words(shown(ROUTE), alike, SCENE)


def test_without_any_fare_there_is_no_picture() -> None:
    assert month_map(shown(ROUTE), Calendar(), SCENE) is None
    assert month_map(shown(build.route()), DAYS, SCENE) is None


def test_who_cannot_see_it_reads_the_best_days_and_what_is_missing() -> None:
    assert in_words(shown(ROUTE), DAYS, SCENE) == (
        "Calendar of 7 days to leave on. Cheapest Tue 9 Mar €410, Mon 8 Mar €450, Fri 12 Mar €520. "
        "Dearest €900. 1 day at or under your target €420. 3 days without a fare."
    )


def test_the_best_days_stand_beside_it_with_their_way_back() -> None:
    (field,) = by_day(shown(ROUTE), DAYS, SCENE).fields
    dash = "\N{EN DASH}"
    assert field.value == f"**€410** · 9{dash}23 Mar\n**€450** · 8{dash}22 Mar\n**€520** · 12{dash}26 Mar"


def test_a_year_ahead_is_twelve_months() -> None:
    route = build.route(trip=RollingWindow(within_days=700))
    picture = month_map(shown(route), DAYS, SCENE)
    assert picture is not None
    assert (len(picture.months), picture.months[0].words) == (12, "November 2026")
    assert picture.cells[-1].on == date(2027, 10, 31)


def test_weekends_over_the_turn_of_a_year_are_a_month_each() -> None:
    days = DateWindow(out=Span(date(2026, 12, 4), date(2027, 2, 26)), nights=Nights(2, 2), leaves_on=4)
    december = Calendar((DayFare(date(2026, 12, 11), 9900, START, date(2026, 12, 13)),))
    picture = month_map(shown(build.route(trip=days)), december, SCENE)
    assert picture is not None
    assert [month.words for month in picture.months] == ["December 2026", "January 2027", "February 2027"]
    assert {cell.on.weekday() for cell in picture.cells} == {4}


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Money(900, "GBP"), "£9"),
        (Money(37450, "GBP"), "£375"),
        (Money(123400, "EUR"), "€1,234"),
        (Money(45300, "JPY"), "¥45.3K"),
        (Money(123456, "JPY"), "¥123K"),
        (Money(123456700, "IDR"), "1.23M"),
        (Money(1234567800, "IDR"), "12.3M"),
        (Money(999500, "KWD"), "1,000"),
    ],
)
def test_a_price_in_a_cell_is_short(amount: Money, words: str) -> None:
    assert shortly(amount) == words


def test_an_amount_without_a_sign_says_its_currency_in_the_title() -> None:
    route = build.route(trip=MARCH, currency="IDR")
    picture = month_map(shown(route, None), fares(d8=12345678), SCENE)
    assert picture is not None
    assert picture.title.endswith("· in IDR")


def test_a_german_reads_it_in_german() -> None:
    with speaking(Tongue(locale="de")):
        picture = month_map(shown(ROUTE), DAYS, SCENE)
    assert picture is not None
    assert picture.weekdays[:2] == ("Mo", "Di")
    assert picture.months[0].words == "März 2027"
    assert picture.cells[0].words == "450\N{NO-BREAK SPACE}€"


def test_the_words_fit_what_discord_takes() -> None:
    days: dict[str, Any] = {f"d{day}": 10**9 + day for day in range(8, 15)}
    assert len(in_words(shown(build.route(trip=MARCH, currency="IDR"), 10**9), fares(**days), SCENE)) <= 1024
