"""Alerts as text messages through Twilio.

Twilio takes no idempotency key: a message whose POST had no usable reply may have been sent. So the
beginning of each POST is committed first, nothing is repeated by the library, and `reconcile` looks
for the reference at the end of the text among the newest messages to that number.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

import structlog
from twilio.rest import Client

from engine.alerts.channels.sms_errors import CALLBACK_REFUSED, REPLIED_STOP, understand
from engine.alerts.channels.twilio_transport import NEVER_CONNECTED, REFUSALS, UNREADABLE, sender_fields
from engine.alerts.gsm7 import segments
from engine.alerts.ports import Allowance, Delivery, DeliveryKind, Leased, Sender
from engine.alerts.texts import reference, sms_text
from engine.alerts.unknowns import ASK_AFTER
from engine.clock import Clock
from engine.domain import whys
from engine.domain.alert import Notification, NotificationKind
from engine.domain.watch import DestinationKind
from engine.errors import StoreError
from engine.tongue import Tongue, speaking

logger = structlog.get_logger(__name__)

UNKNOWN_WAIT: Final = timedelta(seconds=45)
# A fare alert that arrives hours late is wrong; Twilio's default is ten hours.
_VALID_FOR: Final = timedelta(minutes=15)
# One page of the list: more texts than this to one number within a minute there cannot be.
_NEWEST: Final = 50

Numbers = Callable[[str], Awaitable[str | None]]
"""Gives the E.164 number behind a destination's address at the moment of sending, None when there
is none (any more) that may be texted."""

SaidStop = Callable[[str], Awaitable[None]]
"""Takes the E.164 number of a phone that Twilio says had replied STOP."""


TongueOf = Callable[[Notification], Awaitable[Tongue]]
"""Gives the language of who reads a text."""

Callback = Callable[[str], str]
"""Gives the address to which Twilio reports of the alert with that id."""


class SmsChannel:
    """Sends alerts as texts; `client` stands on the project's transport (`open_client`).

    `allowance` is asked before each POST, and so is `sender`, which hears of every answer; `said_stop`
    hears of phones that Twilio knows to have replied STOP. With `callback` Twilio is told where to
    report to. The sender is a Messaging Service when one is named,
    else `from_number`. `unknown_wait` is how long after its POST began a message that Twilio's
    list lacks counts as never sent.
    """

    kind = DestinationKind.SMS
    begins_with_commit = True

    def __init__(
        self,
        client: Client,
        numbers: Numbers,
        *,
        allowance: Allowance,
        said_stop: SaidStop,
        sender: Sender,
        tongue_of: TongueOf,
        clock: Clock,
        callback: Callback | None = None,
        from_number: str | None = None,
        messaging_service_sid: str | None = None,
        unknown_wait: timedelta = UNKNOWN_WAIT,
    ) -> None:
        if not (from_number or messaging_service_sid):
            raise ValueError("texts need a sender: a number or a Messaging Service")
        self._client = client
        self._numbers = numbers
        self._allowance = allowance
        self._said_stop = said_stop
        self._account = sender
        self._tongue_of = tongue_of
        self._callback = callback
        self._clock = clock
        self._from = sender_fields(from_number, messaging_service_sid)
        self._unknown_wait = unknown_wait

    async def deliver(self, leased: Leased) -> Delivery:
        """POST one message, once, if the caps allow it."""
        notification = leased.notification
        if notification.kind is NotificationKind.EDIT:
            return Delivery(kind=DeliveryKind.PERMANENT, why=whys.NO_EDITS)
        try:
            number = await self._numbers(notification.destination.address)
            if number is None:
                return _NO_NUMBER
            if (held := await self._account.holds_back(notification)) is not None:
                return held
            with speaking(await self._tongue_of(notification)):
                body = sms_text(notification)
            refused = await self._allowance.take(notification, segments(body))
        except StoreError:
            return Delivery(kind=DeliveryKind.RETRY, why=whys.NOT_COUNTED)
        if refused is not None:
            return Delivery(kind=DeliveryKind.PERMANENT, why=refused)
        answer = await self._post(notification, {"to": number, "body": body})
        if answer.kind in (DeliveryKind.RETRY, DeliveryKind.PERMANENT):  # certain that nothing was sent
            await self._give_back(notification)
        return answer

    async def reconcile(self, leased: Leased) -> Delivery:
        """Look for the message in the account's list.

        Absent from two lists, the later one at least `unknown_wait` after the POST began, it was
        never sent: RETRY.
        """
        # A number that is gone, or may be texted no more, may have got the text all the same.
        number = await self._numbers(leased.notification.destination.address)
        try:
            found = await self._find(number, reference(leased.notification.id))
        except UNREADABLE as fault:
            if not isinstance(fault, REFUSALS):
                await self._note(self._account.silent(leased.notification))
            return _unknown(fault)
        if found is not None:
            return Delivery(kind=DeliveryKind.DELIVERED, ref=found)
        return self._absent(leased, self._clock.now())

    async def _post(self, notification: Notification, text: dict[str, str]) -> Delivery:
        callback = {} if self._callback is None else {"status_callback": self._callback(notification.id)}
        try:
            message = await self._client.messages.create_async(
                **text, **self._from, **callback, validity_period=int(_VALID_FOR.total_seconds())
            )
        except REFUSALS as refusal:
            return await self._refused(notification, text, refusal.status, refusal.code)
        except NEVER_CONNECTED as fault:
            await self._note(self._account.silent(notification))
            return Delivery(
                kind=DeliveryKind.RETRY, why=whys.NO_CONNECTION.format(fault=type(fault).__name__)
            )
        except UNREADABLE as fault:
            await self._note(self._account.silent(notification))
            return _unknown(fault)
        if not isinstance(message.sid, str):
            return Delivery(kind=DeliveryKind.UNKNOWN, why=whys.NO_ID)
        await self._note(self._account.took())
        return Delivery(kind=DeliveryKind.DELIVERED, ref=message.sid)

    async def _refused(
        self, notification: Notification, text: dict[str, str], status: int, code: int | None
    ) -> Delivery:
        logger.info("sms_refused", notification=notification.id, code=code)
        answer = understand(status, code)
        if answer.kind is DeliveryKind.UNKNOWN:
            await self._note(self._account.silent(notification))
            return answer
        if code == REPLIED_STOP:
            await self._note(self._said_stop(text["to"]))
        await self._note(self._account.refused(notification, code or status))
        if code == CALLBACK_REFUSED and self._callback is not None:
            # Nothing was made, so nothing is sent twice; what became of texts is asked for from now on.
            self._callback = None
            return await self._post(notification, text)
        return answer

    async def _note(self, noting: Awaitable[None]) -> None:
        try:
            await noting
        except StoreError:  # the next text says it again
            logger.warning("sms_answer_not_noted")

    async def _give_back(self, notification: Notification) -> None:
        try:
            await self._allowance.give_back(notification)
        except StoreError:  # it stays counted: rather a text too few than one too many
            logger.warning("sms_still_counted", notification=notification.id)

    async def _find(self, number: str | None, mark: str) -> str | None:
        """The id of the message to `number`, or to anybody, that ends in `mark`; None when none does."""
        to = {} if number is None else {"to": number}
        for message in await self._client.messages.list_async(limit=_NEWEST, **to):
            if isinstance(message.body, str) and message.body.endswith(mark):
                return str(message.sid)
        return None

    def _absent(self, leased: Leased, now: datetime) -> Delivery:
        certain_at = (leased.sending_since or now) + self._unknown_wait
        absent_before = leased.reconciled > 1
        if absent_before and now >= certain_at:
            return Delivery(kind=DeliveryKind.RETRY, why=whys.NOT_LISTED)
        wait = max(certain_at - now, self._unknown_wait - ASK_AFTER)
        return Delivery(kind=DeliveryKind.UNKNOWN, why=whys.NOT_LISTED_YET, retry_after=wait, answered=True)


_NO_NUMBER: Final = Delivery(kind=DeliveryKind.PERMANENT, why=whys.NO_NUMBER)


def _unknown(fault: Exception) -> Delivery:
    code = getattr(fault, "code", None)
    what = type(fault).__name__ if code is None else whys.TWILIO_CODE.format(code=code)
    return Delivery(kind=DeliveryKind.UNKNOWN, why=whys.NO_USABLE_ANSWER.format(what=what))
