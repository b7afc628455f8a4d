"""Amounts of money as people type them: `450`, `1,234.00`, `₹45,000`, `1.234,00 €`, `210 pp`.

The rules, all of them:

1. A currency sign, code or name may stand before or after the number; it must fit the currency asked for.
2. `pp` (`p.p.`, `per person`, `each`, `p. P.`, `pro Person`, `je`) multiplies a target by the people.
3. Spaces and apostrophes between groups of three digits are grouping (`1 234`, `1'234`).
4. With both a point and a comma, the later one is the decimal sign, stands once, and the other one groups.
5. A sign that stands twice or more groups: by threes (`1.234.567`) or as in India (`1,23,456`).
6. One point or comma with one or two digits after it is the decimal sign (`450.5`, `450,50`).
7. One point or comma with exactly three digits after it may be either (`1.234`): it is refused, except a
   comma in a currency whose people group with commas (`₹45,000`).
8. More digits after the decimal sign than the currency has are refused unless they are zeros (`¥45,000.00`).
9. A dash in the place of cents is none (`450,-`).
10. Zero, a minus sign and everything else is refused.
"""

import re
import unicodedata
from decimal import Decimal
from typing import Final

from engine.domain.money import CURRENCIES, Money, exponent
from engine.domain.said import said
from engine.errors import InvalidInput

_DOLLARS: Final = frozenset(
    "USD CAD AUD NZD SGD HKD TWD MXN ARS CLP COP BRL BSD BBD BMD BND BZD DOP FJD GYD JMD KYD LRD NAD SBD SRD "
    "TTD UYU XCD".split()
)
_SIGNS: Final = {
    "€": frozenset({"EUR"}),
    "£": frozenset({"GBP", "EGP", "FKP", "GIP", "LBP", "SHP", "SSP", "SYP"}),
    "$": _DOLLARS,
    "US$": frozenset({"USD"}),
    "C$": frozenset({"CAD"}),
    "CA$": frozenset({"CAD"}),
    "A$": frozenset({"AUD"}),
    "AU$": frozenset({"AUD"}),
    "NZ$": frozenset({"NZD"}),
    "S$": frozenset({"SGD"}),
    "HK$": frozenset({"HKD"}),
    "NT$": frozenset({"TWD"}),
    "MX$": frozenset({"MXN"}),
    "R$": frozenset({"BRL"}),
    "₹": frozenset({"INR"}),
    "RS": frozenset({"INR", "PKR", "LKR", "NPR", "MUR", "SCR"}),
    "RS.": frozenset({"INR", "PKR", "LKR", "NPR", "MUR", "SCR"}),
    "¥": frozenset({"JPY", "CNY"}),
    "₩": frozenset({"KRW", "KPW"}),
    "₺": frozenset({"TRY"}),
    "₽": frozenset({"RUB"}),
    "₴": frozenset({"UAH"}),
    "₪": frozenset({"ILS"}),
    "₫": frozenset({"VND"}),
    "฿": frozenset({"THB"}),
    "₱": frozenset({"PHP"}),
    "₦": frozenset({"NGN"}),
    "KR": frozenset({"SEK", "NOK", "DKK", "ISK"}),
    "KR.": frozenset({"SEK", "NOK", "DKK", "ISK"}),
    "ZŁ": frozenset({"PLN"}),
    "KČ": frozenset({"CZK"}),
    "FT": frozenset({"HUF"}),
    "FR.": frozenset({"CHF"}),
    **dict.fromkeys(("EURO", "EUROS"), frozenset({"EUR"})),
    **dict.fromkeys(("POUND", "POUNDS", "PFUND"), frozenset({"GBP"})),
    **dict.fromkeys(("DOLLAR", "DOLLARS"), _DOLLARS),
    **dict.fromkeys(("FRANKEN", "FRANCS"), frozenset({"CHF"})),
    "YEN": frozenset({"JPY"}),
}
# Where a comma before three digits groups (CLDR, each currency's home locales). EUR, CAD, CHF and ZAR are
# left out on purpose: their people do not agree.
_COMMA_GROUPS: Final = frozenset(
    "AED AUD BDT CNY GBP GHS HKD ILS INR JPY KES KRW LKR MXN MYR NGN NPR NZD PHP PKR SGD THB TWD UGX "
    "USD".split()
)
_PER_PERSON: Final = re.compile(
    r"\s*(?:/\s*(?:pp|p|person|adult)|pp|p\.\s?p\.?|(?:per|pro)\s+(?:person|adult|kopf|nase)|each"
    r"|je(?:\s+person)?)\s*$|^\s*je\s+",
    re.IGNORECASE,
)
_NO_CENTS: Final = re.compile(r"(?<=\d)[,.][-\N{EN DASH}]+")
_SHAPE: Final = re.compile(r"(?P<before>[^\d]*?)\s*(?P<number>\d(?:[\d.,' ]*\d)?)\s*(?P<after>[^\d]*)")
_BY_THREES: Final = re.compile(r"[1-9]\d{0,2}(?P<sign>[.,' ])\d{3}(?:(?P=sign)\d{3})*")
_INDIAN: Final = re.compile(r"[1-9]\d?(?:,\d{2})+,\d{3}")
_NEGATIVE: Final = re.compile(r"\D*[-\N{MINUS SIGN}(]\s*\D?\s*\d")
_LONGEST: Final = 60
_CENTS: Final = 2
_A_GROUP: Final = 3


def parse_target(text: str, currency: str, people: int) -> Money:
    """A target for the whole party: `420`, or `210 pp` for each of them.

    Raises InvalidInput as `parse_amount` does.
    """
    total = _PER_PERSON.sub("", text)
    amount = parse_amount(total, currency)
    return amount if total == text else amount.with_minor(amount.minor * people)


def parse_amount(text: str, currency: str, *, field: str = "target") -> Money:
    """An amount above zero in that currency, by the rules above.

    Raises InvalidInput for what is no amount, can be read in two ways, or names another currency.
    """
    cleaned = unicodedata.normalize("NFKC", text).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").strip()
    cleaned = _NO_CENTS.sub("", cleaned)
    if not cleaned:
        raise InvalidInput(field, "Give an amount, like 450.")
    if len(cleaned) > _LONGEST:
        raise _unreadable(text, field)
    if _NEGATIVE.match(cleaned):
        raise InvalidInput(field, "An amount must be above zero, not {typed}.", typed=said(text))
    shape = _SHAPE.fullmatch(cleaned)
    if shape is None or not cleaned.isprintable() or not shape["number"].isascii():
        raise _unreadable(text, field)
    for mark in (shape["before"], shape["after"]):
        _check_mark(mark, text, currency, field)
    number = _plain_number(shape["number"], currency, text, field)
    return _money(number, currency, text, field)


def _check_mark(mark: str, text: str, currency: str, field: str) -> None:
    mark = mark.strip().upper()
    if mark in ("", currency):
        return
    meant = _SIGNS.get(mark, frozenset({mark} & CURRENCIES))
    if not meant:
        raise _unreadable(text, field)
    if currency not in meant:
        raise InvalidInput(
            field,
            "{typed} is not in {currency}, the currency this route is counted in.",
            typed=said(text),
            currency=currency,
        )


def _plain_number(number: str, currency: str, text: str, field: str) -> Decimal:
    whole, decimals = _split(number, currency, text, field)
    digits = _ungrouped(whole)
    if digits is None:
        raise _unreadable(text, field)
    return Decimal(f"{digits}.{decimals or 0}")


def _split(number: str, currency: str, text: str, field: str) -> tuple[str, str]:
    """The whole part, still grouped, and the digits after the decimal sign (rules 4 to 8)."""
    last = max(number.rfind("."), number.rfind(","))
    if last < 0:
        return number, ""
    whole, sign, tail = number[:last], number[last], number[last + 1 :]
    if sign in whole:
        if {".", ","} <= set(number):
            raise _unreadable(text, field)
        return number, ""
    if not tail.isdigit():
        raise _unreadable(text, field)
    if len(tail) == _A_GROUP and not set(whole) & set(".,' "):
        if sign == "," and currency in _COMMA_GROUPS:
            return number, ""
        near = f"{whole}{tail}"
        raise InvalidInput(
            field,
            "{typed} can be read in two ways. Write it without grouping, like {near}.",
            suggestions=(near,),
            typed=said(text),
            near=near,
        )
    if len(tail) > _CENTS and len(tail) > exponent(currency):
        raise _unreadable(text, field)
    return whole, tail


def _ungrouped(whole: str) -> str | None:
    """The digits of a whole number, or None when its groups do not fit (rules 3 to 5)."""
    if whole.isdigit():
        return whole
    if _BY_THREES.fullmatch(whole) or _INDIAN.fullmatch(whole):
        return re.sub(r"\D", "", whole)
    return None


def _money(number: Decimal, currency: str, text: str, field: str) -> Money:
    if not number:
        raise InvalidInput(field, "An amount must be above zero, not {typed}.", typed=said(text))
    digits = exponent(currency)
    if number != round(number, digits):
        if not digits:
            raise InvalidInput(
                field,
                "{currency} has no digits after the decimal sign; {typed} has some.",
                currency=currency,
                typed=said(text),
            )
        raise InvalidInput(
            field,
            "{currency} has {digits} digits after the decimal sign; {typed} has more.",
            currency=currency,
            digits=digits,
            typed=said(text),
        )
    try:
        return Money.of(number, currency)
    except ValueError:
        raise InvalidInput(field, "{typed} is more than any fare costs.", typed=said(text)) from None


def _unreadable(text: str, field: str) -> InvalidInput:
    return InvalidInput(
        field, "I cannot read {typed} as an amount. Write it like 450 or 1234.50.", typed=said(text)
    )
