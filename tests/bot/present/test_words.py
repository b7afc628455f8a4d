"""Amounts, dates, lengths of time and other people's words as members read them."""

from datetime import date, timedelta

import pytest
from babel.numbers import get_currency_symbol
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.languages import read_tongues
from bot.present.carriers import carriers
from bot.present.embeds import Field, Tone, embed
from bot.present.fare import brief, stops
from bot.present.links import fare_link
from bot.present.money import compared, each, money
from bot.present.route import choice, filters, title
from bot.present.text import listed, person, plain
from bot.present.when import dates, every, lasted, short_dates
from engine.domain.money import CURRENCIES, Money
from engine.domain.places import Place
from engine.domain.route import Cabin, FixedDates, RollingDates
from tests.support import build

TODAY = date(2026, 11, 22)
DASH = "\N{EN DASH}"


@pytest.fixture(autouse=True, scope="module")
def _locale() -> None:
    read_tongues()


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Money(37400, "EUR"), "€374"),
        (Money(37450, "EUR"), "€374.50"),
        (Money(123456700, "USD"), "$1,234,567"),
        (Money(52000, "JPY"), "¥52,000"),
        (Money(12345, "KWD"), "KWD 12.345"),
        (Money(45000, "INR"), "₹450"),
    ],
)
def test_money_shows_digits_only_where_they_say_something(amount: Money, text: str) -> None:
    assert money(amount) == text


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(CURRENCIES)), st.integers(min_value=1, max_value=10**10))
def test_every_currency_can_be_shown_and_names_itself(currency: str, minor: int) -> None:
    text = money(Money(minor, currency))
    assert get_currency_symbol(currency, locale="en") in text


def test_an_amount_is_compared_in_words() -> None:
    assert compared(build.eur(374), build.eur(420)) == "€46 below (11 %)"
    assert compared(build.eur(421), build.eur(420)) == "€1 above (under 1 %)"
    assert compared(build.eur(420), build.eur(420)) == "exactly that"


def test_one_persons_share_never_looks_cheaper_than_it_is() -> None:
    assert each(build.eur(100), 3) == build.eur("33.34")


@pytest.mark.parametrize(
    ("trip", "long", "short"),
    [
        (
            FixedDates(date(2027, 3, 10), date(2027, 3, 24)),
            f"Wed 10 {DASH} Wed 24 March 2027 · 14 nights",
            f"10{DASH}24 Mar",
        ),
        (
            FixedDates(date(2027, 2, 28), date(2027, 3, 1)),
            f"Sun 28 February {DASH} Mon 1 March 2027 · 1 night",
            f"28 Feb {DASH} 1 Mar",
        ),
        (
            FixedDates(date(2026, 12, 30), date(2027, 1, 2)),
            f"Wed 30 December 2026 {DASH} Sat 2 January 2027 · 3 nights",
            f"30 Dec {DASH} 2 Jan",
        ),
        (FixedDates(date(2027, 3, 10)), "Wed 10 March 2027 · one way", "10 Mar"),
        (
            FixedDates(date(2028, 3, 10), date(2028, 3, 10)),
            f"Fri 10 {DASH} Fri 10 March 2028 · same day",
            f"10{DASH}10 Mar 2028",
        ),
        (
            RollingDates(1, 30),
            f"Mon 23 November {DASH} Wed 23 December 2026 · 30 nights",
            f"23 Nov {DASH} 23 Dec",
        ),
    ],
)
def test_dates_read_as_people_write_them(trip: FixedDates | RollingDates, long: str, short: str) -> None:
    route = build.route(trip=trip)
    assert (dates(route, TODAY), short_dates(route, TODAY)) == (long, short)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (20, "1 min"),
        (2700, "45 min"),
        (3600, "1 h"),
        (11520, "3 h 12 min"),
        (172_800, "2 days"),
        (600_000, "7 days"),
    ],
)
def test_a_length_of_time_is_short(seconds: int, text: str) -> None:
    assert lasted(seconds) == text


@pytest.mark.parametrize(
    ("interval", "text"),
    [
        (timedelta(minutes=15), "every 15 minutes"),
        (timedelta(hours=1), "every hour"),
        (timedelta(seconds=90), "every 90 seconds"),
        (timedelta(days=1), "every day"),
    ],
)
def test_an_interval_is_said_in_its_own_unit(interval: timedelta, text: str) -> None:
    assert every(interval) == text


def test_a_route_is_named_by_its_cities_and_by_codes_where_these_are_the_same() -> None:
    names = {"LON": "London", "TYO": "Tokyo", "LHR": "London", "LGW": "London", "BKK": "Bangkok"}

    def cities(code: str) -> str:
        return names.get(code, code)

    within = build.route(origin=Place.airport("LHR"), destination=Place.airport("LGW"))
    shared = build.route(destination=Place.metro("BKK"))
    unknown = build.route(destination=Place.metro("XYZ"))
    assert title(build.route(), cities) == "London → Tokyo"
    assert title(within, cities) == "LHR → LGW"
    assert title(shared, cities) == "London → Bangkok"
    assert title(unknown, cities) == "London → XYZ"


def test_a_title_goes_by_codes_where_names_would_push_the_price_out_of_a_headline() -> None:
    many = build.route(also_from=tuple(map(Place.metro, ("MAN", "BHX", "EDI"))))
    assert title(many, lambda code: f"City of {code}").startswith("City of LON, City of MAN, ")
    assert title(many, lambda code: f"The Royal City of {code}") == "LON/MAN/BHX/EDI → TYO"


def test_a_choice_names_everything_that_tells_two_routes_apart() -> None:
    route = build.route(cabin=Cabin.BUSINESS, adults=2)
    label = choice(route, build.watch(of=route), TODAY)
    assert label == f"LON → TYO · 10{DASH}24 Mar · business class · 2 adults · target €420"
    assert filters(route) == "business class · 2 adults · any number of stops · in EUR"


def test_stops_and_carriers_are_said_in_words() -> None:
    assert stops((0, 0), 2) == "nonstop"
    assert stops((1,), 1) == "1 stop"
    assert stops((0, 2), 2) == "nonstop out, 2 stops back"
    assert stops((0,), 2) == "nonstop out"
    assert carriers(("NH", "LH")) == "ANA and Lufthansa"
    assert carriers(("NH", "NH", "ZZ", "")) == "ANA and ZZ"
    assert carriers(tuple("AABBAFBALHKL"[i : i + 2] for i in range(0, 12, 2))).endswith("and 2 more")
    assert brief(build.quote(450), 2) == "**€450** with ANA · nonstop"


def test_a_list_of_words_reads_as_one() -> None:
    assert (listed([]), listed(["a"]), listed(["a", "b"])) == ("", "a", "a and b")
    assert listed(["a", "b", "c"], "or") == "a, b or c"


HOSTILE = [
    "<@123>",
    "<t:0:R>",
    "</x:1>",
    "[click](https://evil.example)",
    "https://evil.example",
    "**bold** __x__ ~~y~~ `z` ||s||",
    "line\nbreak\r\n# heading",
    "\u202eright to left\u2066",
    "@everyone",
    "\x00\x1b[31m",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_others_wrote_loses_whatever_discord_would_render(text: str) -> None:
    for shown in (plain(text), person(text)):
        assert not set(shown) & set("<>@`\n\r\u202e\u2066\x00\x1b")
    assert "://" not in plain(text)
    assert not set(plain(text)) & set("*_~|[]#\\")


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=300))
def test_any_text_becomes_one_short_harmless_line(text: str) -> None:
    shown = plain(text, 50)
    assert len(shown) <= 50
    assert not set(shown) & set("<>@`*_~|[]#\\\n\r")


@pytest.mark.parametrize(
    "link",
    [
        "http://www.kiwi.com/x",
        "https://evil.example/x",
        "https://www.kiwi.com.evil.example/",
        "https://user@www.kiwi.com/",
        "https://www.kiwi.com:8443/",
        "https://www.kiwi.com/" + "x" * 600,
        "javascript:alert(1)",
        "https://[::1",
        "https://www.kiwi.com/\u202e",
    ],
)
def test_a_link_to_anywhere_unknown_gives_way_to_a_search(link: str) -> None:
    shown = fare_link(build.route(), build.quote(link=link), TODAY)

    assert shown.label == "Open in Google Flights"
    assert shown.url.startswith("https://www.google.com/travel/flights?")
    assert len(shown.url) <= 512


def test_a_link_of_a_known_seller_is_shown() -> None:
    link = "https://www.kiwi.com/deep?from=LON"
    assert fare_link(build.route(), build.quote(link=link), TODAY) == ("Book", link)


def test_an_embed_never_exceeds_what_discord_takes() -> None:
    made = embed(
        "t" * 500, ["x" * 9000], Tone.GOOD, fields=[Field("n" * 500, "v" * 5000)] * 1, footer="f" * 5000
    )
    assert len(made) <= 6000
    assert made.to_dict()["title"].endswith("…")
