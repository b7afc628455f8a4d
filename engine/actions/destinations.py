"""Where alerts are told when nobody says otherwise: what the member and the server chose."""

import msgspec

from engine.domain.watch import Owner, OwnerKind
from engine.store.database import Store


class Defaults(msgspec.Struct, frozen=True, kw_only=True):
    """`private`: the member is told by direct message, None while they never said.

    `channel_id` is the server's channel for alerts, None where it chose none.
    """

    private: bool | None = None
    channel_id: str | None = None


class Destinations:
    """Reads and keeps them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of(self, owner: Owner) -> Defaults:
        """What holds for a member in the server in which they act, or for the server itself."""
        async with self._store.transaction() as tx:
            is_member = owner.kind is OwnerKind.MEMBER
            private = (await tx.members.of(owner.id)).private if is_member else False
            server = await tx.servers.of(owner.server_id) if owner.server_id else None
        return Defaults(private=private, channel_id=server.channel_id if server else None)

    async def choose(self, member_id: str, *, private: bool) -> None:
        """From now on by direct message, or in channels."""
        async with self._store.transaction() as tx:
            member = await tx.members.of(member_id)
            await tx.members.save(msgspec.structs.replace(member, private=private))

    async def is_greeted(self, member_id: str) -> bool:
        """Whether a first direct message reached them."""
        async with self._store.transaction() as tx:
            return (await tx.members.of(member_id)).greeted

    async def greeted(self, member_id: str) -> None:
        """It did."""
        async with self._store.transaction() as tx:
            member = await tx.members.of(member_id)
            await tx.members.save(msgspec.structs.replace(member, greeted=True))
