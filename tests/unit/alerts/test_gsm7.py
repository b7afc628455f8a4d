"""Counting held against the published table and published examples."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.alerts import gsm7
from tests.support.segments import ONE_SEPTET, TWO_SEPTETS, reference_segments


def test_the_hand_written_table_is_whole() -> None:
    assert (len(ONE_SEPTET), len(TWO_SEPTETS)) == (127, 10)


def test_each_character_takes_what_the_standard_says() -> None:
    for character in map(chr, range(0x3000)):
        expected = 1 if character in ONE_SEPTET else 2 if character in TWO_SEPTETS else 0
        assert gsm7.septets(character) == expected, character


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ê" * 70, 1),
        ("ê" * 71, 2),
        ("é" * 160, 1),
        ("a" * 152 + "€" + "a" * 152, 3),  # the pair is not torn: 152, then 2 + 151, then 1
        ("✈" * 67 + "a" * 67, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_published_examples_of_segments(text: str, count: int) -> None:
    assert (gsm7.segments(text), reference_segments(text)) == (count, count)


ALPHABETS = st.one_of(
    st.text("abc é€{}✈ê\u00a0", max_size=400),
    st.text(max_size=400),
    st.text(sorted(ONE_SEPTET | TWO_SEPTETS), max_size=400),
)


@settings(deadline=None)
@given(text=ALPHABETS)
def test_segments_are_those_of_the_reference_counter(text: str) -> None:
    assert gsm7.segments(text) == reference_segments(text)


@settings(deadline=None)
@given(text=st.text(max_size=200))
def test_everything_can_be_brought_into_the_alphabet(text: str) -> None:
    assert set(gsm7.into_alphabet(text)) <= ONE_SEPTET | TWO_SEPTETS


@settings(deadline=None)
@given(text=st.text(sorted(ONE_SEPTET | TWO_SEPTETS), max_size=200))
def test_what_is_in_the_alphabet_stays_as_it_is(text: str) -> None:
    assert gsm7.into_alphabet(text) == text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("São Paulo", "Sao Paulo"),
        ("Łódź", "Lodz"),
        ("İstanbul K\u0131r\u0131kkale", "Istanbul Kirikkale"),
        ("1\u202f234\u00a0€", "1 234 €"),
        ("HYD → CDG — “now”…", 'HYD -> CDG - "now"...'),
        ("✈ Tokyo", " Tokyo"),
        ("東京", "??"),
        (unicodedata.normalize("NFD", "é ã"), "é a"),
    ],
)
def test_names_lose_only_what_the_alphabet_lacks(text: str, plain: str) -> None:
    assert gsm7.into_alphabet(text) == plain


@settings(deadline=None)
@given(text=st.text(sorted(ONE_SEPTET | TWO_SEPTETS), max_size=300), limit=st.integers(3, 170))
def test_a_cut_text_is_within_its_limit_and_says_that_it_was_cut(text: str, limit: int) -> None:
    short = gsm7.cut(text, limit)
    assert gsm7.length(short) <= limit
    assert short == text or short.endswith("...")
