"""Where an owner hears of what concerns their watches, apart from alerts."""

from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind
from engine.store.transaction import Transaction


async def place_of(tx: Transaction, owner: Owner) -> Destination | None:
    """A member by direct message, a server in the channel it chose for news; lists and others nowhere."""
    if owner.kind is OwnerKind.MEMBER:
        return Destination(DestinationKind.DM, owner.id)
    if owner.kind is OwnerKind.SERVER:
        channel = (await tx.servers.of(owner.id)).admin_channel_id
        return Destination(DestinationKind.CHANNEL, channel) if channel else None
    return None
