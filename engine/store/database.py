"""The store: opens the database, and hands out transactions, the only way to a connection."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Self

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncTransaction

from engine.clock import Clock
from engine.errors import StoreError, StoreUnusable
from engine.store import migrate
from engine.store.budgets import SqlCallCounts
from engine.store.connect import Address, make_engine, pragma
from engine.store.lock import OwnerLock
from engine.store.outbox import SqlOutbox
from engine.store.sql import Sql, in_words, to_end
from engine.store.transaction import Transaction
from engine.store.turns import Turns

__all__ = ["Store", "Transaction"]

log = structlog.get_logger(__name__)


class Store:
    """An open database, owned by this process until it is closed."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._turns = Turns()
        self._holder: asyncio.Task[object] | None = None
        self._closed = False
        self.outbox = SqlOutbox(self.transaction, clock)
        self.calls = SqlCallCounts(self.transaction)

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, clock: Clock) -> AsyncIterator[Self]:
        """Make the folder, take the owner lock, check the file, bring the schema up to date.

        `url` is `sqlite:///relative.db`, `sqlite:////absolute.db` or `sqlite:///:memory:`.
        Raises StoreUnusable in words that name the file; a file that is at fault is left as it is.
        """
        address = Address.parse(url)
        async with AsyncExitStack() as stack:
            if address.file is not None:
                lock = await to_end(asyncio.to_thread(OwnerLock.acquire, address.file, clock.now()))
                stack.push_async_callback(_release, lock)
            engine = await asyncio.to_thread(make_engine, address)
            stack.push_async_callback(_dispose, engine)
            await _make_usable(engine, address)
            store = cls(engine, clock)
            stack.push_async_callback(store._close)
            async with store.transaction() as tx:  # the lock says that nobody else is under way
                await tx.routes.release_all()
                await tx.notifications.release_all()
            yield store

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """One transaction: commits at the end, rolls back on any exception, CancelledError included.

        Transactions take turns in the order in which they ask, those that somebody waits for first
        (`engine.store.turns`). Raises StoreError at once when the same task already holds one (it
        would wait for itself), when the store is closed, and when the database refuses. A task must
        not wait inside for another that wants a transaction too.
        """
        task = asyncio.current_task()
        if task is not None and self._holder is task:
            raise StoreError("this task already holds a transaction; a second one would wait for it for ever")
        async with self._turns.turn():
            if self._closed:
                raise StoreError("the store is closed")
            self._holder = task
            try:
                async with self._connected() as connection:
                    yield Transaction(Sql(connection))
            finally:
                self._holder = None

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection]:
        connection = self._engine.connect()
        try:
            await to_end(connection.start())
            transaction = connection.begin()
            await to_end(transaction.start())
            try:
                yield connection
            except BaseException:
                await _roll_back(connection, transaction)
                raise
            await to_end(transaction.commit())
        except SQLAlchemyError as error:
            raise StoreError(in_words(error)) from error
        finally:
            if connection.sync_connection is not None:
                await to_end(connection.close())

    async def _close(self) -> None:
        async with self._turns.turn():
            self._closed = True
            try:
                await to_end(pragma(self._engine, "PRAGMA wal_checkpoint(TRUNCATE)"))
            except (SQLAlchemyError, sqlite3.Error) as error:
                log.warning("store_checkpoint_failed", why=in_words(error))


async def _roll_back(connection: AsyncConnection, transaction: AsyncTransaction) -> None:
    try:
        await to_end(transaction.rollback())
    except SQLAlchemyError as error:  # what made us roll back matters more
        log.warning("store_rollback_failed", why=in_words(error))
        await to_end(connection.invalidate())


async def _release(lock: OwnerLock) -> None:
    await to_end(asyncio.to_thread(lock.release))


async def _dispose(engine: AsyncEngine) -> None:
    await to_end(engine.dispose())


async def _check(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        found = (await connection.execute(text("PRAGMA quick_check(1)"))).scalar()
    if found != "ok":
        raise StoreUnusable(f"it is damaged ({found}); restore a backup")


async def _make_usable(engine: AsyncEngine, address: Address) -> None:
    scripts = await asyncio.to_thread(migrate.load_revisions)
    try:
        await _check(engine)
        # A revision may rebuild a table, which with keys enforced would empty those that refer to it.
        await pragma(engine, "PRAGMA foreign_keys=OFF")
        async with engine.begin() as connection:
            await connection.run_sync(migrate.upgrade, scripts)
        await pragma(engine, "PRAGMA foreign_keys=ON")
    except StoreUnusable as error:
        raise StoreUnusable(f"{address} was left as it is: {error}") from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise StoreUnusable(f"{address} was left as it is: {in_words(error)}") from error
