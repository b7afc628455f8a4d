"""Reads a route list again and again, and keeps the store in step with it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import structlog

from engine.actions.routelists import Diff, ListedRoutes
from engine.actions.writingback import changes_of, wants_writing
from engine.clock import Clock
from engine.errors import RouteListFault
from engine.gazetteer import Gazetteer
from engine.routelists.ports import CellChange, Grid, ListRefused, ListSource
from engine.routelists.rows import RouteList, RowFault, RowReader
from engine.store.database import Store

_log = structlog.get_logger(__name__)


class ListKeeper:
    """One list, from its source into the store, and its fares back.

    `report` is told, in a sentence, of every row that is at fault; of each once while it stays so. What
    keeps a list from being read or written is logged once, and once more when that is over.
    """

    def __init__(
        self,
        source: ListSource,
        listed: ListedRoutes,
        store: Store,
        *,
        clock: Clock,
        gazetteer: Gazetteer,
        reader: Callable[[], RowReader],
        report: Callable[[str], None],
    ) -> None:
        self._source = source
        self._listed = listed
        self._store = store
        self._clock = clock
        self._gazetteer = gazetteer
        self._reader = reader
        self._report = report
        self._current: tuple[RouteList, Grid] | None = None
        self._told: frozenset[RowFault] = frozenset()
        self._unread = False
        self._unwritten = False

    async def begin(self) -> None:
        """Read the list for the first time; where that fails, the last good copy stands in.

        Raises RouteListFault when there is no such copy either.
        """
        fault = await self.refresh(first=True)
        if fault is None:
            return
        memory = await self._listed.memory(self._source.name)
        if not memory.grid or memory.read_at is None:
            raise RouteListFault(
                "the route list ({list}) cannot be read: {fault}", list=self._source.label, fault=fault.saying
            ) from fault
        _log.warning(
            "using the last good copy of the route list",
            list=self._source.label,
            read_at=memory.read_at.isoformat(timespec="minutes"),
        )
        self._tell_faults(await self._parse(memory.grid))

    async def run(self) -> None:
        """Write back what is known, and read the list again whenever its time has come, until cancelled."""
        await self.write_back()
        while True:
            await self._clock.sleep(await self._pause_s())
            await self.refresh()
            await self.write_back()

    async def refresh(self, *, first: bool = False) -> RouteListFault | None:
        """Read it now, unless its service asked to be left alone; gives what kept it from being read."""
        try:
            diff, listed, grid = await self._take_over()
            if diff.missing and self._source.local:
                # Nobody else need be asked: a second reading says at once whether the rows are gone.
                diff, listed, grid = await self._take_over()
        except RouteListFault as fault:
            self._current = None
            await self._say_unread(fault)
            return fault
        self._current = (listed, grid)
        if self._unread:
            _log.info("the route list can be read again", list=self._source.label)
            self._unread = False
        if not first and (diff.added or diff.changed or diff.paused):
            _log.info(
                "route list taken over",
                list=self._source.label,
                added=diff.added,
                changed=diff.changed,
                paused=diff.paused,
            )
        self._tell_faults(listed)
        return None

    async def write_back(self, *, look_again: bool = False) -> None:
        """Write fares and missing codes into the list as it was just read; never raises for its service.

        `look_again` after a while in which somebody may have sorted it.
        """
        if self._current is None or self._source.most_writes == 0:
            return
        listed, grid = self._current
        if not wants_writing(grid):
            return
        try:
            if look_again and self._source.most_writes is None:
                grid = await self._source.read()
                listed = await self._parse(grid)
            changes = await self._changes(listed, grid)
            if changes:
                await self._source.write(changes)
        except RouteListFault as fault:
            await self._say_unwritten(fault)
            return
        if changes and self._unwritten:
            _log.info("fares are written back into the route list again", list=self._source.label)
            self._unwritten = False

    async def _take_over(self) -> tuple[Diff, RouteList, Grid]:
        memory = await self._listed.memory(self._source.name)
        if memory.not_before is not None and self._clock.now() < memory.not_before:
            until = memory.not_before.isoformat(timespec="minutes")
            raise ListRefused(
                "it is left alone until {until}, as was asked", retry_at=memory.not_before, until=str(until)
            )
        grid = await self._source.read()
        listed = await self._parse(grid)
        return await self._listed.keep(listed, grid), listed, grid

    async def _parse(self, grid: Grid) -> RouteList:
        """The routes of the rows, in a thread: a thousand cities take a second to find."""
        return await asyncio.to_thread(self._reader().read, self._source.name, grid)

    async def _say_unread(self, fault: RouteListFault) -> None:
        if isinstance(fault, ListRefused):
            await self._listed.wait_until(self._source.name, fault.retry_at)
        if not self._unread:
            _log.warning(
                "the route list cannot be read; nothing of it changes",
                list=self._source.label,
                why=str(fault),
            )
        self._unread = True

    def _tell_faults(self, listed: RouteList) -> None:
        for fault in listed.faults:
            if fault not in self._told:
                self._report(f"{self._source.label}, {fault}")
        self._told = frozenset(listed.faults)

    async def _pause_s(self) -> float:
        memory = await self._listed.memory(self._source.name)
        pause = self._source.refresh_every
        if memory.not_before is not None:
            pause = max(pause, memory.not_before - self._clock.now())
        return max(pause, timedelta()).total_seconds()

    async def _changes(self, listed: RouteList, grid: Grid) -> list[CellChange]:
        ids = [row.route.id for row in listed.routes]
        async with self._store.transaction() as tx:
            seen = await tx.routes.get_many(ids)
            lowest = await tx.history.lowest(ids)
        return changes_of(listed, grid, seen, lowest, self._gazetteer, most_rows=self._source.most_writes)

    async def _say_unwritten(self, fault: RouteListFault) -> None:
        if isinstance(fault, ListRefused):
            await self._listed.wait_until(self._source.name, fault.retry_at)
        if not self._unwritten:
            _log.warning(
                "fares cannot be written back into the route list", list=self._source.label, why=str(fault)
            )
        self._unwritten = True
