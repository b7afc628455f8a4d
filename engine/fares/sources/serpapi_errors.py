"""What SerpApi means by an error, which may stand in a 200 as well: `{"error": "a sentence"}`."""

import re
from datetime import datetime, timedelta
from typing import Final

import msgspec

from engine.domain import details
from engine.domain.quote import OutcomeKind
from engine.fares.exchange import Reply, Unanswered
from engine.fares.reading import plain_words

# The one sentence that says there is nothing; every other one says that something went wrong.
NO_RESULTS: Final = "Google Flights hasn't returned any results for this query."
# A refused key is not shown again for this long: fifty routes would show it fifty times a batch.
_KEY_REST: Final = timedelta(minutes=10)
# The plan begins anew on a day that the reply does not name.
_QUOTA_REST: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
# Our hour and theirs do not begin at the same instant.
_SLACK: Final = timedelta(seconds=30)
_TOO_FAST: Final = re.compile(r"throughput|per hour|hourly", re.IGNORECASE)
_SPENT: Final = re.compile(r"run out of searches|searches .{0,30}exhausted", re.IGNORECASE)
_BAD_KEY: Final = re.compile(r"api.key", re.IGNORECASE)
_UNAUTHORIZED, _FORBIDDEN, _REQUEST_TIMEOUT, _TOO_MANY = 401, 403, 408, 429
_OK, _CLIENT_ERROR, _SERVER_ERROR = 200, 400, 500


class _Fault(msgspec.Struct):
    error: str | None = None


_FAULT: Final = msgspec.json.Decoder(_Fault)


def refusal(reply: Reply, now: datetime) -> Unanswered:
    """The outcome of a reply whose status is not 200."""
    return failed(_error(reply.body), now, status=reply.status, retry_at=reply.retry_at(now))


def failed(
    words: str | None, now: datetime, *, status: int = _OK, retry_at: datetime | None = None
) -> Unanswered:
    """An error in the service's own words, by what they say and then by the status they came with.

    429 stands for two things, a fast hour and a spent plan; where its words name both or neither, the
    hour is believed, for it ends sooner.
    """
    words = words or ""
    too_many = status == _TOO_MANY
    if _TOO_FAST.search(words) or (too_many and not _SPENT.search(words)):
        hour_over = now.replace(minute=0, second=0, microsecond=0) + _HOUR + _SLACK
        return Unanswered(OutcomeKind.BLOCKED, details.HOURLY_LIMIT, retry_at=retry_at or hour_over)
    if _SPENT.search(words):
        return Unanswered(OutcomeKind.QUOTA, details.PLAN_USED_UP, retry_at=now + _QUOTA_REST)
    if status == _UNAUTHORIZED or _BAD_KEY.search(words):
        return Unanswered(
            OutcomeKind.REJECTED, "key refused; is SERPAPI_KEY right?", retry_at=now + _KEY_REST
        )
    plain = plain_words(words)
    if status == _FORBIDDEN:
        kind = OutcomeKind.REJECTED if plain else OutcomeKind.BLOCKED
        return Unanswered(kind, plain or f"HTTP {status}", retry_at=retry_at or now + _KEY_REST)
    return Unanswered(_kind(status), plain or f"HTTP {status}", retry_at=retry_at)


def _kind(status: int) -> OutcomeKind:
    """An error inside a 200 is a search that failed behind the service, like a 5xx."""
    if status >= _SERVER_ERROR or status in (_OK, _REQUEST_TIMEOUT):
        return OutcomeKind.UNREACHABLE
    return OutcomeKind.REJECTED if status >= _CLIENT_ERROR else OutcomeKind.MALFORMED


def _error(body: bytes) -> str | None:
    try:
        return _FAULT.decode(body).error
    except (ValueError, RecursionError):
        return None
