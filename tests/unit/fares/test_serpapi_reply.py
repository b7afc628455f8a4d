"""Replies of SerpApi, written by hand from its documentation, values worked out by hand."""

import json
from datetime import timedelta
from typing import Any

import pytest

from engine.domain.judgement import Look
from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.quote import LocalTime, OutcomeKind
from engine.domain.route import Cabin, FixedDates
from engine.domain.usable import best_quote
from engine.fares.exchange import Unanswered
from tests.support.build import route
from tests.support.clock import START
from tests.unit.fares.serpapi_bodies import LINK, OUT, body, fixture, flight, option, read

LONDON_PARIS: dict[str, Any] = {
    "of": route(
        origin=Place.airport("LHR"), destination=Place.metro("PAR"), trip=FixedDates(OUT), currency="GBP"
    ),
    "dates": FixedDates(OUT),
    "origins": ("LHR",),
    "destinations": ("CDG", "ORY"),
}


def test_the_best_and_the_other_flights_come_out_together_by_price() -> None:
    got = read(fixture("round_trip_2_adults"), route(adults=2))

    assert [quote.total for quote in got.quotes] == [
        Money(98600, "EUR"),
        Money(119800, "EUR"),
        Money(142000, "EUR"),
    ]
    assert got.detail == "left out: 1 without a price"


def test_of_a_round_trip_the_price_is_for_all_of_it_and_the_flights_are_those_of_the_way_out() -> None:
    first, second, third = read(fixture("round_trip_2_adults"), route(adults=2)).quotes

    assert [(quote.carriers, quote.stops) for quote in (first, second, third)] == [
        (("TK",), (1,)),
        (("LH", "NH"), (1,)),
        (("NH",), (0,)),
    ]
    assert [
        (leg.origin, leg.departs.iso, leg.destination, leg.arrives.iso) for leg in first.slices[0].segments
    ] == [
        ("LGW", "2027-03-10T11:25", "IST", "2027-03-10T18:25"),
        ("IST", "2027-03-11T02:20", "NRT", "2027-03-11T19:30"),
    ]
    assert [leg.number for leg in first.slices[0].segments] == ["1982", "50"]
    assert (len(first.slices), first.slices[0].minutes, first.departs_back) == (1, 1385, None)


def test_a_trip_one_way_in_another_currency_without_best_flights() -> None:
    got = read(fixture("one_way"), **LONDON_PARIS)

    assert [(quote.total, quote.carriers) for quote in got.quotes] == [
        (Money(6100, "GBP"), ("VY",)),
        (Money(7400, "GBP"), ("AF",)),
    ]
    assert (got.quotes[0].departs, got.quotes[0].stops) == (LocalTime("2027-03-10T18:05"), (0,))
    assert got.quotes[0].firm


def test_the_very_sentence_for_nothing_is_no_fares() -> None:
    got = read(fixture("no_results"))

    assert (got.kind, got.detail, got.retry_at) == (OutcomeKind.NO_FARES, None, None)


@pytest.mark.parametrize(
    ("words", "kind", "detail", "rest"),
    [
        (
            "Google Flights hasn't returned any results for this query!",
            "unreachable",
            "Google Flights hasn't returned any results for this query",
            None,
        ),
        (
            "Google hasn't returned any results for this query.",
            "unreachable",
            "Google hasn't returned any results for this query.",
            None,
        ),
        (
            "Your searches for the month are exhausted. You can upgrade plans on SerpApi.com website.",
            "quota",
            "the searches of the plan are used up",
            timedelta(days=1),
        ),
        ("Invalid API key.", "rejected", "key refused; is SERPAPI_KEY right?", timedelta(minutes=10)),
        ("", "unreachable", "it reports an error", None),
    ],
)
def test_every_other_error_inside_a_200_is_a_failure_and_not_an_empty_answer(
    words: str, kind: str, detail: str, rest: timedelta | None
) -> None:
    with pytest.raises(Unanswered) as caught:
        read(json.dumps({"search_metadata": {"status": "Success"}, "error": words}).encode())

    why = caught.value
    assert (why.kind.value, why.detail) == (kind, detail)
    assert why.retry_at == (START + rest if rest else None)


def test_the_sentence_for_nothing_is_not_believed_of_a_search_that_failed() -> None:
    with pytest.raises(Unanswered) as caught:
        read(fixture("no_results").replace(b'"Success"', b'"Error"'))

    assert caught.value.kind is OutcomeKind.UNREACHABLE


def test_a_search_that_failed_behind_the_service_is_unreachable() -> None:
    with pytest.raises(Unanswered) as caught:
        read(fixture("failed_search"))

    assert caught.value.kind is OutcomeKind.UNREACHABLE
    assert caught.value.detail == "We couldn't get valid results for this search. Please try again later."


@pytest.mark.parametrize("status", ["Processing", "Queued", "Error"])
def test_a_search_that_has_not_ended_well_is_not_believed(status: str) -> None:
    with pytest.raises(Unanswered) as caught:
        read(body(option(), search_metadata={"status": status}))

    assert caught.value.detail == f"the search is {status}"


def test_no_flights_without_the_sentence_is_malformed_and_not_empty() -> None:
    for raw in (body(), body(best=[]), b'{"search_metadata":{"status":"Success"}}'):
        with pytest.raises(Unanswered) as caught:
            read(raw)
        assert caught.value.detail == "no list of flights in the reply"


def test_flights_without_a_price_are_dropped() -> None:
    got = read(body(option(None), option(450)))

    assert [quote.total for quote in got.quotes] == [Money(45000, "EUR")]
    assert got.detail == "left out: 1 without a price"


def test_flights_without_any_price_are_no_proof_that_there_are_no_fares() -> None:
    with pytest.raises(Unanswered) as caught:
        read(body(option(None), option(None)))

    assert caught.value.kind is OutcomeKind.MALFORMED
    assert caught.value.detail == "no fare among 2 flights, left out: 2 without a price"


def test_a_price_in_whole_units_is_exact_in_any_currency() -> None:
    assert read(body(option(45000), currency="JPY")).quotes[0].total == Money(45000, "JPY")
    assert read(body(option(45), currency="KWD")).quotes[0].total == Money(45000, "KWD")


@pytest.mark.parametrize("currency", [None, "", "eur", "XXX", "US$"])
def test_a_reply_that_does_not_say_its_currency_is_malformed(currency: str | None) -> None:
    with pytest.raises(Unanswered) as caught:
        read(body(option(), currency=currency))

    assert caught.value.detail == "no currency in the reply"


def test_another_currency_stays_what_it_is_and_the_judge_sets_it_aside() -> None:
    got = read(body(option(), currency="USD"))

    assert got.quotes[0].total == Money(45000, "USD")
    assert best_quote(Look(route=route(), at=START, outcome=got), START).quote is None


def test_the_price_is_live_and_firm_for_exactly_this_request() -> None:
    assert read(body(option())).quotes[0].firm


def test_with_a_limit_of_stops_a_round_trip_is_a_lead_because_the_way_back_is_not_shown() -> None:
    of = route(max_stops=1)

    best = best_quote(Look(route=of, at=START, outcome=read(body(option()), of)), START)

    assert best.quote is not None
    assert not best.quote.firm


def test_with_a_limit_of_stops_a_trip_one_way_is_firm() -> None:
    of = route(max_stops=0, trip=FixedDates(OUT))
    got = read(body(option()), of, dates=FixedDates(OUT))

    best = best_quote(Look(route=of, at=START, outcome=got), START)

    assert best.quote is not None
    assert best.quote.firm


def test_ways_out_with_too_many_stops_are_hidden_and_counted() -> None:
    legs = [flight(end="IST", lands="2027-03-10 18:25"), flight("IST", leaves="2027-03-11 02:20")]

    some = read(body(option(300, *legs), option(450)), route(max_stops=0))
    none = read(body(option(300, *legs)), route(max_stops=0))

    assert [quote.total.plain() for quote in some.quotes] == ["450"]
    assert some.detail == "left out: 1 hidden by filters"
    assert none.kind is OutcomeKind.NO_FARES


def test_a_way_out_in_a_lower_cabin_is_not_what_was_asked_for() -> None:
    got = read(body(option(300), option(900, flight(travel_class="Business"))), route(cabin=Cabin.BUSINESS))

    assert [quote.total.plain() for quote in got.quotes] == ["900"]


def test_a_cabin_that_is_not_shown_makes_a_lead() -> None:
    got = read(body(option(900, flight(travel_class=None))), route(cabin=Cabin.PREMIUM_ECONOMY))

    assert not got.quotes[0].firm


def test_the_link_is_the_search_as_google_shows_it() -> None:
    assert read(body(option())).quotes[0].link == LINK


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "http://www.google.com/travel/flights?x=1",
        "https://www.google.com.evil.example/travel/flights",
        "https://evil.example/travel/flights",
        "https://www.google.com/travel/flights?<script>",
        "https://www.google.com/travel/flights?a b",
        "https://www.google.com/travel/flights?" + "x" * 2048,
    ],
)
def test_what_is_no_page_of_google_flights_is_no_link(url: str | None) -> None:
    raw = body(option(), search_metadata={"status": "Success", "google_flights_url": url})

    assert read(raw).quotes[0].link is None


BAD: dict[str, Any] = {
    "zero": option(0),
    "negative": option(-120),
    "a fraction": option(0.5),
    "absurdly dear": option(10**15),
    "with a sign": option("$450"),
    "true": option(True),
    "no flights": {"flights": [], "price": 450},
    "another day": option(450, flight(leaves="2027-03-11 11:30")),
    "from elsewhere": option(450, flight("CDG")),
    "to elsewhere": option(450, flight(end="KIX")),
    "a place that is none": option(450, flight("@everyone")),
    "a time that is none": option(450, flight(leaves="morning")),
    "a number that is none": option(450, flight(flight_number="<@1> 23")),
    "text": "option",
    "null": None,
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a_bad_option_is_left_out_and_the_good_ones_stay(bad: Any) -> None:
    got = read(body(bad, option(450), bad, best=[bad]))

    assert [quote.total for quote in got.quotes] == [Money(45000, "EUR")]
    assert got.detail == "left out: 3 unreadable"


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a_reply_of_bad_options_only_is_malformed_and_not_empty(bad: Any) -> None:
    with pytest.raises(Unanswered) as caught:
        read(body(bad))

    assert caught.value.kind is OutcomeKind.MALFORMED


@pytest.mark.parametrize("odd", [-1, 0, 10**9, None])
def test_an_odd_duration_costs_no_option(odd: int | None) -> None:
    assert read(body(option(total_duration=odd))).quotes[0].slices[0].minutes is None


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "unreadable JSON"),
        (b"<!DOCTYPE html>", "HTML instead of JSON"),
        (body(option())[:200], "unreadable JSON"),
        (b"[]", "no list of flights in the reply"),
        (b'{"other_flights": {}}', "no list of flights in the reply"),
        (b'{"error": ["no"]}', "no list of flights in the reply"),
    ],
)
def test_what_is_no_list_of_flights_is_malformed(raw: bytes, words: str) -> None:
    with pytest.raises(Unanswered) as caught:
        read(raw)

    assert (caught.value.kind, caught.value.detail) == (OutcomeKind.MALFORMED, words)
