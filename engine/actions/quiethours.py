"""Use-cases around a member's quiet hours: choose them, end them, show them."""

from collections.abc import Callable
from datetime import datetime, time

import msgspec

from engine.actions.choices import NO_ZONE, keep
from engine.clock import Clock
from engine.domain.hush import TEXTS_BY_DEFAULT, texts_quiet
from engine.domain.member import Member
from engine.domain.quiet import Quiet, release_at
from engine.domain.typed_time import parse_time
from engine.domain.watch import Owner
from engine.errors import InvalidInput
from engine.store.database import Store, Transaction
from engine.timezones import TimeZones

_OFF = Quiet(time(), time())


class Calm(msgspec.Struct, frozen=True, kw_only=True):
    """What a member chose, and what follows of it now.

    `until` is the end of the quiet hours that it is now, None outside of them; `waiting` of how many
    routes an alert waits for a morning. `texts` are the hours that hold for texts; `has_phone` says whether
    any would come.
    """

    member: Member
    until: datetime | None
    waiting: int
    texts: Quiet | None
    has_phone: bool

    @property
    def quiet(self) -> Quiet | None:
        """The quiet hours chosen; None for none."""
        chosen = self.member.quiet
        return None if chosen is None or chosen.is_off else chosen

    @property
    def texts_by_default(self) -> bool:
        """Whether texts wait at night although the member chose nothing."""
        return self.has_phone and self.texts is TEXTS_BY_DEFAULT


class QuietHours:
    """Everything a face can do with quiet hours. Raises InvalidInput with one sentence.

    What waits already follows each change: it is put off to the new end, or looked at and told now.
    `changed` says that the outbox has something due.
    """

    def __init__(
        self, store: Store, *, timezones: TimeZones, clock: Clock, changed: Callable[[], None]
    ) -> None:
        self._store = store
        self._timezones = timezones
        self._clock = clock
        self._changed = changed

    async def show(self, owner: Owner) -> Calm:
        """What was chosen, and whether it is quiet now."""
        async with self._store.transaction() as tx:
            return await self._calm(tx, await tx.members.of(owner.id))

    async def choose(
        self, owner: Owner, start: str | None, end: str | None, timezone: str | None = None
    ) -> Calm:
        """Other hours, another zone, or both, as typed; what is None stays as it is."""
        now = self._clock.now()
        zone = self._timezones.find(timezone, now) if timezone and timezone.strip() else None
        typed = [
            parse_time(each, field) if each is not None else None
            for field, each in (("from", start), ("to", end))
        ]
        async with self._store.transaction() as tx:
            member = await tx.members.of(owner.id)
            quiet = _hours(typed, member.quiet)
            zone = zone or member.timezone
            if zone is None:
                raise InvalidInput.of("timezone", NO_ZONE)
            member = msgspec.structs.replace(member, quiet=quiet, timezone=zone)
            calm = await self._keep(tx, member)
        self._changed()
        return calm

    async def end(self, owner: Owner) -> Calm:
        """No quiet hours, for texts neither; what waited is looked at and told now."""
        async with self._store.transaction() as tx:
            member = msgspec.structs.replace(await tx.members.of(owner.id), quiet=_OFF)
            calm = await self._keep(tx, member)
        self._changed()
        return calm

    async def _keep(self, tx: Transaction, member: Member) -> Calm:
        await keep(tx, member, self._timezones, self._clock.now())
        return await self._calm(tx, member)

    async def _calm(self, tx: Transaction, member: Member) -> Calm:
        zone = self._timezones.clock(member.timezone) if member.timezone else None
        now = self._clock.now()
        quiet = member.quiet
        return Calm(
            member=member,
            until=release_at(quiet, zone, now) if quiet is not None and zone is not None else None,
            waiting=len({post.route.id for post in await tx.waiting.of_member(member.id)}),
            texts=texts_quiet(member),
            has_phone=await tx.phones.of(member.id) is not None,
        )


def _hours(typed: list[time | None], before: Quiet | None) -> Quiet | None:
    """The hours chosen; one end alone changes what was chosen before, neither leaves it."""
    start, end = typed
    if start is None and end is None:
        return before
    known = None if before is None or before.is_off else before
    start = start if start is not None else known.start if known else None
    end = end if end is not None else known.end if known else None
    if start is None or end is None:
        raise InvalidInput("from", "Give both ends: from when until when. For example from 22:00 to 07:00.")
    if start == end:
        raise InvalidInput("to", "That begins and ends at the same time. To have no quiet hours, choose off.")
    return Quiet(start, end)
