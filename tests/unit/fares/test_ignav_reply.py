"""Replies of Ignav, written by hand from its documentation, values worked out by hand."""

from datetime import date
from typing import Any

import pytest

from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.quote import LocalTime, OutcomeKind
from engine.domain.route import Cabin, FixedDates
from engine.fares.exchange import Unanswered
from tests.support.build import eur, route
from tests.unit.fares.ignav_bodies import BACK, OUT, body, handwritten, itinerary, price, read, segment, way


def test_a_round_trip_for_two_gives_the_prices_of_the_party() -> None:
    got = read(handwritten("round_trip_2_adults"), route(adults=2))

    assert [quote.total for quote in got.quotes] == [eur("989.95"), eur(1104), eur("1298.40")]
    assert [quote.stops for quote in got.quotes] == [(0, 0), (1, 0), (0, 0)]
    assert [quote.carriers for quote in got.quotes] == [("NH",), ("LH", "NH"), ("NH",)]
    dearest = got.quotes[2]
    assert (dearest.departs, dearest.departs_back) == (
        LocalTime("2027-03-10T19:00"),
        LocalTime("2027-03-24T00:35"),
    )
    assert dearest.slices[0].segments[0].arrives == LocalTime("2027-03-11T16:00")
    assert [slice_.minutes for slice_ in dearest.slices] == [720, 890]


def test_what_is_not_verified_is_a_lead() -> None:
    got = read(handwritten("round_trip_2_adults"), route(adults=2))

    assert [quote.firm for quote in got.quotes] == [False, True, True]


@pytest.mark.parametrize("status", [None, "unverified", "available", ""])
def test_only_the_word_verified_makes_a_price_firm(status: str | None) -> None:
    assert read(body(itinerary(price=price(status=status)))).quotes[0].estimated


def test_a_self_transfer_is_labelled() -> None:
    got = read(handwritten("round_trip_2_adults"), route(adults=2))

    assert [quote.self_transfer for quote in got.quotes] == [False, True, False]


def test_a_change_of_airport_is_a_self_transfer_whatever_the_service_says() -> None:
    out = way(segment("LHR", "CDG", "2027-03-10"), segment("ORY", "HND", "2027-03-10"))

    assert read(body(itinerary(outbound=out))).quotes[0].self_transfer is True


def test_a_self_transfer_that_nobody_speaks_of_is_unknown() -> None:
    assert read(body(itinerary(requires_self_transfer=None))).quotes[0].self_transfer is None


def test_a_flight_number_is_one_number_with_or_without_its_airline() -> None:
    got = read(handwritten("round_trip_2_adults"), route(adults=2))

    assert [leg.number for leg in got.quotes[1].slices[0].segments] == ["923", "716"]


def test_both_directions_may_come_as_legs() -> None:
    got = read(handwritten("round_trip_legs"))

    [quote] = got.quotes
    assert (quote.total, quote.stops, quote.carriers) == (eur(655), (0, 0), ("NH",))
    assert (quote.departs, quote.departs_back) == (
        LocalTime("2027-03-10T19:00"),
        LocalTime("2027-03-24T00:35"),
    )


def test_the_flights_of_a_direction_may_be_called_legs() -> None:
    out = {"legs": OUT["segments"], "duration_minutes": 720}

    assert read(body(itinerary(outbound=out))).quotes == read(body(itinerary())).quotes


def test_a_flight_without_an_airline_still_has_a_price_a_day_and_stops() -> None:
    of = route(trip=FixedDates(date(2027, 3, 10)), currency="GBP")

    [quote] = read(handwritten("one_way_no_airline"), of).quotes

    assert (quote.total, quote.stops, quote.carriers) == (Money(40250, "GBP"), (1,), ("NH",))
    assert (quote.departs, quote.departs_back) == (LocalTime("2027-03-10T10:00"), None)
    assert quote.slices == ()


def test_a_price_in_another_currency_keeps_it() -> None:
    of = route(trip=FixedDates(date(2027, 3, 10)))

    assert read(handwritten("one_way_no_airline"), of).quotes[0].total == Money(40250, "GBP")


def test_nothing_found_is_no_quotes() -> None:
    got = read(handwritten("nothing_found"))

    assert (got.quotes, sum(got.out.values())) == ((), 0)


def test_links_are_a_call_each_and_are_not_fetched() -> None:
    assert {quote.link for quote in read(handwritten("round_trip_2_adults"), route(adults=2)).quotes} == {
        None
    }


def test_too_many_stops_are_left_out_and_counted() -> None:
    out = way(segment("LHR", "FRA", "2027-03-10"), segment("FRA", "HND", "2027-03-10"))

    got = read(body(itinerary(300, outbound=out), itinerary(450)), route(max_stops=0))

    assert [quote.total for quote in got.quotes] == [eur(450)]
    assert got.out == {"hidden by filters": 1}


def test_another_airport_than_the_one_asked_for_is_left_out() -> None:
    of = route(origin=Place.airport("LHR"), destination=Place.airport("NRT"))

    assert read(body(itinerary()), of).out == {"by another airport": 1}
    assert read(body(itinerary()), route()).quotes


def test_a_way_back_to_another_airport_is_left_out() -> None:
    of = route(origin=Place.airport("LHR"), destination=Place.airport("HND"))
    back = way(segment("HND", "LGW", "2027-03-24"))

    assert read(body(itinerary(inbound=back)), of).out == {"by another airport": 1}


def test_a_lower_cabin_is_left_out_and_one_that_is_not_shown_is_a_lead() -> None:
    of = route(cabin=Cabin.BUSINESS)

    got = read(
        body(
            itinerary(300, cabin_class="economy"),
            itinerary(900, cabin_class=None),
            itinerary(950, cabin_class="business"),
        ),
        of,
    )

    assert [(quote.total, quote.firm) for quote in got.quotes] == [(eur(900), False), (eur(950), True)]
    assert got.out == {"in a lower cabin": 1}


def test_no_more_quotes_are_made_than_somebody_may_read() -> None:
    got = read(body(*(itinerary(450 + number) for number in range(300, 0, -1))))

    assert (len(got.quotes), got.quotes[0].total) == (50, eur(451))


BAD = {
    "NaN": itinerary("NaN"),
    "text": itinerary("450"),
    "infinite": itinerary("Infinity"),
    "zero": itinerary(0),
    "negative": itinerary(-120),
    "a cent": itinerary(0.01),
    "absurdly dear": itinerary(10**15),
    "null": itinerary(None),
    "no price": itinerary(price=None),
    "no currency": itinerary(price={"amount": 450, "status": "verified"}),
    "a currency that is none": itinerary(price=price(currency="XXX")),
    "one way only": itinerary(inbound=None),
    "no way at all": itinerary(outbound=None, inbound=None),
    "empty legs": itinerary(outbound=None, inbound=None, legs=[]),
    "no flights": itinerary(outbound=way()),
    "flights left out": itinerary(outbound={"carrier": "ANA"}),
    "another day": itinerary(outbound=way(segment("LHR", "HND", "2027-10-03"))),
    "the ways swapped": itinerary(outbound=BACK, inbound=OUT),
    "a place that is none": itinerary(outbound=way(segment("LHR", "@everyone", "2027-03-10"))),
    "an airline that is none": itinerary(
        outbound=way(segment("LHR", "HND", "2027-03-10", marketing_carrier_code="**"))
    ),
    "a time that is none": itinerary(
        outbound=way(segment("LHR", "HND", "2027-03-10", departure_time_local="10 March"))
    ),
    "no itinerary": "itinerary",
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a_bad_itinerary_is_left_out_and_the_good_ones_stay(bad: Any) -> None:
    got = read(body(bad, itinerary(450), bad))

    assert [quote.total for quote in got.quotes] == [eur(450)]
    assert got.out == {"unreadable": 2}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a_reply_of_bad_itineraries_only_is_malformed_and_not_empty(bad: Any) -> None:
    with pytest.raises(Unanswered) as caught:
        read(body(bad, bad))

    assert (caught.value.kind, caught.value.detail) == (
        OutcomeKind.MALFORMED,
        "2 of 2 itineraries unreadable",
    )


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "unreadable JSON"),
        (b"<!DOCTYPE html>", "HTML instead of JSON"),
        (body(itinerary())[:200], "unreadable JSON"),
        (b"{}", "no list of itineraries in the reply"),
        (handwritten("error_424"), "no list of itineraries in the reply"),
        (b'{"itineraries": {}}', "no list of itineraries in the reply"),
        (b'{"itineraries": [' + b"0," * 2000 + b"0]}", "no list of itineraries in the reply"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[:20].decode(),
)
def test_what_is_no_reply_is_malformed_in_words(raw: bytes, words: str) -> None:
    with pytest.raises(Unanswered) as caught:
        read(raw)

    assert (caught.value.kind, caught.value.detail) == (OutcomeKind.MALFORMED, words)
