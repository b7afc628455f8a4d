"""The amounts that sheets are full of: read right or refused, never misread."""

import pytest

from engine.domain.money import Money
from engine.domain.typed_amount import parse_target
from engine.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1,234.00", "EUR", 123_400),
        ("1,234.00", "INR", 123_400),
        ("₹45,000", "INR", 4_500_000),
        ("1.234,00 €", "EUR", 123_400),
        ("450", "EUR", 45_000),
        ("450", "INR", 45_000),
        ("450", "JPY", 450),
    ],
)
def test_it_is_read_right(text: str, currency: str, minor: int) -> None:
    assert parse_target(text, currency, 1) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "currency"),
    [("₹45,000", "EUR"), ("1.234,00 €", "INR"), ("1.234", "EUR"), ("1,234", "EUR"), ("45,000", "EUR")],
)
def test_it_is_refused_rather_than_misread(text: str, currency: str) -> None:
    with pytest.raises(InvalidInput):
        parse_target(text, currency, 1)
