"""Replies of Duffel held against the recordings, values worked out by hand."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from engine.domain.judgement import Look
from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.quote import LocalTime, OutcomeKind, SourceKind
from engine.domain.route import Cabin, FixedDates, Route
from engine.domain.usable import best_quote
from engine.fares.exchange import Unanswered
from tests.support.build import route
from tests.support.clock import START
from tests.unit.fares.duffel_bodies import (
    back,
    body,
    fixture,
    offer,
    read,
    recorded,
    segment,
    there,
    way,
)

DAY = FixedDates(date(2022, 4, 16))


def one_way(origin: str, destination: str, dates: FixedDates = DAY, **changes: Any) -> Route:
    ends = {"origin": Place.metro(origin), "destination": Place.metro(destination)}
    return route(**ends, trip=dates, currency="GBP", **changes)


def test_the_recorded_search_gives_its_cheapest_offers() -> None:
    got = read(fixture("offer_requests_create_with_offers"), one_way("SYD", "MEL"), DAY)

    first = got.quotes[0]
    assert (first.total, first.carriers, first.stops) == (Money(7962, "GBP"), ("QF",), (0,))
    assert first.slices[0].minutes == 95
    cheapest = [quote.slices[0].segments[0] for quote in got.quotes if quote.total.minor == 7962]
    assert len(cheapest) == 16
    assert ("495", LocalTime("2022-04-16T20:00"), LocalTime("2022-04-16T21:35")) in [
        (leg.number, leg.departs, leg.arrives) for leg in cheapest
    ]
    assert {(leg.origin, leg.destination, leg.operated_by) for leg in cheapest} == {("SYD", "MEL", "QF")}
    assert first.expires_at == datetime(2021, 12, 20, 12, 0, 13, tzinfo=UTC)


def test_the_recorded_search_stands_by_id_and_comes_out_by_price() -> None:
    sent = [each["total_amount"] for each in recorded("offer_requests_create_with_offers")["offers"]]

    got = read(fixture("offer_requests_create_with_offers"), one_way("SYD", "MEL"), DAY)

    assert sent[:4] == ["627.00", "395.25", "327.17", "79.62"]
    totals = [quote.total.fixed() for quote in got.quotes]
    assert totals == ["79.62"] * 16 + ["129.51"] + ["327.17"] * 17 + ["395.25"] * 16
    assert got.detail is None


def test_the_recorded_search_is_of_the_test_mode_so_none_of_it_is_ever_judged() -> None:
    of = one_way("SYD", "MEL")

    got = read(fixture("offer_requests_create_with_offers"), of, DAY)

    assert {quote.kind for quote in got.quotes} == {got.source_kind} == {SourceKind.TEST}
    look = Look(route=of, at=START, outcome=got)
    assert best_quote(look, START).quote is None


def test_of_the_recorded_search_only_business_fares_answer_a_search_for_business() -> None:
    of = one_way("SYD", "MEL", cabin=Cabin.BUSINESS)

    got = read(fixture("offer_requests_create_with_offers"), of, DAY)

    assert len(got.quotes) == 34
    assert got.quotes[0].total == Money(39525, "GBP")
    assert got.detail == "left out: 34 in a lower cabin"


def test_the_recorded_page_of_offers_gives_its_cheapest() -> None:
    raw = body(*recorded("offers_list"), live_mode=False)

    got = read(raw, one_way("LON", "NYC"), DAY)

    assert len(got.quotes) == 50
    first = got.quotes[0]
    # Sold by Hahn Air (HR), flown under the numbers of Royal Air Maroc (AT).
    assert (first.total, first.carriers, first.stops) == (Money(58597, "GBP"), ("AT",), (1,))
    assert [
        (leg.origin, leg.departs.iso, leg.destination, leg.arrives.iso) for leg in first.slices[0].segments
    ] == [
        ("LHR", "2022-04-16T18:10", "CMN", "2022-04-16T21:35"),
        ("CMN", "2022-04-17T15:50", "JFK", "2022-04-17T18:40"),
    ]
    assert first.slices[0].minutes == 29 * 60 + 30
    assert [quote.total.fixed() for quote in got.quotes[1:4]] == ["655.25"] * 3


def test_the_recorded_single_offer_is_read_alike() -> None:
    dates = FixedDates(date(2022, 5, 22))

    got = read(body(recorded("offers_show"), live_mode=False), one_way("CHI", "LAX", dates), dates)

    [quote] = got.quotes
    assert (quote.total, quote.carriers, quote.stops) == (Money(35130, "GBP"), ("AA",), (1,))
    assert [(leg.number, leg.departs.iso, leg.arrives.iso) for leg in quote.slices[0].segments] == [
        ("3010", "2022-05-22T13:15", "2022-05-22T15:20"),
        ("3251", "2022-05-22T16:01", "2022-05-22T17:00"),
    ]
    assert quote.slices[0].minutes == 5 * 60 + 4


def test_the_recorded_request_whose_offers_show_no_flights_is_malformed() -> None:
    with pytest.raises(Unanswered) as caught:
        read(fixture("offer_requests_show"), one_way("LON", "NYC"), DAY)

    assert caught.value.detail == "14 of 14 offers unreadable"


def test_the_recorded_list_of_requests_is_no_list_of_offers() -> None:
    with pytest.raises(Unanswered) as caught:
        read(fixture("offer_requests_list"), one_way("LON", "NYC"), DAY)

    assert caught.value.detail == "no list of offers in the reply"


@pytest.mark.parametrize(
    ("request_mode", "offer_mode", "kind"),
    [
        (True, True, SourceKind.LIVE),
        (True, None, SourceKind.LIVE),
        (True, False, SourceKind.TEST),
        (False, True, SourceKind.TEST),
        (False, False, SourceKind.TEST),
        (None, True, SourceKind.TEST),
    ],
)
def test_a_price_is_live_only_where_the_reply_says_so(
    request_mode: bool | None, offer_mode: bool | None, kind: SourceKind
) -> None:
    [quote] = read(body(offer(live_mode=offer_mode), live_mode=request_mode)).quotes

    assert (quote.kind, quote.firm) == (kind, kind is SourceKind.LIVE)


def test_a_reply_that_says_nothing_of_its_mode_is_taken_for_a_test() -> None:
    raw = body(offer()).replace(b'"live_mode": true, ', b"")

    assert b"live_mode" not in raw
    assert read(raw).quotes[0].kind is SourceKind.TEST


def test_the_currency_is_the_accounts_and_the_judge_sets_another_aside() -> None:
    got = read(body(offer("1.00", total_currency="USD")))

    assert got.quotes[0].total == Money(100, "USD")
    assert best_quote(Look(route=route(), at=START, outcome=got), START).quote is None


def test_a_quote_in_the_routes_currency_comes_before_a_cheaper_one_in_another() -> None:
    got = read(body(offer("1.00", total_currency="USD"), offer("450.00")))

    assert [quote.total for quote in got.quotes] == [Money(45000, "EUR"), Money(100, "USD")]


def test_the_total_is_for_all_passengers_as_it_stands() -> None:
    seats = [{"cabin_class": "economy"}] * 3
    ways = [there(passengers=seats), back(passengers=seats)]

    got = read(body(offer("1350.00", slices=ways)), route(adults=3))

    assert got.quotes[0].total == Money(135000, "EUR")


def test_stops_are_changes_of_plane_and_stops_inside_a_flight_per_direction() -> None:
    out = way(
        segment("LHR", "FRA", "2027-03-10T10:00:00", "2027-03-10T12:40:00", stops=[{"id": "sto_1"}]),
        segment("FRA", "HND", "2027-03-10T14:00:00", "2027-03-11T09:00:00"),
    )

    [quote] = read(body(offer(slices=[out, back()]))).quotes

    assert quote.stops == (2, 0)
    assert quote.slices[0].segments[0].technical_stops == 1


def test_local_times_stay_local_and_the_end_of_the_offer_is_an_instant() -> None:
    [quote] = read(body(offer())).quotes

    assert (quote.departs, quote.departs_back) == (
        LocalTime("2027-03-10T10:00"),
        LocalTime("2027-03-24T11:00"),
    )
    assert quote.expires_at == datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("odd", [None, "", "soon", "2026-11-22T09:30:00", "99999-01-01T00:00:00Z"])
def test_an_end_that_is_no_instant_is_not_known(odd: str | None) -> None:
    assert read(body(offer(expires_at=odd))).quotes[0].expires_at is None


def test_an_offer_has_no_link_because_whoever_holds_the_account_is_the_seller() -> None:
    assert read(body(offer())).quotes[0].link is None


def test_offers_with_too_many_stops_are_hidden_and_counted() -> None:
    stopping = offer("300.00", slices=[there(stops=[{}]), back()])

    some = read(body(stopping, offer("450.00")), route(max_stops=0))
    none = read(body(stopping), route(max_stops=0))

    assert [quote.total.plain() for quote in some.quotes] == ["450"]
    assert some.detail == "left out: 1 hidden by filters"
    assert none.kind is OutcomeKind.NO_FARES


def test_one_flight_in_a_lower_cabin_is_not_what_was_asked_for_and_a_higher_one_is() -> None:
    mixed = offer("300.00", slices=[there(passengers=[{"cabin_class": "business"}]), back()])
    better = offer(
        "900.00",
        slices=[there(passengers=[{"cabin_class": "first"}]), back(passengers=[{"cabin_class": "business"}])],
    )

    got = read(body(mixed, better), route(cabin=Cabin.BUSINESS))

    assert [quote.total.plain() for quote in got.quotes] == ["900"]


def test_a_cabin_that_is_not_shown_makes_a_lead_except_for_economy() -> None:
    unsaid = offer(slices=[there(passengers=None), back(passengers=[{}])])

    assert not read(body(unsaid), route(cabin=Cabin.BUSINESS)).quotes[0].firm
    assert read(body(unsaid)).quotes[0].firm


def test_a_search_without_offers_is_no_fares() -> None:
    assert read(body()).kind is OutcomeKind.NO_FARES


def test_only_the_cheapest_fifty_of_thousands_are_kept() -> None:
    got = read(body(*(offer(f"{9000 - number}.00") for number in range(300))))

    assert [quote.total.plain() for quote in got.quotes] == [str(total) for total in range(8701, 8751)]


BAD_OFFERS: dict[str, Any] = {
    "NaN": offer("NaN"),
    "infinite": offer("Infinity"),
    "zero": offer("0.00"),
    "negative": offer("-120.00"),
    "below one euro": offer("0.01"),
    "absurdly dear": offer("1e15"),
    "absurdly long": offer("9" * 5000),
    "no number": offer("cheap"),
    "null": offer(None),
    "no currency": offer(total_currency="eur"),
    "unknown currency": offer(total_currency="XXX"),
    "a part of the trip": offer(partial=True),
    "one way only": offer(slices=[there()]),
    "another day": offer(slices=[back(), there()]),
    "no flights": offer(slices=[way(), way()]),
    "no slices": offer(slices=[]),
    "a mode that is none": offer(live_mode="yes"),
    "a place that is none": offer(slices=[there(origin={"iata_code": "@everyone"}), back()]),
    "a carrier that is none": offer(slices=[there(marketing_carrier={"iata_code": "<@1>"}), back()]),
    "a time that is none": offer(slices=[there(departing_at="10 March"), back()]),
    "text": "offer",
    "null offer": None,
}


@pytest.mark.parametrize("bad", BAD_OFFERS.values(), ids=BAD_OFFERS.keys())
def test_a_bad_offer_is_left_out_and_the_good_ones_stay(bad: Any) -> None:
    got = read(body(bad, offer("450.00"), bad))

    assert [quote.total for quote in got.quotes] == [Money(45000, "EUR")]
    assert got.detail == "left out: 2 unreadable"


@pytest.mark.parametrize("bad", BAD_OFFERS.values(), ids=BAD_OFFERS.keys())
def test_a_reply_of_bad_offers_only_is_malformed_and_not_empty(bad: Any) -> None:
    with pytest.raises(Unanswered) as caught:
        read(body(bad, bad))

    assert (caught.value.kind, caught.value.detail) == (OutcomeKind.MALFORMED, "2 of 2 offers unreadable")


def test_what_is_nice_to_know_costs_no_offer() -> None:
    odd = there(operating_carrier={"iata_code": "@everyone"}, stops=None)

    [quote] = read(body(offer(slices=[{**odd, "duration": "a while"}, back(operating_carrier=None)]))).quotes

    assert quote.slices[0].minutes is None
    assert [leg.operated_by for slice_ in quote.slices for leg in slice_.segments] == [None, None]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "unreadable JSON"),
        (b"  <!DOCTYPE html><title>Oops</title>", "HTML instead of JSON"),
        (body(offer())[:200], "unreadable JSON"),
        (b'{"data": {"offers": ["\xff"]}}', "1 of 1 offers unreadable"),
        (b"{}", "no list of offers in the reply"),
        (b"null", "no list of offers in the reply"),
        (b'{"data": []}', "no list of offers in the reply"),
        (b'{"data": {"id": "orq_1", "live_mode": true}}', "no list of offers in the reply"),
        (b'{"data": {"offers": null}}', "no list of offers in the reply"),
    ],
)
def test_what_is_no_list_of_offers_is_malformed(raw: bytes, words: str) -> None:
    with pytest.raises(Unanswered) as caught:
        read(raw)

    assert (caught.value.kind, caught.value.detail) == (OutcomeKind.MALFORMED, words)
