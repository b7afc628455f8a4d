"""What an answer of Kiwi's server comes to; every trap of its description is a test."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from engine.domain.money import Money
from engine.domain.quote import LocalTime, OutcomeKind, SourceKind
from engine.domain.route import Cabin, FixedDates
from engine.fares.exchange import Reply, Unanswered
from engine.fares.sources.kiwi_request import search_body, tools_body
from engine.fares.sources.kiwi_rpc import refusal, result_of
from tests.support.build import eur, route
from tests.support.clock import START
from tests.unit.fares.kiwi_bodies import (
    BACK,
    OUT,
    answer,
    handwritten,
    itinerary,
    leg,
    on,
    read,
    read_text,
    segment,
    stream,
)

BUDAPEST = on(date(2027, 3, 5), date(2027, 3, 12), adults=2)


def unanswered(raw: bytes) -> tuple[OutcomeKind, str]:
    with pytest.raises(Unanswered) as caught:
        read(raw)
    return caught.value.kind, caught.value.detail


def arguments(**changes: Any) -> dict[str, Any]:
    of = route(**changes)
    assert isinstance(of.trip, FixedDates)
    call = json.loads(search_body(of, of.trip))
    assert (call["jsonrpc"], call["id"], call["method"]) == ("2.0", 1, "tools/call")
    assert call["params"]["name"] == "search-flight"
    return dict(call["params"]["arguments"])


def test_the_round_trip_reads_as_worked_out_by_hand() -> None:
    got = read(handwritten("round_trip_2_adults"), BUDAPEST)

    cheap, dear = got.quotes
    assert (got.kind, got.source, got.source_kind) == (OutcomeKind.QUOTES, "kiwi", SourceKind.LIVE)
    assert (cheap.total, cheap.stops, cheap.carriers) == (eur("398.50"), (1, 1), ("U2", "OS", "LH"))
    assert (cheap.departs, cheap.departs_back) == (
        LocalTime("2027-03-05T11:20"),
        LocalTime("2027-03-12T06:00"),
    )
    assert [flight.number for flight in cheap.slices[0].segments] == ["8571", "721"]
    assert cheap.slices[1].segments[1].arrives == LocalTime("2027-03-12T09:55")
    assert (dear.total, dear.stops, dear.carriers) == (eur("453.09"), (0, 0), ("W6", "FR"))
    assert dear.slices[0].segments[0].number == "2202"
    assert dear.link == "https://on.kiwi.com/q7TzKp"


def test_a_one_way_fare_has_no_way_back() -> None:
    (quote,) = read(handwritten("one_way"), on(date(2027, 3, 5))).quotes

    assert (quote.total, quote.stops, quote.departs_back) == (eur(89), (0,), None)


def test_nothing_found_is_no_fares() -> None:
    got = read(handwritten("nothing_found"))

    assert (got.kind, got.quotes, got.detail) == (OutcomeKind.NO_FARES, (), None)


def test_an_error_inside_a_200_is_rejected_in_its_words() -> None:
    assert unanswered(handwritten("error_inside_200")) == (
        OutcomeKind.REJECTED,
        "Could not resolve location ZZZ",
    )


def test_an_error_of_the_protocol_is_rejected_in_its_words() -> None:
    kind, detail = unanswered(handwritten("jsonrpc_error"))

    assert (kind, detail[:27]) == (OutcomeKind.REJECTED, "Invalid arguments for tool ")


def test_an_internal_error_of_the_protocol_is_unreachable() -> None:
    raw = b'data: {"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"Internal error"}}\n\n'
    assert unanswered(raw) == (OutcomeKind.UNREACHABLE, "Internal error")


def test_a_failed_tool_is_rejected_in_its_words() -> None:
    raw = b'{"id":1,"result":{"isError":true,"content":[{"type":"text","text":"No such place"}]}}'
    assert unanswered(raw) == (OutcomeKind.REJECTED, "No such place")


@pytest.mark.parametrize("words", ["Rate limit exceeded", "too many requests", "HTTP 429", "rate-limited"])
def test_a_rate_limit_told_inside_a_200_is_blocked_for_a_minute(words: str) -> None:
    with pytest.raises(Unanswered) as caught:
        read_text(answer(error=words))
    assert (caught.value.kind, caught.value.retry_at) == (OutcomeKind.BLOCKED, START + timedelta(minutes=1))


def test_the_price_is_for_the_whole_party_as_it_stands() -> None:
    (quote,) = read_text(answer(itinerary(900.0)), route(adults=3)).quotes

    assert (quote.total, quote.estimated, quote.firm) == (eur(900), False, True)


@pytest.mark.parametrize(
    ("price", "total"),
    [
        ("454.0", 45_400),
        ("453.09000000000003", 45_309),
        ("0.1e4", 100_000),
        ("449.99", 44_999),
        ("12", 1_200),
    ],
)
def test_a_float_in_json_is_read_from_its_digits(price: str, total: int) -> None:
    text = answer(itinerary(0)).replace('"price": 0', f'"price": {price}')

    assert [quote.total for quote in read_text(text).quotes] == [Money(total, "EUR")]


def test_the_order_of_the_answer_does_not_matter() -> None:
    got = read_text(answer(itinerary(470), itinerary(450), itinerary(460)))

    assert [quote.total for quote in got.quotes] == [eur(450), eur(460), eur(470)]


def test_days_are_written_before_months() -> None:
    asked = arguments(trip=FixedDates(date(2027, 3, 4), date(2027, 12, 1)))

    assert (asked["departureDate"], asked["returnDate"]) == ("04/03/2027", "01/12/2027")


def test_nothing_is_asked_that_the_route_does_not_say() -> None:
    assert arguments(trip=FixedDates(date(2027, 3, 10))) == {
        "flyFrom": "LON",
        "flyTo": "TYO",
        "departureDate": "10/03/2027",
        "adults": 1,
        "currency": "EUR",
        "sort": "price",
    }


@pytest.mark.parametrize(
    ("cabin", "code"),
    [(Cabin.ECONOMY, None), (Cabin.PREMIUM_ECONOMY, "W"), (Cabin.BUSINESS, "C"), (Cabin.FIRST, "F")],
)
def test_a_cabin_goes_by_its_letter_and_economy_is_the_default(cabin: Cabin, code: str | None) -> None:
    assert arguments(cabin=cabin).get("cabinClass") == code


def test_stops_are_limited_per_direction_when_asked() -> None:
    assert arguments(max_stops=0)["max_sector_stopovers"] == 0


def test_asking_for_the_tools_is_no_search() -> None:
    assert json.loads(tools_body())["method"] == "tools/list"


@pytest.mark.parametrize("shown", ["M", "ECONOMY", "Economy", "premium economy", "W", "Economy Premium"])
def test_another_cabin_than_asked_for_is_left_out(shown: str) -> None:
    in_cabin = {"outbound": {**OUT, "cabinClass": shown}, "inbound": {**BACK, "cabinClass": "C"}}

    with pytest.raises(Unanswered, match="unreadable"):
        read_text(answer(itinerary(**in_cabin)), route(cabin=Cabin.BUSINESS))


@pytest.mark.parametrize("shown", ["C", "Business", "BUSINESS"])
def test_the_cabin_asked_for_is_firm(shown: str) -> None:
    in_cabin = {"outbound": {**OUT, "cabinClass": shown}, "inbound": {**BACK, "cabinClass": shown}}

    (quote,) = read_text(answer(itinerary(**in_cabin)), route(cabin=Cabin.BUSINESS)).quotes
    assert quote.firm


@pytest.mark.parametrize("shown", [None, "", "Comfort+"])
def test_a_cabin_that_is_not_shown_makes_a_lead_unless_economy_was_asked(shown: str | None) -> None:
    in_cabin = {"outbound": {**OUT, "cabinClass": shown}, "inbound": {**BACK, "cabinClass": shown}}

    (business,) = read_text(answer(itinerary(**in_cabin)), route(cabin=Cabin.BUSINESS)).quotes
    (economy,) = read_text(answer(itinerary(**in_cabin))).quotes

    assert (business.firm, economy.firm) == (False, True)


def two_flights(first: str, second: str) -> dict[str, Any]:
    return leg(
        segment("LHR", "FRA", "2027-03-10T10:00:00", carrier=first),
        segment("FRA", "HND", "2027-03-10T10:30:00", carrier=second),
    )


def test_more_than_one_carrier_on_a_leg_is_a_self_transfer() -> None:
    (quote,) = read_text(answer(itinerary(outbound=two_flights("U2", "NH")))).quotes
    assert quote.self_transfer is True


def test_one_carrier_with_a_stop_may_be_a_self_transfer_or_not() -> None:
    (quote,) = read_text(answer(itinerary(outbound=two_flights("NH", "NH")))).quotes
    assert quote.self_transfer is None


def test_nonstop_flights_are_no_self_transfer_even_of_two_carriers() -> None:
    back = leg(segment("HND", "LHR", "2027-03-24T10:30:00", carrier="JL"))
    (quote,) = read_text(answer(itinerary(inbound=back))).quotes
    assert quote.self_transfer is False


def test_times_are_local_and_dates_must_be_those_asked_for() -> None:
    late = leg(segment("LHR", "HND", "2027-03-10T23:59:00"))
    wrong = leg(segment("LHR", "HND", "2027-10-03T10:00:00"))

    got = read_text(answer(itinerary(outbound=late), itinerary(100, outbound=wrong)))

    assert [quote.departs for quote in got.quotes] == [LocalTime("2027-03-10T23:59")]
    assert got.detail == "left out: 1 unreadable"


def test_a_missing_way_back_is_another_trip() -> None:
    with pytest.raises(Unanswered, match="1 of 1 itineraries unreadable"):
        read_text(answer(itinerary(inbound=None)))


def test_flights_without_their_places_still_give_a_price() -> None:
    bare = leg(segment("LHR", "HND", "2027-03-10T10:00:00"), segments=[{"carrier": "NH"}])

    (quote,) = read_text(answer(itinerary(outbound=bare))).quotes

    assert (quote.total, quote.slices, quote.stops) == (eur(450), (), (0, 0))
    assert quote.departures == (LocalTime("2027-03-10T10:00"), LocalTime("2027-03-24T10:30"))


def test_stops_inside_a_flight_count() -> None:
    technical = leg(segment("LHR", "HND", "2027-03-10T10:00:00"), stops=1)

    (quote,) = read_text(answer(itinerary(outbound=technical))).quotes

    assert quote.stops == (1, 0)


def test_what_has_too_many_stops_is_left_out_and_counted() -> None:
    got = read_text(
        answer(itinerary(400, outbound=two_flights("NH", "NH")), itinerary(450)), route(max_stops=0)
    )

    assert [quote.total for quote in got.quotes] == [eur(450)]
    assert got.detail == "left out: 1 hidden by filters"


def test_fifteen_rows_that_are_all_hidden_are_not_no_fares() -> None:
    rows = [itinerary(400 + n, outbound=two_flights("NH", "NH")) for n in range(15)]

    with pytest.raises(Unanswered, match="filters hide the 15 cheapest") as caught:
        read_text(answer(*rows), route(max_stops=0))
    assert caught.value.kind is OutcomeKind.MALFORMED
    assert read_text(answer(*rows[:14]), route(max_stops=0)).kind is OutcomeKind.NO_FARES


def test_another_currency_stays_as_it_is() -> None:
    (quote,) = read_text(answer(itinerary(450), currency="USD")).quotes
    assert quote.total == Money(45_000, "USD")


@pytest.mark.parametrize("currency", [None, "", "XYZ"])
def test_a_price_without_a_currency_is_malformed(currency: str | None) -> None:
    with pytest.raises(Unanswered, match="no currency"):
        read_text(answer(itinerary(450), currency=currency))


@pytest.mark.parametrize("price", [0, -3.0, 0.4, "NaN", "Infinity", None, "1e400"])
def test_what_is_no_price_is_left_out(price: object) -> None:
    got = read_text(answer(itinerary(price), itinerary(450)))
    assert [quote.total for quote in got.quotes] == [eur(450)]


@pytest.mark.parametrize(
    "url", [None, "", "http://on.kiwi.com/a", "javascript:x", "https://a b", "https://" + "x" * 3000]
)
def test_what_is_no_safe_address_is_no_link(url: str | None) -> None:
    (quote,) = read_text(answer(itinerary(bookingUrl=url))).quotes
    assert quote.link is None


def test_plain_json_is_an_answer_too() -> None:
    message = stream(answer(itinerary(450))).split(b"data: ")[1].strip()
    assert read(message).kind is OutcomeKind.QUOTES


def test_data_may_be_spread_over_lines_end_with_crlf_and_stand_without_a_space() -> None:
    message = json.loads(stream(answer(itinerary(450))).split(b"data: ")[1])
    spread = "\r\n".join(f"data:{line}" for line in json.dumps(message, indent=1).splitlines())
    raw = f": ping\r\n\r\nid: 7\r\nevent: message\r\n{spread}\r\n\r\n".encode()
    assert read(raw).kind is OutcomeKind.QUOTES


def test_the_last_answer_counts_and_that_of_another_call_does_not() -> None:
    other = stream(answer(itinerary(100))).replace(b'"id": 1', b'"id": 2')
    raw = stream(answer(itinerary(440))) + stream(answer(itinerary(450))) + other
    assert [quote.total for quote in read(raw).quotes] == [eur(450)]


def test_prose_for_a_model_is_passed_over() -> None:
    texts = [{"type": "text", "text": "Show a table."}, {"type": "text", "text": answer(itinerary(450))}]
    raw = json.dumps({"id": 1, "result": {"content": texts}}).encode()
    assert read(raw).kind is OutcomeKind.QUOTES


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "no answer in the reply"),
        (b"event: ping\n\n", "no answer in the reply"),
        (b"data: {\n\n", "no answer in the reply"),
        (b"<!DOCTYPE html>", "HTML instead of JSON"),
        (b'{"jsonrpc":"2.0","id":1}', "no answer in the reply"),
        (b'{"id":1,"result":{"content":[]}}', "no text in the answer"),
        (b'{"id":1,"result":{"content":[{"text":"hello"}]}}', "unreadable JSON inside the answer"),
        (b'{"id":1,"result":{"content":[{"text":"{}"}]}}', "no list of itineraries in the answer"),
        (b'{"id":1,"result":{"content":[{"text":"[]"}]}}', "no list of itineraries in the answer"),
    ],
)
def test_what_is_no_answer_is_malformed(raw: bytes, words: str) -> None:
    assert unanswered(raw) == (OutcomeKind.MALFORMED, words)


@pytest.mark.parametrize(
    ("status", "kind", "rests"),
    [
        (429, OutcomeKind.BLOCKED, timedelta(minutes=1)),
        (403, OutcomeKind.BLOCKED, timedelta(minutes=10)),
        (401, OutcomeKind.REJECTED, timedelta(minutes=10)),
        (404, OutcomeKind.REJECTED, None),
        (406, OutcomeKind.REJECTED, None),
        (408, OutcomeKind.UNREACHABLE, None),
        (500, OutcomeKind.UNREACHABLE, None),
        (503, OutcomeKind.UNREACHABLE, None),
        (302, OutcomeKind.MALFORMED, None),
    ],
)
def test_a_status_has_its_outcome(status: int, kind: OutcomeKind, rests: timedelta | None) -> None:
    why = refusal(Reply(status=status, body=b""), START)

    assert (why.kind, why.retry_at) == (kind, None if rests is None else START + rests)


def test_retry_after_is_kept_to() -> None:
    why = refusal(Reply(status=429, body=b"", retry_after="120"), START)
    assert why.retry_at == START + timedelta(minutes=2)


def test_a_list_of_tools_is_a_result() -> None:
    result = result_of(b'{"id":1,"result":{"tools":[{"name":"search-flight"}]}}', START)
    assert len(result.tools) == 1
