"""Counting held against the published table, written out here by code, and published examples."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.alerts import gsm7

# 3GPP TS 23.038, default alphabet, by row of the table: code points by hand, 0x1B is the escape.
TABLE: dict[int, list[int | None]] = {
    0x00: [0x40, 0xA3, 0x24, 0xA5, 0xE8, 0xE9, 0xF9, 0xEC, 0xF2, 0xC7, 0x0A, 0xD8, 0xF8, 0x0D, 0xC5, 0xE5],
    0x10: [0x394, 0x5F, 0x3A6, 0x393, 0x39B, 0x3A9, 0x3A0, 0x3A8, 0x3A3, 0x398, 0x39E],
    0x1B: [None, 0xC6, 0xE6, 0xDF, 0xC9],
    0x20: [0x20, 0x21, 0x22, 0x23, 0xA4, *range(0x25, 0x30)],
    0x30: list(range(0x30, 0x40)),
    0x40: [0xA1, *range(0x41, 0x50)],
    0x50: [*range(0x50, 0x5B), 0xC4, 0xD6, 0xD1, 0xDC, 0xA7],
    0x60: [0xBF, *range(0x61, 0x70)],
    0x70: [*range(0x70, 0x7B), 0xE4, 0xF6, 0xF1, 0xFC, 0xE0],
}
ONE_SEPTET = {chr(point) for row in TABLE.values() for point in row if point is not None}
TWO_SEPTETS = {chr(point) for point in (0x0C, 0x5E, 0x7B, 0x7D, 0x5C, 0x5B, 0x7E, 0x5D, 0x7C, 0x20AC)}


def reference_segments(text: str) -> int:
    """Written from the standard, unlike the code under test: one unit at a time."""
    if set(text) <= ONE_SEPTET | TWO_SEPTETS:
        sizes, alone, part = [2 if c in TWO_SEPTETS else 1 for c in text], 160, 153
    else:
        sizes, alone, part = [2 if ord(c) > 0xFFFF else 1 for c in text], 70, 67
    if sum(sizes) <= alone:
        return 1
    room = [part]
    for size in sizes:
        if size > room[-1]:
            room.append(part)
        room[-1] -= size
    return len(room)


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
