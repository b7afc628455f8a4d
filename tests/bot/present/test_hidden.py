"""What filters hide, in words."""

from typing import Any

import pytest

from bot.present.hidden import hidden_fares
from engine.domain.quote import Hidden
from engine.domain.route import Hours
from tests.support import build


@pytest.mark.parametrize(
    ("filters", "fare", "why"),
    [
        ({"max_stops": 0}, {"stops": (1, 0)}, "with 1 stop"),
        ({"max_stops": 1}, {"stops": (1, 2)}, "with 2 stops"),
        ({"airlines": ("NH",)}, {"carriers": ("NH", "FR")}, "by Ryanair"),
        ({"not_airlines": ("NH",)}, {}, "by ANA"),
        ({"out_hours": Hours(0, 360)}, {}, "leaving at 10:00"),
        ({"back_hours": Hours(0, 360)}, {}, "leaving for home at 11:00"),
        ({"bags": 1}, {"bags": 0}, "without the bags"),
    ],
)
def test_the_cheapest_hidden_fare_says_what_is_against_it(
    filters: dict[str, Any], fare: dict[str, Any], why: str
) -> None:
    of = build.route(**filters)
    cheapest = build.quote(291, of, **fare)

    many = hidden_fares(Hidden(count=12, cheapest=cheapest), of)
    one = hidden_fares(Hidden(count=1, cheapest=cheapest), of)

    assert many == f"12 fares hidden by your filters, cheapest €291 {why}."
    assert one == f"1 fare hidden by your filters: €291 {why}."
