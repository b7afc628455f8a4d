"""Dates in free words, in two languages."""

import contextlib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.trips import Nights, Span
from engine.domain.typed_days import TypedDays, parse_days
from engine.errors import InvalidInput

TODAY = date(2026, 11, 22)  # a Sunday
MARCH = Span(date(2027, 3, 1), date(2027, 3, 31))
MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
}


def days(first: date, last: date | None = None) -> Span:
    return Span(first, last or first)


def march(first: int, last: int | None = None) -> Span:
    return days(date(2027, 3, first), date(2027, 3, last or first))


def refused(text: str, **named: date | str) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        parse_days(text, TODAY, **named)  # type: ignore[arg-type]
    assert caught.value.sentence.endswith((".", "?"))
    return caught.value


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("12 mar", march(12)),
        ("12 March 2027", march(12)),
        ("mar 12", march(12)),
        ("the 12th of March", march(12)),
        ("Fri 12 Mar 2027", march(12)),
        ("12.3.", march(12)),
        ("Fr 12.3.", march(12)),
        ("25/03", march(25)),
        ("12. März", march(12)),
        ("12. Maerz 2027", march(12)),
        ("am 12. Mrz.", march(12)),
        ("1 nov", days(date(2027, 11, 1))),
        ("29 feb", days(date(2028, 2, 29))),
        ("today", days(TODAY)),
        ("heute", days(TODAY)),
        ("tomorrow", days(date(2026, 11, 23))),
        ("morgen", days(date(2026, 11, 23))),
        ("übermorgen", days(date(2026, 11, 24))),
        ("next friday", days(date(2026, 11, 27))),
        ("Friday", days(date(2026, 11, 27))),
        ("nächsten Freitag", days(date(2026, 11, 27))),
        ("sunday", days(date(2026, 11, 29))),
        ("in 3 weeks", days(date(2026, 12, 13))),
        ("in drei Wochen", days(date(2026, 12, 13))),
        ("in 10 Tagen", days(date(2026, 12, 2))),
        ("in a month", days(date(2026, 12, 22))),
        ("in 3 months", days(date(2027, 2, 22))),
        ("12 mar ±3", march(9, 15)),
        ("2027-03-10 +-3", march(7, 13)),
        ("10. März +/- 3 Tage", march(7, 13)),
        ("today ±2", days(TODAY, date(2026, 11, 24))),
        ("2027-03-10..2027-03-20", march(10, 20)),
        ("2027-03-10 - 2027-03-20", march(10, 20)),
        ("10-20 mar", march(10, 20)),
        ("mar 10-20", march(10, 20)),
        ("10 to 20 March 2027", march(10, 20)),
        ("between 10 mar and 20 mar", march(10, 20)),
        ("10. bis 20. März", march(10, 20)),
        ("10.-20.3.", march(10, 20)),
        ("vom 10. bis zum 20. März", march(10, 20)),
        ("28 dec - 5 jan", days(date(2026, 12, 28), date(2027, 1, 5))),
        ("28 dec - 5 jan 2028", days(date(2027, 12, 28), date(2028, 1, 5))),
        ("tomorrow - friday", days(date(2026, 11, 23), date(2026, 11, 27))),
        ("2027-03", MARCH),
        ("03/2027", MARCH),
        ("march", MARCH),
        ("in March 2027", MARCH),
        ("im März", MARCH),
        ("november", days(date(2026, 11, 1), date(2026, 11, 30))),
        ("mar-apr", days(date(2027, 3, 1), date(2027, 4, 30))),
        ("next month", days(date(2026, 12, 1), date(2026, 12, 31))),
        ("nächste Woche", days(date(2026, 11, 23), date(2026, 11, 29))),
    ],
)
def test_days_are_read_as_people_say_them(text: str, span: Span) -> None:
    assert parse_days(text, TODAY) == TypedDays(span=span)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("in the next 90 days", TypedDays(within_days=90)),
        ("next 6 weeks", TypedDays(within_days=42)),
        ("in den nächsten drei Wochen", TypedDays(within_days=21)),
        ("any Fri-Sun in the next 90 days", TypedDays(within_days=90, leaves_on=4, nights=Nights(2, 2))),
        ("weekends", TypedDays(within_days=90, leaves_on=4, nights=Nights(2, 2))),
        ("any Thu to Mon", TypedDays(within_days=90, leaves_on=3, nights=Nights(4, 4))),
        ("Fr-So im März", TypedDays(span=MARCH, leaves_on=4, nights=Nights(2, 2))),
        ("jedes Wochenende im März", TypedDays(span=MARCH, leaves_on=4, nights=Nights(2, 2))),
        ("any Friday in March", TypedDays(span=MARCH, leaves_on=4)),
        ("next weekend", TypedDays(span=days(date(2026, 11, 27)), nights=Nights(2, 2))),
    ],
)
def test_days_that_move_with_today_or_come_every_week_are_read(text: str, meant: TypedDays) -> None:
    assert parse_days(text, TODAY) == meant


def test_a_day_that_reads_two_ways_is_refused_and_both_readings_are_named() -> None:
    fault = refused("03/04")
    assert "3 Apr or 4 Mar" in fault.sentence
    assert fault.suggestions == ("3 Apr", "4 Mar")
    assert "2027-04-03 or 2027-03-04" in refused("03/04/2027").sentence


@pytest.mark.parametrize(
    "text", ["2026-11-21", "1.1.2020", "2020-01-01..2027-03-01", "06/2026", "2026-11-21 ±3"]
)
def test_the_past_is_refused(text: str) -> None:
    assert "is in the past; today is 2026-11-22" in refused(text).sentence


@pytest.mark.parametrize(
    "text", ["", "soon", "10-20", "a week", "in 3 years", "1 mar - 10 mar ±2", "x" * 500, "any", "±3", "next"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    refused(text)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("thu 12 mar 2027", "2027-03-12 is a Friday"),
        ("31 feb", "31 February is not a day"),
        ("13/2027", "not a day of the calendar"),
        ("0/1", "not a day of the calendar"),
        ("1/0/2027", "not a day of the calendar"),
        ("20-10 mar", "write the earlier day first"),
        ("20 mar - 10 mar 2027", "write the earlier day first"),
        ("march ±3", "± goes with a single day"),
        ("12 mar ±40", "up to 15 days"),
        ("2072-01-01", "more than two years away"),
        ("next 900 days", "1 to 730 days"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(text: str, hint: str) -> None:
    assert hint in refused(text, field="return").sentence
    assert refused(text, field="return").field == "return"


def test_a_way_back_without_its_year_follows_the_departure() -> None:
    out = date(2027, 12, 10)
    assert parse_days("5 jan", TODAY, since=out).day == date(2028, 1, 5)
    assert parse_days("sunday", TODAY, since=out).day == date(2027, 12, 12)


DAYS = st.dates(min_value=TODAY, max_value=TODAY + timedelta(days=360))
TONGUES = st.sampled_from(sorted(MONTHS))


@given(DAYS, TONGUES, st.data())
def test_a_written_day_is_read_back(day: date, tongue: str, data: st.DataObject) -> None:
    name = MONTHS[tongue][day.month - 1]
    shapes = [
        day.isoformat(),
        f"{day.day} {name}",
        f"{day.day}. {name} {day.year}",
        f"{day.day} {name[:3]} {day.year}",
        f"{name} {day.day}, {day.year}",
        f"{day:%d.%m.%Y}",
        f"{day.day}.{day.month}.",
        f"{day:%A} {day.day} {MONTHS['en'][day.month - 1]}",
        f"in {(day - TODAY).days} days",
        f"in {(day - TODAY).days} Tagen",
    ]
    text = data.draw(st.sampled_from(shapes))
    for written in (text, text.upper(), f"  {text} "):
        assert parse_days(written, TODAY).day == day


@given(DAYS, st.integers(1, 200), TONGUES, st.data())
def test_a_written_span_is_read_back(first: date, length: int, tongue: str, data: st.DataObject) -> None:
    last = first + timedelta(days=length)
    begin, end = (f"{day.day}. {MONTHS[tongue][day.month - 1]} {day.year}" for day in (first, last))
    shapes = [
        f"{first}..{last}",
        f"{first} - {last}",
        f"{begin} bis {end}",
        f"{begin} to {end}",
        f"{begin} \N{EN DASH} {end}",
    ]
    assert parse_days(data.draw(st.sampled_from(shapes)), TODAY).span == Span(first, last)


@given(DAYS, st.integers(0, 15), st.sampled_from(["±", "+-", "+/-", " ± ", " plus minus "]))
def test_days_around_a_day_are_read_back(day: date, aside: int, sign: str) -> None:
    around = timedelta(days=aside)
    meant = Span(max(day - around, TODAY), day + around)
    assert parse_days(f"{day}{sign}{aside}", TODAY).span == meant


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_and_never_means_the_past(text: str) -> None:
    with contextlib.suppress(InvalidInput):
        found = parse_days(text, TODAY)
        assert found.span is None or found.span.last >= TODAY
