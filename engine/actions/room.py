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


class Allowed(msgspec.Struct, frozen=True, kw_only=True):
    """How many routes a member has of how many they may have; `here`: both are of one server alone."""

    used: int
    most: int
    here: bool = False


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """How many more there is room for, and what is said to whoever wants more; `left` None is no limit."""

    left: int | None
    full: Saying


async def room_of(tx: Transaction, owner: Owner, limits: Limits, standing: Standing = NOBODY) -> Room:
    """The room that is left for an owner: the smallest of the member's, the server's and what it allows.

    Raises InvalidInput for a member who may add no routes there.
    """
    rooms = []
    if owner.kind is OwnerKind.MEMBER:
        if owner.server_id is not None:
            check_admitted(await tx.servers.of(owner.server_id), standing)
        rooms.append(_room(await allowed(tx, owner, limits, standing)))
    if owner.server_id is not None and limits.per_server is not None:
        here = await tx.watches.count_in_server(owner.server_id)
        full = counted(
            here,
            "This server watches {n} route, as many as it may.",
            "This server watches {n} routes, as many as it may.",
        )
        rooms.append(Room(left=max(limits.per_server - here, 0), full=full))
    return min(rooms, key=lambda room: room.left or 0, default=Room(left=None, full=saying("")))


async def allowed(tx: Transaction, member: Owner, limits: Limits, standing: Standing = NOBODY) -> Allowed:
    """The limit that a member meets first: their own, or the one of the server that they ask in."""
    everywhere = Allowed(used=await tx.watches.count_of(member), most=limits.per_member)
    most = (await tx.servers.of(member.server_id)).most_for(standing) if member.server_id else None
    if most is None:
        return everywhere
    used = await tx.watches.count_of(member, in_server=member.server_id)
    return min(Allowed(used=used, most=most, here=True), everywhere, key=lambda each: each.most - each.used)


def check_admitted(server: Server, standing: Standing) -> None:
    """Raises InvalidInput, with the roles that may, when somebody may add no routes to a server."""
    if not server.admits(standing):
        raise InvalidInput(
            "role",
            "In this server only members with one of these roles add routes:",
            suggestions=server.watchers,
        )


def _room(allowed: Allowed) -> Room:
    return Room(left=max(allowed.most - allowed.used, 0), full=_full(allowed))


def _full(allowed: Allowed) -> Saying:
    used, most = allowed.used, allowed.most
    if allowed.here:
        if not most:
            return saying("You may add no routes in this server.")
        return saying(
            "You watch {mine} of {most} routes in this server. Remove one first.", mine=used, most=most
        )
    if not most:
        return saying("You may add no routes.")
    return saying("You watch {mine} of {most} routes. Remove one first.", mine=used, most=most)
