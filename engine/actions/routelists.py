"""Route lists: the rows of a list become watches of that list, one for one."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

import msgspec

from engine.actions.asking import DEFAULT_LOW_DAYS
from engine.actions.listmemory import NOT_LISTED, Memory, Reading, compare
from engine.clock import Clock
from engine.domain import judge
from engine.domain.judgement import WatchState
from engine.domain.route import RouteId
from engine.domain.watch import Destination, Owner, OwnerKind, Rules, Watch, WatchId, WatchStatus
from engine.routelists.ports import Grid
from engine.routelists.rows import ListedRoute, RouteList
from engine.store.database import Store, Transaction


def owner_of(name: str) -> Owner:
    """Who stands behind the watches of a list."""
    return Owner(OwnerKind.LIST, name)


class Diff(msgspec.Struct, frozen=True, kw_only=True):
    """How many watches a list added, changed, paused because their row is gone, and left alone.

    `missing` ones were not in this reading; they are paused when the next good one lacks them too.
    """

    added: int = 0
    changed: int = 0
    paused: int = 0
    same: int = 0
    missing: int = 0


class _Changes(msgspec.Struct, kw_only=True):
    """What one reading does to the watches of a list."""

    new: list[tuple[ListedRoute, Watch]] = []
    changed: list[Watch] = []
    paused: list[Watch] = []
    rearmed: dict[WatchId, WatchState] = {}
    same: int = 0


class ListedRoutes:
    """Keeps the store in step with a list. Its rows start armed: their first fare alerts like any other.

    The list owns its watches, but where an `owner` is named: whatever else that one watches is left alone.
    """

    def __init__(
        self,
        store: Store,
        *,
        clock: Clock,
        tell: Sequence[Destination],
        sms_unconfirmed: bool,
        new_id: Callable[[], WatchId],
        poke: Callable[[], None],
        owner: Owner | None = None,
    ) -> None:
        self._owner = owner
        self._store = store
        self._clock = clock
        self._tell = tuple(tell)
        self._sms_unconfirmed = sms_unconfirmed
        self._new_id = new_id
        self._poke = poke

    async def keep(self, listed: RouteList, grid: Grid = ()) -> Diff:
        """Take a reading over: new rows, changed targets, and rows that two good readings in a row lack.

        A list without a single good row changes nothing: it says more of the reading than of
        what is wanted. `grid` is kept as the last good copy.
        """
        if not listed.routes:
            return Diff()
        async with self._store.transaction() as tx:
            before = await _memory(tx, listed.name)
            known, others = await self._watched(tx, listed.name)
            # Thousands of rows would hold the loop; nothing here waits for anybody.
            reading, changes, kept = await asyncio.to_thread(self._plan, listed, grid, known, others, before)
            await self._write(tx, changes)
            await tx.lists.save(listed.name, kept, self._clock.now())
        self._poke()
        return Diff(
            added=len(changes.new),
            changed=len(changes.changed),
            paused=len(changes.paused),
            same=changes.same,
            missing=len(reading.missing),
        )

    async def memory(self, name: str) -> Memory:
        """What is remembered of a list; an empty memory of one that was never read."""
        async with self._store.transaction() as tx:
            return await _memory(tx, name)

    async def wait_until(self, name: str, instant: datetime) -> None:
        """Remember, also after a restart, that the list's service is to be left alone until then."""
        async with self._store.transaction() as tx:
            memory = msgspec.structs.replace(await _memory(tx, name), not_before=instant)
            await tx.lists.save(name, msgspec.json.encode(memory), memory.read_at or self._clock.now())

    async def _watched(self, tx: Transaction, name: str) -> tuple[dict[RouteId, Watch], set[RouteId]]:
        """The list's watches by their routes, and the routes that its owner watches besides."""
        if self._owner is None:
            rows = await tx.watches.of_owner(owner_of(name))
            return {row.watch.route_id: row.watch for row in rows}, set()
        rows = await tx.watches.of_owner(self._owner)
        known = {row.watch.route_id: row.watch for row in rows if row.watch.listed_in == name}
        return known, {row.watch.route_id for row in rows} - set(known)

    def _plan(
        self,
        listed: RouteList,
        grid: Grid,
        known: Mapping[RouteId, Watch],
        others: Collection[RouteId],
        before: Memory,
    ) -> tuple[Reading, _Changes, bytes]:
        """What a reading says, what it changes, and the memory to keep of it, as JSON."""
        reading = compare(listed, known, before)
        wanted = [row for row in listed.routes if row.route.id not in others]
        changes = self._changes(listed.name, wanted, known)
        changes.same += len(listed.routes) - len(wanted)
        changes.paused = [_paused(known[route_id]) for route_id in reading.gone if _active(known, route_id)]
        memory = Memory(grid=grid, read_at=self._clock.now(), rows=reading.rows, missing=reading.missing)
        return reading, changes, msgspec.json.encode(memory)

    def _changes(self, name: str, rows: Sequence[ListedRoute], known: Mapping[RouteId, Watch]) -> _Changes:
        changes = _Changes()
        for row in rows:
            rules = _rules(row)
            watch = known.get(row.route.id)
            if watch is None:
                changes.new.append((row, self._watch(name, row, rules)))
                continue
            wanted = msgspec.structs.replace(watch, rules=rules, tell=self._tell)
            if watch.paused_why != "owner":
                wanted = msgspec.structs.replace(wanted, status=WatchStatus.ACTIVE, paused_why=None)
            if wanted == watch:
                changes.same += 1
                continue
            changes.changed.append(wanted)
            # A row that comes back is as good as new: whatever it told stood in another list.
            if rules != watch.rules or wanted.status is not watch.status:
                changes.rearmed[watch.id] = judge.fresh_state(from_list=True)
        return changes

    async def _write(self, tx: Transaction, changes: _Changes) -> None:
        armed = judge.fresh_state(from_list=True)
        await tx.routes.ensure_many([row.route for row, _ in changes.new], self._clock.now())
        await tx.watches.add_many([(watch, armed) for _, watch in changes.new])
        await tx.watches.update_many([*changes.changed, *changes.paused])
        await tx.watches.save_states(changes.rearmed)

    def _watch(self, name: str, row: ListedRoute, rules: Rules) -> Watch:
        return Watch(
            id=self._new_id(),
            owner=self._owner or owner_of(name),
            listed_in=name if self._owner else None,
            route_id=row.route.id,
            currency=row.route.currency,
            rules=rules,
            tell=self._tell,
            created_at=self._clock.now(),
            sms_unconfirmed=self._sms_unconfirmed,
        )


def _rules(row: ListedRoute) -> Rules:
    return Rules(target=row.target) if row.target else Rules(new_low_days=DEFAULT_LOW_DAYS)


def _active(known: Mapping[RouteId, Watch], route_id: RouteId) -> bool:
    return known[route_id].status is WatchStatus.ACTIVE


def _paused(watch: Watch) -> Watch:
    return msgspec.structs.replace(watch, status=WatchStatus.PAUSED, paused_why=NOT_LISTED)


async def _memory(tx: Transaction, name: str) -> Memory:
    kept = await tx.lists.last(name)
    if kept is None:
        return Memory()
    try:
        return msgspec.json.decode(kept[0], type=Memory)
    except msgspec.MsgspecError:
        # An earlier version's copy: the watches themselves are in the store, only counts are lost.
        return Memory()
