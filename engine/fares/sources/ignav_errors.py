"""What a refusal of Ignav means; its errors are `{"error": {"type", "code", "message", "field"}}`.

402 and 403 are states of the account, not limits of pace: they last until somebody does something.
"""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from engine.domain import details
from engine.domain.quote import OutcomeKind
from engine.fares.exchange import Reply, Unanswered
from engine.fares.reading import plain_words

FREE_CALLS_GONE: Final = "its free calls are used up, and no billing is set up at ignav.com/dashboard"
EMAIL_UNVERIFIED: Final = "the account's e-mail address is not verified: follow the link that Ignav sent"
KEY_REFUSED: Final = "key refused"
# Nobody pays or reads mail within seconds: fifty routes would be refused fifty times a batch.
_ACCOUNT_REST: Final = timedelta(minutes=10)
_BILLING_REST: Final = timedelta(hours=1)
_TOO_FAST_REST: Final = timedelta(minutes=1)
_UNAUTHORIZED, _PAYMENT, _FORBIDDEN = 401, 402, 403
_REQUEST_TIMEOUT, _FAILED_DEPENDENCY, _TOO_MANY = 408, 424, 429
_CLIENT_ERROR, _SERVER_ERROR = 400, 500


class _Error(msgspec.Struct):
    code: str | None = None
    message: str | None = None
    field: str | None = None


class _Fault(msgspec.Struct):
    error: _Error


_FAULT: Final = msgspec.json.Decoder(_Fault)


def refusal(reply: Reply, now: datetime) -> Unanswered:
    """The outcome of a reply whose status is not 200."""
    fault = _read(reply.body)
    words = _words(fault) or f"HTTP {reply.status}"
    match reply.status:
        case status if status == _UNAUTHORIZED:
            return Unanswered(OutcomeKind.REJECTED, KEY_REFUSED, retry_at=now + _ACCOUNT_REST)
        case status if status == _PAYMENT:
            return Unanswered(OutcomeKind.QUOTA, FREE_CALLS_GONE, retry_at=now + _BILLING_REST)
        case status if status == _FORBIDDEN and fault is not None:
            return Unanswered(OutcomeKind.REJECTED, EMAIL_UNVERIFIED, retry_at=now + _ACCOUNT_REST)
        case status if status == _FORBIDDEN:
            # Not the service's own words: something in front of it.
            return Unanswered(OutcomeKind.BLOCKED, words, retry_at=reply.retry_at(now))
        case status if status == _TOO_MANY:
            retry_at = reply.retry_at(now) or now + _TOO_FAST_REST
            return Unanswered(OutcomeKind.BLOCKED, details.RATE_LIMIT, retry_at=retry_at)
        case status if status in (_REQUEST_TIMEOUT, _FAILED_DEPENDENCY) or status >= _SERVER_ERROR:
            # 424: what it asks itself failed; it says that one may ask again.
            return Unanswered(OutcomeKind.UNREACHABLE, words, retry_at=reply.retry_at(now))
        case status if status >= _CLIENT_ERROR:
            return Unanswered(OutcomeKind.REJECTED, words)
        case _:
            return Unanswered(OutcomeKind.MALFORMED, words)


def _words(fault: _Error | None) -> str:
    """The field first, as somebody has to look for it."""
    if fault is None:
        return ""
    return ": ".join(filter(None, (plain_words(fault.field), plain_words(fault.message or fault.code))))


def _read(body: bytes) -> _Error | None:
    try:
        return _FAULT.decode(body).error
    except (ValueError, RecursionError):
        return None
