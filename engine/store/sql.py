"""One connection in the middle of a transaction, as the repositories see it."""

import asyncio
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

import msgspec
from sqlalchemy import Dialect, Executable, Row
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.errors import StoreError

_T = TypeVar("_T")

# Statements over many rows go in pieces of this size: one of 10,000 rows holds the loop for 20 ms,
# in thousands for 2 ms.
CHUNK: Final = 1000
# Rows of which each holds a route or a watch as JSON: about 20 microseconds apiece.
_DECODED_AT_ONCE: Final = 250
# Rows written that hold a route or a watch as JSON: as many take some 10 ms of the loop.
ENCODED_AT_ONCE: Final = 250


async def to_end(work: Coroutine[Any, Any, _T]) -> _T:
    """Run to the end even when cancelled meanwhile, and only then let the cancellation through.

    A statement cut off half way would leave its thread at work on a connection that
    somebody else is handed next.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            try:
                await asyncio.wait((task,))
            except asyncio.CancelledError:
                continue
        if not task.cancelled():
            task.exception()  # marks it as seen; the cancellation is what the caller asked for
        raise


def chunks(items: Sequence[_T], size: int = CHUNK) -> Iterator[Sequence[_T]]:
    """The items in order, in pieces of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


class Sql:
    """Runs statements on the connection of one transaction.

    Each one runs to its end, cancelled or not. Raises StoreError in words without any value
    of a row; SQLAlchemy's own error is its cause.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    @property
    def dialect(self) -> Dialect:
        """The database's dialect, for `engine.store.columns.insert_for`."""
        return self._connection.dialect

    async def rows(self, statement: Executable) -> Sequence[Row[Any]]:
        """All rows of a query; decoding thousands of them lets the rest of the loop have its turns."""

        async def read() -> Sequence[Row[Any]]:
            result = await self._connection.execute(statement)
            rows: list[Row[Any]] = []
            for part in result.partitions(_DECODED_AT_ONCE):
                rows.extend(part)
                if len(part) == _DECODED_AT_ONCE:
                    await asyncio.sleep(0)
            return rows

        return await self._guarded(read())

    async def first(self, statement: Executable) -> Row[Any] | None:
        """The first row of a query, if there is one."""
        rows = await self.rows(statement)
        return rows[0] if rows else None

    async def run(self, statement: Executable) -> int:
        """Run a statement; how many rows it touched."""

        async def write() -> int:
            return (await self._connection.execute(statement)).rowcount

        return await self._guarded(write())

    async def run_many(self, statement: Executable, rows: Sequence[Mapping[str, object]]) -> None:
        """Run a statement once per row of parameters, in chunks."""
        for chunk in chunks(rows):
            await self._guarded(self._connection.execute(statement, chunk))

    async def _guarded(self, work: Coroutine[Any, Any, _T]) -> _T:
        try:
            return await to_end(work)
        except SQLAlchemyError as error:
            raise StoreError(in_words(error)) from error
        except msgspec.MsgspecError as error:
            raise StoreError(f"a stored value cannot be read by this version: {error}") from error


def in_words(error: Exception) -> str:
    """What the database said, without the statement and its parameters."""
    cause = getattr(error, "orig", None) or error
    return f"the database refused: {cause}"
