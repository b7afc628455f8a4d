"""Looking again before something old is told (rule 11): the relay's Recheck."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import msgspec

from engine.actions.findchecks import FindChecker
from engine.actions.releasing import Releaser
from engine.clock import Clock
from engine.domain import judge
from engine.domain.alert import Confirmation, Notification, NotificationKind, Subject
from engine.domain.announce import by_target, subject
from engine.domain.hush import Clocks
from engine.domain.route import RouteId
from engine.domain.storms import with_lines
from engine.domain.watch import DestinationKind, WatchId
from engine.look import LookReport
from engine.store.database import Store

_PATIENCE_S: Final = 60.0


class Rechecker:
    """Visits the route of an alert that waited too long and says whether it is still true."""

    def __init__(
        self,
        store: Store,
        look_now: Callable[[RouteId], Awaitable[LookReport]],
        *,
        clocks: Clocks,
        clock: Clock,
    ) -> None:
        self._store = store
        self._clock = clock
        self._look_now = look_now
        self._release = Releaser(store, self._visit, clocks=clocks, clock=clock)
        self._finds = FindChecker(store, self._visit, clock)

    async def __call__(self, notification: Notification) -> Notification | None:
        """The alert with the price of now; None when it is no longer true.

        Without an answer a channel is still told, with the time at which the fare was seen; a
        phone is not, nor when only a lead is left of what was sure. A watch that the alert does not
        name any more is armed again: its owner was not told. A copy arms nothing.
        """
        if notification.kind is NotificationKind.LIST:
            return await self._lines(notification)
        if notification.kind is not NotificationKind.POST:
            return notification
        if notification.route.to_anywhere:
            return await self._of_finds(notification)
        if notification.held_until is not None:
            return await self._release(notification)
        report = await self._visit(notification.route.id)
        if report is None or not report.parsed:
            return None if notification.destination.kind is DestinationKind.SMS else notification
        fresh = _still_true(notification, report)
        if notification.destination.kind is DestinationKind.SMS:
            # The channel's message decides what was told; the text is a copy of it.
            return None if fresh is None or _less_sure(fresh, notification) else fresh
        if notification.destination.kind.is_copy:
            return fresh
        named = {standing.watch_id for standing in fresh.subjects} if fresh else set()
        untold = [s.watch_id for s in notification.subjects if s.watch_id not in named]
        await self._arm_again(untold, notification.route.id)
        return fresh

    async def _of_finds(self, post: Notification) -> Notification | None:
        awake = post if post.held_until is None else await self._release.awake(post)
        if awake.held_until is not None and awake.held_until > self._clock.now():
            return awake
        return await self._finds(awake)

    async def _lines(self, listed: Notification) -> Notification | None:
        """The list with those of its posts that are still true, all looked at side by side."""
        fresh = await asyncio.gather(*(self(line) for line in listed.gathered))
        lines = [line for line in fresh if line is not None]
        return with_lines(msgspec.structs.replace(listed, gathered=()), lines) if lines else None

    async def _visit(self, route_id: RouteId) -> LookReport | None:
        try:
            return await asyncio.wait_for(self._look_now(route_id), _PATIENCE_S)
        except (TimeoutError, LookupError):
            return None

    async def _arm_again(self, untold: Sequence[WatchId], route_id: RouteId) -> None:
        if not untold:
            return
        async with self._store.transaction() as tx:
            rows = [await tx.watches.get(watch_id) for watch_id in untold]
            states = {
                row.watch.id: judge.released(judge.held(row.state))
                for row in rows
                if row is not None
                and row.watch.route_id == route_id  # one that was moved since knows nothing of that fare
                and not row.state.held  # a held one is armed, and waits
            }
            await tx.watches.save_states(states)


def _still_true(notification: Notification, report: LookReport) -> Notification | None:
    told = {standing.watch_id: standing for standing in notification.subjects}
    standing = [
        (watch, judgement) for watch, judgement in report.judgements if watch.id in told and judgement.met
    ]
    if not standing or report.best is None:
        return None
    return msgspec.structs.replace(
        notification,
        subjects=by_target(
            _as_told(subject(watch, judgement), told[watch.id]) for watch, judgement in standing
        ),
        quote=report.best,
        confirmation=standing[0][1].confirmation,
        created_at=report.at,
    )


def _as_told(fresh: Subject, before: Subject) -> Subject:
    """What is true now, under the name and with the pings that were decided when it was news."""
    return msgspec.structs.replace(fresh, reason=before.reason, pings=before.pings, role_id=before.role_id)


def _less_sure(fresh: Notification, before: Notification) -> bool:
    unconfirmed = Confirmation.UNCONFIRMED
    return fresh.confirmation is unconfirmed and before.confirmation is not unconfirmed
