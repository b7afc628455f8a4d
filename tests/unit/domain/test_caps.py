"""Caps on texts: segments that would pass one are refused, the nearest to the member first."""

import pytest

from engine.domain.caps import Cap, Caps, Payer, Spent, in_words, passed

CAPS = Caps(member=3, server=10, day=20, month=200)
MEMBER = Payer(member_id="1001", server_id="5001")
OPERATOR = Payer()


def test_up_to_the_cap_there_is_room() -> None:
    assert passed(CAPS, Spent(member=2, server=9, day=19, month=199), 1, MEMBER) is None


@pytest.mark.parametrize(
    ("spent", "cap"),
    [
        (Spent(member=3, server=10, day=20, month=200), Cap.MEMBER),
        (Spent(server=10, day=20, month=200), Cap.SERVER),
        (Spent(day=20, month=200), Cap.DAY),
        (Spent(month=200), Cap.MONTH),
    ],
)
def test_the_first_cap_that_is_passed_is_named(spent: Spent, cap: Cap) -> None:
    assert passed(CAPS, spent, 1, MEMBER) is cap


def test_two_segments_do_not_fit_where_one_does() -> None:
    assert passed(CAPS, Spent(member=2), 1, MEMBER) is None
    assert passed(CAPS, Spent(member=2), 2, MEMBER) is Cap.MEMBER


def test_the_operators_phone_counts_for_the_instance_only() -> None:
    assert passed(CAPS, Spent(member=99, server=99), 1, OPERATOR) is None
    assert passed(CAPS, Spent(day=20), 1, OPERATOR) is Cap.DAY


def test_a_text_outside_any_server_has_no_server_cap() -> None:
    assert passed(CAPS, Spent(server=99), 1, Payer(member_id="1001")) is None


def test_a_cap_of_nothing_lets_nothing_through() -> None:
    assert passed(Caps(day=0), Spent(), 1, OPERATOR) is Cap.DAY


def test_each_cap_has_its_words() -> None:
    assert str(in_words(Cap.MEMBER, CAPS)) == "your 3 texts of today are used up"
    assert str(in_words(Cap.MEMBER, Caps(member=1))) == "your one text of today is used up"
    assert str(in_words(Cap.MONTH, CAPS)) == "this bot's 200 texts of the month are used up"
