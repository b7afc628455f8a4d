"""Reads from the store what the faces present of watches."""

from collections.abc import Sequence
from datetime import datetime

from engine.actions.shown import Shown
from engine.domain import judge
from engine.domain.conditions import alerted
from engine.domain.history import LOOKED_BACK, History
from engine.domain.judgement import WatchState
from engine.domain.quote import Quote
from engine.domain.route import RouteId
from engine.domain.watch import Condition, Owner, OwnerKind, Watch
from engine.store.database import Transaction
from engine.store.watches import WatchRow


async def all_shown(tx: Transaction, rows: Sequence[WatchRow], now: datetime) -> list[Shown]:
    """Watches with their routes' newest looks and histories, in the same order."""
    route_ids = [row.watch.route_id for row in rows]
    histories = await tx.history.of_routes(route_ids, (now - LOOKED_BACK).date())
    finds = await newest_finds(tx, rows)
    return [
        _shown(row, histories.get(row.watch.route_id, History()), finds.get(row.watch.route_id, ()), now)
        for row in rows
    ]


async def history_of(tx: Transaction, route_id: RouteId, now: datetime) -> History:
    """The daily lows of a route."""
    return (await tx.history.of_routes([route_id], (now - LOOKED_BACK).date())).get(route_id, History())


async def waits_until(tx: Transaction, watch: Watch) -> datetime | None:
    """The end of the quiet hours for which news of a watch waits in all its places; None: it does not."""
    waiting = {
        post.destination: post.held_until
        for post in await tx.waiting.of_member(watch.owner.id)
        if any(subject.watch_id == watch.id for subject in post.subjects)
    }
    ends = [waiting.get(place) for place in watch.tell]
    return min((end for end in ends if end is not None), default=None) if None not in ends else None


async def is_gathered(tx: Transaction, owner: Owner, state: WatchState) -> bool:
    """Whether an alert of a watch stands that its owner's next digest tells in place of a ping."""
    digest = (await tx.members.of(owner.id)).digest if owner.kind is OwnerKind.MEMBER else None
    since = digest.gathers_since if digest else None
    return since is not None and alerted(state, since)


async def newest_finds(tx: Transaction, rows: Sequence[WatchRow]) -> dict[RouteId, tuple[Quote, ...]]:
    """What the newest sweep of each route to anywhere found, the cheapest first."""
    ids = {row.watch.route_id for row in rows if row.route.route.to_anywhere}
    found = await tx.finds.newest(ids) if ids else {}
    newest = {route_id: max(seen_at for _, seen_at in finds) for route_id, finds in found.items()}
    return {
        route_id: tuple(quote for quote, seen_at in finds if seen_at == newest[route_id])
        for route_id, finds in found.items()
    }


def _shown(row: WatchRow, history: History, finds: tuple[Quote, ...], now: datetime) -> Shown:
    met: tuple[Condition, ...] = ()
    if row.route.last_quote is not None:
        met = judge.met_at(row.watch, row.state, row.route.last_quote, history, now)
    return Shown(watch=row.watch, row=row.route, state=row.state, history=history, met=met, finds=finds)
