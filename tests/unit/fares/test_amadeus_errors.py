"""All error bodies of the public guide, and the outcome of each."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.quote import OutcomeKind
from engine.fares.exchange import Reply
from engine.fares.sources.amadeus_errors import refusal, token_expired
from tests.support.clock import START
from tests.unit.fares.amadeus_bodies import fixture

CLOSED = "the Amadeus Self-Service API closed on 17 July 2026"
# label in the guide: outcome, detail, whether a new token is tried first
EXPECTED = {
    "400 Bad request - Unsupported grant type": ("rejected", "38187 Invalid parameters", False),
    "401 Unauthorized - Invalid access token": ("rejected", "38190 Invalid access token", True),
    "401 Unauthorized -  Invalid client": (
        "rejected",
        f"key refused: 38187 Invalid parameters; {CLOSED}",
        False,
    ),
    "401 Unauthorized - Invalid HTTP header": ("rejected", "38191 Invalid HTTP header", True),
    "401 Unauthorized \u2013 Access token expired": ("rejected", "38192 Access token expired", True),
    "401 Unauthorized \u2013 Access token revoked": ("rejected", "38193 Access token revoked", True),
    "401 Unauthorized \u2013API revoked": (
        "rejected",
        f"key refused: 39683 API key revoked; {CLOSED}",
        False,
    ),
    "401 Unauthorized \u2013 Invalid API key": (
        "rejected",
        f"key refused: 39686 Invalid API key; {CLOSED}",
        False,
    ),
    "400 Bad request - Invalid format": ("rejected", "477 INVALID FORMAT", False),
    "403 Forbidden": ("rejected", "38197 Forbidden", False),
    "429 Too many requests": ("blocked", "38194 rate limit", False),
    "429 Quota limit exceeded": ("quota", "38195 monthly quota", False),
    "404 Not found - Resource not found": ("rejected", "38196 Resource not found", False),
    "500 Internal error": ("unreachable", "38189 Internal error", False),
}
BODIES = json.loads(fixture("guides__common_errors.json"))


def test_the_guide_lists_these_fourteen() -> None:
    assert sorted(EXPECTED) == sorted(entry["label"] for entry in BODIES)
    assert len(BODIES) == 14


@pytest.mark.parametrize("entry", BODIES, ids=lambda entry: entry["label"])
def test_each_error_of_the_guide_has_its_outcome(entry: dict[str, object]) -> None:
    reply = Reply(status=int(str(entry["http_status"])), body=json.dumps(entry["body"]).encode())

    why = refusal(reply, START)

    assert (why.kind.value, why.detail, token_expired(reply)) == EXPECTED[str(entry["label"])]


def refused(status: int, body: bytes = b"", retry_after: str | None = None) -> tuple[OutcomeKind, str]:
    why = refusal(Reply(status=status, body=body, retry_after=retry_after), START)
    return why.kind, why.detail


def fault(code: object, title: str = "T") -> bytes:
    return json.dumps({"errors": [{"code": code, "title": title}]}).encode()


@pytest.mark.parametrize(
    ("status", "body", "kind", "detail"),
    [
        (502, b"<html>Bad gateway</html>", "unreachable", "HTTP 502"),
        (503, b"", "unreachable", "HTTP 503"),
        (408, b"", "unreachable", "HTTP 408"),
        (400, fault(141, "SYSTEM ERROR HAS OCCURRED"), "unreachable", "141 SYSTEM ERROR HAS OCCURRED"),
        (400, fault("425", "INVALID DATE"), "rejected", "425 INVALID DATE"),
        (429, b"slow down", "blocked", "HTTP 429"),
        (429, fault("38195"), "quota", "38195 monthly quota"),
        (403, b"<html>Access denied</html>", "blocked", "HTTP 403"),
        (302, b"", "malformed", "HTTP 302"),
        (204, b"", "malformed", "HTTP 204"),
    ],
)
def test_other_refusals_have_an_outcome_by_their_code_or_status(
    status: int, body: bytes, kind: str, detail: str
) -> None:
    assert refused(status, body) == (OutcomeKind(kind), detail)


def test_a_title_is_cleaned_before_it_goes_into_a_message() -> None:
    kind, detail = refused(400, fault(477, "@everyone **bold**\n<script>" + "x" * 200))

    assert kind is OutcomeKind.REJECTED
    assert detail == ("477 everyone bold script " + "x" * 200)[: len("477 ") + 60]


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("7", timedelta(seconds=7)),
        ("Sun, 22 Nov 2026 09:02:00 GMT", timedelta(minutes=2)),
        ("86400", timedelta(hours=1)),
        ("9" * 60, timedelta(hours=1)),
        ("Sun, 22 Nov 2026 08:00:00 GMT", None),
        ("0", None),
        ("-5", None),
        ("soon", None),
        ("\u0667", None),  # a seven, but not one of HTTP's
        (None, None),
    ],
)
def test_a_rate_limit_rests_as_long_as_it_says_and_an_hour_at_most(
    header: str | None, wait: timedelta | None
) -> None:
    why = refusal(Reply(status=429, body=fault(38194), retry_after=header), START)

    assert why.retry_at == (None if wait is None else START + wait)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (datetime(2026, 11, 22, 9, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        (datetime(2027, 1, 31, 12, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)),
    ],
)
def test_a_spent_quota_rests_until_the_first_of_next_month(now: datetime, until: datetime) -> None:
    assert refusal(Reply(status=429, body=fault(38195)), now).retry_at == until


def test_a_refused_key_is_not_shown_again_for_ten_minutes() -> None:
    why = refusal(Reply(status=401, body=fault(39683, "API key revoked")), START)

    assert why.retry_at == START + timedelta(minutes=10)
