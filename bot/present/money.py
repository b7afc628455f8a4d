"""Amounts and percentages as people read them: €374, ¥52,000, 11 %."""

import re
from decimal import Decimal
from typing import Final

from babel import Locale
from babel.numbers import (
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    format_decimal,
    get_currency_symbol,
)

from engine.domain.money import Money
from engine.tongue import locale, number, say

_LONG: Final = 10_000
_PLACES: Final = ((100_000, 1), (1_000_000, 0), (10_000_000, 2), (100_000_000, 1), (10**30, 0))
"""How many places after the decimal sign a shortened amount has, by what it lies below."""


def money(amount: Money) -> str:
    """€374, and €374.50 where the cents say something."""
    whole = amount.minor % amount.major_unit == 0
    pattern = _without_cents(locale()) if whole else None
    text = format_currency(
        amount.amount, amount.currency, locale=locale(), format=pattern, currency_digits=not whole
    )
    # A code in place of a sign is set apart: KWD 12.345. A sign behind its amount stays on its line: 374 €.
    return re.sub(r"^([A-Z]+)\s?(?=\d)", r"\1 ", text)


def shortly(amount: Money) -> str:
    """The same in a few signs, rounded up where it is: £374, €1,234, ¥45.3K, and of IDR only 1.23M."""
    whole = -(-amount.minor // amount.major_unit)
    if whole < _LONG:
        digits = format_decimal(whole, locale=locale())
        return money(amount.with_minor(whole * amount.major_unit)) if has_sign(amount.currency) else digits
    places = next(places for below, places in _PLACES if whole < below)
    text = (
        format_compact_currency(whole, amount.currency, locale=locale(), fraction_digits=places)
        if has_sign(amount.currency)
        else format_compact_decimal(whole, locale=locale(), fraction_digits=places)
    )
    return text.replace("\N{NO-BREAK SPACE}", " ")


def has_sign(currency: str) -> bool:
    """Whether the reader's language has a sign for it that is shorter than its code."""
    return get_currency_symbol(currency, locale=locale()) != currency


def each(total: Money, people: int) -> Money:
    """One person's share, rounded up to a minor unit so that it never looks cheaper than it is."""
    return total.with_minor(-(-total.minor // people))


def percent(part: Money, whole: Money) -> int:
    """How much `part` is of `whole`, in whole per cent."""
    return round(Decimal(100) * part.minor / whole.minor) if whole.minor else 0


def compared(amount: Money, with_: Money) -> str:
    """€46 below (11 %), €10 above (2 %), exactly that."""
    gap = amount.minor - with_.minor
    if gap == 0:
        return say("exactly that")
    size = with_.with_minor(abs(gap))
    amount_, share = money(size), _small(percent(size, with_))
    if gap < 0:
        return say("{amount} below ({share} %)", amount=amount_, share=share)
    return say("{amount} above ({share} %)", amount=amount_, share=share)


def _small(percentage: int) -> str:
    return number(percentage) if percentage else say("under 1")


def _without_cents(locale_name: str) -> str:
    """The language's own pattern for amounts of whole units: ¤#,##0 or #,##0 ¤."""
    pattern: str = Locale.parse(locale_name).currency_formats["standard"].pattern
    return pattern.replace(".00", "")
