"""Codes that prove a phone is its owner's: what came of sending one, and of typing it.

A typed outcome for every answer, never an exception; neither the number nor the code is ever logged.
"""

from enum import StrEnum
from typing import Protocol

import msgspec


class CodeKind(StrEnum):
    """What came of sending or checking a code."""

    SENT = "sent"
    RIGHT = "right"
    WRONG = "wrong"
    GONE = "gone"  # run out, used, or replaced
    TOO_MANY_CODES = "too many codes"
    TOO_MANY_TRIES = "too many tries"
    NO_SUCH_PHONE = "no such phone"
    BLOCKED = "blocked"
    STOPPED = "stopped"  # the phone had said STOP
    BUSY = "busy"
    REFUSED = "refused"  # the operator's account or service is at fault
    UNKNOWN = "unknown"  # no usable answer: it may have been carried out
    UNREACHABLE = "unreachable"  # it was certainly not


class CodeReply(msgspec.Struct, frozen=True, kw_only=True):
    """The answer; `sid` names the verification when a code was sent, `code` is Twilio's on a refusal."""

    kind: CodeKind
    sid: str | None = None
    code: int | None = None


class Codes(Protocol):
    """Sends codes and checks them; one lives ten minutes and takes five tries."""

    async def send(self, number: str) -> CodeReply:
        """Send a code to a number in E.164: SENT with a `sid`, or why not."""
        ...

    async def check(self, sid: str, code: str) -> CodeReply:
        """Hold a typed code against the one that was sent: RIGHT once, else WRONG, GONE or why not."""
        ...

    async def pretend_send(self) -> CodeReply:
        """Send nothing and take about as long; SENT unless a code could not have been sent either."""
        ...

    async def pretend_check(self) -> CodeReply:
        """What a wrong code typed for a pretended sending comes to, in about the same time."""
        ...
