"""How long the loop stands still while a large reply is decoded: bytes in, quotes out, cheapest first."""

import json
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from benchmarks.rows import Row, at_most
from engine.domain.places import Place
from engine.domain.quote import Outcome
from engine.domain.route import FixedDates, Route
from engine.fares.sources.duffel_reply import read_offers
from engine.fares.sources.tequila_reply import read_itineraries

_FIXTURES: Final = Path(__file__).parents[1] / "tests" / "fixtures"
_GOAL_MS: Final = 10.0
_TIMES: Final = 50
_TWO_MB: Final = 2_000_000


def run() -> list[Row]:
    """One row per provider with large replies."""
    return [
        at_most("decode_480_kb_duffel", _median_ms(_duffel()), "ms", _GOAL_MS),
        at_most("decode_2_mb_tequila", _median_ms(_tequila()), "ms", _GOAL_MS),
    ]


def _duffel() -> Callable[[], Outcome]:
    """The recorded search with 68 offers."""
    body = (_FIXTURES / "duffel" / "ruby__offer_requests_create_with_offers.json").read_bytes()
    dates = FixedDates(date(2022, 4, 16))
    route = Route(origin=Place.metro("SYD"), destination=Place.metro("MEL"), trip=dates, currency="GBP")
    observed_at = datetime(2021, 12, 20, 11, 40, tzinfo=UTC)
    return lambda: read_offers(body, route, dates, observed_at)


def _tequila() -> Callable[[], Outcome]:
    """The recorded search as long as it was: its eight itineraries over and over, ever dearer."""
    recorded = json.loads((_FIXTURES / "tequila" / "moviendome__results_cnx_bkk.json").read_text())["body"]
    some = recorded["data"]
    weight = len(json.dumps(some))
    many = [
        each | {"price": each["price"] + dearer} for dearer in range(_TWO_MB // weight + 1) for each in some
    ]
    body = json.dumps(recorded | {"data": many}).encode()
    dates = FixedDates(date(2019, 10, 10), date(2019, 10, 14))
    route = Route(origin=Place.airport("CNX"), destination=Place.metro("BKK"), trip=dates, currency="EUR")
    observed_at = datetime(2019, 8, 16, 8, 43, tzinfo=UTC)
    return lambda: read_itineraries(body, route, dates, observed_at)


def _median_ms(decode: Callable[[], Outcome]) -> float:
    took: list[float] = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        decode()
        took.append(time.perf_counter() - began)
    return statistics.median(took) * 1_000
