"""Places: IATA airport and metropolitan (city) codes, the two kinds kept apart."""

from enum import StrEnum

import msgspec


class PlaceKind(StrEnum):
    """What an IATA code stands for."""

    AIRPORT = "airport"
    METRO = "metro"


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
