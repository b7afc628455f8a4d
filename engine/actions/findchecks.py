"""Looking again before finds that waited are told (rule 11): of a post the lines stay that are true."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec

from engine.clock import Clock
from engine.domain.alert import Confirmation, Notification, Subject
from engine.domain.announce import by_target, subject
from engine.domain.deferring import heard
from engine.domain.findtelling import with_lines
from engine.domain.judgement import WatchState
from engine.domain.route import RouteId
from engine.domain.watch import DestinationKind
from engine.look import LookReport
from engine.store.database import Store, Transaction
from engine.store.findmemories import armed_again, change_told

Visit = Callable[[RouteId], Awaitable[LookReport | None]]
"""Looks at a route; None when there was no answer in time."""


class FindChecker:
    """Decides line by line, by one look at the route to anywhere.

    What the look says nothing of stays as it was told; without an answer a phone is told nothing.
    """

    def __init__(self, store: Store, visit: Visit, clock: Clock) -> None:
        self._store = store
        self._visit = visit
        self._clock = clock

    async def __call__(self, post: Notification) -> Notification | None:
        """The post with its lines at the prices of now; None when none is true any more.

        A watch to which a line is not told after all is armed again for that find, unless this was a copy.
        """
        waited, text = post.held_until is not None, post.destination.kind is DestinationKind.SMS
        report = await self._visit(post.route.id)
        if report is not None and not report.parsed:
            report = None
        if report is None and text:
            return None
        now = self._clock.now()
        async with self._store.transaction() as tx:
            row = await tx.notifications.get(post.id) if waited else None
            current = post if row is None else row.notification
            fresh = [line for line in (_fresh(each, report, text=text) for each in current.gathered) if line]
            told = with_lines(msgspec.structs.replace(current, created_at=now, held_until=None), fresh)
            if not text and not post.destination.kind.is_copy:
                await self._remember(tx, current, told, waited=waited, now=now)
            if not fresh:
                return None
            if waited:
                await tx.notifications.replace(told)
        return told

    async def _remember(
        self, tx: Transaction, before: Notification, told: Notification, *, waited: bool, now: datetime
    ) -> None:
        """What is told after a wait was heard now; what is not told was heard by nobody."""
        named = {(line.route.id, each.watch_id): line for line in told.gathered for each in line.subjects}

        def change(state: WatchState, line: Notification, each: Subject) -> WatchState:
            fresh = named.get((line.route.id, each.watch_id))
            if fresh is None:
                return armed_again(state, line, each)
            if waited and fresh.quote is not None:
                return heard(state, line, each, fresh.quote.total, now)
            return state

        watches = {each.watch_id for line in before.gathered for each in line.subjects}
        await change_told(tx, before, watches, change, now)


def _fresh(line: Notification, report: LookReport | None, *, text: bool) -> Notification | None:
    """The line as it is now; None when it is true of nobody."""
    if report is None:
        return line
    code = line.route.destination.code
    quote, sure = line.quote, line.confirmation
    kept: list[Subject] = []
    for each in line.subjects:
        watch = next((watch for watch, _ in report.judgements if watch.id == each.watch_id), None)
        if watch is None:  # it rests, or watches another route by now
            continue
        judgement = report.find_of(each.watch_id, code)
        if judgement is None:
            kept.append(each)
        elif judgement.met and judgement.quote is not None:
            quote, sure = judgement.quote, judgement.confirmation
            kept.append(_as_told(subject(watch, judgement), each))
    unsure = sure is Confirmation.UNCONFIRMED is not line.confirmation
    if not kept or (text and unsure):
        return None
    return msgspec.structs.replace(line, subjects=by_target(kept), quote=quote, confirmation=sure)


def _as_told(fresh: Subject, before: Subject) -> Subject:
    """What is true now, under the name and with the pings that were decided when it was news."""
    return msgspec.structs.replace(
        fresh,
        reason=before.reason,
        condition=before.condition,
        fell_from=before.fell_from,
        pings=before.pings,
        role_id=before.role_id,
    )
