"""Who reads a message, and so in which language it is written."""

from collections.abc import Callable
from typing import Final, Protocol

import structlog
from cachetools import LRUCache
from msgspec import structs

from engine.domain.alert import Notification
from engine.domain.watch import DestinationKind
from engine.errors import StoreError
from engine.store.database import Store
from engine.tongue import Tongue, Tongues

_log = structlog.get_logger(__name__)

_REMEMBERED: Final = 10_000


class Guilds(Protocol):
    """What the client knows of the servers it is in."""

    def server_locale(self, server_id: str) -> str | None:
        """The language of a server, as Discord says it (`de`, `en-US`); None where the bot is not in it."""
        ...

    def server_of(self, channel_id: str) -> str | None:
        """The id of the server of a channel or thread; None for one that is not known."""
        ...


class Readers:
    """Knows the language of members, as their Discord last spoke it, and of servers.

    `guilds` says what Discord knows of servers.
    """

    def __init__(self, store: Store, tongues: Tongues, guilds: Callable[[], Guilds]) -> None:
        self._store = store
        self._tongues = tongues
        self._guilds = guilds
        self._seen: LRUCache[str, str] = LRUCache(_REMEMBERED)

    async def tongue_of(self, notification: Notification) -> Tongue:
        """That of the member in direct messages, that of the server everywhere else."""
        address = notification.destination.address
        if notification.destination.kind is DestinationKind.DM:
            return self._tongues.of(await self._member_locale(address))
        told = (notification, *notification.gathered)
        servers = (subject.owner.server_id for one in told for subject in one.subjects)
        server_id = next(filter(None, servers), None) or self._guilds().server_of(address)
        return await self.of_server(server_id)

    async def of_server(self, server_id: str | None) -> Tongue:
        """What who manages a server chose, else the language that Discord has for it."""
        if server_id is None:
            return self._tongues.of(None)
        return self._tongues.of(await self._chosen(server_id) or self._guilds().server_locale(server_id))

    async def note(self, member_id: str, locale: str) -> None:
        """A member's Discord speaks that language: what is written to them later is in it."""
        if self._seen.get(member_id) == locale:
            return
        try:
            async with self._store.transaction() as tx:
                member = await tx.members.of(member_id)
                if member.locale != locale:
                    await tx.members.save(structs.replace(member, locale=locale))
        except StoreError:  # they are written to in English until it can be kept
            _log.warning("language not kept")
            return
        self._seen[member_id] = locale

    async def _chosen(self, server_id: str) -> str | None:
        try:
            async with self._store.transaction() as tx:
                return (await tx.servers.of(server_id)).locale
        except StoreError:  # Discord's word will do
            return None

    async def _member_locale(self, member_id: str) -> str | None:
        try:
            async with self._store.transaction() as tx:
                return (await tx.members.of(member_id)).locale
        except StoreError:  # a message in English is better than none
            return None
