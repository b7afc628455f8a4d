"""Looking into a database without changing it: what a start would find."""

import asyncio
import os
import sqlite3
from pathlib import Path

import pytest

from engine.domain import judge
from engine.errors import StoreInUse, StoreUnusable
from engine.store.database import Store
from engine.store.examine import examine
from tests.support.build import route, watch
from tests.support.clock import START, HandClock


def execute(file: Path, statement: str) -> None:
    connection = sqlite3.connect(file)
    with connection:
        connection.execute(statement)
    connection.close()


async def kept(url: str, *, watched: bool = True) -> None:
    """A database with one route."""
    async with Store.open(url, HandClock()) as store, store.transaction() as tx:
        await tx.routes.ensure(route(), START)
        if watched:
            await tx.watches.add(watch(), judge.fresh_state(from_list=True))


async def test_a_file_that_does_not_exist_is_named_and_not_made(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "fares.db"
    found = await examine(f"sqlite:///{file}", START)
    assert (found.file, found.exists) == (file, False)
    assert await asyncio.to_thread(os.listdir, tmp_path) == []


async def test_watched_routes_are_counted(url: str, file: Path) -> None:
    await kept(url)
    found = await examine(url, START)
    assert (found.file, found.exists, found.current, found.watched) == (file, True, True, 1)


async def test_a_route_that_nobody_watches_is_not_counted(url: str) -> None:
    await kept(url, watched=False)
    assert (await examine(url, START)).watched == 0


async def test_the_file_is_left_as_it_is_and_can_be_opened_afterwards(url: str, file: Path) -> None:
    await kept(url)
    before = await asyncio.to_thread(file.read_bytes)
    await examine(url, START)
    assert await asyncio.to_thread(file.read_bytes) == before
    await kept(url, watched=False)


async def test_an_older_schema_is_not_brought_up_to_date(url: str, file: Path) -> None:
    file.parent.mkdir()
    await asyncio.to_thread(execute, file, "CREATE TABLE notes (text)")
    found = await examine(url, START)
    assert (found.current, found.watched) == (False, None)


@pytest.mark.usefixtures("store")
async def test_another_process_that_has_it_open_is_named(url: str) -> None:
    with pytest.raises(StoreInUse) as refused:
        await examine(url, START)
    assert refused.value.holder == f"pid {os.getpid()} since 2026-11-22 09:00:00 UTC"


async def test_a_newer_schema_is_refused(url: str, file: Path) -> None:
    await kept(url)
    await asyncio.to_thread(execute, file, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreUnusable, match="newer than this version"):
        await examine(url, START)


async def test_what_is_no_database_is_refused_by_name(url: str, file: Path) -> None:
    file.parent.mkdir()
    await asyncio.to_thread(file.write_text, "no database, but a text of some length" * 50)
    with pytest.raises(StoreUnusable, match=r"fares\.db: .*not a database"):
        await examine(url, START)


async def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    with pytest.raises(StoreUnusable, match="is not a folder that may be written"):
        await examine(f"sqlite:///{tmp_path}/data/fares.db", START)


async def test_a_database_in_memory_has_no_file() -> None:
    assert (await examine("sqlite:///:memory:", START)).file is None
