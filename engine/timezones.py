"""Time zones from local data: found by city, country, name or abbreviation while somebody types.

Loading reads files, so the assembly does it in a thread; every question afterwards is answered from
memory, because one is asked at every key a member presses.
"""

import zoneinfo
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from enum import IntEnum
from functools import cache
from typing import Final

import msgspec
from babel import Locale
from babel.core import get_global

from engine.domain.said import said
from engine.errors import InvalidInput
from engine.saying import Listed

_COMMON: Final = (
    "UTC",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Istanbul",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Africa/Johannesburg",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Sydney",
)
_LONGEST_QUERY: Final = 60
_FEW: Final = 3
_HALF_A_YEAR: Final = timedelta(days=182)


class ZoneHit(msgspec.Struct, frozen=True):
    """A zone by its IANA name, its country (ISO 3166, empty for UTC), and what its clocks show: `14:05`."""

    name: str
    country_code: str
    shows: str


class _Rank(IntEnum):
    """How well a zone fits what was typed, the best first."""

    CITY = 0
    ABBREVIATION = 1
    COUNTRY = 2
    CITY_BEGINS = 3
    OTHER_CITY = 4
    OTHER_CITY_BEGINS = 5
    WORDS = 6


class _Zone(msgspec.Struct, frozen=True, kw_only=True):
    """One zone: its clock, its country in English and by its code, and the words by which it is found.

    `city` gives it its name; `cities` are those with an airport in it.
    """

    clock: zoneinfo.ZoneInfo
    country: str
    country_code: str
    words: tuple[str, ...]
    city: str
    cities: tuple[str, ...]


class TimeZones:
    """All IANA time zones; on offer are those of a country and UTC, found are their older names too."""

    def __init__(self, zones: Mapping[str, _Zone], clocks: Mapping[str, tzinfo]) -> None:
        self._zones = zones
        self._clocks = clocks
        self._by_any_name = {name.casefold(): name for name in clocks}

    @staticmethod
    def load(cities: tuple[tuple[str, str], ...] = ()) -> "TimeZones":
        """All of them, read once per process; `cities` are further words by which one is found.

        Blocks for a tenth of a second: call it in a thread.
        """
        return _loaded(cities)

    def clock(self, name: str) -> tzinfo | None:
        """The clocks of a zone by its IANA name; None where there is no such zone."""
        return self._clocks.get(name)

    def search(self, typed: str, most: int, now: datetime) -> list[ZoneHit]:
        """Zones for what was typed so far, the likeliest first; everyday ones for nothing."""
        words = _words(typed[:_LONGEST_QUERY])
        if not words:
            return [self._hit(name, now) for name in _COMMON[:most] if name in self._zones]
        return [self._hit(name, now) for _, name in self._ranked(words, now)[:most]]

    def find(self, typed: str, now: datetime) -> str:
        """The IANA name that is meant. Raises InvalidInput where none or several could be."""
        exact = self._by_any_name.get(typed.strip().casefold().replace(" ", "_"))
        if exact is not None:
            return exact
        words = _words(typed[:_LONGEST_QUERY])
        found = self._ranked(words, now) if words else []
        if found and (len(found) == 1 or found[0][0] == _Rank.CITY < found[1][0]):
            return found[0][1]
        near = [name for _, name in found[:_FEW]]
        if not near:
            raise InvalidInput(
                "timezone", "I know no time zone {typed}. Give one like Europe/Berlin.", typed=said(typed)
            )
        raise InvalidInput(
            "timezone",
            "I know no time zone {typed}. Do you mean {near}?",
            suggestions=near,
            typed=said(typed),
            near=Listed(tuple(near), either=True),
        )

    def _ranked(self, words: tuple[str, ...], now: datetime) -> list[tuple[_Rank, str]]:
        found = [(rank, name) for name in self._zones if (rank := self._rank(name, words, now)) is not None]
        return sorted(found, key=lambda hit: (hit[0], *self._importance(hit[1])))

    def _importance(self, name: str) -> tuple[bool, int, str]:
        """What sorts equals: everyday zones first, then those with many airports."""
        return name not in _COMMON, -len(self._zones[name].cities), name

    def _hit(self, name: str, now: datetime) -> ZoneHit:
        zone = self._zones[name]
        return ZoneHit(name, zone.country_code, f"{now.astimezone(zone.clock):%H:%M}")

    def _rank(self, name: str, words: tuple[str, ...], now: datetime) -> _Rank | None:
        """How well it fits; None when a word of the query is not in it."""
        zone = self._zones[name]
        typed = " ".join(words)
        if typed == zone.city:
            return _Rank.CITY
        if typed in _abbreviations(zone, now):
            return _Rank.ABBREVIATION
        if typed == zone.country.casefold():
            return _Rank.COUNTRY
        if zone.city.startswith(typed):
            return _Rank.CITY_BEGINS
        if typed in zone.cities:
            return _Rank.OTHER_CITY
        if any(f" {typed}" in f" {city}" for city in zone.cities):
            return _Rank.OTHER_CITY_BEGINS
        if all(any(each.startswith(word) for each in zone.words) for word in words):
            return _Rank.WORDS
        return None


@cache
def _loaded(cities: tuple[tuple[str, str], ...]) -> TimeZones:
    english = Locale("en")
    known = zoneinfo.available_timezones()
    countries = {"UTC": ""} | {
        name: code
        for name, code in get_global("zone_territories").items()
        if name in known and "/" in name and not name.startswith("Etc/")
    }
    gathered: dict[str, list[str]] = {}
    for city, zone in cities:
        gathered.setdefault(zone, []).append(" ".join(_words(city)))
    zones = {name: _zone(name, code, english, gathered.get(name, ())) for name, code in countries.items()}
    return TimeZones(zones, {name: zoneinfo.ZoneInfo(name) for name in known | set(zones)})


def _abbreviations(zone: _Zone, now: datetime) -> tuple[str, ...]:
    """What its time is called for short, in both halves of the year: cet, cest."""
    return tuple((at.astimezone(zone.clock).tzname() or "").casefold() for at in (now, now + _HALF_A_YEAR))


def _zone(name: str, country_code: str, english: Locale, cities: Sequence[str]) -> _Zone:
    country = english.territories.get(country_code, "")
    words = (*_words(name), *_words(country), *_words(_long_names(name, english)))
    return _Zone(
        clock=zoneinfo.ZoneInfo(name),
        country=country,
        country_code=country_code,
        words=tuple(dict.fromkeys(words)),
        city=" ".join(_words(name.rpartition("/")[2])),
        cities=tuple(dict.fromkeys(cities)),
    )


def _long_names(name: str, english: Locale) -> str:
    """What CLDR calls its time: Central European Time, Central European Summer Time."""
    aliases, shared = get_global("zone_aliases"), get_global("meta_zones")
    canonical = aliases.get(name, name)  # CLDR keeps to the oldest name of a zone
    kind = shared.get(canonical) or shared.get(name) or ""
    return " ".join(english.meta_zones.get(kind, {}).get("long", {}).values())


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.casefold().replace("/", " ").replace("_", " ").split())
