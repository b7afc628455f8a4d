"""How many more watches an owner may have, and who may have any at all."""

import msgspec

from engine.domain.server import NOBODY, Server, Standing
from engine.domain.watch import Owner, OwnerKind
from engine.errors import InvalidInput
from engine.saying import Saying, counted, saying
from engine.store.database import Transaction


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How many watches one owner or server may have, as whoever runs the bot set it; None is no limit."""

    per_member: int = 25
    per_server: int | None = None


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """How many more there is room for, and what is said to whoever wants more; `left` None is no limit."""

    left: int | None
    full: Saying


async def room_of(tx: Transaction, owner: Owner, limits: Limits, standing: Standing = NOBODY) -> Room:
    """The room that is left for an owner: the smallest of the member's, the server's and what it allows.

    Raises InvalidInput for a member who may add no routes there.
    """
    rooms = []
    server = await tx.servers.of(owner.server_id) if owner.server_id else None
    if owner.kind is OwnerKind.MEMBER:
        rooms.append(_room(await tx.watches.count_of(owner), limits.per_member))
        if server is not None:
            check_admitted(server, standing)
            rooms += await _room_here(tx, owner, server, standing)
    if owner.server_id is not None and limits.per_server is not None:
        here = await tx.watches.count_in_server(owner.server_id)
        full = counted(
            here,
            "This server watches {n} route, as many as it may.",
            "This server watches {n} routes, as many as it may.",
        )
        rooms.append(Room(left=max(limits.per_server - here, 0), full=full))
    return min(rooms, key=lambda room: room.left or 0, default=Room(left=None, full=saying("")))


def check_admitted(server: Server, standing: Standing) -> None:
    """Raises InvalidInput, with the roles that may, when somebody may add no routes to a server."""
    if not server.admits(standing):
        raise InvalidInput(
            "role",
            "In this server only members with one of these roles add routes:",
            suggestions=server.watchers,
        )


async def _room_here(tx: Transaction, owner: Owner, server: Server, standing: Standing) -> list[Room]:
    most = server.most_for(standing)
    if most is None:
        return []
    mine = await tx.watches.count_of(owner, in_server=server.id)
    full = saying("You watch {mine} of {most} routes in this server. Remove one first.", mine=mine, most=most)
    if not most:
        full = saying("You may add no routes in this server.")
    return [Room(left=max(most - mine, 0), full=full)]


def _room(mine: int, most: int) -> Room:
    full = saying("You watch {mine} of {most} routes. Remove one first.", mine=mine, most=most)
    if not most:
        full = saying("You may add no routes.")
    return Room(left=max(most - mine, 0), full=full)
