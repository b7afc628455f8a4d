"""What a refusal of Duffel means; its errors are `{"errors": [{"type", "title", "code", ...}]}`.

The type decides and not the status: a busy airline and a fault of our own may come with the same one.
What stands in front of the service answers in HTML.
"""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from engine.domain import details
from engine.domain.quote import OutcomeKind
from engine.fares.exchange import Reply, Unanswered
from engine.fares.reading import plain_words

# A refused token is not shown again for this long: fifty routes would show it fifty times a batch.
_TOKEN_REST: Final = timedelta(minutes=10)
# The limit counts by the minute; the header that says when it ends may be missing or late.
_TOO_FAST_REST: Final = timedelta(minutes=1)
_UNAUTHORIZED, _FORBIDDEN, _REQUEST_TIMEOUT, _TOO_MANY = 401, 403, 408, 429
_CLIENT_ERROR, _SERVER_ERROR = 400, 500
_KINDS: Final = {
    "airline_error": OutcomeKind.UNREACHABLE,
    "api_error": OutcomeKind.UNREACHABLE,
    "invalid_request_error": OutcomeKind.REJECTED,
    "invalid_state_error": OutcomeKind.REJECTED,
    "validation_error": OutcomeKind.REJECTED,
}


class _Fault(msgspec.Struct):
    type: str | None = None
    title: str | None = None
    message: str | None = None


class _Faults(msgspec.Struct):
    errors: list[_Fault] = []


_FAULTS: Final = msgspec.json.Decoder(_Faults)


def refusal(reply: Reply, now: datetime) -> Unanswered:
    """The outcome of a reply that is neither 200 nor 201.

    Nothing is tried again here: 500 and 502 come with the advice not to, and a search may cost money.
    """
    fault = _read(reply.body)
    words = _words(fault) or f"HTTP {reply.status}"
    if fault.type == "rate_limit_error" or reply.status == _TOO_MANY:
        rests_until = reply.retry_at(now) or reply.reset_at(now) or now + _TOO_FAST_REST
        return Unanswered(OutcomeKind.BLOCKED, details.RATE_LIMIT, retry_at=rests_until)
    kind = _KINDS.get(fault.type or "")
    if fault.type == "authentication_error" or (kind is None and reply.status == _UNAUTHORIZED):
        words = f"token refused: {words}; is DUFFEL_TOKEN right?"
        return Unanswered(OutcomeKind.REJECTED, words, retry_at=now + _TOKEN_REST)
    return Unanswered(kind or _by_status(reply.status), words, retry_at=reply.retry_at(now))


def _by_status(status: int) -> OutcomeKind:
    """Where no error of the service's own stands in the body."""
    if status >= _SERVER_ERROR or status == _REQUEST_TIMEOUT:
        return OutcomeKind.UNREACHABLE
    if status == _FORBIDDEN:
        return OutcomeKind.BLOCKED
    return OutcomeKind.REJECTED if status >= _CLIENT_ERROR else OutcomeKind.MALFORMED


def _read(body: bytes) -> _Fault:
    try:
        faults = _FAULTS.decode(body).errors
    except (ValueError, RecursionError):
        return _Fault()
    return faults[0] if faults else _Fault()


def _words(fault: _Fault) -> str:
    """The title, and for what we asked wrongly the message, which names the field."""
    texts = (fault.title, fault.message if fault.type == "validation_error" else None)
    return ", ".join(filter(None, map(plain_words, texts)))
