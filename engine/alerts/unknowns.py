"""Rows whose sending began and whose outcome nobody knows: asked about, never blindly sent again.

A text was POSTed and no usable reply came, or the process died in between. After ASK_AFTER the
provider is asked; what it knows is acknowledged. Only when the channel is certain that nothing
was sent (it asked twice, `Channel.reconcile`) the row is sent once more, and only once: a second
disappearance is no longer bad luck. A provider that answers no question is given up on.
"""

from datetime import datetime, timedelta
from typing import Final

import structlog

from engine.alerts.ports import OUTCOME_UNKNOWN, Channel, Delivery, DeliveryKind, Leased, Outbox
from engine.clock import Clock
from engine.domain import whys
from engine.domain.alert import NotificationId
from engine.steps import AtStep, Step, pass_by

logger = structlog.get_logger(__name__)

# DESIGN section 7: first looked up 30 s after the POST began; a late accept was measured to cause
# doubles when asked at once (reliability 1.3).
ASK_AFTER: Final = timedelta(seconds=30)
ASK_EVERY: Final = timedelta(seconds=30)
ANSWER_WITHIN: Final = timedelta(minutes=15)


class Unknowns:
    """Notes, asks about and settles rows with unknown outcome.

    What it remembers besides the outbox is lost with the process on purpose: a process that just
    started has asked nothing yet, and its predecessor's last POST may have died with it.
    """

    def __init__(self, outbox: Outbox, clock: Clock, at_step: AtStep = pass_by) -> None:
        self._outbox = outbox
        self._at_step = at_step
        self._clock = clock
        self._unanswered_since: dict[NotificationId, float] = {}
        self._sent_again: set[NotificationId] = set()

    async def note(self, leased: Leased, answer: Delivery, began: datetime) -> None:
        """Write down that a POST begun at `began` had no usable reply."""
        id_ = leased.notification.id
        logger.warning("delivery_unknown", notification=id_, why=answer.why)
        self._unanswered_since[id_] = self._clock.monotonic()
        why = whys.UNKNOWN.format(why=answer.why)
        await self._outbox.retry(id_, began + ASK_AFTER, why, reconciled=1)

    async def find_out(self, channel: Channel, leased: Leased, sending_since: datetime) -> Delivery | None:
        """Ask the provider, once it is time, and act on its answer; None when it is too early."""
        id_ = leased.notification.id
        ask_at = sending_since + ASK_AFTER
        if self._clock.now() < ask_at:
            await self._outbox.retry(id_, ask_at, OUTCOME_UNKNOWN, reconciled=max(1, leased.reconciled))
            return None
        answer = await _ask(channel, leased)
        self._at_step(Step.ASKED)
        match answer.kind:
            case DeliveryKind.DELIVERED:
                logger.info("delivery_found", notification=id_)
                self.forget(id_)
                await self._outbox.acknowledge(id_, answer.ref, self._clock.now())
            case DeliveryKind.PERMANENT:
                await self._give_up(id_, answer.why or whys.REFUSED)
            case DeliveryKind.RETRY:
                await self._send_once_more(id_)
            case DeliveryKind.UNKNOWN:
                await self._ask_again(leased, answer)
        return answer

    def forget(self, id_: NotificationId) -> None:
        """Its outcome is known after all."""
        self._unanswered_since.pop(id_, None)
        self._sent_again.discard(id_)

    async def _send_once_more(self, id_: NotificationId) -> None:
        if id_ in self._sent_again:
            await self._give_up(id_, whys.UNKNOWN.format(why=whys.SENT_TWICE))
            return
        logger.info("delivery_sent_once_more", notification=id_)
        self._unanswered_since.pop(id_, None)
        self._sent_again.add(id_)
        await self._outbox.retry(id_, self._clock.now(), whys.NEVER_GOT_IT)

    async def _ask_again(self, leased: Leased, answer: Delivery) -> None:
        id_ = leased.notification.id
        known = max(1, leased.reconciled)
        if answer.answered:
            self._unanswered_since[id_] = self._clock.monotonic()
            known += 1
        elif self._silence(id_) >= ANSWER_WITHIN:
            await self._give_up(id_, whys.UNKNOWN.format(why=whys.NO_ANSWER_YET))
            return
        not_before = self._clock.now() + (answer.retry_after or ASK_EVERY)
        await self._outbox.retry(id_, not_before, whys.UNKNOWN.format(why=answer.why), reconciled=known)

    def _silence(self, id_: NotificationId) -> timedelta:
        since = self._unanswered_since.setdefault(id_, self._clock.monotonic())
        return timedelta(seconds=self._clock.monotonic() - since)

    async def _give_up(self, id_: NotificationId, why: str) -> None:
        logger.warning("delivery_given_up", notification=id_, why=why)
        self.forget(id_)
        await self._outbox.dead_letter(id_, why, self._clock.now())


async def _ask(channel: Channel, leased: Leased) -> Delivery:
    try:
        return await channel.reconcile(leased)
    except Exception as fault:
        logger.exception("reconcile_failed", notification=leased.notification.id)
        return Delivery(kind=DeliveryKind.UNKNOWN, why=whys.FAULT.format(fault=type(fault).__name__))
