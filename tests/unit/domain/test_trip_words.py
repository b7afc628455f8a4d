"""The words of a trip, and of its details, are read back as exactly that."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.domain import detail_words, trip_words
from engine.domain.detail_words import DetailPhrases
from engine.domain.route import Cabin, Hours
from engine.domain.trip_words import ENGLISH, GERMAN, Phrases, TripWords
from engine.domain.trips import DateWindow, FixedDates, Nights, RollingDates, RollingWindow, Span, Trip
from engine.domain.typed_details import Details, check_way_back, parse_details
from engine.domain.typed_trip import parse_trip
from engine.errors import InvalidInput

TODAY = date(2026, 11, 22)  # a Sunday
MARCH = Span(date(2027, 3, 1), date(2027, 3, 31))
LANGUAGES = st.sampled_from([ENGLISH, GERMAN])

DAYS = st.integers(0, 700).map(lambda days: TODAY + timedelta(days=days))
SPANS = st.builds(lambda first, days: Span(first, first + timedelta(days=days)), DAYS, st.integers(0, 30))
MONTHS = st.builds(
    lambda at: Span(date(2027 + at // 12, at % 12 + 1, 1), _next_month(at) - timedelta(days=1)),
    st.integers(0, 20),
)
NIGHTS = st.builds(lambda least, more: Nights(least, least + more), st.integers(0, 60), st.integers(0, 20))
WEEKDAYS = st.none() | st.integers(0, 6)

TRIPS = st.one_of(
    st.builds(FixedDates, DAYS),
    st.builds(lambda out, stay: FixedDates(out, out + timedelta(days=stay)), DAYS, st.integers(0, 30)),
    st.builds(RollingDates, st.integers(0, 730), st.none() | st.integers(0, 180)),
    st.builds(RollingWindow, within_days=st.integers(1, 730), nights=st.none() | NIGHTS, leaves_on=WEEKDAYS),
)
WINDOWS = st.builds(
    DateWindow,
    out=SPANS | MONTHS,
    back=st.none() | SPANS | MONTHS,
    nights=st.none() | NIGHTS,
    leaves_on=WEEKDAYS,
)


def _next_month(at: int) -> date:
    return date(2027 + (at + 1) // 12, (at + 1) % 12 + 1, 1)


def read(words: TripWords, today: date = TODAY) -> Trip:
    return parse_trip(words.out, today, back=words.back)


@given(TRIPS, LANGUAGES)
def test_fixed_and_moving_trips_are_read_back_as_they_were(trip: Trip, phrases: Phrases) -> None:
    assert read(trip_words.trip_words(trip, TODAY, phrases)) == trip


@given(WINDOWS, LANGUAGES)
def test_a_window_that_was_understood_is_read_back_as_it_was(window: DateWindow, phrases: Phrases) -> None:
    try:
        understood = read(trip_words.trip_words(window, TODAY, phrases))
    except InvalidInput:
        assume(False)
    assert read(trip_words.trip_words(understood, TODAY, phrases)) == understood
    assert list(_choices(understood)) == list(window.choices())


@given(WINDOWS, st.integers(1, 40), LANGUAGES)
def test_once_days_have_passed_the_words_mean_the_same_days_to_come(
    window: DateWindow, later: int, phrases: Phrases
) -> None:
    today = window.out.first + timedelta(days=later)
    left = list(window.choices(not_before=today))
    assume(left)
    back = read(trip_words.trip_words(window, today, phrases), today)
    assert [choice for choice in _choices(back) if choice[0] >= today] == left


def _choices(trip: Trip) -> list[tuple[date, Span | None]]:
    if isinstance(trip, FixedDates):
        back = trip.return_on
        return [(trip.depart_on, None if back is None else Span(back, back))]
    assert isinstance(trip, DateWindow)
    return list(trip.choices())


@pytest.mark.parametrize(
    ("trip", "words"),
    [
        (FixedDates(date(2027, 3, 10)), ("10 Mar 2027", "")),
        (FixedDates(date(2027, 3, 10), date(2027, 3, 24)), ("10 Mar 2027", "24 Mar 2027")),
        (RollingDates(1, 30), ("always in 1 day", "30 nights")),
        (DateWindow(out=MARCH, nights=Nights(7, 10)), ("March 2027", "7-10 nights")),
        (
            DateWindow(out=Span(date(2027, 3, 5), date(2027, 3, 26)), nights=Nights(2, 2), leaves_on=4),
            ("any Fri in March 2027", "2 nights"),
        ),
        (
            DateWindow(
                out=Span(date(2027, 2, 28), date(2027, 3, 5)),
                back=Span(date(2027, 3, 12), date(2027, 3, 20)),
                nights=Nights(14, 18),
            ),
            ("28 Feb 2027 - 5 Mar 2027", "12-20 Mar 2027, 14-18 nights"),
        ),
        (
            RollingWindow(within_days=90, nights=Nights(1, 1), leaves_on=4),
            ("any Fri in the next 90 days", "1 night"),
        ),
    ],
)
def test_the_words_are_those_that_a_member_would_type(trip: Trip, words: tuple[str, str]) -> None:
    assert trip_words.trip_words(trip, TODAY) == words


def test_a_german_reads_german() -> None:
    trip = DateWindow(out=Span(date(2027, 3, 5), date(2027, 3, 26)), nights=Nights(2, 3), leaves_on=4)
    assert trip_words.trip_words(trip, TODAY, GERMAN) == ("jeden Fr im März 2027", "2-3 Nächte")


CODES = st.lists(st.sampled_from(["BA", "LH", "FR", "W6", "4U", "U2", "NH"]), unique=True, max_size=7)
MINUTES = st.integers(0, Hours.LAST_MINUTE)
HOURS = st.builds(Hours, MINUTES, MINUTES).filter(
    lambda hours: hours.earliest != hours.latest and (hours.earliest, hours.latest) != (0, Hours.LAST_MINUTE)
)


@st.composite
def details(draw: st.DrawFn) -> Details:
    codes = draw(CODES)
    split = draw(st.integers(0, len(codes)))
    adults = draw(st.integers(1, 9))
    return Details(
        adults=adults,
        children=draw(st.integers(0, 9 - adults)),
        cabin=draw(st.sampled_from(Cabin)),
        airlines=tuple(sorted(codes[:split])),
        not_airlines=tuple(sorted(codes[split:])),
        out_hours=draw(st.none() | HOURS),
        back_hours=draw(st.none() | HOURS),
        bags=draw(st.integers(0, 2)),
    )


@given(details(), st.sampled_from([detail_words.ENGLISH, detail_words.GERMAN]))
def test_details_are_read_back_as_they_were(which: Details, phrases: DetailPhrases) -> None:
    assert parse_details(detail_words.detail_words(which, phrases)) == which


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", Details()),
        ("2 adults", Details(adults=2)),
        ("two adults, a child", Details(adults=2, children=1)),
        ("Business class", Details(cabin=Cabin.BUSINESS)),
        ("BA, lh", Details(airlines=("BA", "LH"))),
        ("not FR, W6, only BA", Details(airlines=("BA",), not_airlines=("FR", "W6"))),
        ("ohne FR; 1 Koffer", Details(not_airlines=("FR",), bags=1)),
        ("1 checked bag each", Details(bags=1)),
        ("no bags, no children", Details()),
        ("hin 6-12, zurück ab 18", Details(out_hours=Hours(360, 720), back_hours=Hours(1080, 1439))),
    ],
)
def test_details_are_taken_as_people_type_them(typed: str, meant: Details) -> None:
    assert parse_details(typed) == meant


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("0 adults", "1 to 9 adults"),
        ("9 adults, 2 children", "9 people"),
        ("3 bags", "0 to 2"),
        ("2 adults, 3 adults", "twice"),
        ("only Ryanair", "code"),
        ("only FR, not FR", "as well"),
        ("business, first", "twice"),
        ("window seat", 'I cannot read "window seat" there'),
        ("out sometime", "6-12"),
        ("LON-TYO", "only BA LH"),
    ],
)
def test_details_that_cannot_be_meant_are_refused_in_a_sentence(typed: str, hint: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_details(typed)
    assert hint in caught.value.sentence


def test_a_one_way_trip_has_no_hours_of_a_way_back() -> None:
    with pytest.raises(InvalidInput):
        check_way_back(Hours(360, 720), round_trip=False)
    check_way_back(Hours(360, 720), round_trip=True)
    check_way_back(None, round_trip=False)


@pytest.mark.parametrize(
    "typed",
    [
        ("12 Mar", "26 Mar"),
        ("12 Mar ±3", "14 nights"),
        ("March", "7-10 nights"),
        ("any Fri in the next 90 days", "2 nights"),
        ("12. März ±3", "14 Nächte"),
        ("jeden Fr in den nächsten 90 Tagen", "7-10 Nächte"),
    ],
)
def test_what_the_form_gives_as_examples_is_understood(typed: tuple[str, str]) -> None:
    assert read(TripWords(*typed)).round_trip


@pytest.mark.parametrize(
    "typed",
    [
        "2 adults, 1 child, business, only BA LH, not FR, out 6-12, back after 18, 1 bag",
        "2 Erwachsene, 1 Kind, Business, nur BA LH, nicht FR, hin 6-12, zurück nach 18, 1 Koffer",
    ],
)
def test_its_example_of_details_means_the_same_in_both_languages(typed: str) -> None:
    assert parse_details(typed) == Details(
        adults=2,
        children=1,
        cabin=Cabin.BUSINESS,
        airlines=("BA", "LH"),
        not_airlines=("FR",),
        out_hours=Hours(360, 720),
        back_hours=Hours(1080, Hours.LAST_MINUTE),
        bags=1,
    )
