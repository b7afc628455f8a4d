"""Targets for who named none: the 25th percentile, ten per cent below today, a new low. Pure."""

from datetime import date
from typing import Final

from engine.actions.asking import DEFAULT_LOW_DAYS
from engine.actions.shown import Offer, OfferKind
from engine.domain.history import History
from engine.domain.money import Money
from engine.domain.watch import Rules

# A percentile of fewer daily lows says little.
FEWEST_DAYS: Final = 5
_PERCENTILE: Final = 25
_PERCENTILE_DAYS: Final = 30


def offers(history: History, fare: Money | None, currency: str, today: date) -> tuple[Offer, ...]:
    """The three, in this order; `fare` is today's, None when no look answered yet."""
    return (_percentile(history, currency, today), _ten_below(fare), _new_low())


def _percentile(history: History, currency: str, today: date) -> Offer:
    known = history.percentile(_PERCENTILE, today, days=_PERCENTILE_DAYS, fewest=FEWEST_DAYS)
    if known is None:
        return Offer(kind=OfferKind.PERCENTILE_25, rules=None)
    target = _whole(Money(known, currency))
    return Offer(kind=OfferKind.PERCENTILE_25, rules=Rules(target=target))


def _ten_below(fare: Money | None) -> Offer:
    if fare is None:
        return Offer(kind=OfferKind.TEN_BELOW, rules=None)
    target = _whole(fare.with_minor(fare.minor * 9 // 10))
    return Offer(kind=OfferKind.TEN_BELOW, rules=Rules(target=target))


def _new_low() -> Offer:
    return Offer(kind=OfferKind.NEW_LOW, rules=Rules(new_low_days=DEFAULT_LOW_DAYS))


def _whole(amount: Money) -> Money:
    """Rounded down to a whole major unit: nobody wants a target of 404.10."""
    unit = amount.major_unit
    return amount.with_minor(max(amount.minor // unit, 1) * unit)
