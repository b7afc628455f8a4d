"""The fingerprint of a route is what its watches and its history hang on: it must never change."""

from datetime import date
from typing import Any

import pytest

from engine.domain.places import Place
from engine.domain.route import Cabin, DateWindow, FixedDates, Hours, RollingDates, RollingWindow
from engine.domain.trips import Nights, Span
from tests.support import build

MARCH = Span(date(2027, 3, 1), date(2027, 3, 31))


@pytest.mark.parametrize(
    ("changes", "id_"),
    [
        ({}, "3f80c4d375ca10bee0f2a7107797766d"),
        (
            {
                "trip": RollingDates(1, 30),
                "adults": 2,
                "max_stops": 1,
                "cabin": Cabin.BUSINESS,
                "origin": Place.airport("HYD"),
            },
            "f49a6536241e17a8b50a872091003bea",
        ),
        ({"trip": DateWindow(out=MARCH, nights=Nights(7, 10))}, "229a852dfd72210e27cec3ad7cee6b93"),
        (
            {"trip": RollingWindow(within_days=90, nights=Nights(2, 2), leaves_on=4)},
            "ca67c2e071d3cd54bf790833c0d0ca6f",
        ),
    ],
)
def test_a_route_keeps_the_fingerprint_it_always_had(changes: dict[str, Any], id_: str) -> None:
    assert build.route(**changes).id == id_


@pytest.mark.parametrize(
    "changes",
    [
        {"also_from": (Place.airport("MAN"),)},
        {"also_to": (Place.airport("NGO"),)},
        {"children": 1},
        {"airlines": ("NH",)},
        {"not_airlines": ("NH",)},
        {"out_hours": Hours(360, 720)},
        {"back_hours": Hours(360, 720)},
        {"bags": 1},
        {"trip": DateWindow(out=MARCH)},
        {"trip": FixedDates(date(2027, 3, 10))},
    ],
)
def test_whatever_changes_the_answer_is_another_route(changes: dict[str, Any]) -> None:
    assert build.route(**changes).id != build.route().id
