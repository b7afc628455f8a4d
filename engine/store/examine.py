"""A look into the database that changes nothing in it: whether a start could use it."""

import asyncio
import os
import shutil
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import Connection, create_engine, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from engine.errors import StoreUnusable
from engine.store import migrate
from engine.store.connect import Address
from engine.store.lock import OwnerLock
from engine.store.routes import is_watched
from engine.store.sql import in_words
from engine.store.tables import ROUTES

_WAIT_S: Final = 5.0


class Examined(msgspec.Struct, frozen=True, kw_only=True):
    """What stands at DATABASE_URL.

    `file` is absolute, None for a database in memory; `exists` is False for one that the first start
    will make; `current` says that its schema is the newest; `watched` counts the routes that are
    looked at, None where an older schema cannot say; `free_bytes` is the room left on its disk.
    """

    file: Path | None
    exists: bool = False
    current: bool = True
    watched: int | None = 0
    free_bytes: int | None = None


async def examine(url: str, now: datetime) -> Examined:
    """Look into the file as a start would, under its owner lock, and leave it as it is.

    A file that does not exist is not made. Raises StoreInUse while another process has it open, and
    StoreUnusable, in words that name the file, when a start would fail.
    """
    address = Address.parse(url)
    if address.file is None:
        return Examined(file=None)
    return await asyncio.to_thread(_examine, address, address.file.absolute(), now)


def _examine(address: Address, file: Path, now: datetime) -> Examined:
    if not file.exists():
        folder = next(parent for parent in file.parents if parent.exists())
        if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
            raise StoreUnusable(f"cannot make {file}: {folder} is not a folder that may be written")
        return Examined(file=file, free_bytes=shutil.disk_usage(folder).free)
    lock = OwnerLock.acquire(file, now)
    try:
        return _opened(file)
    except StoreUnusable as error:
        raise StoreUnusable(f"{address}: {error}") from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise StoreUnusable(f"{address}: {in_words(error)}") from error
    finally:
        lock.release()


def _opened(file: Path) -> Examined:
    scripts = migrate.load_revisions()
    engine = create_engine("sqlite://", creator=lambda: _connect(file), poolclass=NullPool)
    with engine.connect() as connection:
        found = connection.execute(text("PRAGMA quick_check(1)")).scalar()
        if found != "ok":
            raise StoreUnusable(f"it is damaged ({found}); restore a backup")
        current = migrate.is_current(connection, scripts)
        watched = _watched(connection) if current else None
        connection.rollback()
        _try_to_write(connection)
    return Examined(
        file=file,
        exists=True,
        current=current,
        watched=watched,
        free_bytes=shutil.disk_usage(file.parent).free,
    )


def _watched(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(ROUTES).where(is_watched())).scalar_one()


def _connect(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, timeout=_WAIT_S, isolation_level=None)


def _try_to_write(connection: Connection) -> None:
    """Take the write lock and let go of it: a file that is read-only refuses."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    connection.exec_driver_sql("ROLLBACK")
