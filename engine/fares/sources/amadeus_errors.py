"""What a refusal of Amadeus means.

API errors are `{"errors": [{"code", "title", ...}]}`, errors of the token endpoint
`{"error", "error_description", "code", "title"}`; `code` is sometimes a string. Codes after the
public guide "Common errors" and the descriptions of both services.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from engine.domain.quote import OutcomeKind
from engine.fares.exchange import Reply, Unanswered

CLOSED: Final = "the Amadeus Self-Service API closed on 17 July 2026"
_KEY_REFUSED: Final = frozenset({38187, 39683, 39686})
_RATE_LIMIT: Final = 38194
_QUOTA: Final = 38195
_SYSTEM_ERROR: Final = 141
# A refused key is not shown again for this long: fifty routes would show it fifty times a batch.
_KEY_REST: Final = timedelta(minutes=10)
_NOT_PLAIN: Final = re.compile(r"[^A-Za-z0-9 .,/()-]+")
_LONGEST_TITLE: Final = 60
_LONGEST_CODE: Final = 6
_UNAUTHORIZED, _FORBIDDEN, _REQUEST_TIMEOUT, _TOO_MANY = 401, 403, 408, 429
_CLIENT_ERROR, _SERVER_ERROR = 400, 500


class _Fault(msgspec.Struct):
    code: int | str | None = None
    title: str | None = None


class _Faults(msgspec.Struct):
    """Either shape: a list of faults, or one fault spread over the body."""

    errors: list[_Fault] = []
    code: int | str | None = None
    title: str | None = None


_FAULTS: Final = msgspec.json.Decoder(_Faults)


def token_expired(reply: Reply) -> bool:
    """Whether a new token may help: a 401 that does not refuse the key itself."""
    return reply.status == _UNAUTHORIZED and _read(reply.body)[0] not in _KEY_REFUSED


def refusal(reply: Reply, now: datetime) -> Unanswered:
    """The outcome of a reply whose status is not 200."""
    code, title = _read(reply.body)
    words = " ".join(filter(None, (str(code or ""), title))) or f"HTTP {reply.status}"
    if code == _QUOTA:
        return Unanswered(OutcomeKind.QUOTA, "38195 monthly quota", retry_at=_next_month(now))
    if code == _RATE_LIMIT:
        return Unanswered(OutcomeKind.BLOCKED, "38194 rate limit", retry_at=reply.retry_at(now))
    if reply.status == _UNAUTHORIZED and code in _KEY_REFUSED:
        return Unanswered(OutcomeKind.REJECTED, f"key refused: {words}; {CLOSED}", retry_at=now + _KEY_REST)
    return Unanswered(_kind(reply.status, code), words, retry_at=reply.retry_at(now))


def _kind(status: int, code: int | None) -> OutcomeKind:
    if status == _TOO_MANY:
        return OutcomeKind.BLOCKED
    if status >= _SERVER_ERROR or status == _REQUEST_TIMEOUT or code == _SYSTEM_ERROR:
        return OutcomeKind.UNREACHABLE
    if status == _FORBIDDEN and code is None:
        return OutcomeKind.BLOCKED  # not the service's own words: something in front of it
    return OutcomeKind.REJECTED if status >= _CLIENT_ERROR else OutcomeKind.MALFORMED


def _read(body: bytes) -> tuple[int | None, str | None]:
    """Code and title of the first fault, cleaned of what a message must not carry."""
    try:
        faults = _FAULTS.decode(body)
    except (ValueError, RecursionError):
        return None, None
    fault = faults.errors[0] if faults.errors else _Fault(faults.code, faults.title)
    title = " ".join(_NOT_PLAIN.sub(" ", fault.title or "").split())[:_LONGEST_TITLE]
    return _number(fault.code), title or None


def _number(code: int | str | None) -> int | None:
    text = str(code).strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_CODE else None


def _next_month(now: datetime) -> datetime:
    """The first instant of next month in UTC, when a monthly quota begins anew."""
    month = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (month + timedelta(days=32)).replace(day=1)
