"""What a search of the pretend Tequila is about, in the words that the market's offers know."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, cast

from sandbox.offers import Json
from sandbox.windows import Window

_CABINS: Final = {"M": "ECONOMY", "W": "PREMIUM_ECONOMY", "C": "BUSINESS", "F": "FIRST"}


def as_amadeus(query: Mapping[str, str]) -> dict[str, str]:
    """What Amadeus would be asked but for days and places."""
    asked = {
        "adults": query.get("adults", "1"),
        "children": query.get("children", "0"),
        "travelClass": _CABINS[query.get("selected_cabins", "M")],
        "currencyCode": query.get("curr", "EUR"),
    }
    if "select_airlines" in query:
        which = "excluded" if query.get("select_airlines_exclude") == "true" else "included"
        asked[f"{which}AirlineCodes"] = query["select_airlines"]
    return asked


def codes(places: str) -> list[str]:
    """The codes of a list of places: `city:LON,airport:MAN`."""
    return [place[-3:] for place in places.split(",")]


def window(query: Mapping[str, str]) -> Window:
    """The days that it is about."""
    back = (day(query["return_from"]), day(query["return_to"])) if "return_from" in query else None
    nights = None
    if "nights_in_dst_from" in query:
        nights = (int(query["nights_in_dst_from"]), int(query["nights_in_dst_to"]))
    weekday = (int(query["fly_days"]) - 1) % 7 if "fly_days" in query else None
    return Window(
        out=(day(query["date_from"]), day(query["date_to"])), back=back, nights=nights, weekday=weekday
    )


def leaves_in_time(itinerary: Json, query: Mapping[str, str]) -> bool:
    """Whether each way leaves within the hours that were asked for."""
    hops = cast("list[Json]", itinerary["route"])
    for way, prefix in ((0, "dtime"), (1, "ret_dtime")):
        leaves = next((str(hop["local_departure"])[11:16] for hop in hops if hop["return"] == way), None)
        first, last = query.get(f"{prefix}_from", "00:00"), query.get(f"{prefix}_to", "23:59")
        if leaves is not None and not first <= leaves <= last:
            return False
    return True


def day(text: str) -> date:
    """Day before month. Raises ValueError."""
    return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007  a day has no zone
