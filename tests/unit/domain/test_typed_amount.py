from decimal import Decimal

import pytest
from babel import Locale
from babel.numbers import format_decimal, get_group_symbol
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.money import Money
from engine.domain.typed_amount import parse_amount, parse_target
from engine.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("450", "EUR", "450"),
        (" 450.5 ", "EUR", "450.5"),
        ("450,50", "EUR", "450.50"),
        ("1,234.00", "EUR", "1234"),
        ("1.234,00 €", "EUR", "1234"),
        ("€1 234,50", "EUR", "1234.50"),
        ("1\N{NARROW NO-BREAK SPACE}234,50 €", "EUR", "1234.50"),
        ("1'234.50", "CHF", "1234.50"),
        ("1’234", "CHF", "1234"),  # noqa: RUF001  the apostrophe that Swiss sheets use
        ("₹45,000", "INR", "45000"),
        ("₹1,23,456.00", "INR", "123456"),
        ("Rs. 45,000", "INR", "45000"),
        ("1.234.567", "EUR", "1234567"),
        ("$1,234", "USD", "1234"),
        ("US$1,234.5", "USD", "1234.5"),
        ("EUR 450", "EUR", "450"),
        ("450 eur", "EUR", "450"),
        ("¥45,000.00", "JPY", "45000"),
        ("120.5", "KWD", "120.5"),
        ("1,234.567", "KWD", "1234.567"),
    ],
)
def test_an_amount_is_read_right(text: str, currency: str, amount: str) -> None:
    assert parse_amount(text, currency) == Money.of(Decimal(amount), currency)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("1,234", "EUR"),
        ("1.234", "EUR"),
        ("495.995", "USD"),
        ("45.000", "INR"),
        ("120.500", "KWD"),
        ("1.000", "JPY"),
    ],
)
def test_an_amount_that_reads_two_ways_is_refused_with_a_plain_one(text: str, currency: str) -> None:
    with pytest.raises(InvalidInput, match="two ways") as caught:
        parse_amount(text, currency)
    assert parse_amount(caught.value.suggestions[0], currency).minor > 0


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("$450", "EUR"),
        ("450 USD", "EUR"),
        ("₹45,000", "EUR"),
        ("¥45000", "EUR"),
    ],
)
def test_another_currency_is_refused(text: str, currency: str) -> None:
    with pytest.raises(InvalidInput, match="not in EUR"):
        parse_amount(text, currency)


@pytest.mark.parametrize("text", ["0", "0.00", "-450", "− 450", "€-450", "(450)"])  # noqa: RUF001  typography's minus
def test_an_amount_not_above_zero_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="above zero"):
        parse_amount(text, "EUR")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "cheap",
            "nan",
            "inf",
            "1e3",
            "450k",
            "~450",
            "<450",
            "400-500",
            "٤٥٠",
            "450 pp",
            "450 €€",
            "4\n50",
        ),
        *("12,34,5", "1,2,3", "1.234,567.89", "0,450.5", "12 34", "1.5 6", "4.5000", "9" * 13, "1" * 5000),
    ],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_amount(text, "EUR")


def test_a_fraction_of_a_yen_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no digits"):
        parse_amount("450.5", "JPY")


@pytest.mark.parametrize("text", ["210 pp", "210pp", "€210 p.p.", "210 per person", "210/person", "210 each"])
def test_a_target_per_person_counts_for_the_party(text: str) -> None:
    assert parse_target(text, "EUR", 2) == Money(42000, "EUR")


@pytest.mark.parametrize(
    "text",
    [
        "210 p. P.",
        "210 p.P.",
        "210,00 € pro Person",
        "210 € pro Nase",
        "210 Euro je Person",
        "je 210",
        "210,- p. P.",
    ],
)
def test_german_says_per_person_in_its_own_ways(text: str) -> None:
    assert parse_target(text, "EUR", 2) == Money(42000, "EUR")


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("420 Euro", "EUR"),
        ("420,- €", "EUR"),
        ("420,-", "EUR"),
        ("420 Franken", "CHF"),
        ("420 pounds", "GBP"),
    ],
)
def test_a_currency_may_be_written_out(text: str, currency: str) -> None:
    assert parse_amount(text, currency) == Money(42000, currency)


def test_a_currency_that_is_written_out_must_be_the_one_asked_for() -> None:
    with pytest.raises(InvalidInput, match="is not in EUR"):
        parse_amount("420 Franken", "EUR")


def test_a_target_without_pp_is_for_the_party_already() -> None:
    assert parse_target("420", "EUR", 2) == Money(42000, "EUR")


@given(
    minor=st.integers(1, 10**9),
    locale=st.sampled_from(["en", "de", "fr", "pl", "hi", "en_IN", "de_CH", "sv", "es", "tr"]),
)
@settings(deadline=None, max_examples=100)
def test_an_amount_as_a_spreadsheet_shows_it_is_read_right_or_refused(minor: int, locale: str) -> None:
    shown = format_decimal(Decimal(minor).scaleb(-2), "#,##0.00", locale=locale)
    assert parse_amount(shown, "EUR") == Money(minor, "EUR")


@given(st.text(alphabet="0123456789.,' €$-p", max_size=12))
@settings(deadline=None, max_examples=200)
def test_any_text_is_an_amount_above_zero_or_refused(text: str) -> None:
    try:
        amount = parse_target(text, "EUR", 3)
    except InvalidInput:
        return
    assert amount.minor > 0


HOME_LOCALES = (
    "USD:en_US GBP:en_GB INR:en_IN JPY:ja_JP CNY:zh_CN KRW:ko_KR AUD:en_AU NZD:en_NZ SGD:en_SG "
    "HKD:zh_HK MYR:ms_MY THB:th_TH PHP:fil_PH TWD:zh_TW ILS:he_IL MXN:es_MX PKR:ur_PK NPR:ne_NP "
    "BDT:bn_BD LKR:si_LK AED:en_AE KES:en_KE NGN:en_NG GHS:en_GH UGX:en_UG "
).split()


@pytest.mark.parametrize("pair", HOME_LOCALES)
def test_a_comma_before_three_digits_is_believed_where_people_group_with_it(pair: str) -> None:
    currency, locale = pair.split(":")
    assert parse_amount("45,000", currency) == Money.of(Decimal(45000), currency)
    assert get_group_symbol(Locale.parse(locale)) == ","
