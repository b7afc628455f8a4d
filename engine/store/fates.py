"""What the status of a text changes in the outbox: it arrived, goes out once more, or is lost."""

from datetime import datetime
from typing import Final

from sqlalchemy import select, update

from engine.domain.alert import NotificationId
from engine.store import faults
from engine.store.notifications import NotificationStatus
from engine.store.tables import LANES, NOTIFICATIONS
from engine.store.transaction import Transaction

_N: Final = NOTIFICATIONS.c
_DELIVERED: Final = NOTIFICATIONS.c.status == NotificationStatus.DELIVERED.value


async def send_once_more(
    tx: Transaction, id_: NotificationId, sid: str, not_before: datetime, why: str
) -> bool:
    """Open a row again whose text was taken and lost; False when it is not there to be sent.

    The lost text stays counted under its own id, so that the caps are asked for the new one.
    """
    open_again = {
        "status": NotificationStatus.PENDING.value,
        "not_before": not_before,
        "attempts": _N.attempts + 1,
        "sending_since": None,
        "reconciled": 0,
        "ref": None,
        "why": why,
        "settled_at": None,
    }
    again = await tx.sql.run(update(NOTIFICATIONS).where(_N.id == id_, _DELIVERED).values(open_again))
    if again:
        await tx.sms_ledger.keep_as(id_, sid)
    return bool(again)


async def lost(tx: Transaction, id_: NotificationId, why: str, now: datetime) -> None:
    """The text of a row never reached its phone; a watch that the whole look failed to reach is held."""
    dead = {"status": NotificationStatus.DEAD.value, "why": why, "settled_at": now}
    if await tx.sql.run(update(NOTIFICATIONS).where(_N.id == id_, _DELIVERED).values(dead)):
        row = await tx.sql.first(select(NOTIFICATIONS).where(_N.id == id_))
        if row is not None:
            await faults.hold_unreached(tx, row, why, now)


async def reinstated_at(tx: Transaction, lane: str) -> datetime | None:
    """When a lane was last let go on; None when nothing was ever wrong with it."""
    row = await tx.sql.first(select(LANES.c.reinstated_at).where(LANES.c.lane == lane))
    return None if row is None else row.reinstated_at
