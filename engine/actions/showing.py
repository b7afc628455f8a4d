"""Reads from the store what the faces present of watches."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from engine.actions.shown import Shown
from engine.domain import judge
from engine.domain.history import History
from engine.domain.route import RouteId
from engine.domain.watch import Condition
from engine.store.database import Transaction
from engine.store.watches import WatchRow

_HISTORY: Final = timedelta(days=60)


async def all_shown(tx: Transaction, rows: Sequence[WatchRow], now: datetime) -> list[Shown]:
    """Watches with their routes' newest looks and histories, in the same order."""
    route_ids = [row.watch.route_id for row in rows]
    histories = await tx.history.of_routes(route_ids, (now - _HISTORY).date())
    return [_shown(row, histories.get(row.watch.route_id, History()), now) for row in rows]


async def history_of(tx: Transaction, route_id: RouteId, now: datetime) -> History:
    """The daily lows of a route."""
    return (await tx.history.of_routes([route_id], (now - _HISTORY).date())).get(route_id, History())


def _shown(row: WatchRow, history: History, now: datetime) -> Shown:
    met: tuple[Condition, ...] = ()
    if row.route.last_quote is not None:
        met = judge.met_at(row.watch, row.state, row.route.last_quote, history, now)
    return Shown(watch=row.watch, row=row.route, state=row.state, history=history, met=met)
