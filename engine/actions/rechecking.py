"""Looking again before something old is told (rule 11): the relay's Recheck."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from engine.domain import judge
from engine.domain.alert import Notification, NotificationKind
from engine.domain.announce import subject
from engine.domain.route import RouteId
from engine.domain.watch import DestinationKind
from engine.look import LookReport
from engine.store.database import Store

_PATIENCE_S: Final = 60.0


class Rechecker:
    """Visits the route of an alert that waited too long and says whether it is still true."""

    def __init__(self, store: Store, look_now: Callable[[RouteId], Awaitable[LookReport]]) -> None:
        self._store = store
        self._look_now = look_now

    async def __call__(self, notification: Notification) -> Notification | None:
        """The alert with the price of now; None when it is no longer true.

        Without an answer a channel is still told, with the time at which the fare was seen; a
        phone is not. A watch whose alert is dropped so is armed again: nobody was told.
        """
        if notification.kind is not NotificationKind.POST:
            return notification
        report = await self._visit(notification.route.id)
        if report is None or not report.parsed:
            return None if notification.destination.kind is DestinationKind.SMS else notification
        fresh = _still_true(notification, report)
        if fresh is None:
            await self._arm_again(notification)
        return fresh

    async def _visit(self, route_id: RouteId) -> LookReport | None:
        try:
            return await asyncio.wait_for(self._look_now(route_id), _PATIENCE_S)
        except (TimeoutError, LookupError):
            return None

    async def _arm_again(self, notification: Notification) -> None:
        if notification.destination.kind is DestinationKind.SMS:
            return  # the channel's message decides; the text was a copy of it
        async with self._store.transaction() as tx:
            rows = [await tx.watches.get(told.watch_id) for told in notification.subjects]
            states = {row.watch.id: judge.released(judge.held(row.state)) for row in rows if row is not None}
            await tx.watches.save_states(states)


def _still_true(notification: Notification, report: LookReport) -> Notification | None:
    told = {standing.watch_id: standing for standing in notification.subjects}
    subjects = tuple(
        msgspec.structs.replace(subject(watch, judgement), reason=told[watch.id].reason)
        for watch, judgement in report.judgements
        if watch.id in told and judgement.met
    )
    if not subjects or report.best is None:
        return None
    return msgspec.structs.replace(notification, subjects=subjects, quote=report.best, created_at=report.at)
