"""From the bytes of a reply to the result of a call: JSON in a string, in JSON-RPC, in an event stream."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from engine.domain import details
from engine.domain.quote import OutcomeKind
from engine.fares.exchange import Reply, Unanswered
from engine.fares.sources.kiwi_request import REQUEST_ID

_TOO_FAST_REST: Final = timedelta(minutes=1)
# A door that something in front of the service shut: it opens no sooner for being knocked at.
_SHUT_REST: Final = timedelta(minutes=10)
_OUR_FAULTS: Final = range(-32602, -32599)  # JSON-RPC: invalid request, unknown method, invalid parameters
_TOO_FAST: Final = re.compile(r"rate.?limit|too many|\b429\b", re.IGNORECASE)
_NOT_PLAIN: Final = re.compile(r"[^A-Za-z0-9 .,/()'-]+")
_LONGEST: Final = 80
_UNAUTHORIZED, _FORBIDDEN, _REQUEST_TIMEOUT, _TOO_MANY = 401, 403, 408, 429
_CLIENT_ERROR, _SERVER_ERROR = 400, 500


class _Error(msgspec.Struct):
    code: int | None = None
    message: str | None = None


class _Content(msgspec.Struct):
    text: str | None = None


class Result(msgspec.Struct):
    """What a call came to: `content` of a tool, `tools` of a list."""

    content: list[_Content] = []
    tools: list[msgspec.Raw] = []
    isError: bool = False  # noqa: N815  the protocol's name


class _Message(msgspec.Struct):
    id: Any = None
    result: Result | None = None
    error: _Error | None = None


_MESSAGE: Final = msgspec.json.Decoder(_Message)


def result_of(body: bytes, now: datetime) -> Result:
    """The result of our call, whether it came as an event stream or as plain JSON.

    Raises:
        Unanswered: there is none, or the service says that it failed.
    """
    message = _message(body)
    if message.error is not None:
        kind = OutcomeKind.REJECTED if message.error.code in _OUR_FAULTS else OutcomeKind.UNREACHABLE
        raise failed(message.error.message, now, kind)
    assert message.result is not None  # noqa: S101  _message takes nothing else
    if message.result.isError:
        raise failed(" ".join(_texts(message.result)), now)
    return message.result


def json_of(result: Result) -> str:
    """The text of a tool's answer that is JSON once more; prose beside it is meant for a language model.

    Raises:
        Unanswered: there is no text at all.
    """
    texts = _texts(result)
    if not texts:
        raise Unanswered(OutcomeKind.MALFORMED, "no text in the answer")
    return next((text for text in texts if text.lstrip().startswith("{")), texts[0])


def failed(words: str | None, now: datetime, kind: OutcomeKind = OutcomeKind.REJECTED) -> Unanswered:
    """A failure that the service reports inside a 200, in its own words."""
    if words is not None and _TOO_FAST.search(words):
        return Unanswered(OutcomeKind.BLOCKED, details.RATE_LIMIT, retry_at=now + _TOO_FAST_REST)
    return Unanswered(kind, plain_words(words) or "it reports an error")


def refusal(reply: Reply, now: datetime) -> Unanswered:
    """The outcome of a reply whose status is not 200. There is no key that could be refused."""
    words = f"HTTP {reply.status}"
    asked = reply.retry_at(now)
    match reply.status:
        case status if status == _TOO_MANY:
            return Unanswered(OutcomeKind.BLOCKED, details.RATE_LIMIT, retry_at=asked or now + _TOO_FAST_REST)
        case status if status == _FORBIDDEN:
            return Unanswered(OutcomeKind.BLOCKED, words, retry_at=asked or now + _SHUT_REST)
        case status if status == _UNAUTHORIZED:
            return Unanswered(OutcomeKind.REJECTED, f"{words}: it wants a key now", retry_at=now + _SHUT_REST)
        case status if status >= _SERVER_ERROR or status == _REQUEST_TIMEOUT:
            return Unanswered(OutcomeKind.UNREACHABLE, words, retry_at=asked)
        case status if status >= _CLIENT_ERROR:
            return Unanswered(OutcomeKind.REJECTED, words)
        case _:
            return Unanswered(OutcomeKind.MALFORMED, words)


def plain_words(text: str | None) -> str:
    """What the service says, without what a message must not carry."""
    return " ".join(_NOT_PLAIN.sub(" ", text or "").split())[:_LONGEST]


def _texts(result: Result) -> list[str]:
    return [content.text for content in result.content if content.text is not None]


def _message(body: bytes) -> _Message:
    """The last message that answers us; others on the stream are notices."""
    start = body.lstrip()[:1]
    if start == b"<":
        raise Unanswered(OutcomeKind.MALFORMED, "HTML instead of JSON")
    found = None
    for data in (body,) if start == b"{" else _events(body):
        try:
            message = _MESSAGE.decode(data)
        except (ValueError, RecursionError):
            continue
        if message.id in (REQUEST_ID, None) and (message.result is not None or message.error is not None):
            found = message
    if found is None:
        raise Unanswered(OutcomeKind.MALFORMED, "no answer in the reply")
    return found


def _events(body: bytes) -> Iterator[bytes]:
    """The data of each event: its `data:` lines, joined; an empty line ends an event."""
    lines: list[bytes] = []
    for line in (*body.splitlines(), b""):
        if line.startswith(b"data:"):
            lines.append(line[5:].removeprefix(b" "))
        elif not line and lines:
            yield b"\n".join(lines)
            lines = []
