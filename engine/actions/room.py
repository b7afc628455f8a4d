"""How many more watches an owner may have."""

import msgspec

from engine.domain.watch import Owner, OwnerKind
from engine.store.database import Transaction


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How many watches one owner or server may have; None is no limit."""

    per_member: int = 25
    per_server: int | None = None


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """How many more there is room for, and the sentence for whoever wants more; None is no limit."""

    left: int | None
    sentence: str


async def room_of(tx: Transaction, owner: Owner, limits: Limits) -> Room:
    """The room that is left for an owner: the smaller of the member's and the server's."""
    rooms = []
    if owner.kind is OwnerKind.MEMBER:
        mine = await tx.watches.count_of(owner)
        full = f"You watch {mine} of {limits.per_member} routes. Remove one first."
        rooms.append(Room(left=max(limits.per_member - mine, 0), sentence=full))
    if owner.server_id is not None and limits.per_server is not None:
        here = await tx.watches.count_in_server(owner.server_id)
        full = f"This server watches {here} routes, as many as it may."
        rooms.append(Room(left=max(limits.per_server - here, 0), sentence=full))
    return min(rooms, key=lambda room: room.left or 0, default=Room(left=None, sentence=""))
