"""One text at a time that stands in no outbox: a code, a test. Sent once, and never looked for afterwards."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

import msgspec
import structlog
from twilio.rest import Client

from engine.alerts.channels.twilio_transport import NEVER_CONNECTED, REFUSALS, UNREADABLE, sender_fields

logger = structlog.get_logger(__name__)

_CLIENT_FAULTS: Final = range(400, 500)
_NOT_FOUND: Final = 20404
_NOWHERE: Final = "SM" + "0" * 32


class Came(StrEnum):
    """What came of a text."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  # certainly not sent, and Twilio says why
    UNREACHABLE = "unreachable"  # certainly not sent
    UNKNOWN = "unknown"  # no usable answer: it may be on its way


class Posted(msgspec.Struct, frozen=True, kw_only=True):
    """Twilio's answer: its id of an accepted text, its code for a refusal, else the HTTP status."""

    came: Came
    sid: str | None = None
    code: int | None = None


class SingleTexts:
    """Sends by the account's own sender: a Messaging Service when one is named, else `from_number`.

    Raises nothing that a provider may do; neither number nor text is ever logged.
    """

    def __init__(
        self, client: Client, *, from_number: str | None = None, messaging_service_sid: str | None = None
    ) -> None:
        self._client = client
        self._sender = sender_fields(from_number, messaging_service_sid)

    async def send(self, number: str, body: str, valid_for: timedelta) -> Posted:
        """POST one text, once; the provider drops it when it could not be delivered within `valid_for`."""
        try:
            made = await self._client.messages.create_async(
                to=number, body=body, validity_period=int(valid_for.total_seconds()), **self._sender
            )
        except REFUSALS as refusal:
            return _refused(refusal.status, refusal.code)
        except NEVER_CONNECTED:
            return Posted(came=Came.UNREACHABLE)
        except UNREADABLE as fault:
            return _unknown(fault)
        if not isinstance(made.sid, str):
            return Posted(came=Came.UNKNOWN)
        return Posted(came=Came.ACCEPTED, sid=made.sid)

    async def pretend(self) -> Posted:
        """Send nothing and take about as long: asks for a message that cannot exist.

        ACCEPTED, unless a text would not have been accepted either.
        """
        try:
            await self._client.messages(_NOWHERE).fetch_async()
        except REFUSALS as refusal:
            if refusal.status == 404:
                return Posted(came=Came.ACCEPTED)
            return _refused(refusal.status, refusal.code)
        except NEVER_CONNECTED:
            return Posted(came=Came.UNREACHABLE)
        except UNREADABLE as fault:
            return _unknown(fault)
        return Posted(came=Came.ACCEPTED)


def _refused(status: int, code: int | None) -> Posted:
    logger.info("single_text_refused", status=status, twilio=code)
    # What leaves open whether a message was made: see sms_errors.
    known = status in _CLIENT_FAULTS and code != _NOT_FOUND
    return Posted(came=Came.REFUSED if known else Came.UNKNOWN, code=code or status)


def _unknown(fault: Exception) -> Posted:
    logger.info("single_text_without_answer", fault=type(fault).__name__)
    return Posted(came=Came.UNKNOWN)
