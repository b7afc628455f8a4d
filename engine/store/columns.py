"""Column types and the upsert helper: where the two databases would otherwise differ."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar, cast

import msgspec
from sqlalchemy import BigInteger, Dialect, Integer, Table, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeDecorator

_T = TypeVar("_T")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

# SQLite numbers rows by itself only in a column called exactly INTEGER.
SERIAL: Final = BigInteger().with_variant(Integer, "sqlite")

Insert = sqlite.Insert | postgresql.Insert


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime as microseconds since 1970: exact, sortable, the same in every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """To microseconds; a naive datetime raises TypeError."""
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Back to an aware datetime."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)


class Json(TypeDecorator[_T]):
    """A msgspec Struct as JSON text."""

    impl = Text
    cache_ok = True

    def __init__(self, shape: type[_T]) -> None:
        super().__init__()
        self.shape = shape
        self._decode = cast("Callable[[str], _T]", msgspec.json.Decoder(shape).decode)
        self._encode = msgspec.json.Encoder().encode

    def process_bind_param(self, value: _T | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """To text."""
        return None if value is None else self._encode(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> _T | None:  # noqa: ARG002
        """Back to the Struct; msgspec.ValidationError when the code no longer knows its shape."""
        return None if value is None else self._decode(value)


def insert_for(dialect: Dialect, table: Table) -> Insert:
    """An INSERT that knows ON CONFLICT; SQLAlchemy has one per database and none for both."""
    return sqlite.insert(table) if dialect.name == "sqlite" else postgresql.insert(table)
