"""Money: its tables held equal to Babel's, and amounts that never look cheaper than they are."""

from datetime import date
from decimal import Decimal

import pytest
from babel import Locale
from babel.core import get_global
from babel.numbers import get_currency_precision
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.money import CURRENCIES, CurrencyMismatch, Money, exponent

# Legal tender as of this day; a currency that comes or goes later is a decision, not an accident.
AS_OF = date(2026, 1, 2)
# Bulgaria took the euro on 2026-01-01; Babel 2.18 does not know yet.
ENDED = {"BGN"}


def legal_tender(day: date) -> set[str]:
    """What some territory uses as its money on a day, after the CLDR data that Babel carries."""
    used = set()
    for periods in get_global("territory_currencies").values():
        for code, begins, ends, tender in periods:
            begun = begins is None or date(*begins) <= day
            over = ends is not None and date(*ends) < day
            if tender and begun and not over:
                used.add(code)
    return used


def test_the_currencies_are_the_legal_tender_of_babel() -> None:
    assert set(CURRENCIES) == legal_tender(AS_OF) - ENDED


def test_every_currency_has_as_many_digits_as_in_babel() -> None:
    assert {code: exponent(code) for code in CURRENCIES} == {
        code: get_currency_precision(code) for code in CURRENCIES
    }


def test_babel_knows_a_name_for_every_currency() -> None:
    assert set(CURRENCIES) <= set(Locale("en").currencies)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("450.00", "EUR", 45000),
        ("450", "JPY", 450),
        ("1.234", "KWD", 1234),
        ("0.001", "EUR", 1),
        ("450.001", "EUR", 45001),
        ("-1", "EUR", -100),
        ("1E+2", "EUR", 10000),
    ],
)
def test_text_is_read_exactly_and_rounded_up(text: str, currency: str, minor: int) -> None:
    assert Money.parse(text, currency) == Money(minor, currency)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "", "12,5", "1e400", "1000000000000"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        Money.parse(text, "EUR")


@pytest.mark.parametrize(
    ("money", "fixed", "plain"),
    [
        (Money(45000, "EUR"), "450.00", "450"),
        (Money(45050, "EUR"), "450.50", "450.50"),
        (Money(450, "JPY"), "450", "450"),
        (Money(1234, "KWD"), "1.234", "1.234"),
    ],
)
def test_amounts_are_written_fixed_or_plain(money: Money, fixed: str, plain: str) -> None:
    assert (money.fixed(), money.plain()) == (fixed, plain)


def test_amounts_of_two_currencies_are_never_compared() -> None:
    with pytest.raises(CurrencyMismatch):
        _ = Money(1, "EUR") < Money(2, "USD")


def test_amounts_of_one_currency_are_ordered() -> None:
    low, high = Money(1, "EUR"), Money(2, "EUR")

    assert (low < high, low <= low, high > low, high >= high) == (True, True, True, True)


@settings(deadline=None)
@given(st.integers(-(10**11), 10**11), st.sampled_from(sorted(CURRENCIES)))
def test_an_amount_survives_being_written_and_read(minor: int, currency: str) -> None:
    money = Money(minor, currency)

    assert Money.parse(money.fixed(), currency) == money


@settings(deadline=None)
@given(st.decimals(0, 10**9, allow_nan=False), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_rounding_never_makes_a_fare_cheaper(amount: Decimal, currency: str) -> None:
    assert Money.of(amount, currency).amount >= amount
