import pytest

from engine.domain.route import Cabin
from engine.fares.cabins import at_least


@pytest.mark.parametrize(
    ("shown", "asked", "fits"),
    [
        (["economy"], Cabin.ECONOMY, True),
        ([None], Cabin.ECONOMY, True),
        ([], Cabin.ECONOMY, True),
        (["Business", "First"], Cabin.BUSINESS, True),
        (["PREMIUM_ECONOMY"], Cabin.PREMIUM_ECONOMY, True),
        (["Premium economy", "Economy"], Cabin.PREMIUM_ECONOMY, False),
        (["economy", None], Cabin.FIRST, False),
        (["first", None], Cabin.FIRST, None),
        (["suite"], Cabin.FIRST, None),
        ([], Cabin.BUSINESS, None),
    ],
)
def test_no_flight_may_be_in_a_lower_cabin_than_asked(
    shown: list[str | None], asked: Cabin, fits: bool | None
) -> None:
    assert at_least(shown, asked) is fits
