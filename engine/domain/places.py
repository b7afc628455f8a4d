"""Places: IATA airport and metropolitan (city) codes, the two kinds kept apart; and anywhere."""

from enum import StrEnum
from typing import Final

import msgspec


class PlaceKind(StrEnum):
    """What a code stands for: an airport or an area by IATA, or any place that flights lead to."""

    AIRPORT = "airport"
    METRO = "metro"
    ANYWHERE = "anywhere"


class Place(msgspec.Struct, frozen=True):
    """One end of a route: `LHR` is an airport, `LON` the metropolitan area around it."""

    code: str
    kind: PlaceKind

    @classmethod
    def airport(cls, code: str) -> "Place":
        """An airport by its code."""
        return cls(code, PlaceKind.AIRPORT)

    @classmethod
    def metro(cls, code: str) -> "Place":
        """A metropolitan area by its code."""
        return cls(code, PlaceKind.METRO)


ANYWHERE: Final = Place("ANYWHERE", PlaceKind.ANYWHERE)
"""Where a route leads that asks for whatever is cheap; its code is longer than any of IATA's."""
