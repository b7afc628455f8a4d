"""The seven recorded error envelopes of Duffel, what else may come, and the outcome of each."""

import json
from datetime import timedelta

import pytest

from engine.domain.budget import CallLimits
from engine.domain.quote import OutcomeKind
from engine.fares.exchange import Reply
from engine.fares.sources.duffel_errors import refusal
from engine.fares.sources.duffel_token import is_test, limits
from tests.support.clock import START
from tests.unit.fares.duffel_bodies import FIXTURES, fixture

# recording: the status on the wire (the one inside was copied along), outcome, detail
ENVELOPES = {
    "airline_error": (502, "unreachable", "Unexpected Airline Error"),
    "api_error": (500, "unreachable", "Internal server error"),
    "authentication_error": (
        401,
        "rejected",
        "token refused: Missing authorization header; is DUFFEL_TOKEN right?",
    ),
    "invalid_request_error": (400, "rejected", "Missing version header"),
    "invalid_state_error": (400, "rejected", "Invalid order create type"),
    "rate_limit_error": (429, "blocked", "rate limit"),
    "validation_error": (422, "rejected", "Required field, Field 'slices' can't be blank"),
}


def test_these_are_all_that_were_recorded() -> None:
    assert {path.stem.removeprefix("ruby__") for path in FIXTURES.glob("*_error.json")} == set(ENVELOPES)


@pytest.mark.parametrize("name", ENVELOPES)
def test_each_recorded_envelope_has_its_outcome(name: str) -> None:
    status, kind, detail = ENVELOPES[name]

    why = refusal(Reply(status=status, body=fixture(name)), START)

    assert (why.kind.value, why.detail) == (kind, detail)


@pytest.mark.parametrize("name", ENVELOPES)
def test_the_type_decides_and_not_the_status_inside(name: str) -> None:
    inside = json.loads(fixture(name))["meta"]["status"]

    why = refusal(Reply(status=inside, body=fixture(name)), START)

    assert why.kind.value == ENVELOPES[name][1]


@pytest.mark.parametrize(
    ("status", "body", "kind", "detail"),
    [
        (502, b"<!DOCTYPE html><title>502 Bad Gateway</title>", "unreachable", "HTTP 502"),
        (503, b"<html>Service Unavailable</html>", "unreachable", "HTTP 503"),
        (500, b"", "unreachable", "HTTP 500"),
        (408, b"", "unreachable", "HTTP 408"),
        (403, b"<html>Access denied</html>", "blocked", "HTTP 403"),
        (403, b'{"errors":[{"type":"invalid_request_error","title":"No"}]}', "rejected", "No"),
        (404, b'{"errors":[]}', "rejected", "HTTP 404"),
        (406, b"", "rejected", "HTTP 406"),
        (429, b"slow down", "blocked", "rate limit"),
        (401, b"", "rejected", "token refused: HTTP 401; is DUFFEL_TOKEN right?"),
        (302, b"", "malformed", "HTTP 302"),
    ],
)
def test_other_refusals_have_an_outcome_by_their_status(
    status: int, body: bytes, kind: str, detail: str
) -> None:
    why = refusal(Reply(status=status, body=body), START)

    assert (why.kind, why.detail) == (OutcomeKind(kind), detail)


@pytest.mark.parametrize(
    ("reset", "retry_after", "wait"),
    [
        ("Sun, 22 Nov 2026 09:00:45 GMT", None, timedelta(seconds=45)),
        ("Sun, 22 Nov 2026 10:05:45 GMT", None, timedelta(hours=1)),
        ("Sun, 22 Nov 2026 09:00:45 GMT", "7", timedelta(seconds=7)),
        ("Sun, 22 Nov 2026 08:59:59 GMT", None, timedelta(minutes=1)),
        ("soon", None, timedelta(minutes=1)),
        (None, None, timedelta(minutes=1)),
    ],
)
def test_a_rate_limit_rests_until_the_date_in_its_header(
    reset: str | None, retry_after: str | None, wait: timedelta
) -> None:
    reply = Reply(status=429, body=fixture("rate_limit_error"), rate_reset=reset, retry_after=retry_after)

    assert refusal(reply, START).retry_at == START + wait


@pytest.mark.parametrize("status", [500, 502, 503])
def test_the_end_of_the_rate_limit_on_another_refusal_does_not_make_the_source_rest(status: int) -> None:
    reply = Reply(status=status, body=b"", rate_reset="Sun, 22 Nov 2026 09:00:45 GMT")

    assert refusal(reply, START).retry_at is None


def test_a_refused_token_is_not_shown_again_for_ten_minutes() -> None:
    why = refusal(Reply(status=401, body=fixture("authentication_error")), START)

    assert why.retry_at == START + timedelta(minutes=10)


def test_a_title_is_cleaned_before_it_goes_into_a_message() -> None:
    body = json.dumps({"errors": [{"type": "api_error", "title": "@everyone **bold**\n<script>"}]}).encode()

    assert refusal(Reply(status=500, body=body), START).detail == "everyone bold script"


def test_a_live_token_makes_no_call_until_a_budget_is_set_and_a_test_token_is_free() -> None:
    nothing_set, some = CallLimits(), CallLimits(per_day=20)

    assert limits("duffel_live_abc", nothing_set) == CallLimits(per_month=0)
    assert limits("", nothing_set) == CallLimits(per_month=0)
    assert limits("duffel_live_abc", some) == limits("duffel_test_abc", some) == some
    assert limits("duffel_test_abc", nothing_set) == nothing_set
    assert (is_test("duffel_test_abc"), is_test("duffel_live_abc")) == (True, False)
