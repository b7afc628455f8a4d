"""Who reads a message, and so in which language it is written."""

from collections.abc import Callable
from typing import Final

import structlog
from cachetools import LRUCache
from msgspec import structs

from bot.tongue import Tongue, Tongues
from engine.domain.alert import Notification
from engine.domain.watch import DestinationKind
from engine.errors import StoreError
from engine.store.database import Store

_log = structlog.get_logger(__name__)

_REMEMBERED: Final = 10_000


class Readers:
    """Knows the language of members, as their Discord last spoke it, and of servers.

    `server_locale` gives the language of a server by its id, as Discord says it; None where the bot is
    not in it.
    """

    def __init__(self, store: Store, tongues: Tongues, server_locale: Callable[[str], str | None]) -> None:
        self._store = store
        self._tongues = tongues
        self._server_locale = server_locale
        self._seen: LRUCache[str, str] = LRUCache(_REMEMBERED)

    async def tongue_of(self, notification: Notification) -> Tongue:
        """That of the member in direct messages, that of the server everywhere else."""
        if notification.destination.kind is DestinationKind.DM:
            return self._tongues.of(await self._member_locale(notification.destination.address))
        told = (notification, *notification.gathered)
        servers = (subject.owner.server_id for one in told for subject in one.subjects)
        server_id = next(filter(None, servers), None)
        return self._tongues.of(self._server_locale(server_id) if server_id else None)

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

    async def _member_locale(self, member_id: str) -> str | None:
        try:
            async with self._store.transaction() as tx:
                return (await tx.members.of(member_id)).locale
        except StoreError:  # a message in English is better than none
            return None
