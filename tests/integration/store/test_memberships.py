"""Who was found in a server is known for as long as they have a route there, and no longer."""

from sqlalchemy import select

from engine.domain import judge
from engine.domain.watch import Owner, OwnerKind, WatchId
from engine.store.database import Store
from engine.store.tables import MEMBERSHIPS
from tests.support import build
from tests.support.clock import START


async def test_who_has_no_route_there_any_more_is_not_remembered(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.routes.ensure(build.route(), START)
        kept = build.watch(owner=Owner(OwnerKind.MEMBER, "1001", "5001"))
        gone = build.watch(id=WatchId("w2"), owner=Owner(OwnerKind.MEMBER, "1002", "5001"))
        for watch in (kept, gone):
            await tx.watches.add(watch, judge.fresh_state(from_list=False))
            await tx.memberships.note("5001", watch.owner.id, START, left=False)
        await tx.memberships.note("5002", "1001", START, left=False)
        await tx.watches.purge([gone.id])

        await tx.memberships.prune()

        rows = await tx.sql.rows(select(MEMBERSHIPS))
    assert [(row.server_id, row.member_id) for row in rows] == [("5001", "1001")]
