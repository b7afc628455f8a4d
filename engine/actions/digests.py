"""Use-cases around a member's digest: choose it, end it, show it."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from engine.actions.choices import NO_ZONE, keep, next_digest
from engine.clock import Clock
from engine.domain.deferring import unheard
from engine.domain.digest import Digest
from engine.domain.member import Member
from engine.domain.quiet import release_at
from engine.domain.typed_time import parse_time
from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind, WatchStatus
from engine.errors import InvalidInput
from engine.store.database import Store, Transaction
from engine.timezones import TimeZones


class DigestPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What a member chose, and when the next digest comes; `digest` is None where there is none.

    `in_quiet_hours`: it comes within the member's own quiet hours. `paused_why` says why no direct
    message goes out to the member now. `routes` is how many it would tell of.
    """

    digest: Digest | None
    timezone: str | None
    next_at: datetime | None = None
    in_quiet_hours: bool = False
    paused_why: str | None = None
    routes: int = 0


class Digests:
    """Everything a face can do with digests. Raises InvalidInput with one sentence.

    `changed` says that routes may have to be looked at now.
    """

    def __init__(
        self, store: Store, *, timezones: TimeZones, clock: Clock, changed: Callable[[], None]
    ) -> None:
        self._store = store
        self._timezones = timezones
        self._clock = clock
        self._changed = changed

    async def show(self, owner: Owner) -> DigestPlan:
        """What was chosen, and when the next one comes."""
        async with self._store.transaction() as tx:
            return await self._plan(tx, await tx.members.of(owner.id))

    async def choose(
        self, owner: Owner, at: str | None, timezone: str | None = None, *, gather: bool | None = None
    ) -> DigestPlan:
        """Another time, another zone, or whether it stands in for pings; what is None stays as it is."""
        now = self._clock.now()
        typed = None if at is None else parse_time(at, "time")
        zone = self._timezones.find(timezone, now) if timezone and timezone.strip() else None
        async with self._store.transaction() as tx:
            before = await tx.members.of(owner.id)
            known = before.digest
            time = typed if typed is not None else known.at if known else None
            if time is None:
                raise InvalidInput("time", "Say when it is to come. For example at 08:00.")
            zone = zone or before.timezone
            if zone is None:
                raise InvalidInput.of("timezone", NO_ZONE)
            digest = Digest(at=time, gathers_since=_gathers_since(known, gather, now))
            plan = await self._keep(tx, before, digest, zone)
        self._changed()
        return plan

    async def end(self, owner: Owner) -> DigestPlan:
        """No digest; alerts ping again, also for what stands and was left to a digest."""
        async with self._store.transaction() as tx:
            before = await tx.members.of(owner.id)
            plan = await self._keep(tx, before, None, before.timezone)
        self._changed()
        return plan

    async def _keep(
        self, tx: Transaction, before: Member, digest: Digest | None, zone: str | None
    ) -> DigestPlan:
        member = msgspec.structs.replace(before, digest=digest, timezone=zone)
        since = before.digest.gathers_since if before.digest else None
        if since is not None and not (digest and digest.gathers):
            await self._tell_after_all(tx, member, since)
        await keep(tx, member, self._timezones, self._clock.now())
        return await self._plan(tx, member)

    async def _tell_after_all(self, tx: Transaction, member: Member, since: datetime) -> None:
        """What no digest will tell any more is news again, at a look now."""
        for row in await tx.watches.of_owner(_owner(member)):
            state = unheard(row.state, since)
            if state != row.state:
                await tx.watches.save_states({row.watch.id: state})
                await tx.routes.look_by(row.watch.route_id, self._clock.now())

    async def _plan(self, tx: Transaction, member: Member) -> DigestPlan:
        due = await next_digest(tx, member, self._timezones, self._clock.now())
        zone = self._timezones.clock(member.timezone) if member.timezone else None
        asleep = due and zone and member.quiet and release_at(member.quiet, zone, due.at)
        lane = Destination(DestinationKind.DM, member.id).lane
        rows = await tx.watches.of_owner(_owner(member))
        return DigestPlan(
            digest=member.digest,
            timezone=member.timezone,
            next_at=due.at if due else None,
            in_quiet_hours=asleep is not None,
            paused_why=await tx.notifications.why_paused(lane),
            routes=sum(row.watch.status is WatchStatus.ACTIVE for row in rows),
        )


def _owner(member: Member) -> Owner:
    return Owner(OwnerKind.MEMBER, member.id)


def _gathers_since(before: Digest | None, gather: bool | None, now: datetime) -> datetime | None:
    """From when on nobody is pinged: as it was, from now, or not at all."""
    since = before.gathers_since if before else None
    if gather is None:
        return since
    return (since or now) if gather else None
