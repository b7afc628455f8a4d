"""What is asked of Ignav: airports, and the market of the currency."""

import json
from collections.abc import Mapping
from datetime import date

import pytest

from engine.domain.money import CURRENCIES
from engine.domain.places import Place
from engine.domain.quote import OutcomeKind
from engine.domain.route import Cabin, FixedDates, Route
from engine.fares.exchange import Unanswered
from engine.fares.sources.ignav_request import market_of, pairs_of, search_body
from tests.support.build import route

CITIES: Mapping[str, tuple[str, ...]] = {
    "LON": ("LHR", "LGW", "STN", "LTN", "SEN", "LCY"),
    "TYO": ("HND", "NRT"),
    "HYD": ("HYD",),
}


def airports_of(code: str) -> tuple[str, ...]:
    return CITIES.get(code, ())


def asked(of: Route) -> dict[str, object]:
    assert isinstance(of.trip, FixedDates)
    body: dict[str, object] = json.loads(search_body(of, of.trip, ("LHR", "HND")))
    return body


def test_a_round_trip_is_asked_for_with_all_that_decides_its_price() -> None:
    assert asked(route(adults=2, cabin=Cabin.PREMIUM_ECONOMY, max_stops=1)) == {
        "origin": "LHR",
        "destination": "HND",
        "departure_date": "2027-03-10",
        "return_date": "2027-03-24",
        "adults": 2,
        "cabin_class": "premium_economy",
        "max_stops": 1,
        "market": "DE",
    }


def test_one_way_has_no_return() -> None:
    assert "return_date" not in asked(route(trip=FixedDates(date(2027, 3, 10))))


@pytest.mark.parametrize(("most", "said"), [(None, None), (0, 0), (2, 2), (3, None)])
def test_more_than_two_stops_cannot_be_asked_for(most: int | None, said: int | None) -> None:
    assert asked(route(max_stops=most)).get("max_stops") == said


@pytest.mark.parametrize(
    ("currency", "market"),
    [("EUR", "DE"), ("USD", "US"), ("GBP", "GB"), ("INR", "IN"), ("PLN", "PL"), ("CHF", "CH"), ("BRL", "BR")],
)
def test_the_market_is_the_one_that_sells_in_the_currency(currency: str, market: str) -> None:
    assert market_of(currency) == market


def test_every_currency_has_a_market_of_two_letters_or_is_rejected_without_a_call() -> None:
    for currency in CURRENCIES:
        if currency.startswith("X"):
            with pytest.raises(Unanswered) as caught:
                market_of(currency)
            assert caught.value.kind is OutcomeKind.REJECTED
            assert caught.value.detail == f"no market of it sells in {currency}"
        else:
            assert len(market_of(currency)) == 2


def test_airports_are_one_search() -> None:
    pairs = pairs_of(route(origin=Place.airport("LGW"), destination=Place.airport("NRT")), airports_of)

    assert (pairs.asked, pairs.complete) == ((("LGW", "NRT"),), True)


def test_two_cities_are_four_searches_at_the_most_the_largest_airports_first() -> None:
    pairs = pairs_of(route(), airports_of)

    assert pairs.asked == (("LHR", "HND"), ("LHR", "NRT"), ("LGW", "HND"), ("LGW", "NRT"))
    assert (pairs.count, pairs.complete) == (12, False)


def test_an_airport_that_a_city_shares_its_code_with_stays_an_airport() -> None:
    of = route(origin=Place.airport("LON"), destination=Place.metro("HYD"))

    assert pairs_of(of, airports_of).asked == (("LON", "HYD"),)


def test_a_city_without_known_airports_is_rejected_in_words() -> None:
    with pytest.raises(Unanswered) as caught:
        pairs_of(route(origin=Place.metro("QQQ")), airports_of)

    assert caught.value.kind is OutcomeKind.REJECTED
    assert caught.value.detail == "it takes airports only, and QQQ has none that is known"
