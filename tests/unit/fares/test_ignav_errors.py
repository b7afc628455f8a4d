"""The documented refusals of Ignav, and the outcome of each."""

from datetime import timedelta

import pytest

from engine.domain.quote import OutcomeKind
from engine.fares.exchange import Reply
from engine.fares.sources.ignav_errors import refusal
from tests.support.clock import START
from tests.unit.fares.ignav_bodies import handwritten

MINUTE = timedelta(minutes=1)
FREE_CALLS_GONE = "its free calls are used up, and no billing is set up at ignav.com/dashboard"
EMAIL_UNVERIFIED = "the account's e-mail address is not verified: follow the link that Ignav sent"


@pytest.mark.parametrize(
    ("status", "kind", "detail", "rest"),
    [
        (400, "rejected", "origin: origin must be a supported 3-letter IATA code.", None),
        (401, "rejected", "key refused", 10 * MINUTE),
        (402, "quota", FREE_CALLS_GONE, 60 * MINUTE),
        (403, "rejected", EMAIL_UNVERIFIED, 10 * MINUTE),
        (404, "rejected", "No such itinerary.", None),
        (424, "unreachable", "The request could not be completed. Please try again.", None),
    ],
)
def test_each_documented_error_has_its_outcome(
    status: int, kind: str, detail: str, rest: timedelta | None
) -> None:
    why = refusal(Reply(status=status, body=handwritten(f"error_{status}")), START)

    assert (why.kind.value, why.detail) == (kind, detail)
    assert why.retry_at == (None if rest is None else START + rest)


@pytest.mark.parametrize(
    ("status", "body", "kind", "detail"),
    [
        (403, b"<html>Access denied</html>", "blocked", "HTTP 403"),
        (402, b"", "quota", FREE_CALLS_GONE),
        (422, b'{"error": {"code": "odd_thing", "field": "market"}}', "rejected", "market: odd_thing"),
        (400, b'{"error": "text"}', "rejected", "HTTP 400"),
        (424, b"", "unreachable", "HTTP 424"),
        (408, b"", "unreachable", "HTTP 408"),
        (500, b"{}", "unreachable", "HTTP 500"),
        (502, b"<html>Bad gateway</html>", "unreachable", "HTTP 502"),
        (429, b"", "blocked", "rate limit"),
        (301, b"", "malformed", "HTTP 301"),
    ],
)
def test_other_refusals_have_an_outcome_by_their_status(
    status: int, body: bytes, kind: str, detail: str
) -> None:
    why = refusal(Reply(status=status, body=body), START)

    assert (why.kind.value, why.detail) == (kind, detail)


@pytest.mark.parametrize(("header", "wait"), [("7", timedelta(seconds=7)), (None, MINUTE), ("soon", MINUTE)])
def test_a_rate_limit_rests_as_long_as_it_says_else_a_minute(header: str | None, wait: timedelta) -> None:
    why = refusal(Reply(status=429, body=b"", retry_after=header), START)

    assert (why.kind, why.retry_at) == (OutcomeKind.BLOCKED, START + wait)
