"""Codes by Twilio Verify: it makes them, sends them and checks them.

60202 and 60203 come as HTTP 429 and are not to be tried again.
"""

import secrets
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec
import structlog
from twilio.rest import Client

from engine.alerts.channels.twilio_transport import NEVER_CONNECTED, REFUSALS, UNREADABLE
from engine.alerts.codes import CodeKind, CodeReply

logger = structlog.get_logger(__name__)

_SERVER_FAULTS: Final = 500


# https://www.twilio.com/docs/api/errors, and reliability 2.2
_REFUSALS: Final[Mapping[int, CodeKind]] = MappingProxyType(
    {
        20404: CodeKind.GONE,
        20429: CodeKind.BUSY,
        21211: CodeKind.NO_SUCH_PHONE,
        21610: CodeKind.STOPPED,
        21614: CodeKind.NO_SUCH_PHONE,
        60200: CodeKind.NO_SUCH_PHONE,
        60202: CodeKind.TOO_MANY_TRIES,
        60203: CodeKind.TOO_MANY_CODES,
        60205: CodeKind.NO_SUCH_PHONE,
        60212: CodeKind.BUSY,
        60410: CodeKind.BLOCKED,
        60605: CodeKind.BLOCKED,
    }
)
_STATUSES: Final[Mapping[str, CodeKind]] = MappingProxyType(
    {
        "approved": CodeKind.RIGHT,
        "pending": CodeKind.WRONG,
        "max_attempts_reached": CodeKind.TOO_MANY_TRIES,
        "canceled": CodeKind.GONE,
        "deleted": CodeKind.GONE,
        "expired": CodeKind.GONE,
        "failed": CodeKind.GONE,
    }
)


class VerifyCodes:
    """One Verify service, an `engine.alerts.codes.Codes`; `client` stands on the project's transport.

    It imports a good part of the library: make it in a thread.
    """

    def __init__(self, client: Client, service_sid: str) -> None:
        service = client.verify.v2.services(service_sid)
        self._verifications: Any = service.verifications
        self._checks: Any = service.verification_checks
        service.verifications("VE").fetch_async  # noqa: B018  imported on first use, and not on the loop

    async def send(self, number: str) -> CodeReply:
        """Send a code to a number in E.164; a second time within ten minutes it is the same code."""
        try:
            made = await self._verifications.create_async(to=number, channel="sms")
        except REFUSALS as refusal:
            return _not_found_is_a_setting(_refused(refusal.status, refusal.code))
        except NEVER_CONNECTED:
            return CodeReply(kind=CodeKind.UNREACHABLE)
        except UNREADABLE as fault:
            return _unknown(fault)
        if not isinstance(made.sid, str):
            return CodeReply(kind=CodeKind.UNKNOWN)
        return CodeReply(kind=CodeKind.SENT, sid=made.sid)

    async def check(self, sid: str, code: str) -> CodeReply:
        """Hold a typed code against the one that was sent."""
        try:
            checked = await self._checks.create_async(verification_sid=sid, code=code)
        except REFUSALS as refusal:
            return _refused(refusal.status, refusal.code)
        except NEVER_CONNECTED:
            return CodeReply(kind=CodeKind.UNREACHABLE)
        except UNREADABLE as fault:
            return _unknown(fault)
        if not isinstance(checked.status, str):
            return CodeReply(kind=CodeKind.UNKNOWN)
        return CodeReply(kind=_STATUSES.get(checked.status, CodeKind.UNKNOWN))

    async def pretend_send(self) -> CodeReply:
        """Send nothing, and ask Twilio for a verification that cannot exist."""
        try:
            await self._verifications(f"VE{secrets.token_hex(16)}").fetch_async()
        except REFUSALS as refusal:
            reply = _refused(refusal.status, refusal.code)
            return CodeReply(kind=CodeKind.SENT) if reply.kind is CodeKind.GONE else reply
        except NEVER_CONNECTED:
            return CodeReply(kind=CodeKind.UNREACHABLE)
        except UNREADABLE as fault:
            return _unknown(fault)
        return CodeReply(kind=CodeKind.SENT)

    async def pretend_check(self) -> CodeReply:
        """Ask for the same: a wrong code, unless Twilio would not have answered either."""
        reply = await self.pretend_send()
        return CodeReply(kind=CodeKind.WRONG) if reply.kind is CodeKind.SENT else reply


def _refused(status: int, code: int | None) -> CodeReply:
    logger.info("verify_refused", status=status, twilio=code)
    if status >= _SERVER_FAULTS:
        return CodeReply(kind=CodeKind.UNKNOWN, code=code)
    kind = _REFUSALS.get(code or 0, CodeKind.REFUSED)
    return CodeReply(kind=kind, code=code or status)


def _not_found_is_a_setting(reply: CodeReply) -> CodeReply:
    """When sending, what is not found is the service itself."""
    return msgspec.structs.replace(reply, kind=CodeKind.REFUSED) if reply.kind is CodeKind.GONE else reply


def _unknown(fault: Exception) -> CodeReply:
    logger.info("verify_without_answer", fault=type(fault).__name__)
    return CodeReply(kind=CodeKind.UNKNOWN)
