"""Each code of the reference's table has its one action (reliability 2.2)."""

from datetime import timedelta

import pytest

from engine.alerts.channels.sms_errors import (
    CODES,
    Then,
    in_words,
    is_about_the_number,
    meaning_of,
    understand,
)
from engine.alerts.ports import DeliveryKind

# As the reference has them: the rows of its table, and what follows.
TABLE = {
    20003: Then.SENDER_STOPS,
    20429: Then.AGAIN,
    21211: Then.NUMBER_STOPS,
    21212: Then.SENDER_STOPS,
    21408: Then.HINT,
    21606: Then.SENDER_STOPS,
    21608: Then.HINT,
    21609: Then.HINT,
    21610: Then.NUMBER_STOPS,
    21611: Then.AGAIN,
    21612: Then.SENDER_STOPS,
    21614: Then.NUMBER_STOPS,
    21617: Then.HINT,
    21635: Then.NUMBER_STOPS,
    21659: Then.SENDER_STOPS,
    30001: Then.AGAIN,
    30002: Then.SENDER_STOPS,
    30003: Then.NUMBER_FAILS,
    30004: Then.HINT,
    30005: Then.NUMBER_FAILS,
    30006: Then.NUMBER_STOPS,
    30007: Then.HINT,
    30008: Then.NUMBER_FAILS,
    30022: Then.SENDER_RESTS,
    30034: Then.SENDER_RESTS,
    60728: Then.SENDER_RESTS,
    63038: Then.SENDER_RESTS,
}


def test_the_table_is_whole() -> None:
    assert {code: meaning.then for code, meaning in CODES.items()} == TABLE


@pytest.mark.parametrize(
    ("code", "rests_for"),
    [
        (30022, timedelta(minutes=5)),
        (60728, timedelta(hours=1)),
        (63038, timedelta(hours=24)),
        (30034, None),
        (20003, timedelta(hours=1)),
    ],
)
def test_the_sender_rests_as_long_as_the_window_lasts(code: int, rests_for: timedelta | None) -> None:
    assert meaning_of(code).rests_for == rests_for


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 429])
@pytest.mark.parametrize("code", sorted(TABLE))
def test_a_429_is_repeated_only_where_it_is_about_too_many_requests(code: int, status: int) -> None:
    again = TABLE[code] is Then.AGAIN and (status != 429 or code == 20429)
    assert (understand(status, code).kind is DeliveryKind.RETRY) is again


@pytest.mark.parametrize(
    ("status", "code"), [(404, 20404), (500, 20500), (503, None), (502, 0), (200, None), (301, 21610)]
)
def test_what_is_no_refusal_leaves_the_outcome_unknown(status: int, code: int | None) -> None:
    assert understand(status, code).kind is DeliveryKind.UNKNOWN


@pytest.mark.parametrize("code", [21211, 21612, 21614, 21635, 30006, 21610])
def test_a_number_at_fault_stops_its_own_lane(code: int) -> None:
    assert understand(400, code).stop_lane


@pytest.mark.parametrize("code", [20003, 21606, 21408, 63038, 30007, 29999])
def test_what_no_number_is_at_fault_for_stops_no_lane(code: int) -> None:
    assert not understand(400, code).stop_lane


def test_a_code_that_is_not_known_is_lost_and_hinted_at() -> None:
    assert meaning_of(29999).then is Then.HINT
    assert understand(400, 29999).why == "Twilio 29999"
    assert in_words(None) == "Twilio without a code"


def test_a_new_start_cures_what_the_number_is_not_at_fault_for() -> None:
    about = {code for code in CODES if is_about_the_number(in_words(code))}
    assert about == {code for code, then in TABLE.items() if then in (Then.NUMBER_STOPS, Then.NUMBER_FAILS)}
