"""Flight offers in the form of Amadeus Flight Offers Search v2, made from the market's fares."""

import itertools
import random
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Final, cast

from sandbox.market import Market

Json = dict[str, object]

# One EUR in other money, of some day; a currency not named here is answered in EUR, as the
# real service does with currencies it cannot price in.
RATES: Final = {
    "EUR": "1",
    "USD": "1.10",
    "GBP": "0.85",
    "INR": "92",
    "JPY": "165",
    "CHF": "0.95",
    "CAD": "1.50",
    "AUD": "1.66",
}
NO_CENTS: Final = frozenset({"JPY"})
_CABINS: Final = {"ECONOMY": "1", "PREMIUM_ECONOMY": "1.6", "BUSINESS": "3.2", "FIRST": "5.5"}
_CENT: Final = Decimal("0.01")
ONE_WAY: Final = Decimal("0.6")
_A_CHILD: Final = Decimal("0.75")  # of an adult's fare
# The offers of one reply: how much dearer than the cheapest, and stops per direction.
_SHELF: Final = (("1.00", 1), ("1.03", 1), ("1.09", 2), ("1.15", 0), ("1.24", 1), ("1.31", 0), ("1.48", 2))
MAIN_AIRPORT: Final = {
    "LON": "LHR", "PAR": "CDG", "TYO": "HND", "NYC": "JFK", "ROM": "FCO", "SEL": "ICN", "YTO": "YYZ",
    "MOW": "SVO", "SAO": "GRU", "MIL": "MXP", "BUE": "EZE", "CHI": "ORD", "WAS": "IAD", "OSA": "KIX",
    "BJS": "PEK", "SHA": "PVG", "STO": "ARN", "RIO": "GIG", "JKT": "CGK",
}  # fmt: skip
AIRLINES: Final = "BA AF LH NH EK SQ TK QR IB KL AZ UA".split()
_HUBS: Final = "FRA DOH IST AMS DXB SIN".split()


def offers(market: Market, query: Mapping[str, str], at: datetime) -> Json:
    """The body of a 200 for a valid query."""
    pair = f"{query['originLocationCode']}-{query['destinationLocationCode']}"
    currency = query.get("currencyCode", "EUR")
    currency = currency if currency in RATES else "EUR"
    price = market.price(pair, at, date.fromisoformat(query["departureDate"]))
    fare = _party_fare(price, query) * Decimal(RATES[currency])
    shelf = [
        (Decimal(dearer), stops) for dearer, stops in _SHELF if not (stops and query.get("nonStop") == "true")
    ]
    made = (
        _offer(number, _text(fare * dearer, currency), currency, stops, query)
        for number, (dearer, stops) in enumerate(shelf, start=1)
    )
    data = list(islice((offer for offer in made if _may_fly(offer, query)), int(query.get("max", "250"))))
    return {
        "meta": {"count": len(data)},
        "data": data,
        "dictionaries": {"currencies": {currency: currency}},
    }


def reprice(body: Json, total: str) -> None:
    """Set the price of every offer to a text, however absurd."""
    for offer in cast("list[Json]", body["data"]):
        cast("Json", offer["price"]).update(total=total, grandTotal=total)


def _party_fare(fare: Decimal, query: Mapping[str, str]) -> Decimal:
    trip = Decimal(1) if "returnDate" in query else ONE_WAY
    cabin = Decimal(_CABINS[query.get("travelClass", "ECONOMY")])
    return fare * trip * cabin * (int(query["adults"]) + _A_CHILD * int(query.get("children", "0")))


def _may_fly(offer: Json, query: Mapping[str, str]) -> bool:
    """Whether its airline, which flies all of it, is one that was asked for."""
    airline = cast("list[str]", offer["validatingAirlineCodes"])[0]
    only, never = (query.get(f"{which}AirlineCodes", "") for which in ("included", "excluded"))
    return (not only or airline in only.split(",")) and airline not in never.split(",")


def _text(amount: Decimal, currency: str) -> str:
    return str(amount.quantize(Decimal(1) if currency in NO_CENTS else _CENT))


def _offer(number: int, total: str, currency: str, stops: int, query: Mapping[str, str]) -> Json:
    origin, destination = query["originLocationCode"], query["destinationLocationCode"]
    draw = random.Random(f"{origin}{destination}{number}")
    airline = draw.choice(AIRLINES)
    ways = [_segments(draw, airline, stops, (origin, destination), query["departureDate"])]
    if "returnDate" in query:
        ways.append(_segments(draw, airline, stops, (destination, origin), query["returnDate"]))
    for id_, segment in enumerate(itertools.chain(*ways), start=1):
        segment["id"] = str(id_)
    return {
        "type": "flight-offer",
        "id": str(number),
        "source": "GDS",
        "instantTicketingRequired": False,
        "nonHomogeneous": False,
        "oneWay": False,
        "lastTicketingDate": query["departureDate"],
        "numberOfBookableSeats": draw.randint(1, 9),
        "itineraries": [_itinerary(segments) for segments in ways],
        "price": {
            "currency": currency,
            "total": total,
            "base": _share(total, "0.8"),
            "fees": [{"amount": "0.00", "type": "SUPPLIER"}, {"amount": "0.00", "type": "TICKETING"}],
            "grandTotal": total,
        },
        "pricingOptions": {"fareType": ["PUBLISHED"], "includedCheckedBagsOnly": True},
        "validatingAirlineCodes": [airline],
        "travelerPricings": _travellers(total, currency, list(itertools.chain(*ways)), query),
    }


def _travellers(total: str, currency: str, segments: list[Json], query: Mapping[str, str]) -> list[Json]:
    """The price of each traveller and the fare of each flight, as the real replies carry them."""
    cabin = query.get("travelClass", "ECONOMY")
    adults = int(query["adults"])
    share = str((Decimal(total) / adults).quantize(_CENT))
    return [
        {
            "travelerId": str(traveller),
            "fareOption": "STANDARD",
            "travelerType": "ADULT",
            "price": {"currency": currency, "total": share, "base": _share(share, "0.8")},
            "fareDetailsBySegment": [
                {
                    "segmentId": segment["id"],
                    "cabin": cabin,
                    "fareBasis": "EOBAU",
                    "class": "E",
                    "includedCheckedBags": {"weight": 25, "weightUnit": "KG"},
                }
                for segment in segments
            ],
        }
        for traveller in range(1, adults + 1)
    ]


def _segments(draw: random.Random, airline: str, stops: int, ends: tuple[str, str], day: str) -> list[Json]:
    """The flights of one direction, over as many hubs as it has stops."""
    airports = [MAIN_AIRPORT.get(code, code) for code in ends]
    hubs = draw.sample([hub for hub in _HUBS if hub not in airports], stops)
    leaves = datetime.combine(
        date.fromisoformat(day), time(draw.randint(6, 20), draw.choice((0, 15, 30, 45)))
    )
    segments: list[Json] = []
    for origin, destination in itertools.pairwise([airports[0], *hubs, airports[1]]):
        flight = timedelta(minutes=draw.randrange(70, 500, 5))
        segments.append(
            {
                "departure": {"iataCode": origin, "terminal": "1", "at": leaves.isoformat()},
                "arrival": {"iataCode": destination, "at": (leaves + flight).isoformat()},
                "carrierCode": airline,
                "number": str(draw.randint(10, 4999)),
                "aircraft": {"code": "32N"},
                "operating": {"carrierCode": airline},
                "duration": _duration(flight),
                "numberOfStops": 0,
                "blacklistedInEU": False,
            }
        )
        leaves += flight + timedelta(minutes=draw.randrange(60, 240, 5))
    return segments


def _itinerary(segments: list[Json]) -> Json:
    began, ended = (_at(segments[0], "departure"), _at(segments[-1], "arrival"))
    return {"duration": _duration(ended - began), "segments": segments}


def _at(segment: Json, end: str) -> datetime:
    return datetime.fromisoformat(cast("dict[str, str]", segment[end])["at"])


def _share(amount: str, part: str) -> str:
    return str((Decimal(amount) * Decimal(part)).quantize(_CENT))


def _duration(span: timedelta) -> str:
    hours, minutes = divmod(int(span / timedelta(minutes=1)), 60)
    return f"PT{hours}H{minutes}M"
