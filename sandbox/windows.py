"""Questions about days in a row, several places or a whole family, as the single questions they stand for."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Final, cast

import msgspec

from sandbox.market import Market
from sandbox.offers import Json, offers

# Of each day of a window the cheapest are enough; a single day shows its whole shelf.
_OF_EACH_DAY: Final = "2"


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """Days to leave on, and to come back on or nights to stay; neither of the two: one way.

    `weekday` is the only day of the week to leave on, 0 for Monday.
    """

    out: tuple[date, date]
    back: tuple[date, date] | None = None
    nights: tuple[int, int] | None = None
    weekday: int | None = None

    def journeys(self) -> Iterator[tuple[date, date | None]]:
        """Every pair of days that it stands for."""
        for out in _days(*self.out):
            if self.weekday not in (None, out.weekday()):
                continue
            if self.back is None and self.nights is None:
                yield out, None
                continue
            least, most = self.nights or (0, 366)
            first, last = self.back or (out, out + timedelta(days=most))
            stays = (out + timedelta(days=least), out + timedelta(days=most))
            yield from ((out, back) for back in _days(max(first, stays[0]), min(last, stays[1])))


def offered(
    market: Market,
    query: Mapping[str, str],
    ends: Sequence[tuple[str, str]],
    window: Window,
    at: datetime,
) -> list[Json]:
    """The offers between all these places on all those days, the cheapest first; `query` says all else."""
    journeys = list(window.journeys())
    many = len(journeys) * len(ends) > 1
    made: list[Json] = []
    for (origin, destination), (out, back) in product(ends, journeys):
        asked = {
            **query,
            "originLocationCode": origin,
            "destinationLocationCode": destination,
            "departureDate": out.isoformat(),
            **({} if back is None else {"returnDate": back.isoformat()}),
            **({"max": _OF_EACH_DAY} if many else {}),
        }
        made += cast("list[Json]", offers(market, asked, at)["data"])
    return sorted(made, key=lambda offer: Decimal(cast("dict[str, str]", offer["price"])["grandTotal"]))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
