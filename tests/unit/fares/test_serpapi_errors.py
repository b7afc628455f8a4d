"""What SerpApi answers in place of a search, and the outcome of each."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.quote import OutcomeKind
from engine.fares.exchange import Reply
from engine.fares.sources.serpapi_errors import refusal
from tests.support.clock import START
from tests.unit.fares.serpapi_bodies import fixture


def error(words: str) -> bytes:
    return json.dumps({"error": words}).encode()


BOTH = "The number of requests exceeds the hourly throughput limit OR your account has run out of searches."


@pytest.mark.parametrize(
    ("status", "body", "kind", "detail"),
    [
        (401, fixture("invalid_key"), "rejected", "key refused; is SERPAPI_KEY right?"),
        (401, b"", "rejected", "key refused; is SERPAPI_KEY right?"),
        (429, fixture("out_of_searches"), "quota", "the searches of the plan are used up"),
        (429, error("You exceed the hourly throughput limit."), "blocked", "hourly limit"),
        (429, error(BOTH), "blocked", "hourly limit"),
        (429, b"", "blocked", "hourly limit"),
        (400, error("Missing `departure_id` parameter."), "rejected", "Missing departure_id parameter."),
        (403, error("This account is deleted."), "rejected", "This account is deleted."),
        (403, b"<html>Access denied</html>", "blocked", "HTTP 403"),
        (404, b"", "rejected", "HTTP 404"),
        (408, b"", "unreachable", "HTTP 408"),
        (500, error("Something went wrong."), "unreachable", "Something went wrong."),
        (503, b"<html>", "unreachable", "HTTP 503"),
        (302, b"", "malformed", "HTTP 302"),
    ],
)
def test_each_refusal_has_its_outcome_in_words(status: int, body: bytes, kind: str, detail: str) -> None:
    why = refusal(Reply(status=status, body=body), START)

    assert (why.kind, why.detail) == (OutcomeKind(kind), detail)


def test_the_hourly_limit_rests_until_the_next_hour_has_begun_for_certain() -> None:
    at = datetime(2026, 11, 22, 9, 40, tzinfo=UTC)

    why = refusal(Reply(status=429, body=b""), at)

    assert why.retry_at == datetime(2026, 11, 22, 10, 0, 30, tzinfo=UTC)


def test_the_hourly_limit_rests_as_long_as_a_header_says() -> None:
    assert refusal(Reply(status=429, body=b"", retry_after="90"), START).retry_at == START + timedelta(
        seconds=90
    )


def test_a_spent_plan_is_asked_again_after_a_day_and_a_refused_key_after_ten_minutes() -> None:
    spent = refusal(Reply(status=429, body=fixture("out_of_searches")), START)
    key = refusal(Reply(status=401, body=fixture("invalid_key")), START)

    assert (spent.retry_at, key.retry_at) == (START + timedelta(days=1), START + timedelta(minutes=10))
