"""Transactions: turns, rollback, cancellation, and what is refused."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.domain.judgement import WatchState
from engine.errors import StoreError
from engine.store.database import Store
from engine.store.sql import Sql, to_end
from tests.support.build import quote, route, watch
from tests.support.clock import START


async def known(store: Store) -> bool:
    async with store.transaction() as tx:
        return await tx.routes.get(route().id) is not None


async def test_what_a_transaction_wrote_is_there_afterwards(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.routes.ensure(route(), START)
    assert await known(store)


async def test_an_exception_takes_everything_back(store: Store) -> None:
    async def write() -> None:
        async with store.transaction() as tx:
            await tx.routes.ensure(route(), START)
            await tx.watches.add(watch(), WatchState())
            raise LookupError

    with pytest.raises(LookupError):
        await write()
    assert not await known(store)


async def test_a_transaction_inside_another_of_the_same_task_is_refused_at_once(store: Store) -> None:
    async with store.transaction() as tx:
        with pytest.raises(StoreError, match="already holds a transaction"):
            async with store.transaction():
                pass
        await tx.routes.ensure(route(), START)
    assert await known(store)


async def test_the_outbox_is_refused_inside_a_transaction(store: Store) -> None:
    async with store.transaction():
        with pytest.raises(StoreError, match="already holds a transaction"):
            await store.outbox.next_due(START)


async def test_transactions_of_other_tasks_take_turns_in_order(store: Store) -> None:
    order: list[int] = []

    async def take_turn(number: int) -> None:
        async with store.transaction() as tx:
            await tx.routes.next_due_at(START)
            order.append(number)

    async with asyncio.TaskGroup() as group:
        for number in range(20):
            group.create_task(take_turn(number))
    assert order == list(range(20))


async def test_a_transaction_holds_the_write_lock_before_it_writes(store: Store, file: Path) -> None:
    def begin() -> None:
        with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")

    async with store.transaction() as tx:
        await tx.routes.next_due_at(START)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            await asyncio.to_thread(begin)
    await asyncio.to_thread(begin)


async def test_a_task_made_inside_a_transaction_may_begin_its_own_afterwards(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.routes.ensure(route(), START)
        later = asyncio.create_task(known(store))
    assert await later


async def test_a_cancelled_transaction_takes_everything_back(store: Store) -> None:
    wrote = asyncio.Event()

    async def write() -> None:
        async with store.transaction() as tx:
            await tx.routes.ensure(route(), START)
            wrote.set()
            await asyncio.Event().wait()

    writing = asyncio.create_task(write())
    await wrote.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert not await known(store)


@pytest.mark.parametrize("turns", range(0, 40, 3))
async def test_a_transaction_cancelled_at_any_point_leaves_all_or_nothing(store: Store, turns: int) -> None:
    async def write() -> None:
        async with store.transaction() as tx:
            await tx.routes.ensure(route(), START)
            await tx.watches.add(watch(), WatchState())
            await tx.quotes.record([quote(450 + number) for number in range(50)])

    writing = asyncio.create_task(write())
    for _ in range(turns):
        await asyncio.sleep(0)
    writing.cancel()
    await asyncio.wait([writing])
    async with store.transaction() as tx:
        there = (
            await tx.routes.get(route().id) is not None,
            await tx.watches.get(watch().id) is not None,
            len(await tx.quotes.since(route().id, START)) == 50,
        )
    assert there in ((True, True, True), (False, False, False))


async def test_who_is_cancelled_while_waiting_for_a_turn_leaves_the_queue(store: Store) -> None:
    async with store.transaction():
        waiting = asyncio.create_task(known(store))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
    assert waiting.cancelled()
    assert not await known(store)


async def test_a_statement_is_not_cut_off_half_way(store: Store) -> None:
    # The recursion keeps SQLite at work for a while; the cancellation arrives meanwhile.
    count_far = text(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) "
        "SELECT max(i) FROM n"
    )

    async def read() -> None:
        async with store.transaction() as tx:
            await tx.sql.rows(count_far)

    reading = asyncio.create_task(read())
    for _ in range(50):
        await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert not await known(store)


async def test_to_end_lets_a_second_cancellation_wait_too() -> None:
    goes_on, ended = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        await goes_on.wait()
        ended.set()

    caller = asyncio.create_task(to_end(work()))
    for _ in range(3):
        await asyncio.sleep(0)
        caller.cancel()
    goes_on.set()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert ended.is_set()


async def test_a_refusal_of_the_database_is_said_without_the_values(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.routes.ensure(route(), START)
        await tx.watches.add(watch(), WatchState())
    with pytest.raises(StoreError, match="UNIQUE constraint failed") as caught:
        async with store.transaction() as tx:
            await tx.watches.add(watch(), WatchState())
    said = f"{caught.value} {caught.value.__cause__}"
    assert "9001" not in said
    assert "1001" not in said


async def test_a_watch_of_an_unknown_route_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="FOREIGN KEY"):
        async with store.transaction() as tx:
            await tx.watches.add(watch(), WatchState())


async def write_much(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.routes.look_by(route().id, START - timedelta(days=1))
        await tx.quotes.record([quote(450)] * 500)


async def test_a_stored_value_that_this_version_cannot_read_is_said_in_words(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.routes.ensure(route(), START)
        await tx.sql.run(text('UPDATE routes SET route = \'{"trip": "to the moon"}\''))
    with pytest.raises(StoreError, match="cannot be read by this version"):
        await known(store)
    async with store.transaction() as tx:
        assert await tx.quotes.newest(route().id) is None


async def test_a_full_disk_takes_the_transaction_back_and_the_store_recovers(store: Store) -> None:
    async def room(pages: int, sql: Sql) -> None:
        await sql.rows(text(f"PRAGMA max_page_count = {pages}"))

    async with store.transaction() as tx:
        await tx.routes.ensure(route(), START)
        await room(1, tx.sql)  # SQLite takes the present size for the least
    with pytest.raises(StoreError, match="full"):
        await write_much(store)
    async with store.transaction() as tx:
        row = await tx.routes.get(route().id)
        assert row is not None
        assert row.next_look_at == START
        await room(1_000_000, tx.sql)
        await tx.quotes.record([quote(450)] * 500)
