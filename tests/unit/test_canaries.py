"""The canaries sing: a leak in any form is found, and chance is not taken for one."""

import base64
import logging

import pytest
import structlog

from tests.support.canaries import Canaries, listening

pytestmark = pytest.mark.shows_canaries
CANARIES = Canaries(numbers=["+4915187650001"], codes=["048213"], secrets=["s3cr3t-token/of+mine"])


@pytest.mark.parametrize(
    "leak",
    [
        "+4915187650001",
        "to=%2B4915187650001&body",
        "4915187650001",
        "015187650001",
        "0049 151 87650001",
        "+49 (0)151-8765 0001",
        "+49\u00a0151\u00a087650001",
        '{"to": "+4915187650001"}',
        b"\x00\x01+4915187650001\xff",
    ],
)
def test_a_number_is_found_however_it_is_written(leak: str | bytes) -> None:
    assert CANARIES.found_in(leak) == ["number 1"]


@pytest.mark.parametrize("other", ["+49…001", "99915187650001777", "151 8765", "4915187650002"])
def test_a_shortened_or_another_number_is_no_leak(other: str) -> None:
    assert CANARIES.found_in(other) == []


def test_a_code_is_found_alone_and_not_within_a_longer_number() -> None:
    assert CANARIES.found_in("your code is 048213.") == ["code 1"]
    assert CANARIES.found_in("id 1048213 and a048213f") == []


@pytest.mark.parametrize("before", ["", "A", "AC", "ACx:"])
def test_a_secret_is_found_in_clear_in_a_url_and_in_base64(before: str) -> None:
    secret = "s3cr3t-token/of+mine"
    coded = base64.b64encode(f"{before}{secret}".encode()).decode()
    for leak in (secret, "?key=s3cr3t-token%2Fof%2Bmine", f"Basic {coded}"):
        assert CANARIES.found_in(leak) == ["secret 1"]


def test_a_failure_names_the_place_and_the_kind_but_not_the_thing() -> None:
    with pytest.raises(AssertionError, match="number 1 in log") as failure:
        CANARIES.assert_absent({"log": "sent to 4915187650001", "fares.db": b"nothing"})
    assert "4915187650001" not in str(failure.value)


def test_all_logs_are_heard_at_any_level_with_their_tracebacks() -> None:
    with listening() as heard:
        logging.getLogger("aiosqlite").debug("executing %s", "+4915187650001")
        try:
            int("about 048213")
        except ValueError:
            structlog.get_logger().exception("failed")
            logging.getLogger("x").exception("failed too")
    assert CANARIES.found_in(heard.text) == ["number 1", "code 1"]
    assert heard.text.count("Traceback") == 2
    assert logging.getLogger().level != logging.DEBUG
