"""Who may be texted, and the sentence that is agreed to."""

import pytest

from engine.alerts.consent import MANY_A_DAY, ONE_A_DAY, masked, may_be_texted, read_number, version
from engine.errors import InvalidInput


@pytest.mark.parametrize(
    ("typed", "countries", "number"),
    [
        ("+49 151 87654321", ("DE", "AT"), "+4915187654321"),
        ("0049 (151) 876-54321", ("DE", "AT"), "+4915187654321"),
        ("0151 87654321", ("DE",), "+4915187654321"),
        ("(415) 555-2671", ("US",), "+14155552671"),
        ("+1 415 555 2671", ("US", "DE"), "+14155552671"),
        ("+91 98765 43210", ("IN",), "+919876543210"),
        ("+1 604 555 2671", ("CA",), "+16045552671"),
        ("+1 876 210 1234", ("JM",), "+18762101234"),
        ("+44 7400 123456", ("GB",), "+447400123456"),
    ],
)
def test_a_mobile_number_of_an_allowed_country_is_read(
    typed: str, countries: tuple[str, ...], number: str
) -> None:
    assert read_number(typed, countries) == number
    assert may_be_texted(number, countries)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "country code"),
        ("hello", "country code"),
        ("0151 87654321", "country code"),  # two countries are allowed: whose would it be?
        ("+49 151 87654321 ext. 5", "country code"),
        ("+49 1", "country code"),
        ("+49 151 8765432199999", "country code"),
        ("\x00+49\n151", "country code"),
        ("+43 664 1234567", "Germany and United States only"),
        ("+1 876 210 1234", "Germany and United States only"),  # Jamaica shares +1
        ("+44 7400 123456", "Germany and United States only"),
        ("+49 30 901820", "mobile"),
        ("+49 900 1234567", "mobile"),
        ("+1 900 234 5678", "mobile"),
        ("+1 800 234 5678", "mobile"),
    ],
)
def test_any_other_is_refused_in_words_that_do_not_repeat_it(typed: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as refused:
        read_number(typed, ("DE", "US"))
    assert refused.value.field == "number"
    digits = "".join(sign for sign in typed if sign.isdigit())
    assert len(digits) < 6 or digits not in refused.value.sentence.replace(" ", "")


@pytest.mark.parametrize(
    "typed",
    [
        "+44 20 7946 0958",  # London, a landline
        "+44 909 879 0000",  # premium rate
        "+44 845 600 0000",  # shared cost
        "+44 56 0123 4567",  # VoIP
        "+44 70 1234 5678",  # a personal number, which forwards at a price
        "+44 7640 123456",  # a pager
    ],
)
def test_of_british_numbers_only_mobile_ones_are_read(typed: str) -> None:
    with pytest.raises(InvalidInput, match="mobile"):
        read_number(typed, ("GB",))


def test_a_number_of_the_islands_is_not_one_of_the_united_states() -> None:
    for island in ("+1 876 210 1234", "+1 242 359 1234", "+1 809 234 5678", "+1 604 555 2671"):
        with pytest.raises(InvalidInput, match="United States only"):
            read_number(island, ("US",))


def test_a_country_taken_off_the_list_is_texted_no_more() -> None:
    assert not may_be_texted("+4915187654321", ("AT",))
    assert not may_be_texted("+4915187654321", ())
    assert not may_be_texted("nonsense", ("DE",))


@pytest.mark.parametrize(("number", "shown"), [("+4915187654789", "+49…789"), ("+14155552671", "+1…671")])
def test_a_number_is_shown_masked(number: str, shown: str) -> None:
    assert masked(number) == shown


@pytest.mark.parametrize("sentence", [ONE_A_DAY.format(n=1), MANY_A_DAY.format(n=3)])
def test_the_sentence_says_what_carriers_want_said(sentence: str) -> None:
    for part in ("Fare Engine", "at most", "a day", "Msg & data rates may apply", "STOP", "HELP"):
        assert part in sentence


def test_another_cap_and_another_language_are_other_versions() -> None:
    assert version(3) == "1, at most 3 a day"
    assert len({version(3), version(1), version(3, "de"), version(1, "de")}) == 4
