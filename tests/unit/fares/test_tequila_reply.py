"""Replies of Tequila held against the recording, values worked out by hand."""

from datetime import date
from typing import Any

import pytest

from engine.domain.judgement import Look
from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.quote import LocalTime, OutcomeKind
from engine.domain.route import Cabin, FixedDates, Route
from engine.domain.usable import best_quote
from engine.fares.exchange import Unanswered
from engine.fares.sources.tequila_request import MOST_ITINERARIES
from tests.support.build import eur, route
from tests.support.clock import START
from tests.unit.fares.tequila_bodies import BACK, OUT, body, hop, itinerary, read, recorded

CNX_BKK = FixedDates(date(2019, 10, 10), date(2019, 10, 14))
AIRPORT = Place.airport


def chiang_mai_to(bangkok: Place) -> Route:
    return route(origin=Place.airport("CNX"), destination=bangkok, trip=CNX_BKK)


def test_the_recording_gives_its_eight_itineraries_for_the_city() -> None:
    got = read(recorded("moviendome__results_cnx_bkk.json").body, chiang_mai_to(Place.metro("BKK")))

    assert [quote.total.plain() for quote in got.quotes] == ["49", "49", "49", "50", "50", "50", "70", "70"]
    cheapest = got.quotes[0]
    assert cheapest.total == Money(4900, "EUR")
    assert (cheapest.stops, cheapest.carriers) == ((0, 0), ("VZ",))
    assert [leg.number for way in cheapest.slices for leg in way.segments] == ["105", "100"]
    assert [way.minutes for way in cheapest.slices] == [80, 80]
    assert got.detail is None


def test_the_times_of_the_recording_are_local_whatever_their_z_says() -> None:
    # utc_departure of the same flight is 07:10: the Z after 14:10 is false.
    got = read(recorded("moviendome__results_cnx_bkk.json").body, chiang_mai_to(Place.metro("BKK")))

    out, back = got.quotes[0].slices
    assert (out.segments[0].departs, out.segments[0].arrives) == (
        LocalTime("2019-10-10T14:10"),
        LocalTime("2019-10-10T15:30"),
    )
    # In UTC it leaves on the 13th.
    assert (back.segments[0].departs, back.segments[0].arrives) == (
        LocalTime("2019-10-14T06:10"),
        LocalTime("2019-10-14T07:30"),
    )


def test_the_recording_has_ways_back_from_another_airport_which_an_airport_does_not_allow() -> None:
    got = read(recorded("moviendome__results_cnx_bkk.json").body, chiang_mai_to(Place.airport("BKK")))

    assert [quote.total.plain() for quote in got.quotes] == ["49", "49", "49"]
    assert got.detail == "left out: 5 by another airport"


def test_every_itinerary_of_the_recording_is_two_tickets() -> None:
    got = read(recorded("moviendome__results_cnx_bkk.json").body, chiang_mai_to(Place.metro("BKK")))

    assert {quote.self_transfer for quote in got.quotes} == {True}


def test_a_link_is_kept_whole_however_long() -> None:
    got = read(recorded("moviendome__results_cnx_bkk.json").body, chiang_mai_to(Place.metro("BKK")))

    assert [len(quote.link or "") for quote in got.quotes] == [748, 748, 748, 772, 772, 772, 772, 772]
    assert (got.quotes[0].link or "").startswith(
        "https://www.kiwi.com/deep?from=CNX&to=BKK&departure=10-10-2019"
    )


@pytest.mark.parametrize(
    "link", [None, "", "javascript:alert(1)", "http://kiwi.com/x", "https://a/ b", "https://a/\n"]
)
def test_what_is_no_link_is_none(link: str | None) -> None:
    assert read(body(itinerary(deep_link=link))).quotes[0].link is None


def test_the_cheapest_comes_first_whatever_the_order_of_the_reply() -> None:
    got = read(body(itinerary(470.1), itinerary(449.99), itinerary(460)))

    assert [quote.total.fixed() for quote in got.quotes] == ["449.99", "460.00", "470.10"]


def test_the_noise_of_a_float_is_no_cent() -> None:
    assert read(body(itinerary(453.09000000000003))).quotes[0].total == Money(45309, "EUR")


def test_both_directions_come_in_one_list_and_are_told_apart() -> None:
    hops = (
        hop("LHR", "FRA", "2027-03-10", airline="LH"),
        hop("FRA", "HND", "2027-03-10"),
        BACK,
    )

    quote = read(body(itinerary(450, *hops))).quotes[0]

    assert quote.stops == (1, 0)
    assert [segment.origin for segment in quote.slices[0].segments] == ["LHR", "FRA"]
    assert (quote.departs, quote.departs_back) == (
        LocalTime("2027-03-10T10:00"),
        LocalTime("2027-03-24T10:00"),
    )
    assert quote.carriers == ("LH", "NH")


def test_stops_are_limited_per_direction_and_not_in_all() -> None:
    one_each = (
        hop("LHR", "FRA", "2027-03-10"),
        hop("FRA", "HND", "2027-03-10"),
        hop("HND", "FRA", "2027-03-24", **{"return": 1}),
        hop("FRA", "LHR", "2027-03-24", **{"return": 1}),
    )

    allowed = read(body(itinerary(450, *one_each)), route(max_stops=1))
    refused = read(body(itinerary(450, *one_each)), route(max_stops=0))

    assert allowed.quotes[0].stops == (1, 1)
    assert (refused.kind, refused.detail) == (OutcomeKind.NO_FARES, "left out: 1 hidden by filters")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, False),
        ({"virtual_interlining": True}, True),
        ({"has_airport_change": True}, True),
        ({"pnr_count": 2}, True),
        ({"virtual_interlining": None, "pnr_count": None}, None),
    ],
    ids=str,
)
def test_a_self_transfer_is_labelled(changes: dict[str, Any], expected: bool | None) -> None:
    assert read(body(itinerary(**changes))).quotes[0].self_transfer is expected


@pytest.mark.parametrize("sign", ["vi_connection", "bags_recheck_required"])
def test_a_flight_to_check_in_for_anew_makes_a_self_transfer(sign: str) -> None:
    onward: dict[str, Any] = {sign: True}
    hops = (hop("LHR", "FRA", "2027-03-10"), hop("FRA", "HND", "2027-03-10", **onward), BACK)

    assert read(body(itinerary(450, *hops))).quotes[0].self_transfer is True


def test_a_change_of_airport_is_a_self_transfer_even_where_the_service_does_not_say_so() -> None:
    hops = (hop("LHR", "CDG", "2027-03-10"), hop("ORY", "HND", "2027-03-10"), BACK)

    assert read(body(itinerary(450, *hops))).quotes[0].self_transfer is True


@pytest.mark.parametrize("sign", ["hidden_city_ticketing", "throw_away_ticketing"])
def test_a_fare_that_asks_to_skip_a_flight_is_not_told(sign: str) -> None:
    got = read(body(itinerary(300, **{sign: True}), itinerary(450)))

    assert [quote.total for quote in got.quotes] == [eur(450)]
    assert got.detail == "left out: 1 hidden-city or throw-away"


@pytest.mark.parametrize("vehicle", ["bus", "train"])
def test_a_bus_or_train_is_no_flight_however_its_operator_is_spelt(vehicle: str) -> None:
    ride = hop("LHR", "HND", "2027-03-10", vehicle_type=vehicle, airline="FLIXBUS", flyTo="LON_BUS")

    got = read(body(itinerary(20, ride, BACK), itinerary(450)))

    assert [quote.total for quote in got.quotes] == [eur(450)]
    assert got.detail == "left out: 1 by bus or train"


@pytest.mark.parametrize(
    ("there", "back"),
    [(("LHR", "NRT"), ("HND", "LHR")), (("LGW", "HND"), ("HND", "LHR")), (("LHR", "HND"), ("HND", "LGW"))],
)
def test_other_airports_are_for_cities_only(there: tuple[str, str], back: tuple[str, str]) -> None:
    homewards: dict[str, Any] = {"return": 1}
    hops = (hop(*there, "2027-03-10"), hop(*back, "2027-03-24", **homewards))
    raw = body(itinerary(450, *hops))

    by_city = read(raw, route())
    by_airport = read(raw, route(origin=Place.airport("LHR"), destination=Place.airport("HND")))

    assert by_city.kind is OutcomeKind.QUOTES
    assert (by_airport.kind, by_airport.detail) == (OutcomeKind.NO_FARES, "left out: 1 by another airport")


def test_a_lower_cabin_is_left_out_and_a_better_one_stays() -> None:
    feeder = (
        hop("LHR", "FRA", "2027-03-10", fare_category="M"),
        hop("FRA", "HND", "2027-03-10", fare_category="C"),
    )
    first = hop("LHR", "HND", "2027-03-10", fare_category="F")
    back = {**BACK, "fare_category": "C"}

    got = read(body(itinerary(900, *feeder, back), itinerary(2000, first, back)), route(cabin=Cabin.BUSINESS))

    assert [quote.total for quote in got.quotes] == [eur(2000)]
    assert got.detail == "left out: 1 in a lower cabin"
    assert got.quotes[0].firm


def test_a_cabin_that_is_not_shown_makes_a_lead_unless_it_is_economy() -> None:
    raw = body(itinerary(450, {**OUT, "fare_category": None}, {**BACK, "fare_category": "Y"}))

    assert not read(raw, route(cabin=Cabin.BUSINESS)).quotes[0].firm
    assert read(raw).quotes[0].firm


def test_a_price_in_another_currency_keeps_that_currency_and_is_not_judged() -> None:
    got = read(body(itinerary(1), currency="USD"))

    assert got.quotes[0].total == Money(100, "USD")
    assert best_quote(Look(route=route(), outcome=got, at=START), START).quote is None


def test_seats_that_nobody_counted_cost_no_fare() -> None:
    assert read(body(itinerary(availability={"seats": None}))).kind is OutcomeKind.QUOTES


@pytest.mark.parametrize(
    "odd", [None, "soon", {"departure": "80", "return": 80}, {"departure": -1}, [1]], ids=str
)
def test_an_odd_duration_costs_no_fare(odd: object) -> None:
    assert [way.minutes for way in read(body(itinerary(duration=odd))).quotes[0].slices] == [None, None]


def test_an_empty_list_is_no_fares() -> None:
    got = read(body(currency=None))

    assert (got.kind, got.detail) == (OutcomeKind.NO_FARES, None)


def test_as_many_as_were_asked_for_and_none_to_tell_is_not_no_fares() -> None:
    hidden = [itinerary(300, hidden_city_ticketing=True)] * MOST_ITINERARIES

    with pytest.raises(Unanswered) as caught:
        read(body(*hidden))

    assert caught.value.kind is OutcomeKind.MALFORMED
    assert caught.value.detail == (
        "none of the 50 cheapest can be told, and no more are shown (left out: 50 hidden-city or throw-away)"
    )


def test_no_more_quotes_are_made_than_were_asked_for() -> None:
    got = read(body(*(itinerary(450 + number) for number in range(200, 0, -1))))

    assert (len(got.quotes), got.quotes[0].total) == (MOST_ITINERARIES, eur(451))


BAD = {
    "NaN": itinerary("NaN"),
    "infinite": itinerary("Infinity"),
    "zero": itinerary(0),
    "negative": itinerary(-120),
    "a cent": itinerary(0.01),
    "absurdly dear": itinerary(10**15),
    "huge exponent": itinerary("1e999999"),
    "no number": itinerary("cheap"),
    "null": itinerary(None),
    "one way only": itinerary(450, OUT),
    "the same way twice": itinerary(450, OUT, OUT),
    "another day": itinerary(450, hop("LHR", "HND", "2027-10-03"), BACK),
    "no flights": itinerary(route=[]),
    "a place that is none": itinerary(450, {**OUT, "flyTo": "@everyone"}, BACK),
    "an airline that is none": itinerary(450, {**OUT, "airline": "**"}, BACK),
    "a time that is none": itinerary(450, {**OUT, "local_departure": "10 March"}, BACK),
    "a third direction": itinerary(450, OUT, {**BACK, "return": 2}),
    "text": "itinerary",
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a_bad_itinerary_is_left_out_and_the_good_ones_stay(bad: Any) -> None:
    got = read(body(bad, itinerary(450), bad))

    assert [quote.total for quote in got.quotes] == [eur(450)]
    assert got.detail == "left out: 2 unreadable"


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
        (body(itinerary())[:300], "unreadable JSON"),
        (b'{"data": [NaN]}', "unreadable JSON"),
        (b"{}", "no list of itineraries in the reply"),
        (b'{"status": "OK", "error": "later"}', "no list of itineraries in the reply"),
        (b'{"data": {}}', "no list of itineraries in the reply"),
        (b'{"data": [' + b"0," * 2000 + b"0]}", "no list of itineraries in the reply"),
        (body(itinerary(), currency=None), "no currency in the reply"),
        (body(itinerary(), currency="eur"), "no currency in the reply"),
        (body(itinerary(), currency="XXX"), "no currency in the reply"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[:20].decode(),
)
def test_what_is_no_reply_is_malformed_in_words(raw: bytes, words: str) -> None:
    with pytest.raises(Unanswered) as caught:
        read(raw)

    assert (caught.value.kind, caught.value.detail) == (OutcomeKind.MALFORMED, words)
