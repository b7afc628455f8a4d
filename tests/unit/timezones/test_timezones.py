"""Time zones as people type them."""

from datetime import UTC, datetime

import pytest

from engine.errors import InvalidInput
from engine.gazetteer import Gazetteer
from engine.timezones import TimeZones

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def zones() -> TimeZones:
    return TimeZones.load(Gazetteer.load().cities())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        (" utc ", "UTC"),
        ("America/New York", "America/New_York"),
        ("Asia/Calcutta", "Asia/Calcutta"),
        ("new york", "America/New_York"),
        ("berlin", "Europe/Berlin"),
        ("London", "Europe/London"),
        ("munich", "Europe/Berlin"),
        ("mumbai", "Asia/Kolkata"),
        ("delhi", "Asia/Kolkata"),
    ],
)
def test_a_zone_is_found_by_its_name_in_any_case_or_its_city(
    zones: TimeZones, typed: str, meant: str
) -> None:
    assert zones.find(typed, NOW) == meant


@pytest.mark.parametrize("typed", ["", "mars", "america", "ist", "/", "_", "europe/" + "x" * 500])
def test_what_means_none_or_several_is_refused_with_what_would_do(zones: TimeZones, typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        zones.find(typed, NOW)

    assert "Europe/Berlin" in refused.value.sentence or refused.value.suggestions


def test_the_label_shows_what_the_clocks_there_show_now(zones: TimeZones) -> None:
    (hit, *_) = zones.search("kolkata", 25, NOW)

    assert (hit.name, hit.country_code, hit.shows) == ("Asia/Kolkata", "IN", "17:30")


def test_a_query_gives_no_more_than_asked_for(zones: TimeZones) -> None:
    assert len(zones.search("a", 25, NOW)) == 25
    assert zones.search("xyzzy", 25, NOW) == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("ber", ["Europe/Berlin"]),
        ("new", ["America/New_York"]),
        ("ist", ["Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem", "Europe/Istanbul"]),
        ("est", ["America/New_York"]),
        ("edt", ["America/New_York"]),
        ("pacific", ["America/Los_Angeles"]),
        ("central european", ["Europe/Berlin"]),
        ("india", ["Asia/Kolkata"]),
        ("germany", ["Europe/Berlin"]),
    ],
)
def test_what_most_people_mean_comes_first(zones: TimeZones, typed: str, first: list[str]) -> None:
    """By city, abbreviation of either season, what the time is called, or country."""
    assert [hit.name for hit in zones.search(typed, 25, NOW)][: len(first)] == first


def test_the_clocks_of_a_zone_are_at_hand_under_every_name_it_has(zones: TimeZones) -> None:
    for name in ("Europe/Berlin", "Asia/Calcutta", "UTC"):
        clock = zones.clock(name)
        assert clock is not None
        assert NOW.astimezone(clock) == NOW
    assert zones.clock("Europe/Atlantis") is None
