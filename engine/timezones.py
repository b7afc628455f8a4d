"""Time zones from local data: found by city, country or abbreviation while somebody types.

Loading reads files, so the assembly does it in a thread; every question afterwards is answered from
memory, because one is asked at every key a member presses.
"""

import zoneinfo
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Final

import msgspec
from babel import Locale
from babel.core import get_global

from engine.domain.said import said
from engine.errors import InvalidInput

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


class ZoneHit(msgspec.Struct, frozen=True):
    """A zone by its IANA name, and how to show it in a list: `Europe/Berlin · Germany · now 14:05`."""

    name: str
    label: str


class _Zone(msgspec.Struct, frozen=True, kw_only=True):
    """One zone: its clock, its country in English, and the words by which it is found."""

    clock: zoneinfo.ZoneInfo
    country: str
    words: tuple[str, ...]
    city: str


class TimeZones:
    """All IANA time zones; on offer are those of a country and UTC, found are their older names too."""

    def __init__(self, zones: Mapping[str, _Zone], clocks: Mapping[str, tzinfo]) -> None:
        self._zones = zones
        self._clocks = clocks
        self._by_any_name = {name.casefold(): name for name in clocks}

    @classmethod
    def load(cls) -> "TimeZones":
        """Read them all. Blocks for a tenth of a second: call it in a thread."""
        territories = Locale("en").territories
        known = zoneinfo.available_timezones()
        countries = {"UTC": ""} | {
            name: territories.get(code, "")
            for name, code in get_global("zone_territories").items()
            if name in known and "/" in name
        }
        zones = {name: _zone(name, country) for name, country in countries.items()}
        return cls(zones, {name: zoneinfo.ZoneInfo(name) for name in known | set(zones)})

    def clock(self, name: str) -> tzinfo | None:
        """The clocks of a zone by its IANA name; None where there is no such zone."""
        return self._clocks.get(name)

    def search(self, typed: str, most: int, now: datetime) -> list[ZoneHit]:
        """Zones for what was typed so far, those whose city begins so first; everyday ones for nothing."""
        words = _words(typed[:_LONGEST_QUERY])
        if not words:
            return [self._hit(name, now) for name in _COMMON[:most] if name in self._zones]
        found = [(rank, name) for name in self._zones if (rank := self._rank(name, words, now)) is not None]
        return [self._hit(name, now) for _, name in sorted(found)[:most]]

    def find(self, typed: str, now: datetime) -> str:
        """The IANA name that is meant. Raises InvalidInput where none or several could be."""
        exact = self._by_any_name.get(typed.strip().casefold().replace(" ", "_"))
        if exact is not None:
            return exact
        near = [hit.name for hit in self.search(typed, _FEW, now)] if typed.strip() else []
        if len(near) == 1:
            return near[0]
        example = f"Do you mean {' or '.join(near)}?" if near else "Give one like Europe/Berlin."
        raise InvalidInput("timezone", f"I know no time zone {said(typed)}. {example}", near)

    def _hit(self, name: str, now: datetime) -> ZoneHit:
        zone = self._zones[name]
        local = f"now {now.astimezone(zone.clock):%H:%M}"
        return ZoneHit(name, " · ".join(filter(None, (name.replace("_", " "), zone.country, local))))

    def _rank(self, name: str, words: tuple[str, ...], now: datetime) -> int | None:
        """How well it fits, the lower the better; None when a word of the query is not in it."""
        zone = self._zones[name]
        abbreviation = (now.astimezone(zone.clock).tzname() or "").casefold()
        if words == (abbreviation,) or zone.city.startswith(" ".join(words)):
            return 0 if name in _COMMON else 1
        if all(any(each.startswith(word) for each in zone.words) for word in words):
            return 2 if name in _COMMON else 3
        return None


def _zone(name: str, country: str) -> _Zone:
    city = " ".join(_words(name.rpartition("/")[2]))
    words = tuple(dict.fromkeys((*_words(name), *_words(country))))
    return _Zone(clock=zoneinfo.ZoneInfo(name), country=country, words=words, city=city)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.casefold().replace("/", " ").replace("_", " ").split())
