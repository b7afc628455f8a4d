"""Reading a page of the Travelpayouts Data API: the fares on it, each for one adult in economy."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final

import msgspec

from engine.domain.money import CURRENCIES, Money
from engine.domain.places import Place, PlaceKind
from engine.domain.quote import LocalTime, OutcomeKind
from engine.fares.exchange import Unanswered
from engine.fares.sources.travelpayouts_errors import plain_words

# Codes go into messages as they are, so nothing but a code may pass for one.
_Iata = Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")]
_Instant = Annotated[str, msgspec.Meta(max_length=40)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=9)]
_Airline = Annotated[str, msgspec.Meta(pattern="^[A-Z0-9]{2,3}$")]
_LINKS: Final = "https://www.aviasales.com"
_LONGEST_LINK: Final = 2048


class _Row(msgspec.Struct):
    origin: _Iata
    destination: _Iata
    departure_at: _Instant
    price: Decimal
    origin_airport: _Iata | None = None
    destination_airport: _Iata | None = None
    return_at: _Instant | None = None
    airline: _Airline | None = None
    transfers: _Count | None = None
    return_transfers: _Count | None = None
    link: str | None = None


class _Reply(msgspec.Struct):
    """Rows stay raw at first: one that cannot be read must not spoil the others."""

    success: bool
    data: msgspec.Raw = msgspec.Raw(b"null")
    currency: str | None = None
    error: str | None = None


class Fare(msgspec.Struct, frozen=True, kw_only=True):
    """A row: what somebody was shown for one adult in the last days.

    Local times as the places have them; `returns` is None for a one-way fare. Stops are None where
    the row does not say.
    """

    origin: str
    origin_airport: str | None
    destination: str
    destination_airport: str | None
    departs: LocalTime
    returns: LocalTime | None
    price: Money
    airline: str | None
    stops: int | None
    stops_back: int | None
    link: str | None

    def joins(self, origin: Place, destination: Place) -> bool:
        """Whether it leads from the one place to the other; from a city to itself is no trip."""
        return self.leaves(origin) and _is_at(destination, self.destination, self.destination_airport)

    def leaves(self, origin: Place) -> bool:
        """Whether it leads from that place to any other."""
        return self.origin != self.destination and _is_at(origin, self.origin, self.origin_airport)


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """What one reply holds; `count` includes the unreadable rows."""

    fares: tuple[Fare, ...]
    count: int
    unreadable: int


_REPLY: Final = msgspec.json.Decoder(_Reply)
# We ask for a thousand; a service that sends a few more is no fault, one that sends its whole cache is.
_DATA: Final = msgspec.json.Decoder(Annotated[list[msgspec.Raw], msgspec.Meta(max_length=5000)])
_ROW: Final = msgspec.json.Decoder(_Row)


def read_rows(body: bytes) -> Rows:
    """The rows of a reply with status 200, an empty list included.

    Raises:
        Unanswered: the service says that it failed, or the reply cannot be read as a whole.
    """
    reply, data = _read(body)
    currency = (reply.currency or "").upper()
    if data and currency not in CURRENCIES:
        # Unsaid, it would be roubles: never take it for what was asked.
        raise Unanswered(OutcomeKind.MALFORMED, "no currency in the reply")
    fares: list[Fare] = []
    for raw in data:
        try:
            fares.append(_fare(_ROW.decode(raw), currency))
        except (ValueError, ArithmeticError, RecursionError):
            continue
    if data and not fares:
        raise Unanswered(OutcomeKind.MALFORMED, f"{len(data)} of {len(data)} rows unreadable")
    return Rows(fares=tuple(fares), count=len(data), unreadable=len(data) - len(fares))


def _read(body: bytes) -> tuple[_Reply, list[msgspec.Raw]]:
    try:
        reply = _REPLY.decode(body)
        if not reply.success:
            words = plain_words(reply.error) or "it reports a failure"
            raise Unanswered(OutcomeKind.REJECTED, words)
        return reply, _DATA.decode(reply.data)
    except msgspec.ValidationError as error:
        raise Unanswered(OutcomeKind.MALFORMED, "no list of prices in the reply") from error
    except (ValueError, RecursionError) as error:
        words = "HTML instead of JSON" if body.lstrip()[:1] == b"<" else "unreadable JSON"
        raise Unanswered(OutcomeKind.MALFORMED, words) from error


def _fare(row: _Row, currency: str) -> Fare:
    """One row as a fare. Raises ValueError where it is none."""
    price = Money.of(row.price, currency)
    if price.minor < price.major_unit:
        raise ValueError("not a fare")
    return Fare(
        origin=row.origin,
        origin_airport=row.origin_airport,
        destination=row.destination,
        destination_airport=row.destination_airport,
        # The offset is dropped: now and then one is wrong, the reading of the clock there is not.
        departs=LocalTime.of(row.departure_at),
        returns=LocalTime.of(row.return_at) if row.return_at else None,
        price=price,
        airline=row.airline,
        stops=row.transfers,
        stops_back=row.return_transfers,
        link=_link(row.link),
    )


def _link(path: str | None) -> str | None:
    """The page of the fare; nothing but a path of the service's own site is taken for one."""
    if path is None or not path.startswith("/") or path.startswith("//") or len(path) > _LONGEST_LINK:
        return None
    if not path.isascii() or not path.isprintable() or any(sign in path for sign in ' <>"\\'):
        return None
    return _LINKS + path


def _is_at(place: Place, city: str, airport: str | None) -> bool:
    if place.kind is PlaceKind.AIRPORT:
        return place.code == (airport or city)
    return place.code in (city, airport)


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """All rows of a month, and when they were read.

    `reaches`: there are more rows than we read, and none of them is cheaper than that.
    """

    fares: tuple[Fare, ...]
    unreadable: int
    read_at: datetime
    reaches: Money | None = None
