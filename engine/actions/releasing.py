"""The end of quiet hours: what a post that waited comes to, by a look at its route."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

import msgspec

from engine.actions.showing import history_of
from engine.clock import Clock
from engine.domain import judge, whys
from engine.domain.alert import Confirmation, Notification, Subject
from engine.domain.announce import by_target, subject
from engine.domain.deferring import heard, parted, still_claimed, untold
from engine.domain.history import History
from engine.domain.hush import Clocks, hush_of
from engine.domain.judgement import WatchState
from engine.domain.quote import Quote
from engine.domain.route import RouteId
from engine.domain.watch import DestinationKind, WatchId, WatchStatus
from engine.look import LookReport
from engine.store.database import Store, Transaction
from engine.store.routes import RouteRow
from engine.store.watches import WatchRow

# Many posts about one route are released at the same instant: one look serves them all.
_SHARED_FOR: Final = timedelta(minutes=2)
_MOST_LOOKS: Final = 3


class _Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a route at the release: `report` of a look that was answered, `quote` to be told."""

    row: RouteRow | None
    quote: Quote | None
    history: History
    report: LookReport | None = None


class _Verdict(msgspec.Struct, kw_only=True):
    """Of the watches that a post names: those it is still true of, and what others then remember."""

    told: list[Subject] = []
    states: dict[WatchId, WatchState] = {}
    confirmation: Confirmation | None = None


class Releaser:
    """Decides about a post whose wait is over: told at the price of now, put off again, or dropped.

    `visit` looks at a route; None when there was no answer in time.
    """

    def __init__(
        self,
        store: Store,
        visit: Callable[[RouteId], Awaitable[LookReport | None]],
        *,
        clocks: Clocks,
        clock: Clock,
    ) -> None:
        self._store = store
        self._visit = visit
        self._clocks = clocks
        self._clock = clock
        self._shared: dict[RouteId, LookReport] = {}

    async def __call__(self, waited: Notification) -> Notification | None:
        """The post at the price of now; with `held_until` when it has to wait on; None when it is over.

        Without an answer the newest fare that any look saw decides, and a phone is not told. A watch of
        which it is not true any more is armed again, unless only its text was waiting.
        """
        awake = await self.awake(waited)
        if awake.held_until is not None and awake.held_until > self._clock.now():
            return awake
        for left in reversed(range(_MOST_LOOKS)):
            report = await self._look(awake.route.id)
            async with self._store.transaction() as tx:
                seen = await self._seen(tx, awake, report)
                if not left or not _is_overtaken(seen):
                    return await self._decided(tx, awake, seen)
            self._shared.pop(awake.route.id, None)
        return None

    async def awake(self, waited: Notification) -> Notification:
        """The post as it stands by now, without those whose quiet hours it is again (or still)."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            row = await tx.notifications.get(waited.id)
            post = waited if row is None else row.notification
            members = await tx.members.of_many(each.owner.id for each in post.subjects)
            hush = hush_of(members.values(), self._clocks, now)
            asleep = {
                each.watch_id: until
                for each in post.subjects
                if (until := hush.until(each.owner, post.destination)) is not None
            }
            if not asleep:
                return post
            awake, theirs = parted(post, asleep)
            theirs = msgspec.structs.replace(theirs, held_until=min(asleep.values()))
            if awake is None:
                return theirs
            await tx.notifications.replace(awake)
            await tx.notifications.enqueue([theirs])
            return awake

    async def _look(self, route_id: RouteId) -> LookReport | None:
        now = self._clock.now()
        shared = self._shared.get(route_id)
        if shared is not None and now - shared.at <= _SHARED_FOR:
            return shared
        report = await self._visit(route_id)
        self._shared = {id_: old for id_, old in self._shared.items() if now - old.at <= _SHARED_FOR}
        if report is not None:
            self._shared[route_id] = report
        return report

    async def _seen(self, tx: Transaction, post: Notification, report: LookReport | None) -> _Seen:
        row = await tx.routes.get(post.route.id)
        history = await history_of(tx, post.route.id, self._clock.now())
        if report is not None and report.parsed:
            return _Seen(row=row, quote=report.best, history=history, report=report)
        known = [quote for quote in (post.quote, row.last_quote if row else None) if quote is not None]
        newest = max(known, key=lambda quote: quote.observed_at, default=None)
        return _Seen(row=row, quote=newest, history=history)

    async def _decided(self, tx: Transaction, post: Notification, seen: _Seen) -> Notification | None:
        """Write down what is told and what is remembered in one go, so that a crash finds both or none."""
        now = self._clock.now()
        text = post.destination.kind is DestinationKind.SMS
        silent = text and seen.report is None
        verdict = _Verdict() if silent else await self._verdict(tx, post, seen)
        if text:  # a copy: what is posted decides what was told
            verdict.states = {}
            if verdict.confirmation is Confirmation.UNCONFIRMED is not post.confirmation:
                verdict.told = []
        await tx.watches.save_states(verdict.states)
        if not verdict.told or verdict.confirmation is None:
            await tx.waiting.drop(post.id, whys.NOT_TRUE_AFTER_QUIET, now)
            return None
        fresh = msgspec.structs.replace(
            post,
            subjects=by_target(verdict.told),
            quote=seen.quote,
            confirmation=verdict.confirmation,
            created_at=now,
            held_until=None,
        )
        await tx.notifications.replace(fresh)
        return fresh

    async def _verdict(self, tx: Transaction, post: Notification, seen: _Seen) -> _Verdict:
        now = self._clock.now()
        verdict = _Verdict()
        for each in post.subjects:
            row = await tx.watches.get(each.watch_id)
            if row is None or row.watch.route_id != post.route.id or not _listens(row, now):
                continue
            told = _still_true(post, each, row, seen, now)
            if told is None or seen.quote is None:
                verdict.states[each.watch_id] = untold(row.state, post, each)
                continue
            verdict.states[each.watch_id] = heard(row.state, post, each, seen.quote.total, now)
            verdict.told.append(told[0])
            verdict.confirmation = verdict.confirmation or told[1]
        return verdict


def _still_true(
    post: Notification, each: Subject, row: WatchRow, seen: _Seen, now: datetime
) -> tuple[Subject, Confirmation] | None:
    """One watch's part of the post as it is now, and how sure; None when it is not true any more."""
    if seen.quote is None:
        return None
    judgement = None if seen.report is None else seen.report.judgement_of(each.watch_id)
    if judgement is None:
        known, sure = each, _sureness(post, seen.quote)
        met = judge.met_at(row.watch, row.state, seen.quote, seen.history, now)
    else:
        known, sure = subject(row.watch, judgement), judgement.confirmation
        met = judgement.met
    claim = still_claimed(post, each, row.state, met, seen.quote.total)
    if claim is None:
        return None
    kept = msgspec.structs.replace(
        known,
        reason=each.reason,
        condition=claim,
        fell_from=each.fell_from,
        pings=each.pings,
        role_id=each.role_id,
    )
    return kept, sure


def _listens(row: WatchRow, now: datetime) -> bool:
    """Whether its owner wants to hear of a watch: not paused, removed, snoozed or without a way to tell."""
    watch = row.watch
    if watch.status is not WatchStatus.ACTIVE or watch.removed_at is not None or row.state.held:
        return False
    snooze = judge.open_snooze(watch, row.state)
    return snooze is None or snooze.until <= now


def _sureness(post: Notification, quote: Quote) -> Confirmation:
    """How sure the newest fare is where nobody judged it just now."""
    if quote == post.quote:
        return post.confirmation
    return Confirmation.FIRM if quote.firm else Confirmation.UNCONFIRMED


def _is_overtaken(seen: _Seen) -> bool:
    """Whether a newer look has been committed since."""
    if seen.report is None or seen.row is None or seen.row.last_look_at is None:
        return False
    return seen.row.last_look_at > seen.report.at
