"""Two thousand looks in one transaction: each batch method is a few statements, none holds the loop.

How fast it is stands in the benchmarks; here only that it is right and that nothing is done row by row.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import Engine, event, insert

from engine.domain.history import DayLow
from engine.domain.judgement import WatchState
from engine.domain.quote import OutcomeKind, SourceKind
from engine.domain.route import RollingDates
from engine.domain.storms import MOST_POSTS
from engine.domain.watch import WatchId
from engine.store import tables
from engine.store.database import Store
from engine.store.routes import LookRecord
from tests.contract.outbox.world import CHANNEL, post
from tests.support.build import quote, route, watch
from tests.support.clock import START

MANY = 2000
ROUTES = [route(trip=RollingDates(day)) for day in range(MANY)]
IDS = [one.id for one in ROUTES]
WATCHES = [watch(one, id=WatchId(f"w{number}")) for number, one in enumerate(ROUTES)]
QUOTES = [quote(450, one) for one in ROUTES]
# Statements per method over 2,000 rows: chunks of 1,000 to write, of 250 to 1,000 to read.
MOST_STATEMENTS = 50


@contextmanager
def counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def _add_all(store: Store) -> None:
    routes = [{"id": one.id, "route": one, "next_look_at": START, "failures": 0} for one in ROUTES]
    watches = [
        {
            "id": one.id,
            "route_id": one.route_id,
            "owner_kind": one.owner.kind.value,
            "owner_id": one.owner.id,
            "status": one.status.value,
            "held": False,
            "created_at": one.created_at,
            "watch": one,
            "state": WatchState(),
        }
        for one in WATCHES
    ]
    async with store.transaction() as tx:
        await tx.sql.run_many(insert(tables.ROUTES), routes)
        await tx.sql.run_many(insert(tables.WATCHES), watches)


async def test_two_thousand_looks_go_into_one_transaction(store: Store) -> None:
    await _add_all(store)
    later = START + timedelta(minutes=15)
    with counted() as statements:
        async with store.transaction() as tx:
            standing = await tx.watches.on_routes(IDS)
            assert await tx.history.of_routes(IDS, START.date()) == {}
            await tx.routes.record(
                [
                    LookRecord(
                        route_id=seen.route_id,
                        at=START,
                        outcome_kind=OutcomeKind.QUOTES,
                        detail=None,
                        quote=seen,
                        next_look_at=later,
                    )
                    for seen in QUOTES
                ]
            )
            await tx.quotes.record(QUOTES)
            await tx.watches.save_states({one.id: WatchState(seeded=True) for one in WATCHES})
            today = DayLow(day=START.date(), kind=SourceKind.LIVE, low=45000, first=45000, last=45000)
            await tx.history.save([(id_, today) for id_ in IDS])
            await tx.notifications.enqueue(
                [
                    post(f"n{number}", CHANNEL, one, route=looked)
                    for number, (one, looked) in enumerate(zip(WATCHES, ROUTES, strict=True))
                ]
            )
    assert len(statements) < MOST_STATEMENTS
    assert [standing[one.route_id] for one in WATCHES] == [[(one, WatchState())] for one in WATCHES]
    async with store.transaction() as tx:
        assert await tx.routes.due(START, MANY) == []
        assert len(await tx.routes.due(later, 2 * MANY)) == MANY
        assert len(await tx.notifications.newest_posts([one.id for one in WATCHES])) == MANY
        histories = await tx.history.of_routes(IDS, START.date())
        assert [histories[id_].days for id_ in IDS] == [(today,)] * MANY
        states = await tx.watches.on_routes(IDS)
        assert all(state.seeded for pairs in states.values() for _, state in pairs)
    leased = await store.outbox.lease(START, timedelta(minutes=1), MANY)
    *posts, listed = [row.notification for row in leased]  # so much for one channel comes as a list
    assert [one.id for one in (*posts, *listed.gathered)] == [f"n{number}" for number in range(MANY)]
    assert len(posts) == MOST_POSTS


async def test_two_thousand_routes_without_a_row_are_simply_absent(store: Store) -> None:
    async with store.transaction() as tx:
        assert await tx.watches.on_routes(IDS) == {}
        assert await tx.routes.get_many(IDS) == {}
        assert await tx.notifications.newest_posts([one.id for one in WATCHES]) == {}
