"""Out, back and nights as somebody typed them, and the trip that they mean."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.trips import DateWindow, FixedDates, Nights, RollingWindow, Span, Trip
from engine.domain.typed_trip import parse_trip
from engine.errors import InvalidInput

TODAY = date(2026, 11, 22)  # a Sunday
MARCH = Span(date(2027, 3, 1), date(2027, 3, 31))


def march(first: int, last: int) -> Span:
    return Span(date(2027, 3, first), date(2027, 3, last))


def trip(depart: str, back: str | None = None, nights: str | None = None) -> Trip:
    return parse_trip(depart, TODAY, back=back, nights=nights)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (("12 mar",), FixedDates(date(2027, 3, 12))),
        (("12 mar", " ", ""), FixedDates(date(2027, 3, 12))),
        (("12 mar", "26 mar"), FixedDates(date(2027, 3, 12), date(2027, 3, 26))),
        (("12 mar", "2 weeks later"), FixedDates(date(2027, 3, 12), date(2027, 3, 26))),
        (("12 mar", "+14"), FixedDates(date(2027, 3, 12), date(2027, 3, 26))),
        (("12 mar", None, "14"), FixedDates(date(2027, 3, 12), date(2027, 3, 26))),
        (("friday", "sunday"), FixedDates(date(2026, 11, 27), date(2026, 11, 29))),
        (("next weekend",), FixedDates(date(2026, 11, 27), date(2026, 11, 29))),
        (("10 dec 2027", "5 jan"), FixedDates(date(2027, 12, 10), date(2028, 1, 5))),
        (("march",), DateWindow(out=MARCH)),
        (("march", None, "7-10"), DateWindow(out=MARCH, nights=Nights(7, 10))),
        (("2027-03", "7 to 10 nights"), DateWindow(out=MARCH, nights=Nights(7, 10))),
        (("März", "1-2 Wochen"), DateWindow(out=MARCH, nights=Nights(7, 14))),
        (("12 mar ±3", "26 mar ±3"), DateWindow(out=march(9, 15), back=march(23, 29))),
        (("12 mar ±3", "26 mar"), DateWindow(out=march(9, 15), back=march(26, 26))),
        (("12 mar ±3",), DateWindow(out=march(9, 15))),
        (("9-15 mar",), DateWindow(out=march(9, 15))),
        (("12 mar", None, "7-10"), DateWindow(out=march(12, 12), back=march(19, 22))),
        (("weekends in march",), DateWindow(out=march(5, 26), nights=Nights(2, 2), leaves_on=4)),
        (("any fri in march", None, "3-4"), DateWindow(out=march(5, 26), nights=Nights(3, 4), leaves_on=4)),
        (
            ("any Fri-Sun in the next 90 days",),
            RollingWindow(within_days=90, nights=Nights(2, 2), leaves_on=4),
        ),
        (("in the next 60 days", None, "7-10"), RollingWindow(within_days=60, nights=Nights(7, 10))),
    ],
)
def test_a_trip_is_read_from_what_was_typed(typed: tuple[str, ...], meant: Trip) -> None:
    assert trip(*typed) == meant


@pytest.mark.parametrize(
    ("typed", "field", "hint"),
    [
        (("2027-03-10", "2027-03-09"), "return", "before the departure"),
        (("any fri-sun", None, "3"), "nights", "twice: 2 nights and 3 nights"),
        (("12 mar", "7 nights", "8"), "nights", "twice"),
        (("any fri-sun", "12 apr"), "return", "move with today"),
        (("12 mar", "weekends"), "return", "as days"),
        (("march", "10 mar", "20"), "nights", "No way back fits"),
        (("mon to fri in 10-11 mar",), "depart", "day of the week"),
        (("12 mar", None, "10-7"), "nights", "smaller number first"),
        (("12 mar", None, "a few"), "nights", "7-10"),
        (("12 mar", None, "200"), "nights", "180"),
    ],
)
def test_what_makes_no_trip_is_refused_with_the_option_at_fault(
    typed: tuple[str, ...], field: str, hint: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        trip(*typed)
    assert caught.value.field == field
    assert hint in caught.value.sentence


def test_a_month_that_has_begun_is_still_a_month() -> None:
    assert parse_trip("november", TODAY) == DateWindow(out=Span(date(2026, 11, 1), date(2026, 11, 30)))


@given(
    st.integers(0, 300),
    st.integers(0, 60),
    st.integers(0, 40),
    st.integers(0, 20),
    st.none() | st.integers(0, 6),
)
def test_every_choice_of_a_window_fits_it_and_the_last_is_its_last_departure(
    begins: int, length: int, least: int, more: int, leaves_on: int | None
) -> None:
    first = TODAY + timedelta(days=begins)
    window = DateWindow(
        out=Span(first, first + timedelta(days=length)),
        nights=Nights(least, least + more),
        leaves_on=leaves_on,
    )
    choices = list(window.choices())
    for out, ways_back in choices:
        assert ways_back is not None
        assert window.fits(out, ways_back.first)
        assert window.fits(out, ways_back.last)
        assert not window.fits(out, ways_back.last + timedelta(days=1))
        assert not window.fits(out, None)
    if choices:
        assert window.last_departure_on == choices[-1][0]
