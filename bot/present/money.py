"""Amounts and percentages as people read them: €374, ¥52,000, 11 %."""

import re
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_currency, get_currency_name, get_currency_symbol

from engine.domain.money import CURRENCIES, Money

_LOCALE = "en"


def money(amount: Money) -> str:
    """€374, and €374.50 where the cents say something."""
    whole = amount.minor % amount.major_unit == 0
    pattern = "¤#,##0" if whole else None
    text = format_currency(
        amount.amount, amount.currency, locale=_LOCALE, format=pattern, currency_digits=not whole
    )
    # A code in place of a sign is set apart: KWD 12.345.
    return re.sub(r"^([A-Z]+)(?=\d)", r"\1 ", text.replace("\N{NO-BREAK SPACE}", " "))


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
        return "exactly that"
    size = with_.with_minor(abs(gap))
    return f"{money(size)} {'below' if gap < 0 else 'above'} ({_small(percent(size, with_))} %)"


def currency_names() -> dict[str, str]:
    """Every currency with its English name, by code; reads locale data, so call it off the loop once."""
    return {code: get_currency_name(code, locale=_LOCALE) for code in sorted(CURRENCIES)}


def warm_up() -> None:
    """Read the locale data that messages need. Blocks: call it in a thread before the first message."""
    from datetime import date

    money(Money(37450, "EUR"))
    get_currency_symbol("JPY", locale=_LOCALE)
    format_date(date(2027, 3, 10), "EEE d MMMM yyyy", locale=_LOCALE)


def _small(percentage: int) -> str:
    return str(percentage) if percentage else "under 1"
