"""A member's routes out of a list: what would come of it first, and done only when asked."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

import msgspec

from engine.actions.asking import DEFAULT_LOW_DAYS
from engine.actions.room import Allowed, Limits, Room, allowed, room_of
from engine.clock import Clock
from engine.domain import judge
from engine.domain.money import Money
from engine.domain.route import RouteId
from engine.domain.server import NOBODY, Standing
from engine.domain.watch import Destination, Owner, Rules, Watch, WatchId
from engine.errors import InvalidInput, RouteListFault
from engine.gazetteer import Gazetteer
from engine.routelists.csv_file import decode_csv, parse_csv
from engine.routelists.ports import ListSource
from engine.routelists.rows import WHERE_FROM, ListedRoute, RouteList, RowFault, RowReader
from engine.saying import Saying, counted, saying
from engine.store.database import Store
from engine.store.watches import WatchRow

OPEN_FOR: Final = timedelta(minutes=10)
MOST_ROWS: Final = 1000
LARGEST: Final = 256 * 1024  # bytes; a thousand full rows weigh a third of it


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A row that gives a watch another target; `rules` are those of the row, the watch has the old ones."""

    listed: ListedRoute
    watch: Watch
    rules: Rules


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a list means for a member: which rows are new, change a target, change nothing, or cannot be.

    Each in the order of the list.
    """

    adding: tuple[ListedRoute, ...] = ()
    changing: tuple[Change, ...] = ()
    same: tuple[ListedRoute, ...] = ()
    refused: tuple[RowFault, ...] = ()

    @property
    def does_something(self) -> bool:
        """Whether there is anything to store."""
        return bool(self.adding or self.changing)


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What would come of a list called `name`; `key` opens it again until `until`. Nothing is stored.

    `watched` is how many routes the member has before it.
    """

    key: str
    name: str
    plan: Plan
    allowed: Allowed
    tell: tuple[Destination, ...]
    until: datetime


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: the plan as it stood when it was carried out, and where its routes tell."""

    plan: Plan
    tell: tuple[Destination, ...]


class _Pending(msgspec.Struct, frozen=True, kw_only=True):
    """A list that waits for its member's word."""

    key: str
    owner: Owner
    standing: Standing
    listed: RouteList
    tell: tuple[Destination, ...]
    until: datetime


class Importing:
    """Takes the routes of a list over to a member's own.

    A list that was read waits in memory for OPEN_FOR, one for each member; a restart forgets it.
    Raises InvalidInput with one sentence for whatever a person can get wrong.
    """

    def __init__(
        self,
        store: Store,
        gazetteer: Gazetteer,
        *,
        clock: Clock,
        home_origin: str | None,
        home_currency: str,
        limits: Limits,
        linked: Callable[[str], ListSource],
        new_id: Callable[[], WatchId],
        poke: Callable[[], None],
    ) -> None:
        self._store = store
        self._gazetteer = gazetteer
        self._clock = clock
        self._home_origin = home_origin
        self._home_currency = home_currency
        self._limits = limits
        self._linked = linked
        self._new_id = new_id
        self._poke = poke
        self._pending: dict[str, _Pending] = {}
        self._reading: set[str] = set()
        self._turn = asyncio.Lock()  # a list of a thousand errors takes seconds of one core

    async def preview(
        self,
        name: str,
        content: bytes | str,
        owner: Owner,
        tell: tuple[Destination, ...],
        standing: Standing = NOBODY,
    ) -> Preview:
        """Read a CSV text and say what would come of it; the file's name is for the member's eyes."""
        if len(content) > LARGEST:
            raise InvalidInput(
                "file", "That is more than {most} KB; I take less at a time.", most=LARGEST // 1024
            )
        with self._one_at_a_time(owner), _readable():
            async with self._turn:
                listed = await asyncio.to_thread(self._read_csv, name, content)
        return await self._looked_over(listed, owner, tell, standing)

    async def preview_linked(
        self, link: str, owner: Owner, tell: tuple[Destination, ...], standing: Standing = NOBODY
    ) -> Preview:
        """Read the sheet behind a link, once, and say what would come of it."""
        source = self._linked(link)
        with self._one_at_a_time(owner), _readable():
            grid = await source.read()
            async with self._turn:
                listed = await asyncio.to_thread(self._read, "The sheet", grid)
        return await self._looked_over(listed, owner, tell, standing)

    @contextmanager
    def _one_at_a_time(self, owner: Owner) -> Iterator[None]:
        """Nobody makes the others wait by asking again and again."""
        if owner.id in self._reading:
            raise InvalidInput("file", "I am still reading your last list; give me a moment.")
        self._reading.add(owner.id)
        try:
            yield
        finally:
            self._reading.discard(owner.id)

    async def _looked_over(
        self, listed: RouteList, owner: Owner, tell: tuple[Destination, ...], standing: Standing
    ) -> Preview:
        now = self._clock.now()
        waiting = _Pending(
            key=str(self._new_id()),
            owner=owner,
            standing=standing,
            listed=listed,
            tell=tell,
            until=now + OPEN_FOR,
        )
        async with self._store.transaction() as tx:
            mine = await tx.watches.of_owner(owner)
            room = await room_of(tx, owner, self._limits, standing)
            allowed_now = await allowed(tx, owner, self._limits, standing)
        planned = plan(listed, mine, room)
        self._forget_before(now)
        self._pending.pop(owner.id, None)
        if planned.does_something:
            self._pending[owner.id] = waiting
        return Preview(
            key=waiting.key,
            name=listed.name,
            plan=planned,
            allowed=allowed_now,
            tell=tell,
            until=waiting.until,
        )

    async def carry_out(self, key: str, actor: Owner) -> Imported:
        """Store it, judged by how the member's routes stand now. The rows start armed (rule 9)."""
        waiting = self._open(key, actor)
        del self._pending[actor.id]  # a second press finds nothing to do twice
        try:
            done = await self._store_all(waiting)
        except BaseException:
            self._pending.setdefault(actor.id, waiting)
            raise
        self._poke()
        return Imported(plan=done, tell=waiting.tell)

    def cancel(self, key: str, actor: Owner) -> None:
        """Forget it."""
        waiting = self._pending.get(actor.id)
        if waiting is not None and waiting.key == key:
            del self._pending[actor.id]

    async def _store_all(self, waiting: _Pending) -> Plan:
        owner, now = waiting.owner, self._clock.now()
        armed = judge.fresh_state(from_list=True)
        async with self._store.transaction() as tx:
            mine = await tx.watches.of_owner(owner)
            room = await room_of(tx, owner, self._limits, waiting.standing)
            todo = plan(waiting.listed, mine, room)
            await tx.routes.ensure_many([row.route for row in todo.adding], now)
            new = [self._watch(row, waiting, _in_order(now, n)) for n, row in enumerate(todo.adding)]
            await tx.watches.add_many([(watch, armed) for watch in new])
            changed = [msgspec.structs.replace(each.watch, rules=each.rules) for each in todo.changing]
            await tx.watches.save_rules(changed)
            await tx.watches.save_states({watch.id: armed for watch in changed})
        return todo

    def _watch(self, row: ListedRoute, waiting: _Pending, at: datetime) -> Watch:
        return Watch(
            id=self._new_id(),
            owner=waiting.owner,
            route_id=row.route.id,
            currency=row.route.currency,
            rules=Rules(target=row.target) if row.target else Rules(new_low_days=DEFAULT_LOW_DAYS),
            tell=waiting.tell,
            created_at=at,
        )

    def _open(self, key: str, actor: Owner) -> _Pending:
        waiting = self._pending.get(actor.id)
        if waiting is None or waiting.key != key or waiting.until < self._clock.now():
            raise InvalidInput(
                "file",
                "This preview is closed: I keep one for 10 minutes, only your newest one, and none over a "
                "restart. Nothing was stored by this press; use /route import again.",
            )
        return waiting

    def _forget_before(self, now: datetime) -> None:
        self._pending = {owner: each for owner, each in self._pending.items() if each.until >= now}

    def _read_csv(self, name: str, content: bytes | str) -> RouteList:
        return self._read(name, parse_csv(decode_csv(content) if isinstance(content, bytes) else content))

    def _read(self, name: str, rows: Sequence[Sequence[str]]) -> RouteList:
        _check_length(rows)
        reader = RowReader(
            self._gazetteer,
            home_origin=self._home_origin,
            home_currency=self._home_currency,
            today=self._clock.now().date(),
            without_origin=WHERE_FROM,
        )
        return reader.read(name, rows)


@contextmanager
def _readable() -> Iterator[None]:
    """What cannot be read as a list is said to the member."""
    try:
        yield
    except RouteListFault as fault:
        raise InvalidInput("file", "I cannot read this list: {fault}.", fault=fault.saying) from None


def _in_order(now: datetime, place: int) -> datetime:
    """Watches are listed by age: rows stored together keep the order of their list."""
    return now + timedelta(microseconds=place)


def _check_length(rows: Sequence[Sequence[str]]) -> None:
    filled = sum(any(cell.strip() for cell in row) for row in rows) - 1  # less the header
    if filled > MOST_ROWS:
        raise RouteListFault(
            "it has {filled} rows, and I take {most} at a time", filled=filled, most=MOST_ROWS
        )


def plan(listed: RouteList, mine: Sequence[WatchRow], room: Room) -> Plan:
    """What the list means beside the watches that its owner has. Pure.

    A row stands for the oldest watch of its route, wherever that tells. An empty target leaves a
    watch alone. What there is no room for is refused, the first rows of the list going first.
    """
    known: dict[RouteId, list[Watch]] = {}
    for row in mine:
        known.setdefault(row.watch.route_id, []).append(row.watch)
    adding: list[ListedRoute] = []
    changing: list[Change] = []
    same: list[ListedRoute] = []
    refused = list(listed.faults)
    for each in listed.routes:
        watches = known.get(each.route.id)
        if watches is None and room.left is not None and len(adding) >= room.left:
            refused.append(RowFault(row=each.row, column=None, saying=_no_room(room)))
        elif watches is None:
            adding.append(each)
        elif each.target is None or any(watch.rules.target == each.target for watch in watches):
            same.append(each)
        else:
            rules = _retargeted(watches[0].rules, each.target)
            changing.append(Change(listed=each, watch=watches[0], rules=rules))
    refused.sort(key=lambda fault: fault.row)
    return Plan(adding=tuple(adding), changing=tuple(changing), same=tuple(same), refused=tuple(refused))


def _retargeted(rules: Rules, target: Money) -> Rules:
    """Another target; the new low that stands in for a missing one goes."""
    low = rules.new_low_days if rules.target else None
    return msgspec.structs.replace(rules, target=target, new_low_days=low)


def _no_room(room: Room) -> Saying:
    if room.left:
        return counted(
            room.left,
            "There is no room for it: you may have {n} more, and it stands above it.",
            "There is no room for it: you may have {n} more, and they stand above it.",
        )
    return saying("There is no room for it. {why}", why=room.full)
