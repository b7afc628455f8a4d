from datetime import date
from urllib.parse import parse_qs, urlsplit

from engine.domain.finds import to_place
from engine.domain.places import ANYWHERE, Place
from engine.domain.route import Cabin, FixedDates
from engine.fares.links import fare_page, is_search, search_link
from tests.support.build import quote, route

DATES = FixedDates(date(2027, 3, 10), date(2027, 3, 24))


def asked(link: str) -> str:
    return parse_qs(urlsplit(link).query)["q"][0]


def test_a_search_link_names_places_dates_and_currency() -> None:
    link = search_link(route(), DATES)

    assert link.startswith("https://www.google.com/travel/flights?")
    assert asked(link) == "flights from LON to TYO on 2027-03-10 through 2027-03-24"
    assert parse_qs(urlsplit(link).query)["curr"] == ["EUR"]


def test_a_search_link_names_what_differs_from_one_adult_in_economy() -> None:
    link = search_link(route(adults=3, cabin=Cabin.PREMIUM_ECONOMY), FixedDates(date(2027, 3, 10)))

    assert asked(link) == "flights from LON to TYO on 2027-03-10 one way premium economy class for 3 adults"


def test_a_search_link_fits_a_discord_button() -> None:
    assert len(search_link(route(adults=9, cabin=Cabin.PREMIUM_ECONOMY), DATES)) <= 512


def test_a_search_link_is_known_as_one() -> None:
    assert is_search(search_link(route(), DATES))
    assert not is_search("https://example.com/book/1")


def test_the_search_for_a_find_begins_where_it_begins() -> None:
    either = route(also_from=(Place.metro("PAR"),), destination=ANYWHERE)
    found = quote(31, either, slices=(), ends=(Place.metro("PAR"), Place.airport("DUB")))

    url = fare_page(to_place(either, Place.airport("DUB")), found, date(2026, 11, 26)).url

    assert asked(url).startswith("flights from PAR to DUB on")
