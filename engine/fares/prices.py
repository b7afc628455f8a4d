"""What a call costs where a provider says so; docs/sources/README.md names where each figure is from."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Final

import msgspec

from engine.domain.budget import CallLimits, CallsMade
from engine.domain.money import Money


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """US dollars a call, and how many of all calls, or of a month's, are free."""

    per_call: Decimal
    free_in_all: int = 0
    free_a_month: int = 0


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What this month has cost so far, and what its budget can cost at most; None without such a bound."""

    so_far: Money
    at_most: Money | None


# November 2026. The first 1,000 calls of Ignav are free, then $2 for each 1,000 (calls that fail cost
# nothing, so this is a little high); a live search of Duffel is $0.005 where nothing is booked; plans of
# SerpApi begin at $25 for 1,000 searches, and the free one ends at 250.
PRICES: Final[Mapping[str, Price]] = MappingProxyType(
    {
        "ignav": Price(per_call=Decimal("0.002"), free_in_all=1000),
        "duffel": Price(per_call=Decimal("0.005")),
        "serpapi": Price(per_call=Decimal("0.025"), free_a_month=250),
    }
)


def cost_of_month(source: str, made: CallsMade, limits: CallLimits) -> Cost | None:
    """What the calls of this month come to; None for a source whose calls have no known price."""
    price = PRICES.get(source)
    if price is None:
        return None
    before = made.ever - made.this_month
    at_most = None if (most := _most(made, limits)) is None else _dollars(price, before, most)
    return Cost(so_far=_dollars(price, before, made.this_month), at_most=at_most)


def _most(made: CallsMade, limits: CallLimits) -> int | None:
    """How many calls the limits leave a month; a daily one counts for 31 days."""
    bounds = [
        None if limits.per_day is None else limits.per_day * 31,
        limits.per_month,
        None if limits.in_total is None else limits.in_total - (made.ever - made.this_month),
    ]
    known = [bound for bound in bounds if bound is not None]
    return max(min(known), 0) if known else None


def _dollars(price: Price, before: int, calls: int) -> Money:
    """The price of a month's calls, after those that were made before it."""
    free = max(price.free_a_month, price.free_in_all - before, 0)
    cents = (max(calls - free, 0) * price.per_call * 100).to_integral_value(ROUND_HALF_UP)
    return Money(int(cents), "USD")
