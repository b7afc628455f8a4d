"""Making the digests that are due: one for each member and local day."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
import structlog

from engine.actions.choices import digest_id, next_digest
from engine.actions.showing import newest_finds
from engine.clock import Clock
from engine.domain.alert import Notification, NotificationKind
from engine.domain.conditions import alerted
from engine.domain.digest import (
    LATE,
    Due,
    Find,
    Line,
    Page,
    by_closeness,
    day_of,
    lowest_since_yesterday,
    yesterday,
)
from engine.domain.finds import place_of
from engine.domain.history import History
from engine.domain.judge import open_snooze
from engine.domain.judgement import WatchState
from engine.domain.member import Member
from engine.domain.money import Money
from engine.domain.quote import Quote
from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind, WatchStatus
from engine.store.database import Store, Transaction
from engine.store.watches import WatchRow
from engine.timezones import TimeZones

_log = structlog.get_logger(__name__)

_DAY: Final = timedelta(days=1)
_AGAIN: Final = timedelta(hours=1)  # after a fault of ours, which must not stop the others
# No digest is as far away, not even across a day that a zone skips.
_HORIZON: Final = timedelta(days=3)


class Digesting:
    """Writes due digests into the outbox, each in one transaction with when the next one is due.

    `committed` says that rows were written.
    """

    def __init__(
        self, store: Store, *, timezones: TimeZones, clock: Clock, committed: Callable[[], None]
    ) -> None:
        self._store = store
        self._timezones = timezones
        self._clock = clock
        self._committed = committed

    async def make_due(self) -> datetime | None:
        """Make every digest that is due by now; when the next one will be."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            due = await tx.members.with_due_digest(now, now + _HORIZON)
        for member_id in due:
            try:
                async with self._store.transaction() as tx:
                    await self._make(tx, member_id, now)
            except Exception:  # noqa: BLE001  the root of one digest: the others are made
                _log.exception("digest not made", member=member_id)
                async with self._store.transaction() as tx:
                    await tx.members.schedule(member_id, now + _AGAIN)
        if due:
            self._committed()
        async with self._store.transaction() as tx:
            return await tx.members.next_digest_at()

    async def _make(self, tx: Transaction, member_id: str, now: datetime) -> None:
        member = await tx.members.of(member_id)
        due_at = await tx.members.digest_due_at(member_id)
        zone = self._timezones.clock(member.timezone) if member.timezone else None
        if member.digest is None or zone is None or due_at is None:
            await tx.members.schedule(member_id, None)
            return
        if due_at <= now:
            due = Due(day_of(member.digest.at, zone, due_at), due_at)
            if now - due_at > LATE:
                _log.info("digest missed", member=member_id, due_at=due_at.isoformat())
            elif await tx.notifications.get(digest_id(member, due)) is None:
                member = await self._tell(tx, member, due, now)
        following = await next_digest(tx, member, self._timezones, now)
        await tx.members.schedule(member_id, following.at if following else None)

    async def _tell(self, tx: Transaction, member: Member, due: Due, now: datetime) -> Member:
        """Enqueue the digest of a day; the member as they are remembered after it."""
        page = await _page(tx, member, due, now)
        if page is None:
            return member
        notification = Notification(
            id=digest_id(member, due),
            destination=Destination(DestinationKind.DM, member.id),
            kind=NotificationKind.DIGEST,
            route=page.lines[0].route,
            subjects=(),
            created_at=now,
            digest=page,
        )
        await tx.notifications.enqueue([notification])
        digest = member.digest
        if digest is not None and digest.gathers:
            digest = msgspec.structs.replace(digest, gathers_since=now)
        member = msgspec.structs.replace(member, digest=digest, digested_at=now)
        await tx.members.save(member)
        return member


async def _page(tx: Transaction, member: Member, due: Due, now: datetime) -> Page | None:
    """What a digest says; None for a member who watches nothing."""
    rows = [
        row
        for row in await tx.watches.of_owner(Owner(OwnerKind.MEMBER, member.id))
        if row.watch.status is WatchStatus.ACTIVE
    ]
    if not rows:
        return None
    before = member.digested_at or now - _DAY
    lanes = {row.watch.id: {place.lane for place in row.watch.tell} for row in rows}
    heard = await tx.told.heard_at(lanes, before)
    histories = await tx.history.of_routes([row.watch.route_id for row in rows], (now - _DAY).date())
    since = member.digest.gathers_since if member.digest else None
    lines = [
        _line(row, histories.get(row.watch.route_id, History()), heard.get(row.watch.id), since, now)
        for row in rows
    ]
    lines = await _with_finds(tx, rows, lines, since)
    return Page(day=due.day, lines=by_closeness(lines), since=since)


async def _with_finds(
    tx: Transaction, rows: Sequence[WatchRow], lines: Sequence[Line], since: datetime | None
) -> list[Line]:
    """The lines of routes to anywhere with where their fares lead."""
    swept = {row.watch.id: row for row in rows if row.route.route.to_anywhere}
    if not swept:
        return list(lines)
    newest = await newest_finds(tx, rows)
    states = await tx.finds.states(swept)
    return [
        msgspec.structs.replace(
            line,
            finds=_finds(
                swept[line.watch_id].route.last_quote,
                newest.get(line.route.id, ()),
                states.get(line.watch_id, {}),
                since,
            ),
        )
        if line.watch_id in swept and line.fare is not None
        else line
        for line in lines
    ]


def _finds(
    best: Quote | None, newest: Sequence[Quote], states: Mapping[str, WatchState], since: datetime | None
) -> tuple[Find, ...]:
    """The cheapest, and those for which nobody was pinged, as they cost now."""
    finds: dict[str, Find] = {}
    for quote in (best, *newest):
        place = place_of(quote) if quote is not None else None
        if quote is None or place is None or place.code in finds:
            continue
        is_news = since is not None and place.code in states and alerted(states[place.code], since)
        if quote is best or is_news:
            finds[place.code] = Find(place, quote.total, quote.ends[0] if quote.ends else None)
    return tuple(finds.values())


def _line(
    row: WatchRow, history: History, heard_at: datetime | None, since: datetime | None, now: datetime
) -> Line:
    watch, quote = row.watch, row.route.last_quote
    known = quote if quote is not None and quote.total.currency == watch.currency else None
    fare = known.total if known else None
    low = lowest_since_yesterday(history, watch.currency, now.date())
    snooze = open_snooze(watch, row.state)
    return Line(
        watch_id=watch.id,
        route=row.route.route,
        rules=watch.rules,
        fare=fare,
        seen_at=known.observed_at if known else None,
        yesterday=yesterday(history, watch.currency, now.date()),
        low=low if _was_good(low, fare, watch.rules.target) else None,
        told_at=heard_at,
        is_news=since is not None and alerted(row.state, since),
        snoozed=snooze is not None and snooze.until > now,
    )


def _was_good(low: Money | None, fare: Money | None, target: Money | None) -> bool:
    """Whether the fare was at its target since yesterday and is not any more."""
    if low is None or fare is None or target is None:
        return False
    return low.minor <= target.minor < fare.minor
