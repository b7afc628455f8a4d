"""From DATABASE_URL to an engine with one connection whose every transaction holds the write lock."""

from pathlib import Path
from typing import Final, Self

import msgspec
from sqlalchemy import Connection, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from engine.errors import StoreUnusable

_ON_CONNECT: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # an acknowledged alert survives a power cut, not only a kill
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=5000",
)
_IN_MEMORY: Final = (None, "", ":memory:")


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """Where the database is; `file` is None for one that lives in memory (tests)."""

    url: URL
    file: Path | None

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read `sqlite:///data/fares.db` (relative), `sqlite:////srv/fares.db` (absolute).

        Raises StoreUnusable, never echoing the text: it may hold a password.
        """
        try:
            parsed = make_url(url)
        except ArgumentError:
            raise StoreUnusable("DATABASE_URL is not an address such as sqlite:///data/fares.db") from None
        if parsed.get_backend_name() != "sqlite":
            raise StoreUnusable(
                f"DATABASE_URL names {parsed.get_backend_name()}; so far only sqlite:///FILE is supported"
            )
        file = None if parsed.database in _IN_MEMORY else Path(str(parsed.database))
        return cls(url=parsed.set(drivername="sqlite+aiosqlite"), file=file)

    def __str__(self) -> str:
        """The file's name, as errors give it."""
        return str(self.file) if self.file else "the database in memory"


def make_engine(address: Address) -> AsyncEngine:
    """An engine of exactly one connection; blocks a little: call it in a thread.

    One connection is the write lock, and it keeps clear of the WAL-reset fault of SQLite before
    3.51.3, which needs two. Errors never carry the parameters of a statement.
    """
    engine = create_async_engine(
        address.url, poolclass=AsyncAdaptedQueuePool, pool_size=1, max_overflow=0, hide_parameters=True
    )
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


def _prepare(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself; `_begin_immediate` does
    cursor = connection.cursor()
    for pragma in _ON_CONNECT:
        cursor.execute(pragma)
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    # A transaction that reads first and writes later would fail at once when somebody wrote between.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


async def pragma(engine: AsyncEngine, statement: str) -> None:
    """Run a PRAGMA that does nothing inside a transaction."""
    async with engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        if driver is not None:
            async with driver.execute(statement) as cursor:
                await cursor.fetchall()
