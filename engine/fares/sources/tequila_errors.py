"""What a refusal of Kiwi Tequila means.

Parameters are refused as `{"message": [{"param", "errors": [...]}]}`, keys as `{"status", "error"}`, and
now and then there is plain text. Parameters are looked at before the key.
"""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from engine.domain import details
from engine.domain.quote import OutcomeKind
from engine.fares.exchange import Reply, Unanswered
from engine.fares.reading import plain_words

KEY_REFUSED: Final = "Tequila: key refused (by invitation only)"
# What it calls a key that is unknown or missing; the status is 400 or 403.
_STRANGER: Final = "unknown partner"
# A refused key is not shown again for this long: fifty routes would show it fifty times a batch.
_KEY_REST: Final = timedelta(minutes=10)
_TOO_FAST_REST: Final = timedelta(minutes=1)
_BAD_REQUEST, _UNAUTHORIZED, _FORBIDDEN, _UNPROCESSABLE = 400, 401, 403, 422
_REQUEST_TIMEOUT, _TOO_MANY = 408, 429
_CLIENT_ERROR, _SERVER_ERROR = 400, 500


class _Wrong(msgspec.Struct):
    param: str | None = None
    errors: list[str] = []


class _Fault(msgspec.Struct):
    """Either shape; `message` is a text where nothing is said about a parameter."""

    error: str | None = None
    message: list[_Wrong] | str | None = None


_FAULT: Final = msgspec.json.Decoder(_Fault)


def refusal(reply: Reply, now: datetime) -> Unanswered:
    """The outcome of a reply whose status is not 200."""
    fault = _read(reply.body)
    status = reply.status
    if status == _TOO_MANY:
        retry_at = reply.retry_at(now) or now + _TOO_FAST_REST
        return Unanswered(OutcomeKind.BLOCKED, details.RATE_LIMIT, retry_at=retry_at)
    if status >= _SERVER_ERROR or status == _REQUEST_TIMEOUT:
        return Unanswered(OutcomeKind.UNREACHABLE, f"HTTP {status}", retry_at=reply.retry_at(now))
    if status < _CLIENT_ERROR:
        return Unanswered(OutcomeKind.MALFORMED, f"HTTP {status}")
    if _refuses_key(status, fault):
        return Unanswered(OutcomeKind.REJECTED, KEY_REFUSED, retry_at=now + _KEY_REST)
    if status == _FORBIDDEN:
        # Not the service's own words: something in front of it.
        return Unanswered(OutcomeKind.BLOCKED, f"HTTP {status}", retry_at=reply.retry_at(now))
    return Unanswered(OutcomeKind.REJECTED, _words(fault) or f"HTTP {status}")


def _refuses_key(status: int, fault: _Fault | None) -> bool:
    if status == _UNAUTHORIZED:
        return True
    if fault is None or fault.error is None:
        return False
    return status == _FORBIDDEN or _STRANGER in fault.error.lower()


def _words(fault: _Fault | None) -> str:
    """The parameter first, as somebody has to look for it."""
    if fault is None:
        return ""
    if not isinstance(fault.message, list):
        return plain_words(fault.message or fault.error)
    wrong = next(iter(fault.message), _Wrong())
    said = (plain_words(wrong.param), plain_words(next(iter(wrong.errors), None)))
    return ": ".join(filter(None, said))


def _read(body: bytes) -> _Fault | None:
    try:
        return _FAULT.decode(body)
    except (ValueError, RecursionError):
        return None
