"""What an offer request of the pretend Duffel is about, and what is wrong with it."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final, cast

from sandbox.offers import Json

_CLOCK: Final = r"([01]\d|2[0-3]):[0-5]\d"
_SLICE: Final = {"origin", "destination", "departure_date"}
_CABINS: Final = ("economy", "premium_economy", "business", "first")


def wrong(asked: Json, today: date) -> str | None:
    """The first field that makes no trip; None when all do."""
    ways = asked.get("slices")
    if not isinstance(ways, list) or not 1 <= len(ways) <= 2:
        return "slices"
    for way in ways:
        if not isinstance(way, dict) or way.keys() - {"departure_time"} != _SLICE:
            return "slices"
        if not _is_time(way.get("departure_time")):
            return "departure_time"
        if not all(re.fullmatch(r"[A-Z]{3}", str(way[end])) for end in ("origin", "destination")):
            return "origin"
        try:
            if date.fromisoformat(str(way["departure_date"])) < today:
                return "departure_date"
        except ValueError:
            return "departure_date"
    passengers = asked.get("passengers")
    if not isinstance(passengers, list) or not 1 <= len(passengers) <= 9:
        return "passengers"
    if asked.get("cabin_class", "economy") not in _CABINS:
        return "cabin_class"
    return None if asked.get("max_connections", 1) in (0, 1, 2) else "max_connections"


def as_amadeus(asked: Json, currency: str) -> Mapping[str, str]:
    """What Amadeus would be asked in its place."""
    ways = cast("list[dict[str, str]]", asked["slices"])
    query = {
        "originLocationCode": ways[0]["origin"],
        "destinationLocationCode": ways[0]["destination"],
        "departureDate": ways[0]["departure_date"],
        "adults": str(sum("age" not in each for each in cast("list[Json]", asked["passengers"]))),
        "children": str(sum("age" in each for each in cast("list[Json]", asked["passengers"]))),
        "travelClass": str(asked.get("cabin_class", "economy")).upper(),
        "currencyCode": currency,
    }
    if len(ways) > 1:
        query["returnDate"] = ways[1]["departure_date"]
    return query


def _is_time(hours: object) -> bool:
    """Whether it bounds a departure by two readings of a clock, or not at all."""
    if hours is None:
        return True
    ends = hours if isinstance(hours, dict) else {}
    return ends.keys() == {"from", "to"} and all(re.fullmatch(_CLOCK, str(each)) for each in ends.values())


def leaves_in_time(offer: Json, asked: Json) -> bool:
    """Whether each way leaves within the hours that were asked for."""
    for way, wanted in zip(
        cast("list[Json]", offer["slices"]), cast("list[Json]", asked["slices"]), strict=True
    ):
        hours = cast("dict[str, str] | None", wanted.get("departure_time"))
        leaves = str(cast("list[Json]", way["segments"])[0]["departing_at"])[11:16]
        if hours and not hours["from"] <= leaves <= hours["to"]:
            return False
    return True
