"""What a refusal of the Travelpayouts Data API means; its errors are `{"success": false, "error": "..."}`."""

import re
from datetime import datetime, timedelta
from typing import Final

import msgspec

from engine.domain import details
from engine.domain.quote import OutcomeKind
from engine.fares.exchange import Reply, Unanswered

# A refused token is not shown again for this long: fifty routes would show it fifty times a batch.
_TOKEN_REST: Final = timedelta(minutes=10)
_MINUTE: Final = timedelta(minutes=1)
# Our minute and theirs do not begin at the same instant.
_SLACK: Final = timedelta(seconds=2)
_NOT_PLAIN: Final = re.compile(r"[^A-Za-z0-9 .,/()'-]+")
_LONGEST: Final = 80
_BAD_REQUEST, _UNAUTHORIZED, _FORBIDDEN, _REQUEST_TIMEOUT, _TOO_MANY = 400, 401, 403, 408, 429
_CLIENT_ERROR, _SERVER_ERROR = 400, 500


class BadQuestion(Unanswered):
    """A 400: the service does not take these dates or places."""


class _Fault(msgspec.Struct):
    error: str | None = None


_FAULT: Final = msgspec.json.Decoder(_Fault)


def refusal(reply: Reply, now: datetime) -> Unanswered:
    """The outcome of a reply whose status is not 200."""
    words = plain_words(_error(reply.body)) or f"HTTP {reply.status}"
    match reply.status:
        case status if status == _TOO_MANY:
            return Unanswered(OutcomeKind.BLOCKED, details.RATE_LIMIT, retry_at=_minute_over(reply, now))
        case status if status in (_UNAUTHORIZED, _FORBIDDEN):
            words = f"token refused: {words}; is TRAVELPAYOUTS_TOKEN right?"
            return Unanswered(OutcomeKind.REJECTED, words, retry_at=now + _TOKEN_REST)
        case status if status == _BAD_REQUEST:
            return BadQuestion(OutcomeKind.REJECTED, words)
        case status if status >= _SERVER_ERROR or status == _REQUEST_TIMEOUT:
            return Unanswered(OutcomeKind.UNREACHABLE, words, retry_at=reply.retry_at(now))
        case status if status >= _CLIENT_ERROR:
            return Unanswered(OutcomeKind.REJECTED, words)
        case _:
            return Unanswered(OutcomeKind.MALFORMED, words)


def plain_words(text: str | None) -> str:
    """What the service says, without what a message must not carry."""
    return " ".join(_NOT_PLAIN.sub(" ", text or "").split())[:_LONGEST]


def _minute_over(reply: Reply, now: datetime) -> datetime:
    """Over the limit, all calls are refused until the minute ends; no Retry-After is documented."""
    minute_over = now.replace(second=0, microsecond=0) + _MINUTE + _SLACK
    return max(minute_over, reply.retry_at(now) or minute_over)


def _error(body: bytes) -> str | None:
    try:
        return _FAULT.decode(body).error
    except (ValueError, RecursionError):
        return None
