"""What a page of Travelpayouts has for a route; every trap of its documentation is a test."""

from datetime import date

import pytest

from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.quote import LocalTime, OutcomeKind, SourceKind
from engine.domain.route import FixedDates
from engine.fares.exchange import Unanswered
from engine.fares.sources.travelpayouts_reply import read_rows
from tests.support.build import eur, route
from tests.support.clock import START
from tests.unit.fares.travelpayouts_bodies import (
    OUT,
    body,
    fares_of,
    home,
    one_way,
    page,
    recorded,
    route_of,
    row,
    sum_of,
)

ONE_WAY = route(trip=FixedDates(OUT))


def totals(raw: bytes, **changes: object) -> list[Money]:
    return [quote.total for quote in fares_of(raw, route(**changes)).quotes]


def unanswered(raw: bytes) -> tuple[OutcomeKind, str]:
    with pytest.raises(Unanswered) as caught:
        read_rows(raw)
    return caught.value.kind, caught.value.detail


def test_the_documented_round_trip_reads_as_worked_out_by_hand() -> None:
    of = route_of("MAD", "BCN", date(2023, 7, 28), date(2023, 8, 26), currency="RUB")

    (quote,) = fares_of(recorded("documented_prices_for_dates_roundtrip"), of).quotes

    assert quote.total == Money(592_900, "RUB")
    assert (quote.carriers, quote.stops) == (("IB",), (0, 0))
    assert (quote.departs, quote.departs_back) == (
        LocalTime("2023-07-28T07:00"),
        LocalTime("2023-08-26T14:30"),
    )
    assert quote.link is not None
    assert quote.link.startswith("https://www.aviasales.com/search/MAD2807BCN26081?t=IB16905204001690525200")


def test_the_observed_one_way_fare_reads_as_worked_out_by_hand() -> None:
    of = route_of("MAA", "IXM", date(2026, 5, 18), currency="USD")

    (quote,) = fares_of(recorded("observed_prices_for_dates_oneway_2026_05"), of).quotes

    assert quote.total == Money(6_400, "USD")
    assert (quote.carriers, quote.stops, quote.departures) == (
        ("6E",),
        (0,),
        (LocalTime("2026-05-18T10:20"),),
    )
    assert quote.link is not None
    assert len(quote.link) <= 512


def test_a_fare_is_a_lead_without_a_time_when_it_was_seen() -> None:
    (quote,) = fares_of(body(row(450))).quotes

    assert (quote.total, quote.kind, quote.firm) == (eur(450), SourceKind.CACHED, False)
    assert (quote.found_at, quote.expires_at, quote.observed_at) == (None, None, START)
    assert not quote.estimated


def test_the_cheapest_comes_first() -> None:
    assert totals(body(row(470), row(450), row(460))) == [eur(450), eur(460), eur(470)]


def test_only_the_days_asked_for_are_taken_from_the_month() -> None:
    other_days = (
        row(100, departure_at="2027-03-11T10:00:00Z"),
        row(101, return_at="2027-03-25T11:00:00+09:00"),
        row(102, departure_at="2027-04-10T10:00:00Z"),
    )
    assert totals(body(*other_days, row(450))) == [eur(450)]


@pytest.mark.parametrize("offset", ["Z", "+00:00", "+09:00", "-11:00", "+14:00", ""])
def test_an_offset_is_dropped_even_a_wrong_one(offset: str) -> None:
    late = row(450, departure_at=f"2027-03-10T23:55:00{offset}", return_at=f"2027-03-24T00:05:00{offset}")

    (quote,) = fares_of(body(late)).quotes

    assert quote.departures == (LocalTime("2027-03-10T23:55"), LocalTime("2027-03-24T00:05"))


def test_a_one_way_price_is_never_taken_for_a_round_trip() -> None:
    assert totals(body(one_way(250), row(450))) == [eur(450)]


def test_a_round_trip_is_never_taken_for_one_way() -> None:
    assert [quote.total for quote in fares_of(body(row(180), one_way(250)), ONE_WAY).quotes] == [eur(250)]


def test_an_empty_return_is_a_one_way_fare() -> None:
    assert [quote.total for quote in fares_of(body(row(250, return_at="")), ONE_WAY).quotes] == [eur(250)]


def test_prices_for_several_adults_are_multiplied_and_estimates() -> None:
    (quote,) = fares_of(body(row(450)), route(adults=3)).quotes

    assert (quote.total, quote.estimated) == (eur(1350), True)


def test_stops_are_counted_in_both_directions() -> None:
    rows = body(
        row(400, transfers=0, return_transfers=2),
        row(410, transfers=2, return_transfers=0),
        row(420, transfers=1, return_transfers=1),
    )

    found = fares_of(rows, route(max_stops=1))

    assert [quote.total for quote in found.quotes] == [eur(420)]
    assert (found.quotes[0].stops, found.left_out) == ((1, 1), 2)
    assert found.hidden is not None
    assert (found.hidden.count, found.hidden.cheapest.total) == (2, eur(400))


def test_stops_of_a_way_back_mean_nothing_on_a_one_way_fare() -> None:
    found = fares_of(
        body(one_way(250, transfers=0, return_transfers=2)), route(trip=ONE_WAY.trip, max_stops=0)
    )

    assert [quote.stops for quote in found.quotes] == [(0,)]


def test_stops_that_are_not_shown_stay_unknown() -> None:
    (quote,) = fares_of(body(row(450, transfers=0, return_transfers=None)), route(max_stops=0)).quotes

    assert quote.stops == (0,)


def test_an_airport_asked_for_is_not_its_city() -> None:
    rows = body(row(400, origin_airport="STN"), row(450))

    assert totals(rows, origin=Place.airport("LHR")) == [eur(450)]
    assert totals(rows, origin=Place.metro("LON")) == [eur(400), eur(450)]


def test_an_airport_is_known_by_its_code_alone_where_none_is_named() -> None:
    rows = body(row(450, origin="LHR", origin_airport=None))

    assert totals(rows, origin=Place.airport("LHR")) == [eur(450)]


def test_a_trip_from_a_city_to_itself_is_none() -> None:
    around = route_of("LON", "LON", OUT, date(2027, 3, 24))

    assert fares_of(body(row(20, destination="LON", destination_airport="LGW")), around).quotes == ()


def test_another_place_is_another_trip() -> None:
    assert totals(body(row(100, destination="OSA", destination_airport="KIX"), row(450))) == [eur(450)]


def test_a_reply_in_roubles_stays_in_roubles() -> None:
    (quote,) = fares_of(body(row(4500), currency="rub")).quotes

    assert quote.total == Money(450_000, "RUB")


@pytest.mark.parametrize("currency", [None, "", "xyz", "euros"])
def test_a_price_without_a_currency_is_malformed(currency: str | None) -> None:
    assert unanswered(body(row(450), currency=currency)) == (
        OutcomeKind.MALFORMED,
        "no currency in the reply",
    )


@pytest.mark.parametrize("price", [0, -120, 0.4, "NaN", "1e400", None, "free", True])
def test_what_is_no_price_is_left_out(price: object) -> None:
    found = fares_of(body(row(price), row(450)))

    assert [quote.total for quote in found.quotes] == [eur(450)]


def test_a_page_without_a_readable_row_is_malformed() -> None:
    assert unanswered(body(row(0), row("NaN"))) == (OutcomeKind.MALFORMED, "2 of 2 rows unreadable")


def test_an_empty_page_has_no_fares_and_is_no_fault() -> None:
    assert fares_of(body()).quotes == ()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b'{"success":false,"data":{},"error":"bad <b>dates</b>"}', "bad b dates /b"),
        (b'{"success":false,"data":null,"error":null}', "it reports a failure"),
        (b'{"success":false}', "it reports a failure"),
    ],
)
def test_a_failure_reported_inside_a_200_is_rejected_in_its_words(raw: bytes, words: str) -> None:
    assert unanswered(raw) == (OutcomeKind.REJECTED, words)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"<html>", "HTML instead of JSON"),
        (b"", "unreadable JSON"),
        (b'{"success":true,"data":[', "unreadable JSON"),
        (b"[]", "no list of prices in the reply"),
        (b'{"success":true,"data":{}}', "no list of prices in the reply"),
        (b'{"success":true}', "no list of prices in the reply"),
        (b'{"data":[]}', "no list of prices in the reply"),
    ],
)
def test_what_is_no_list_of_prices_is_malformed(raw: bytes, words: str) -> None:
    assert unanswered(raw) == (OutcomeKind.MALFORMED, words)


def test_the_partner_id_goes_into_the_link() -> None:
    (quote,) = fares_of(body(row(450)), marker="12345.fares").quotes
    assert quote.link == "https://www.aviasales.com/search/LON1003TYO24031?t=NH1&marker=12345.fares"

    (quote,) = fares_of(body(row(450, link="/search/LON")), marker="1&x=2").quotes
    assert quote.link == "https://www.aviasales.com/search/LON?marker=1%26x%3D2"


@pytest.mark.parametrize(
    "link",
    [
        None,
        "",
        "@evil.example/",
        ".evil.example/",
        "//evil.example/",
        "https://evil.example/",
        "/a b",
        "/a\u202eb",
        "/\n",
        "/" + "x" * 3000,
    ],
)
def test_what_is_no_path_of_the_service_is_no_link(link: str | None) -> None:
    assert [quote.link for quote in fares_of(body(row(450, link=link))).quotes] == [None]


def test_a_sum_is_the_cheapest_of_each_way_and_an_estimate_without_a_link() -> None:
    found = sum_of(page(one_way(260), one_way(250, airline="BA")), page(home(210), home(200, airline="JL")))

    (quote,) = found.quotes
    assert (quote.total, quote.estimated, quote.link) == (eur(450), True, None)
    assert (quote.carriers, quote.stops) == (("BA", "JL"), (0, 0))
    assert (quote.departs, quote.departs_back) == (
        LocalTime("2027-03-10T10:00"),
        LocalTime("2027-03-24T11:00"),
    )


def test_a_sum_for_several_adults_is_multiplied() -> None:
    (quote,) = sum_of(page(one_way(250)), page(home(200)), route(adults=2)).quotes

    assert quote.total == eur(900)


def test_a_sum_needs_both_ways() -> None:
    assert sum_of(page(one_way(250)), page()).quotes == ()
    assert sum_of(page(), page(home(200))).quotes == ()


def test_a_round_trip_is_no_half_of_a_sum() -> None:
    assert sum_of(page(row(100)), page(home(200))).quotes == ()


def test_a_sum_keeps_to_the_stops_allowed_each_way() -> None:
    found = sum_of(
        page(one_way(100, transfers=2), one_way(250)), page(home(200, transfers=1)), route(max_stops=1)
    )

    assert [quote.total for quote in found.quotes] == [eur(450)]
    assert found.left_out == 1


def test_halves_in_two_currencies_are_not_added_up() -> None:
    with pytest.raises(Unanswered, match="two currencies"):
        sum_of(page(one_way(250)), page(home(20_000), currency="rub"))
