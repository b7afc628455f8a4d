"""Times of day as people type them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.typed_time import parse_time
from engine.errors import InvalidInput


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("22", time(22)),
        ("22:00", time(22)),
        ("22.30", time(22, 30)),
        ("2230", time(22, 30)),
        ("07:05", time(7, 5)),
        ("7", time(7)),
        ("10pm", time(22)),
        ("10 PM", time(22)),
        ("10:30 p.m.", time(22, 30)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("7 a.m.", time(7)),
        ("22h", time(22)),
        ("22h30", time(22, 30)),
        ("22 Uhr", time(22)),
        ("Mitternacht", time(0)),
        ("mittags", time(12)),
        ("7 o'clock", time(7)),
        ("noon", time(12)),
        ("Midnight", time(0)),
        ("24:00", time(0)),
        (" 0 ", time(0)),
    ],
)
def test_a_time_is_understood_in_the_ways_people_write_it(typed: str, meant: time) -> None:
    assert parse_time(typed, "from") == meant


@pytest.mark.parametrize(
    "typed", ["", "25", "22:60", "24:01", "13pm", "0am", "ten", "-1", "22:0", "22:000", "٢٢", "9" * 500]
)
def test_what_is_no_time_is_refused_with_one_that_is(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_time(typed, "from")

    assert refused.value.field == "from"
    assert "Write it like 22:00 or 10pm." in refused.value.sentence


@given(st.times().map(lambda at: at.replace(second=0, microsecond=0)))
def test_a_time_as_it_is_shown_is_read_again(at: time) -> None:
    assert parse_time(f"{at:%H:%M}", "from") == parse_time(f"{at:%I:%M %p}", "from") == at


@given(st.text())
def test_any_text_is_a_time_or_is_refused(typed: str) -> None:
    try:
        found = parse_time(typed, "from")
    except InvalidInput:
        return
    assert found.second == 0
