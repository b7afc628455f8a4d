"""Airports and metropolitan areas from local data: finding a place by code, by name, by half a word.

No network: the tables ship with `airportsdata`. Loading reads files and takes a third of a second,
so the assembly does it in a thread; every question afterwards is answered in about a millisecond,
because one is asked at every key a member presses.
"""

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Final

import msgspec
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from engine.domain.places import Place, PlaceKind
from engine.domain.said import said
from engine.domain.typed import check_ends
from engine.errors import InvalidInput
from engine.placenames import Entry, distance_km, load_airports, load_metros, plain
from engine.saying import Listed

_METRO_PREFIX: Final = "CITY:"
# Words that stand in most names, so they say nothing about which place is meant.
_GENERIC: Final = frozenset(
    "airport international airfield all airports the of de regional municipal".split()
)
# Sold as New York and yet not called so, while Ezeiza is called Buenos Aires.
_OWN_NAME: Final = frozenset({"EWR"})
_FEW_HITS: Final = 5
_LEAST_LIKENESS: Final = 70  # of 100: "tokio" to "tokyo" has 80, "heathorw" to "heathrow" 88
_LONGEST_QUERY: Final = 60
_NEAR_KM: Final = 100  # a train is there sooner
_LONGEST_CODE: Final = 4  # a three-letter code with one letter too many
_MOST_CANDIDATES: Final = 1500


class Hit(msgspec.Struct, frozen=True):
    """A place found, and how to show it in a list: `London Heathrow · LHR · United Kingdom`."""

    place: Place
    label: str


class Gazetteer:
    """All places with an IATA code.

    Where a code is both, the airport wins and `city:BKK` is the metropolitan area.
    """

    def __init__(self, airports: Mapping[str, Entry], metros: Mapping[str, Entry]) -> None:
        self._airports = airports
        self._metros = metros
        everyone = sorted((*metros.values(), *airports.values()), key=_by_order)
        self._everyday = everyone[: 2 * len(metros)]
        self._codes = list({entry.place.code: entry for entry in everyone})
        self._area_of = {code: area for area in metros.values() for code in area.airports}
        # (text, 0 for a whole name and 1 for its later words, place); by text, then the larger first.
        self._starts = sorted(
            ((text, late, entry.order, entry) for entry in everyone for text, late in _starts(entry)),
            key=lambda row: row[:3],
        )
        self._start_texts = [row[0] for row in self._starts]
        self._terms = _terms(everyone)
        self._term_texts = tuple(self._terms)

    @staticmethod
    def load() -> "Gazetteer":
        """The tables, read once per process. Blocks for a fraction of a second: call it in a thread."""
        return _loaded()

    def find(self, code: str) -> Place | None:
        """The place of a code in any case: `lhr`, `LON`, `city:BKK`; None when there is none."""
        entry = self._entry(code)
        return entry.place if entry else None

    def code_of(self, place: Place) -> str:
        """What to type for a place so that `find` gives it back; `city:BKK`, as BKK alone is the airport."""
        if place.kind is PlaceKind.METRO and place.code in self._airports:
            return f"city:{place.code}"
        return place.code

    def city(self, code: str) -> str:
        """The city of an airport or metro area (`TYO` and `NRT`: Tokyo); the code itself when unknown."""
        entry = self._entry(code)
        if entry is None:
            return code
        area = self._area_of.get(entry.place.code)
        return area.city if area and entry.place.code not in _OWN_NAME else entry.city

    def label(self, code: str) -> str:
        """How a place stands in lists: `London Heathrow · LHR · United Kingdom`; the code when unknown."""
        entry = self._entry(code)
        return entry.label if entry else code

    def country(self, code: str) -> str | None:
        """The country of a place in English, where known."""
        entry = self._entry(code)
        return entry.country if entry else None

    def country_code(self, code: str) -> str | None:
        """The country of a place in two letters (ISO 3166: `GB`), where known."""
        entry = self._entry(code)
        return entry.country_code if entry else None

    def timezone(self, code: str) -> str | None:
        """The IANA zone of a place, where known."""
        entry = self._entry(code)
        return entry.timezone if entry else None

    def cities(self) -> tuple[tuple[str, str], ...]:
        """Every city with an airport and the IANA zone there, the larger airports first."""
        everyone = sorted(self._airports.values(), key=_by_order)
        return tuple((entry.plain_city, entry.timezone) for entry in everyone if entry.timezone is not None)

    def airports_of(self, code: str) -> tuple[str, ...]:
        """The airport codes of a metro area, the largest first; an airport alone is its own only one."""
        wanted = _code(code)
        if area := self._metros.get(wanted):
            return area.airports
        return (wanted,) if wanted in self._airports else ()

    def reached(self, origins: Sequence[Place], code: str) -> Place | None:
        """Where a flight to an airport leads: its metro area, else the airport.

        None where that is one of the places to begin at, or so near that nobody flies there.
        """
        place = self._area(code)
        for origin in origins:
            home = self._area(origin.code)
            if home == place or self._distance_km(home, place) < _NEAR_KM:
                return None
        return place

    def _area(self, code: str) -> Place:
        area = self._area_of.get(code) or (None if code in self._airports else self._metros.get(code))
        return area.place if area else Place.airport(code)

    def _distance_km(self, one: Place, other: Place) -> float:
        """How far two places are apart; without end where one of them is not known."""
        ends = [self._entry(self.code_of(place)) for place in (one, other)]
        points = [entry.at for entry in ends if entry is not None]
        return distance_km(*points) if len(points) == len(ends) else math.inf

    def check_ends(self, origin: Place, destination: Place) -> None:
        """Refuse a route that ends where it begins, also when one end is the city of the other.

        Raises InvalidInput.
        """
        check_ends(origin, destination)
        for city, airport in ((origin, destination), (destination, origin)):
            if airport.code in self.airports_of(self.code_of(city)):
                where = self.city(airport.code)
                raise InvalidInput(
                    "destination",
                    "{origin} and {destination} are both {where}.",
                    origin=origin.code,
                    destination=destination.code,
                    where=where,
                )

    def search(self, text: str, limit: int = 25) -> list[Hit]:
        """Places for what somebody is typing, best first: code, then beginnings of words, then likeness."""
        return [Hit(entry.place, entry.label) for entry in islice(self._search(text), limit)]

    def nearest(self, text: str, count: int = 3) -> list[str]:
        """Codes that may have been meant by an unknown one (`JKF`: JFK first), as `find` takes them."""
        wanted = plain(text[:_LONGEST_QUERY])
        if not wanted:
            return []
        found = (*self._near_codes(wanted), *islice(self._search(wanted), count))
        return list(islice(dict.fromkeys(self.code_of(entry.place) for entry in found), count))

    def unknown(self, field: str, text: str) -> InvalidInput:
        """What to raise where a text names no place: it names the three nearest."""
        near = self.nearest(text, 3)
        if not near:
            return InvalidInput(field, "I know no airport or city {typed}.", typed=said(text))
        return InvalidInput(
            field,
            "I know no airport or city {typed}. Did you mean {near}?",
            suggestions=near,
            typed=said(text),
            near=Listed(tuple(near), either=True),
        )

    def resolve_city(self, name: str) -> Place | None:
        """The place a city's name stands for: its metro area, else its largest airport; None when unknown.

        `Frankfurt` is found as the beginning of Frankfurt am Main where no city is called just that.
        """
        wanted = plain(name)
        if not wanted:
            return None
        starting = [entry for _, entry in self._starting_with(wanted)]
        called = [entry for entry in starting if entry.plain_city == wanted]
        longer = [entry for entry in starting if entry.plain_city.startswith(f"{wanted} ")]
        best = min(called or longer, key=_by_order, default=None)
        return best.place if best else None

    def _entry(self, code: str) -> Entry | None:
        wanted = _code(code)
        if code.strip().upper().startswith(_METRO_PREFIX):
            return self._metros.get(wanted)
        return self._airports.get(wanted) or self._metros.get(wanted)

    def _search(self, text: str) -> Iterator[Entry]:
        """Each place once, stage by stage; likeness is asked for only when little was found."""
        wanted = plain(text[:_LONGEST_QUERY])
        if not wanted:
            yield from self._everyday
            return
        seen: set[Place] = set()
        stages: tuple[tuple[Callable[[str], Iterable[Entry]], int], ...] = (
            (self._with_code, 0),
            (self._with_start, 0),
            (self._near_codes, 1),
            (self._alike, _FEW_HITS),
        )
        for stage, enough in stages:
            if enough and len(seen) >= enough:
                return
            for entry in stage(wanted):
                if entry.place not in seen:
                    seen.add(entry.place)
                    yield entry

    def _with_code(self, wanted: str) -> Iterator[Entry]:
        code = wanted.upper().removeprefix("CITY ")
        area = self._metros.get(code)
        if area:
            yield area
        if airport := self._airports.get(code):
            yield airport
        if area:
            yield from (self._airports[each] for each in area.airports)

    def _with_start(self, wanted: str) -> Iterator[Entry]:
        # A name that begins so beats one with such a word inside; among equals the larger place.
        best_first = sorted(self._starting_with(wanted), key=lambda row: (row[0], row[1].order))
        return (entry for _, entry in best_first)

    def _starting_with(self, wanted: str) -> Iterator[tuple[int, Entry]]:
        first = bisect_left(self._start_texts, wanted)
        for text, late, _, entry in islice(self._starts, first, first + _MOST_CANDIDATES):
            if not text.startswith(wanted):
                return
            yield late, entry

    def _alike(self, wanted: str) -> Iterator[Entry]:
        # fuzz.ratio over distinct words and cities (some 13,000 short strings) takes under a
        # millisecond; partial_ratio over whole names takes 3 to 6, WRatio 25, and both find less.
        found = process.extract(
            wanted, self._term_texts, scorer=fuzz.ratio, limit=10, score_cutoff=_LEAST_LIKENESS
        )
        for term, _, _ in found:
            yield from self._terms[term]

    def _near_codes(self, wanted: str) -> list[Entry]:
        """Places whose code is one slip away: swapped letters first, then the larger place."""
        code = wanted.upper()
        if len(code) > _LONGEST_CODE:
            return []
        close = process.extract(code, self._codes, scorer=OSA.distance, score_cutoff=1, limit=None)
        entries = (self._airports.get(each) or self._metros[each] for each, _, _ in close)
        return sorted(entries, key=lambda entry: (sorted(entry.place.code) != sorted(code), entry.order))


@cache
def _loaded() -> Gazetteer:
    airports = load_airports()
    return Gazetteer(airports, load_metros(airports))


def _code(typed: str) -> str:
    return typed.strip().upper().removeprefix(_METRO_PREFIX)


def _by_order(entry: Entry) -> tuple[int, str, str]:
    return entry.order


def _starts(entry: Entry) -> Iterator[tuple[str, int]]:
    """Each text a search for the place may begin with, and whether words stand before it."""
    seen: set[str] = set()
    for name in (entry.plain_city, entry.plain_name):
        words = name.split()
        for number, word in enumerate(words):
            text = " ".join(words[number:])
            if text not in seen and (number == 0 or word not in _GENERIC):
                seen.add(text)
                yield text, min(number, 1)


def _terms(everyone: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Cities and single words of names, each with its places; the order of `everyone` is kept."""
    gathered: dict[str, list[Entry]] = {}
    for entry in everyone:
        city = entry.plain_city
        for term in {city, *city.split(), *entry.plain_name.split()} - _GENERIC:
            gathered.setdefault(term, []).append(entry)
    return gathered
