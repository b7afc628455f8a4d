"""What the people who run a server choose for it, one use-case for each choice."""

from collections.abc import Sequence
from typing import Final

import msgspec

from engine.actions.room import Allowed, Limits, allowed
from engine.clock import Clock
from engine.domain.server import Server, Standing
from engine.domain.typed import parse_currency
from engine.domain.watch import Owner
from engine.errors import InvalidInput
from engine.store.database import Store
from engine.timezones import TimeZones

MOST_ROLES: Final = 10
MOST_ROUTES: Final = 500


class Servers:
    """Reads and keeps the choices of servers. Whether somebody may choose, their face has asked before.

    Raises InvalidInput with one sentence for whatever a person can get wrong.
    """

    def __init__(self, store: Store, *, timezones: TimeZones, limits: Limits, clock: Clock) -> None:
        self._store = store
        self._limits = limits
        self._timezones = timezones
        self._clock = clock

    async def of(self, server_id: str) -> Server:
        """What was chosen for a server; nothing, where nobody chose yet."""
        async with self._store.transaction() as tx:
            return await tx.servers.of(server_id)

    async def allowed(self, member: Owner, standing: Standing) -> Allowed:
        """How many routes a member has, of how many they may have where they ask."""
        async with self._store.transaction() as tx:
            return await allowed(tx, member, self._limits, standing)

    async def choose_channel(self, server_id: str, channel_id: str | None) -> Server:
        """Where alerts go unless a route says otherwise; None: where each route was added."""
        return await self._change(server_id, channel_id=channel_id)

    async def choose_admin_channel(self, server_id: str, channel_id: str | None) -> Server:
        """Where the people who run the server are told what they should know; None: nowhere."""
        return await self._change(server_id, admin_channel_id=channel_id)

    async def choose_currency(self, server_id: str, typed: str | None) -> Server:
        """The currency of routes that name none, as typed; None: the one of whoever runs the bot."""
        return await self._change(server_id, currency=_currency(typed))

    async def choose_timezone(self, server_id: str, typed: str | None) -> Server:
        """The zone of public times, as typed; None: UTC."""
        return await self._change(server_id, timezone=self._zone(typed))

    async def choose_locale(self, server_id: str, locale: str | None) -> Server:
        """The language of what is written in the server's channels; None: what Discord has for it."""
        return await self._change(server_id, locale=locale)

    async def choose_all(
        self, server_id: str, *, currency: str | None, timezone: str | None, most: str | None
    ) -> Server:
        """Currency, time zone and most routes of a member, typed into one form; empty ones are taken back."""
        choices = {
            "currency": _currency(currency),
            "timezone": self._zone(timezone),
            "most_routes": _most(most),
        }
        return await self._change(server_id, **choices)

    async def choose_limit(self, server_id: str, role_id: str | None, most: int | None) -> Server:
        """How many routes a member may have, or one with that role; None: as whoever runs the bot set it."""
        if role_id is None:
            return await self._change(server_id, most_routes=most)
        async with self._store.transaction() as tx:
            server = await tx.servers.of(server_id)
            by_role = {role: limit for role, limit in server.most_by_role.items() if role != role_id}
            if most is not None:
                by_role[role_id] = most
            if len(by_role) > MOST_ROLES:
                raise InvalidInput(
                    "role", "At most {most} roles can have a limit of their own.", most=MOST_ROLES
                )
            server = msgspec.structs.replace(server, most_by_role=by_role)
            await tx.servers.save(server)
        return server

    async def choose_watchers(self, server_id: str, role_ids: Sequence[str]) -> Server:
        """The roles that may add routes; none: everybody may."""
        return await self._change(server_id, watchers=tuple(role_ids[:MOST_ROLES]))

    async def choose_pings(self, server_id: str, *, owners: bool) -> Server:
        """Whether alerts in channels ping the owners of their routes."""
        return await self._change(server_id, pings_owners=owners)

    async def choose_ping_role(self, server_id: str, role_id: str | None) -> Server:
        """The role that the server's own routes ping; None: nobody."""
        return await self._change(server_id, ping_role_id=role_id)

    async def _change(self, server_id: str, **choices: object) -> Server:
        async with self._store.transaction() as tx:
            server = msgspec.structs.replace(await tx.servers.of(server_id), **choices)
            await tx.servers.save(server)
        return server

    def _zone(self, typed: str | None) -> str | None:
        return self._timezones.find(typed, self._clock.now()) if typed and typed.strip() else None


def _currency(typed: str | None) -> str | None:
    return parse_currency(typed) if typed and typed.strip() else None


def _most(typed: str | None) -> int | None:
    if typed is None or not typed.strip():
        return None
    if not typed.strip().isdecimal() or int(typed) > MOST_ROUTES:
        raise InvalidInput(
            "limit", "Give a number of routes, from 0 to {most}, or leave it empty.", most=MOST_ROUTES
        )
    return int(typed)
