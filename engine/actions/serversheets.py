"""Sheets that servers linked: read again and again, each kept in step with its server's own routes."""

import asyncio
from collections.abc import Callable
from typing import Final

import msgspec
import structlog

from engine.actions.importing import MOST_ROWS
from engine.actions.room import Limits, room_of
from engine.actions.routelists import Diff, ListedRoutes
from engine.clock import Clock
from engine.domain.botnotice import about_a_server
from engine.domain.route import RouteId
from engine.domain.server import Server, Sheet, server_itself
from engine.domain.sheetnews import sheet_news
from engine.domain.watch import Destination, DestinationKind, WatchId
from engine.errors import InvalidInput, RouteListFault
from engine.routelists.ports import Grid, ListRefused, ListSource
from engine.routelists.rows import RouteList, RowFault, RowReader
from engine.saying import Saying, saying
from engine.store.database import Store
from engine.store.ownernews import place_of

_log = structlog.get_logger(__name__)

_EVERY_S: Final = 300.0
_MOST_FAULTS: Final = 200


class Linked(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a reading: what it changed, and the rows that were left out."""

    diff: Diff
    faults: tuple[RowFault, ...]


class SheetStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A linked sheet, and how many of the server's routes stand in it."""

    sheet: Sheet
    routes: int


class ServerSheets:
    """Links, reads and unlinks them. Whether somebody manages the server, their face has asked before.

    Raises InvalidInput with one sentence for whatever a person can get wrong.
    """

    def __init__(
        self,
        store: Store,
        *,
        clock: Clock,
        linked: Callable[[str], ListSource],
        reader: Callable[[str | None], RowReader],
        limits: Limits,
        new_id: Callable[[], WatchId],
        changed: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._linked = linked
        self._reader = reader
        self._limits = limits
        self._new_id = new_id
        self._changed = changed
        self._turn = asyncio.Lock()  # a link and the loop never read the same sheet at once

    async def run(self) -> None:
        """Read all sheets every five minutes until cancelled."""
        while True:
            await self.read_all()
            await self._clock.sleep(_EVERY_S)

    async def read_all(self) -> None:
        """Read every linked sheet, one after the other; a fault of one stops no other."""
        async with self._store.transaction() as tx:
            servers = [server for server in await tx.servers.known() if server.sheet and not server.left_at]
        for server in servers:
            try:
                async with self._turn:
                    await self._read_again(server.id)
            except Exception:  # noqa: BLE001  the root of one sheet: the others go on
                _log.exception("sheet not kept", server=server.id)

    async def link(self, server_id: str, link: str, channel_id: str) -> Linked:
        """Keep the server's routes in step with a sheet from now on; its routes tell in that channel."""
        source = self._linked(link)
        name = f"server:{server_id}:{source.name}"
        async with self._turn:
            server = await self._server(server_id)
            if server.sheet is not None and server.sheet.name != name:
                raise InvalidInput("link", "Another sheet is linked. Unlink that one first.")
            try:
                grid, listed = await self._rows(source, name, server)
            except RouteListFault as fault:
                raise InvalidInput("link", "I cannot read this sheet: {fault}.", fault=fault.saying) from None
            if not listed.routes:
                raise _routeless(listed)
            sheet = Sheet(
                link=link.strip(),
                name=name,
                linked_at=self._clock.now(),
                channel_id=channel_id,
                read_at=self._clock.now(),
                faults=_told(listed),
            )
            await self._save(server_id, sheet)
            diff = await self._listed(server_id, channel_id).keep(listed, grid)
        return Linked(diff=diff, faults=listed.faults)

    async def unlink(self, server_id: str, *, remove: bool) -> int:
        """Read it no more. Its routes go too, or stay as the server's own; how many those are."""
        async with self._turn, self._store.transaction() as tx:
            server = await tx.servers.of(server_id)
            if server.sheet is None:
                raise InvalidInput("link", "No sheet is linked.")
            name = server.sheet.name
            rows = await tx.watches.of_owner(server_itself(server_id))
            theirs = [row.watch for row in rows if row.watch.listed_in == name]
            gone = self._clock.now() if remove else None
            await tx.watches.update_many(
                [msgspec.structs.replace(each, listed_in=None, removed_at=gone) for each in theirs]
            )
            await tx.lists.forget(name)
            await tx.servers.save(msgspec.structs.replace(server, sheet=None))
        return len(theirs)

    async def standing(self, server_id: str) -> SheetStanding | None:
        """How the linked sheet stands; None where there is none."""
        async with self._store.transaction() as tx:
            sheet = (await tx.servers.of(server_id)).sheet
            if sheet is None:
                return None
            rows = await tx.watches.of_owner(server_itself(server_id))
        return SheetStanding(sheet=sheet, routes=sum(row.watch.listed_in == sheet.name for row in rows))

    async def _read_again(self, server_id: str) -> None:
        """A reading by the loop: nothing that fails ever removes anything."""
        server = await self._server(server_id)
        sheet = server.sheet
        channel_id = sheet.channel_id or server.channel_id if sheet else None
        if sheet is None or channel_id is None:
            return
        kept = self._listed(server_id, channel_id)
        memory = await kept.memory(sheet.name)
        if memory.not_before is not None and self._clock.now() < memory.not_before:
            return
        try:
            grid, listed = await self._rows(self._linked(sheet.link), sheet.name, server)
        except ListRefused as fault:
            await kept.wait_until(sheet.name, fault.retry_at)
            return
        except RouteListFault as fault:
            await self._note(server_id, sheet, msgspec.structs.replace(sheet, why=fault.saying))
            return
        if not listed.routes:  # it says more of the reading than of what is wanted
            failing = msgspec.structs.replace(sheet, why=saying("no row of it is a route"))
            await self._note(server_id, sheet, failing)
            return
        await kept.keep(listed, grid)
        read = msgspec.structs.replace(sheet, why=None, read_at=self._clock.now(), faults=_told(listed))
        await self._note(server_id, sheet, read)

    async def _rows(self, source: ListSource, name: str, server: Server) -> tuple[Grid, RouteList]:
        """The cells, and the routes of the rows for which there is room."""
        grid = await source.read()
        filled = sum(any(cell.strip() for cell in row) for row in grid) - 1  # less the header
        if filled > MOST_ROWS:
            raise RouteListFault("it has {filled} rows, and I take {most}", filled=filled, most=MOST_ROWS)
        listed = await asyncio.to_thread(self._reader(server.currency).read, name, grid)
        owner = server_itself(server.id)
        async with self._store.transaction() as tx:
            known = {row.watch.route_id for row in await tx.watches.of_owner(owner)}
            room = await room_of(tx, owner, self._limits)
        return grid, _fitting(listed, known, room.left, room.full)

    async def _note(self, server_id: str, before: Sheet, now: Sheet) -> None:
        """Keep how a reading went, and tell in the channel for news what is new about it."""
        at = self._clock.now()
        async with self._store.transaction() as tx:
            server = await tx.servers.of(server_id)
            if server.sheet is None or server.sheet.link != before.link:
                return  # unlinked, or linked anew, meanwhile
            now = msgspec.structs.replace(now, channel_id=server.sheet.channel_id)
            kept, news = sheet_news(before, now, at)
            await tx.servers.save(msgspec.structs.replace(server, sheet=kept))
            place = await place_of(tx, server_itself(server_id))
            if news is not None and place is not None:
                await tx.notifications.enqueue([about_a_server(server_id, place, news, at)])
        self._changed()

    async def _save(self, server_id: str, sheet: Sheet) -> None:
        async with self._store.transaction() as tx:
            server = await tx.servers.of(server_id)
            await tx.servers.save(msgspec.structs.replace(server, sheet=sheet))

    async def _server(self, server_id: str) -> Server:
        async with self._store.transaction() as tx:
            return await tx.servers.of(server_id)

    def _listed(self, server_id: str, channel_id: str) -> ListedRoutes:
        return ListedRoutes(
            self._store,
            clock=self._clock,
            tell=(Destination(DestinationKind.CHANNEL, channel_id),),
            sms_unconfirmed=False,
            new_id=self._new_id,
            poke=self._changed,
            owner=server_itself(server_id),
        )


def _fitting(listed: RouteList, known: set[RouteId], left: int | None, full: Saying) -> RouteList:
    """The list without the new routes for which there is no room, the first ones going first."""
    if left is None:
        return listed
    fitting, faults = [], list(listed.faults)
    for row in listed.routes:
        if row.route.id in known:
            fitting.append(row)
        elif left > 0:
            fitting.append(row)
            left -= 1
        else:
            no_room = saying("There is no room for it. {why}", why=full)
            faults.append(RowFault(row=row.row, column=None, saying=no_room))
    faults.sort(key=lambda fault: fault.row)
    return RouteList(name=listed.name, routes=tuple(fitting), faults=tuple(faults))


def _told(listed: RouteList) -> tuple[Saying, ...]:
    return tuple(fault.line for fault in listed.faults[:_MOST_FAULTS])


def _routeless(listed: RouteList) -> InvalidInput:
    if not listed.faults:
        return InvalidInput("link", "I find no route in this sheet.")
    first = listed.faults[0].line
    return InvalidInput("link", "I find no route in this sheet, and {first}", first=first)
