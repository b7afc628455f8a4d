"""Time zones as people type them."""

from datetime import UTC, datetime

import pytest

from engine.errors import InvalidInput
from engine.timezones import TimeZones

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def zones() -> TimeZones:
    return TimeZones.load()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        (" utc ", "UTC"),
        ("America/New York", "America/New_York"),
        ("Asia/Calcutta", "Asia/Calcutta"),
        ("new york", "America/New_York"),
    ],
)
def test_a_zone_is_found_by_its_name_in_any_case_or_its_city(
    zones: TimeZones, typed: str, meant: str
) -> None:
    assert zones.find(typed, NOW) == meant


@pytest.mark.parametrize("typed", ["", "mars", "america", "/", "_", "europe/" + "x" * 500])
def test_what_means_none_or_several_is_refused_with_what_would_do(zones: TimeZones, typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        zones.find(typed, NOW)

    assert "Europe/Berlin" in refused.value.sentence or refused.value.suggestions


def test_the_label_shows_what_the_clocks_there_show_now(zones: TimeZones) -> None:
    (hit, *_) = zones.search("kolkata", 25, NOW)

    assert hit.label == "Asia/Kolkata · India · now 17:30"


def test_a_query_gives_no_more_than_asked_for(zones: TimeZones) -> None:
    assert len(zones.search("a", 25, NOW)) == 25
    assert zones.search("xyzzy", 25, NOW) == []
