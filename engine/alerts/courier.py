"""Carries one row through its channel and writes down what became of it."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec
import structlog

from engine.alerts.backoff import FIRST_WAIT, MOST_TRIES, wait_before_retry
from engine.alerts.ports import Channel, Delivery, DeliveryKind, Leased, Outbox, Recheck
from engine.alerts.unknowns import Unknowns
from engine.clock import Clock
from engine.domain import whys
from engine.domain.alert import NotificationKind
from engine.domain.digest import LATE
from engine.domain.freshness import is_old
from engine.domain.watch import DestinationKind
from engine.steps import AtStep, Step, pass_by

logger = structlog.get_logger(__name__)

# A text that could not be sent for so long is not sent any more: who waited for it has looked.
WORTH_SMS: Final = timedelta(hours=1)
# Whoever tried it has been told by then that there was no answer.
WORTH_DRY_RUN: Final = timedelta(minutes=1)
# Rows for a face that does not run here (Discord, in a headless process) wait for it.
_WITHOUT_CHANNEL: Final = timedelta(minutes=10)


class Courier:
    """Delivers or reconciles one leased row at a time; each step is committed in the outbox.

    A fault of a channel counts as a try whose outcome is unknown. A fault of the outbox is raised:
    nothing can be written then, and the row comes back when its lease ends.
    """

    def __init__(
        self,
        outbox: Outbox,
        channels: Mapping[DestinationKind, Channel],
        *,
        clock: Clock,
        recheck: Recheck,
        chance: random.Random,
        at_step: AtStep = pass_by,
    ) -> None:
        self._outbox = outbox
        self._channels = channels
        self._clock = clock
        self._recheck = recheck
        self._chance = chance
        self._at_step = at_step
        self._unknowns = Unknowns(outbox, clock, at_step)

    async def carry(self, leased: Leased) -> bool:
        """Take the row one step further; False when its lane was stopped."""
        channel = self._channels.get(leased.notification.destination.kind)
        if channel is None:
            await self._wait_for_channel(leased)
            return True
        if leased.sending_since is not None:
            answer = await self._unknowns.find_out(channel, leased, leased.sending_since)
        else:
            answer = await self._send(channel, leased)
        return not await self._stop_lane(leased, answer)

    async def _send(self, channel: Channel, leased: Leased) -> Delivery | None:
        """One try; None when there is nothing to tell any more."""
        now = self._clock.now()
        if why := _worthless(leased, now):
            self._unknowns.forget(leased.notification.id)
            await self._outbox.drop(leased.notification.id, why, now)
            return None
        if (
            leased.notification.kind is NotificationKind.DIGEST
            and now - leased.notification.created_at > LATE
        ):
            await self._give_up(leased, whys.TOO_LATE)
            return None
        if is_old(leased.notification, now):
            fresh = await self._look_again(leased)
            if fresh is None:
                return None
            leased = fresh
        began = self._clock.now()
        if channel.begins_with_commit:
            await self._outbox.begin_sending(leased.notification.id, began)
            self._at_step(Step.BEGUN)
        answer = await _deliver(channel, leased)
        self._at_step(Step.TRIED)
        await self._write_down(channel, leased, answer, began)
        self._at_step(Step.SETTLED)
        return answer

    async def _look_again(self, leased: Leased) -> Leased | None:
        try:
            fresh = await self._recheck(leased.notification)
        except Exception:
            logger.exception("recheck_failed", notification=leased.notification.id)
            await self._retry(leased, Delivery(kind=DeliveryKind.RETRY, why=whys.NOT_LOOKED_AGAIN))
            return None
        now = self._clock.now()
        if fresh is not None and fresh.held_until is not None:
            await self._outbox.replace(fresh)
            await self._outbox.retry(fresh.id, fresh.held_until, whys.QUIET_HOURS, counts=False)
            return None
        if fresh is None:
            self._unknowns.forget(leased.notification.id)
            await self._outbox.drop(leased.notification.id, whys.NOT_TRUE, now)
            return None
        fresh = msgspec.structs.replace(fresh, created_at=now)
        await self._outbox.replace(fresh)
        if leased.attempts == 0 and fresh.kind is NotificationKind.POST and fresh.destination.kind.gathers:
            # With others that waited it may be too much for its place: it is taken anew, by itself or
            # in a list.
            await self._outbox.retry(fresh.id, now, whys.LOOKED_AGAIN, counts=False)
            return None
        return msgspec.structs.replace(leased, notification=fresh)

    async def _write_down(self, channel: Channel, leased: Leased, answer: Delivery, began: datetime) -> None:
        id_ = leased.notification.id
        match answer.kind:
            case DeliveryKind.DELIVERED:
                self._unknowns.forget(id_)
                await self._outbox.acknowledge(id_, answer.ref, self._clock.now())
            case DeliveryKind.PERMANENT:
                await self._give_up(leased, answer.why or whys.REFUSED)
            case DeliveryKind.UNKNOWN if channel.begins_with_commit:
                await self._unknowns.note(leased, answer, began)
            case DeliveryKind.RETRY | DeliveryKind.UNKNOWN:
                await self._retry(leased, answer)

    async def _retry(self, leased: Leased, answer: Delivery) -> None:
        if answer.untried:
            wait = answer.retry_after or FIRST_WAIT
            why = answer.why or whys.NOT_TRIED
            await self._outbox.retry(leased.notification.id, self._clock.now() + wait, why, counts=False)
            return
        tries = leased.attempts + 1
        why = answer.why or answer.kind.value
        if tries >= MOST_TRIES:
            await self._give_up(leased, whys.GIVEN_UP.format(tries=tries, why=why))
            return
        wait = wait_before_retry(tries, answer.retry_after, self._chance)
        logger.info(
            "delivery_waits", notification=leased.notification.id, why=why, wait_s=wait.total_seconds()
        )
        await self._outbox.retry(leased.notification.id, self._clock.now() + wait, why)

    async def _give_up(self, leased: Leased, why: str) -> None:
        logger.warning("delivery_given_up", notification=leased.notification.id, why=why)
        self._unknowns.forget(leased.notification.id)
        await self._outbox.dead_letter(leased.notification.id, why, self._clock.now())

    async def _stop_lane(self, leased: Leased, answer: Delivery | None) -> bool:
        if answer is None or not answer.stop_lane:
            return False
        lane = leased.notification.destination.lane
        why = answer.why or whys.REFUSED
        logger.warning("lane_paused", lane=lane, why=why)
        await self._outbox.pause_lane(lane, why, self._clock.now())
        return True

    async def _wait_for_channel(self, leased: Leased) -> None:
        kind = leased.notification.destination.kind.value
        why = whys.NO_CHANNEL.format(kind=kind)
        logger.info("delivery_waits", notification=leased.notification.id, why=why)
        not_before = self._clock.now() + _WITHOUT_CHANNEL
        # A row whose text may be out already must not become one to send.
        reconciled = 0 if leased.sending_since is None else max(1, leased.reconciled)
        await self._outbox.retry(leased.notification.id, not_before, why, reconciled=reconciled, counts=False)


async def _deliver(channel: Channel, leased: Leased) -> Delivery:
    try:
        return await channel.deliver(leased)
    except Exception as fault:
        logger.exception("delivery_failed", notification=leased.notification.id)
        return Delivery(kind=DeliveryKind.UNKNOWN, why=whys.FAULT.format(fault=type(fault).__name__))


def _worthless(leased: Leased, now: datetime) -> str | None:
    """Why it is not worth telling any more: a text that failed for too long, a dry run that is over."""
    if leased.notification.kind is NotificationKind.DRY_RUN:
        return whys.DRY_RUN_OVER if now - leased.notification.created_at > WORTH_DRY_RUN else None
    if leased.notification.destination.kind is not DestinationKind.SMS or leased.failing_since is None:
        return None
    return whys.NOT_FOR_AN_HOUR if now - leased.failing_since > WORTH_SMS else None
