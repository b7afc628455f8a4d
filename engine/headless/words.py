"""Amounts, spans of time and details as the lines of a headless run write them."""

from datetime import timedelta
from typing import Final

from babel.numbers import get_currency_symbol

from engine.domain.money import Money, exponent

_LOCALE: Final = "en"
_LONGEST_DETAIL: Final = 160
_MINUTE_S: Final = 60
_HOUR_S: Final = 3_600
_DAY_S: Final = 86_400
_HOURS_SHOWN_AS_SUCH: Final = 48


def amount(money: Money) -> str:
    """As €450, €450.50, ¥45,000, CHF 450: cents only where they say something."""
    digits = exponent(money.currency) if money.minor % money.major_unit else 0
    symbol = get_currency_symbol(money.currency, locale=_LOCALE)
    gap = " " if symbol[-1].isalpha() else ""
    return f"{symbol}{gap}{money.amount:,.{digits}f}"


def ago(span: timedelta) -> str:
    """How long: just now, 5 min ago, 2 h ago, 3 days ago; rounded down."""
    seconds = int(span.total_seconds())
    if seconds < _MINUTE_S:
        return "just now"
    if seconds < _HOUR_S:
        return f"{seconds // _MINUTE_S} min ago"
    if seconds < _HOURS_SHOWN_AS_SUCH * _HOUR_S:
        return f"{seconds // _HOUR_S} h ago"
    return f"{seconds // _DAY_S} days ago"


def detail(text: str) -> str:
    """What a provider said, on one line and cut to a readable length: it may hold anything."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return line if len(line) <= _LONGEST_DETAIL else f"{line[: _LONGEST_DETAIL - 1]}…"


def warm_up() -> None:
    """Read the locale data that amounts need. Blocks: call it before the loop runs."""
    amount(Money(45050, "EUR"))
