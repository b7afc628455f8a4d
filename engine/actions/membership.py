"""The bot in servers and members in them: who left, who is back, and what is kept of them for how long."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

import msgspec
import structlog

from engine.clock import Clock
from engine.domain import judge
from engine.domain.announce import is_public
from engine.domain.pauses import BOT_REMOVED, OWNER_LEFT
from engine.domain.watch import OwnerKind, Watch, WatchStatus
from engine.store.database import Store, Transaction
from engine.store.watches import WatchRow

_log = structlog.get_logger(__name__)

KEPT_WITHOUT_BOT: Final = timedelta(days=7)
KEPT_WITHOUT_MEMBER: Final = timedelta(days=30)
LOOKED_FOR_EVERY: Final = timedelta(days=1)


class Membership:
    """What the face reports of servers. `changed` is called when routes are to be looked at again."""

    def __init__(self, store: Store, *, clock: Clock, changed: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._changed = changed

    async def is_new(self, server_id: str) -> bool:
        """Whether nobody said hello to a server yet; from now on somebody has."""
        async with self._store.transaction() as tx:
            server = await tx.servers.of(server_id)
            if server.welcomed_at is not None:
                return False
            await tx.servers.save(msgspec.structs.replace(server, welcomed_at=self._clock.now()))
        return True

    async def servers(self) -> set[str]:
        """The servers in which the bot is as far as it knows: set up, or with routes that tell there."""
        async with self._store.transaction() as tx:
            known = {server.id: server for server in await tx.servers.known()}
            telling = {server_id for server_id, _ in await tx.watches.channels()}
        gone = {id_ for id_, server in known.items() if server.left_at is not None}
        return (set(known) | telling) - gone

    async def left(self) -> set[str]:
        """The servers from which the bot was removed, as far as it knows."""
        async with self._store.transaction() as tx:
            return {server.id for server in await tx.servers.known() if server.left_at is not None}

    async def bot_left(self, server_id: str) -> None:
        """The bot was removed: what told there rests until it is back, or is purged."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            server = await tx.servers.of(server_id)
            await tx.servers.save(msgspec.structs.replace(server, left_at=server.left_at or now))
            watches = [row.watch for row in await _of_server(tx, server_id)]
            await tx.watches.update_many([_paused(each, BOT_REMOVED) for each in watches if _active(each)])
        _log.info("removed from a server", server=server_id, paused=len(watches))

    async def bot_back(self, server_id: str) -> None:
        """The bot is in a server, anew or again: what rested for its absence goes on, seeded anew."""
        async with self._store.transaction() as tx:
            server = await tx.servers.of(server_id)
            if server.left_at is None:
                return
            await tx.servers.save(msgspec.structs.replace(server, left_at=None))
            resting = [row for row in await _of_server(tx, server_id) if row.watch.paused_why == BOT_REMOVED]
            await tx.watches.update_many([_resumed(row.watch) for row in resting])
            await tx.watches.save_states({row.watch.id: judge.reseeded(row.state) for row in resting})
        self._changed()

    async def to_look_for(self, most: int) -> list[tuple[str, str]]:
        """Server and member of routes whose owners were not looked for within a day."""
        async with self._store.transaction() as tx:
            return await tx.memberships.due(self._clock.now() - LOOKED_FOR_EVERY, most)

    async def member_here(self, server_id: str, member_id: str) -> None:
        """They were looked for and are there, or nobody can say."""
        async with self._store.transaction() as tx:
            await tx.memberships.note(server_id, member_id, self._clock.now(), left=False)

    async def member_left(self, server_id: str, member_id: str) -> None:
        """They left: their routes of that server rest, and nothing personal is told them any more."""
        async with self._store.transaction() as tx:
            await tx.memberships.note(server_id, member_id, self._clock.now(), left=True)
            theirs = [
                row.watch
                for row in await tx.watches.made_in(server_id, OwnerKind.MEMBER)
                if row.watch.owner.id == member_id and _active(row.watch)
            ]
            await tx.watches.update_many([_paused(each, OWNER_LEFT) for each in theirs])
        _log.info("member left a server", server=server_id, paused=len(theirs))

    async def purge(self) -> None:
        """Delete what has rested long enough: of servers without the bot, of members who left.

        Nor is it kept who was found where, once they have no route there.
        """
        now = self._clock.now()
        async with self._store.transaction() as tx:
            servers = [
                server.id
                for server in await tx.servers.known()
                if server.left_at is not None and server.left_at < now - KEPT_WITHOUT_BOT
            ]
            for server_id in servers:
                await _purge_server(tx, server_id)
            members = await tx.memberships.left_before(now - KEPT_WITHOUT_MEMBER)
            for server_id, member_id in members:
                await _purge_member(tx, server_id, member_id)
            await tx.memberships.prune()
        if servers or members:
            _log.info("purged what left", servers=len(servers), members=len(members))


async def _of_server(tx: Transaction, server_id: str) -> Sequence[WatchRow]:
    """A server's own watches, and its members' that tell in it."""
    members = await tx.watches.made_in(server_id, OwnerKind.MEMBER)
    own = await tx.watches.made_in(server_id, OwnerKind.SERVER)
    return [*own, *(row for row in members if is_public(row.watch))]


async def _purge_server(tx: Transaction, server_id: str) -> None:
    resting = [row.watch for row in await _of_server(tx, server_id)]
    await tx.watches.purge(
        [each.id for each in resting if each.owner.kind is OwnerKind.SERVER or each.paused_why == BOT_REMOVED]
    )
    server = await tx.servers.of(server_id)
    if server.sheet is not None:
        await tx.lists.forget(server.sheet.name)
    await tx.webhooks.forget_server(server_id)
    await tx.memberships.forget_server(server_id)
    await tx.servers.forget(server_id)


async def _purge_member(tx: Transaction, server_id: str, member_id: str) -> None:
    rows = await tx.watches.made_in(server_id, OwnerKind.MEMBER)
    await tx.watches.purge(
        [
            row.watch.id
            for row in rows
            if row.watch.owner.id == member_id and row.watch.paused_why == OWNER_LEFT
        ]
    )
    await tx.memberships.forget(server_id, member_id)


def _active(watch: Watch) -> bool:
    return watch.status is WatchStatus.ACTIVE


def _paused(watch: Watch, why: str) -> Watch:
    return msgspec.structs.replace(watch, status=WatchStatus.PAUSED, paused_why=why)


def _resumed(watch: Watch) -> Watch:
    return msgspec.structs.replace(watch, status=WatchStatus.ACTIVE, paused_why=None)
