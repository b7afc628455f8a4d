"""Airlines, hours, bags and children as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.route import Hours
from engine.domain.typed_filters import (
    check_airlines,
    check_bags,
    check_children,
    parse_airlines,
    parse_hours,
)
from engine.errors import InvalidInput

LAST = Hours.LAST_MINUTE


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ()),
        ("BA", ("BA",)),
        ("lh, ba", ("BA", "LH")),
        ("BA ba;LH/U2", ("BA", "LH", "U2")),
        ("6e", ("6E",)),
    ],
)
def test_airlines_are_codes_in_order_each_once(text: str, codes: tuple[str, ...]) -> None:
    assert parse_airlines(text) == codes


@pytest.mark.parametrize(
    "text", ["Ryanair", "12", "B", "BA, Lufthansa", " ".join(f"A{n}" for n in range(10)) + " B1"]
)
def test_what_is_no_list_of_airlines_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_airlines(text, field="avoid")
    assert caught.value.field == "avoid"


def test_an_airline_cannot_be_wanted_and_avoided() -> None:
    check_airlines(("BA",), ("LH",))
    with pytest.raises(InvalidInput, match="BA is among"):
        check_airlines(("BA", "LH"), ("BA",))


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("6-12", Hours(360, 720)),
        ("06:30 \N{EN DASH} 12:00", Hours(390, 720)),
        ("6 to 12", Hours(360, 720)),
        ("von 6 bis 12 Uhr", Hours(360, 720)),
        ("10pm-5am", Hours(1320, 300)),
        ("12am-12pm", Hours(0, 720)),
        ("22-5", Hours(1320, 300)),
        ("after 18", Hours(1080, LAST)),
        ("ab 18:30", Hours(1110, LAST)),
        ("before 9", Hours(0, 540)),
        ("vor 9 Uhr", Hours(0, 540)),
        ("18-24", Hours(1080, LAST)),
        ("morning", Hours(300, 720)),
        ("abends", Hours(1080, LAST)),
    ],
)
def test_hours_are_read_as_people_say_them(text: str, hours: Hours) -> None:
    assert parse_hours(text) == hours


@pytest.mark.parametrize("text", ["", "sometime", "0-24", "6-6", "25-26", "6:75-8", "13pm-2pm", "after", "6"])
def test_what_is_no_hours_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_hours(text, field="back_hours")
    assert caught.value.field == "back_hours"


@given(st.integers(0, LAST), st.integers(0, LAST))
def test_written_hours_are_read_back(first: int, last: int) -> None:
    if first == last or (first, last) == (0, LAST):
        return
    text = f"{first // 60:02}:{first % 60:02}-{last // 60:02}:{last % 60:02}"
    assert parse_hours(text) == Hours(first, last)


def test_a_party_of_more_than_nine_is_refused() -> None:
    assert check_children(7, 2) == 7
    for children, adults in ((8, 2), (-1, 2)):
        with pytest.raises(InvalidInput):
            check_children(children, adults)


def test_bags_are_none_one_or_two() -> None:
    assert [check_bags(bags) for bags in range(3)] == [0, 1, 2]
    with pytest.raises(InvalidInput):
        check_bags(3)
