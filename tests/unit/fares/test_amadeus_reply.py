"""Replies of Amadeus held against the recorded examples, values worked out by hand."""

from datetime import date

import pytest

from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.quote import LocalTime, OutcomeKind
from engine.domain.route import FixedDates, Route
from engine.fares.exchange import Unanswered
from tests.support.build import route
from tests.unit.fares.amadeus_bodies import body, fixture, offer, price, read, segment

SYD_BKK = FixedDates(date(2021, 11, 1))
EWR_MAD = FixedDates(date(2023, 11, 1))


def one_way(origin: str, destination: str, dates: FixedDates) -> Route:
    return route(origin=Place.metro(origin), destination=Place.metro(destination), trip=dates)


def test_the_documented_example_gives_its_two_offers() -> None:
    raw = fixture("spec_example__FlightOffersSearch_GETAirOffersReply.json")

    got = read(raw, one_way("SYD", "BKK", SYD_BKK), SYD_BKK)

    assert [quote.total for quote in got.quotes] == [Money(35534, "EUR"), Money(35534, "EUR")]
    first, second = got.quotes
    assert (first.carriers, first.stops, first.slices[0].minutes) == (("PR",), (1,), 14 * 60 + 15)
    assert (first.departs, first.departs_back) == (LocalTime("2021-11-01T11:35"), None)
    assert [leg.arrives.iso for leg in first.slices[0].segments] == ["2021-11-01T16:50", "2021-11-01T21:50"]
    assert [leg.number for leg in second.slices[0].segments] == ["212", "740"]
    assert second.slices[0].segments[1].arrives == LocalTime("2021-11-02T00:10")
    assert got.detail is None


def test_an_example_in_another_currency_keeps_that_currency() -> None:
    raw = fixture("spec_example__FlightOffersSearch_returnAirOffers.json")

    got = read(raw, one_way("NYC", "MAD", EWR_MAD), EWR_MAD)

    assert [quote.total for quote in got.quotes] == [Money(34220, "USD"), Money(34220, "USD")]
    assert [quote.slices[0].segments[0].origin for quote in got.quotes] == ["EWR", "JFK"]
    assert [(quote.carriers, quote.stops) for quote in got.quotes] == [(("6X",), (1,)), (("6X",), (1,))]


def test_the_cheapest_comes_first_whatever_the_order_of_the_reply() -> None:
    got = read(body(offer("470.10"), offer("449.99"), offer("460.00")))

    assert [quote.total.fixed() for quote in got.quotes] == ["449.99", "460.00", "470.10"]


def test_a_quote_in_the_currency_asked_for_comes_before_cheaper_ones_in_another() -> None:
    got = read(body(offer(**price("USD", total="1.00")), offer("450.00")))

    assert [quote.total for quote in got.quotes] == [Money(45000, "EUR"), Money(100, "USD")]


def test_the_grand_total_counts_and_not_the_total_without_fees() -> None:
    got = read(body(offer(**price(total="400.00", grandTotal="412.50"))))

    assert got.quotes[0].total == Money(41250, "EUR")


@pytest.mark.parametrize("amounts", [{"total": "400.00"}, {"total": "400.00", "grandTotal": None}])
def test_without_a_grand_total_the_total_counts(amounts: dict[str, str]) -> None:
    assert read(body(offer(**price("EUR", **amounts)))).quotes[0].total == Money(40000, "EUR")


def test_a_price_written_as_a_number_is_read_digit_by_digit() -> None:
    raw = body(offer()).replace(b'"450.00"', b"450.10")

    assert read(raw).quotes[0].total == Money(45010, "EUR")


def test_stops_are_counted_per_direction_with_those_inside_a_flight() -> None:
    there = [
        segment("LHR", "FRA", "2027-03-10T10:00:00", "2027-03-10T12:40:00", numberOfStops=1),
        segment("FRA", "HND", "2027-03-10T14:00:00", "2027-03-11T09:00:00"),
    ]
    back = [segment("HND", "LHR", "2027-03-24T11:00:00", "2027-03-24T15:00:00")]

    got = read(body(offer(itineraries=[{"segments": there}, {"segments": back}])))

    assert got.quotes[0].stops == (2, 0)


def test_marketing_carriers_stand_in_order_of_flight_and_once_each() -> None:
    there = [
        segment("LHR", "FRA", "2027-03-10T10:00:00", "2027-03-10T12:40:00", carrierCode="LH"),
        segment("FRA", "HND", "2027-03-10T14:00:00", "2027-03-11T09:00:00", operating={"carrierCode": "LH"}),
    ]
    back = [segment("HND", "LHR", "2027-03-24T11:00:00", "2027-03-24T15:00:00", carrierCode="LH")]

    quote = read(body(offer(itineraries=[{"segments": there}, {"segments": back}]))).quotes[0]

    assert quote.carriers == ("LH", "NH")
    assert quote.slices[0].segments[1].operated_by == "LH"


def test_local_times_stay_local() -> None:
    quote = read(body(offer())).quotes[0]

    assert (quote.departs, quote.departs_back) == (
        LocalTime("2027-03-10T10:00"),
        LocalTime("2027-03-24T11:00"),
    )


def test_a_quote_is_firm_and_has_no_link_because_the_service_gives_none() -> None:
    quote = read(body(offer())).quotes[0]

    assert quote.firm
    assert quote.link is None


def test_an_empty_list_is_no_fares() -> None:
    got = read(body())

    assert (got.kind, got.detail) == (OutcomeKind.NO_FARES, None)


def test_offers_with_too_many_stops_are_hidden_and_counted() -> None:
    legs = [
        segment("LHR", "FRA", "2027-03-10T10:00:00", "2027-03-10T12:40:00"),
        segment("FRA", "HND", "2027-03-10T14:00:00", "2027-03-11T09:00:00"),
    ]
    stopping = offer("300.00", itineraries=[{"segments": legs}, offer()["itineraries"][1]])

    some = read(body(stopping, offer("450.00")), route(max_stops=0))
    none = read(body(stopping), route(max_stops=0))

    assert [quote.total.plain() for quote in some.quotes] == ["450"]
    assert some.detail == "left out: 1 hidden by filters"
    assert (none.kind, none.detail) == (OutcomeKind.NO_FARES, "left out: 1 hidden by filters")


BAD_OFFERS = {
    "NaN": offer("NaN"),
    "infinite": offer("Infinity"),
    "zero": offer("0.00"),
    "negative": offer("-120.00"),
    "below one euro": offer("0.01"),
    "absurdly dear": offer("1e15"),
    "absurdly long": offer("9" * 5000),
    "no number": offer("cheap"),
    "null": offer(**price(total=None)),
    "bad grand total beside a good total": offer(**price(total="400.00", grandTotal="NaN")),
    "no currency": offer(**price("eur", total="400.00")),
    "unknown currency": offer(**price("XXX", total="400.00")),
    "one way only": offer(itineraries=offer()["itineraries"][:1]),
    "another day": offer(itineraries=list(reversed(offer()["itineraries"]))),
    "no flights": offer(itineraries=[{"segments": []}, {"segments": []}]),
    "a place that is none": offer(
        itineraries=[
            {"segments": [segment("@everyone", "HND", "2027-03-10T10:00:00", "2027-03-11T07:00:00")]}
        ]
    ),
    "a time that is none": offer(itineraries=[{"segments": [segment("LHR", "HND", "10 March", "11 March")]}]),
    "text": "offer",
    "null offer": None,
}


@pytest.mark.parametrize("bad", BAD_OFFERS.values(), ids=BAD_OFFERS.keys())
def test_a_bad_offer_is_left_out_and_the_good_ones_stay(bad: dict[str, object]) -> None:
    got = read(body(bad, offer("450.00"), bad))

    assert [quote.total for quote in got.quotes] == [Money(45000, "EUR")]
    assert got.detail == "left out: 2 unreadable"


@pytest.mark.parametrize("bad", BAD_OFFERS.values(), ids=BAD_OFFERS.keys())
def test_a_reply_of_bad_offers_only_is_malformed_and_not_empty(bad: dict[str, object]) -> None:
    with pytest.raises(Unanswered) as caught:
        read(body(bad, bad))

    assert (caught.value.kind, caught.value.detail) == (OutcomeKind.MALFORMED, "2 of 2 offers unreadable")


def test_an_odd_duration_costs_no_offer() -> None:
    itineraries = [{**itinerary, "duration": "a while"} for itinerary in offer()["itineraries"]]

    got = read(body(offer(itineraries=itineraries)))

    assert [slice_.minutes for slice_ in got.quotes[0].slices] == [None, None]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "unreadable JSON"),
        (b"  <!DOCTYPE html><title>Oops</title>", "HTML instead of JSON"),
        (body(offer())[:200], "unreadable JSON"),
        (b'{"data": [NaN]}', "unreadable JSON"),
        (b'{"data": ["\xff"]}', "1 of 1 offers unreadable"),
        (b"{}", "no list of offers in the reply"),
        (b"[]", "no list of offers in the reply"),
        (b"null", "no list of offers in the reply"),
        (b'{"data": null}', "no list of offers in the reply"),
        (b'{"data": {"type": "flight-offer"}}', "no list of offers in the reply"),
        (b'{"data": [' + b"0," * 2000 + b"0]}", "no list of offers in the reply"),
        (b'{"data":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "unreadable JSON"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[:20].decode(errors="replace"),
)
def test_what_is_no_reply_is_malformed_in_words(raw: bytes, words: str) -> None:
    with pytest.raises(Unanswered) as caught:
        read(raw)

    assert (caught.value.kind, caught.value.detail) == (OutcomeKind.MALFORMED, words)
