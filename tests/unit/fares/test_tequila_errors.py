"""The recorded refusals of Tequila, and the outcome of each."""

import json
from datetime import timedelta

import pytest

from engine.domain.quote import OutcomeKind
from engine.fares.exchange import Reply
from engine.fares.sources.tequila_errors import refusal
from tests.support.clock import START
from tests.unit.fares.tequila_bodies import FIXTURES, recorded

UNKNOWN_PARTNER = (FIXTURES / "observed_unknown_partner.json").read_bytes()
KEY_REFUSED = "Tequila: key refused (by invitation only)"
SAID = "Field fly_from cannot be anywhere or unspecified when fly_to is either anywhere or unspecified."
ANYWHERE = f"fly_from: {SAID[:80]}"


@pytest.mark.parametrize(
    ("name", "status", "detail"),
    [
        ("moviendome__empty-params.json", 400, ANYWHERE),
        # Recorded with a wrong key: parameters are looked at before it.
        ("moviendome__invalid-token.json", 400, ANYWHERE),
        ("moviendome__invalid-from.json", 422, "fly_from: Not recognized location invalid-from"),
        ("moviendome__invalid-location.json", 400, "HTTP 400"),
    ],
)
def test_a_recorded_refusal_is_rejected_with_its_parameter_named(name: str, status: int, detail: str) -> None:
    reply = recorded(name)

    why = refusal(reply, START)

    assert (reply.status, why.kind, why.detail) == (status, OutcomeKind.REJECTED, detail)
    assert why.retry_at is None


@pytest.mark.parametrize("status", [400, 403])
def test_an_unknown_key_is_refused_in_words_and_left_alone_for_a_while(status: int) -> None:
    why = refusal(Reply(status=status, body=UNKNOWN_PARTNER), START)

    assert (why.kind, why.detail) == (OutcomeKind.REJECTED, KEY_REFUSED)
    assert why.retry_at == START + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("status", "body", "kind", "detail"),
    [
        (401, b"", "rejected", KEY_REFUSED),
        (403, b'{"error": "Forbidden"}', "rejected", KEY_REFUSED),
        (403, b"<html>Access denied</html>", "blocked", "HTTP 403"),
        (403, b"{}", "blocked", "HTTP 403"),
        (400, b'{"status": "Bad Request", "error": "date in the past"}', "rejected", "date in the past"),
        (400, b'{"message": "no such thing"}', "rejected", "no such thing"),
        (400, b'{"message": []}', "rejected", "HTTP 400"),
        (400, b'{"message": [{"param": "date_from", "errors": []}]}', "rejected", "date_from"),
        (404, b"", "rejected", "HTTP 404"),
        (429, b"slow down", "blocked", "rate limit"),
        (408, b"", "unreachable", "HTTP 408"),
        (500, b"{}", "unreachable", "HTTP 500"),
        (502, b"<html>Bad gateway</html>", "unreachable", "HTTP 502"),
        (302, b"", "malformed", "HTTP 302"),
        (204, b"", "malformed", "HTTP 204"),
    ],
)
def test_other_refusals_have_an_outcome_by_their_words_or_status(
    status: int, body: bytes, kind: str, detail: str
) -> None:
    why = refusal(Reply(status=status, body=body), START)

    assert (why.kind.value, why.detail) == (kind, detail)


@pytest.mark.parametrize(
    ("header", "wait"),
    [("7", timedelta(seconds=7)), (None, timedelta(minutes=1)), ("soon", timedelta(minutes=1))],
)
def test_a_rate_limit_rests_as_long_as_it_says_else_a_minute(header: str | None, wait: timedelta) -> None:
    why = refusal(Reply(status=429, body=b"", retry_after=header), START)

    assert (why.kind, why.retry_at) == (OutcomeKind.BLOCKED, START + wait)


def test_what_it_says_is_cleaned_before_it_goes_into_a_message() -> None:
    said = {"message": [{"param": "@everyone", "errors": ["**bold**\n<script>" + "x" * 200]}]}

    why = refusal(Reply(status=400, body=json.dumps(said).encode()), START)

    assert why.detail == "everyone: " + ("bold script " + "x" * 200)[:80]
