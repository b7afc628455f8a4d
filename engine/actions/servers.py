"""What the people who run a server choose for it, one use-case for each choice."""

import msgspec

from engine.clock import Clock
from engine.domain.server import Server
from engine.domain.typed import parse_currency
from engine.store.database import Store
from engine.timezones import TimeZones


class Servers:
    """Reads and keeps the choices of servers. Whether somebody may choose, their face has asked before.

    Raises InvalidInput with one sentence for whatever a person can get wrong.
    """

    def __init__(self, store: Store, *, timezones: TimeZones, clock: Clock) -> None:
        self._store = store
        self._timezones = timezones
        self._clock = clock

    async def of(self, server_id: str) -> Server:
        """What was chosen for a server; nothing, where nobody chose yet."""
        async with self._store.transaction() as tx:
            return await tx.servers.of(server_id)

    async def choose_channel(self, server_id: str, channel_id: str | None) -> Server:
        """Where alerts go unless a route says otherwise; None: where each route was added."""
        return await self._change(server_id, channel_id=channel_id)

    async def choose_currency(self, server_id: str, typed: str | None) -> Server:
        """The currency of routes that name none, as typed; None: the one of whoever runs the bot."""
        currency = parse_currency(typed) if typed and typed.strip() else None
        return await self._change(server_id, currency=currency)

    async def choose_timezone(self, server_id: str, typed: str | None) -> Server:
        """The zone of public times, as typed; None: UTC."""
        zone = self._timezones.find(typed, self._clock.now()) if typed and typed.strip() else None
        return await self._change(server_id, timezone=zone)

    async def _change(self, server_id: str, **choice: object) -> Server:
        async with self._store.transaction() as tx:
            server = msgspec.structs.replace(await tx.servers.of(server_id), **choice)
            await tx.servers.save(server)
        return server
