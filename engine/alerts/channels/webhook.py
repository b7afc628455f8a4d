"""Copies of a server's public alerts to its webhooks, over a session that reaches the public internet only.

A repetition is harmless here: a copy goes out until it is known to have arrived, and carries its id by
which a receiver knows it again. What cannot be delivered for an hour is given up; it would be old news.
"""

from datetime import timedelta
from typing import Final

import aiohttp
import structlog

from engine.alerts.backoff import bounded
from engine.alerts.cards import Cities, Pages, card
from engine.alerts.hooks.pauses import Pauses
from engine.alerts.hooks.ports import Message, Request, Target, Targets
from engine.alerts.hooks.rendering import render
from engine.alerts.hooks.replies import NETWORK_FAULTS, Reply, delivery_of, failure_of
from engine.alerts.ports import Delivery, DeliveryKind, Leased
from engine.alerts.vault import Unreadable
from engine.clock import Clock
from engine.domain import whys
from engine.domain.alert import Notification, NotificationKind
from engine.domain.watch import DestinationKind
from engine.domain.webhook import WebhookId, WebhookKind
from engine.errors import StoreError
from engine.http import read_capped

logger = structlog.get_logger(__name__)

UNREADABLE: Final = whys.OTHER_KEY
_BODY_CAP: Final = 64 * 1024
_LONGEST_REST: Final = timedelta(seconds=15)


class WebhookChannel:
    """Sends copies; `targets` opens a webhook by its id.

    `session` refuses private addresses and has the deadline of a request.
    """

    kind = DestinationKind.WEBHOOK
    begins_with_commit = False

    def __init__(
        self,
        session: aiohttp.ClientSession,
        targets: Targets,
        *,
        cities: Cities,
        pages: Pages,
        clock: Clock,
    ) -> None:
        self._session = session
        self._targets = targets
        self._cities = cities
        self._pages = pages
        self._clock = clock
        self._pauses = Pauses(clock)

    async def deliver(self, leased: Leased) -> Delivery:
        """Send one copy, or its change."""
        notification = leased.notification
        if notification.kind not in (NotificationKind.POST, NotificationKind.EDIT):
            return Delivery(kind=DeliveryKind.PERMANENT, why=whys.ONLY_ALERTS)
        try:
            target = await self._targets(WebhookId(notification.destination.address))
        except StoreError:
            return Delivery(kind=DeliveryKind.RETRY, why=whys.WEBHOOKS_UNREADABLE)
        except Unreadable:
            return Delivery(kind=DeliveryKind.PERMANENT, why=UNREADABLE, stop_lane=True)
        if target is None:
            return Delivery(kind=DeliveryKind.PERMANENT, why=whys.WEBHOOK_REMOVED)
        if (left := await self._rest(notification.destination.address)) is not None:
            answer = Delivery(kind=DeliveryKind.RETRY, why=whys.PAUSE_ASKED, retry_after=left)
            return bounded(answer, leased.attempts)
        return bounded(await self._send(target, notification, leased.post_ref), leased.attempts)

    async def reconcile(self, leased: Leased) -> Delivery:  # noqa: ARG002  no service can be asked
        """Nobody can say what arrived; it is sent again."""
        return Delivery(kind=DeliveryKind.RETRY, why=whys.NOT_KNOWN)

    async def try_out(self, target: Target, notification: Notification) -> Delivery:
        """Send a dry run that says so in its first word."""
        return await self._send(target, notification, None, test=True)

    async def _rest(self, webhook: str) -> timedelta | None:
        """Sit out a short pause, with what comes behind it in its lane; what is left of a long one."""
        left = self._pauses.left(webhook)
        if left > _LONGEST_REST:
            return left
        if left:
            await self._clock.sleep(left.total_seconds())
        return None

    async def _send(
        self, target: Target, notification: Notification, post_ref: str | None, *, test: bool = False
    ) -> Delivery:
        said = card(notification, self._cities, self._pages, test=test)
        request = render(target, Message(notification=notification, card=said, test=test), post_ref)
        try:
            reply = await self._exchange(request, target.kind)
        except NETWORK_FAULTS as fault:
            answer = failure_of(fault)
        else:
            self._pauses.note(notification.destination.address, reply)
            answer = delivery_of(target.kind, reply, notification.id, self._clock.now())
        logger.debug("webhook_answered", notification=notification.id, kind=answer.kind.value, why=answer.why)
        return answer

    async def _exchange(self, request: Request, kind: WebhookKind) -> Reply:
        """One request; the body of the reply only where it tells something."""
        async with self._session.request(
            request.method,
            request.url,
            data=request.body,
            headers=request.headers,
            allow_redirects=False,
        ) as reply:
            body = await read_capped(reply, _BODY_CAP) if kind is WebhookKind.DISCORD else b""
            return Reply(
                status=reply.status,
                retry_after=reply.headers.get("Retry-After"),
                limit_left=reply.headers.get("X-RateLimit-Remaining"),
                limit_anew=reply.headers.get("X-RateLimit-Reset-After"),
                body=body,
            )
