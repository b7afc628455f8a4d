"""Opening and closing a database: the folder, the lock, the schema, and what is refused."""

import asyncio
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import StoreError, StoreUnusable
from engine.store import migrate
from engine.store.database import Store
from tests.support.build import route
from tests.support.clock import START, HandClock


async def opened_and_closed(url: str) -> None:
    async with Store.open(url, HandClock()):
        pass


def in_file(file: Path, *statements: str) -> list[tuple[object, ...]]:
    """Runs statements with a connection of its own; the rows of the last. Call it in a thread."""
    connection = sqlite3.connect(file)
    try:
        rows = [connection.execute(statement).fetchall() for statement in statements][-1]
        connection.commit()
        return rows
    finally:
        connection.close()


async def test_the_folder_and_the_tables_are_made(url: str, file: Path) -> None:
    await opened_and_closed(url)
    rows = await asyncio.to_thread(in_file, file, "SELECT version_num FROM alembic_version")
    newest = await asyncio.to_thread(lambda: migrate.load_revisions().get_current_head())
    assert rows == [(newest,)]


async def test_opening_again_changes_nothing_and_finds_what_was_kept(url: str) -> None:
    async with Store.open(url, HandClock()) as store, store.transaction() as tx:
        kept = await tx.routes.ensure(route(), START)
    for _ in range(2):
        async with Store.open(url, HandClock()) as store, store.transaction() as tx:
            assert await tx.routes.get(route().id) == kept


async def test_the_promised_pragmas_are_in_force(store: Store) -> None:
    from sqlalchemy import text

    async with store.transaction() as tx:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        values = [(await tx.sql.rows(text(f"PRAGMA {name}")))[0][0] for name in names]
    full = 2
    assert values == ["wal", full, 1, 5000]


async def test_closing_leaves_nothing_in_the_write_ahead_log(url: str, file: Path) -> None:
    async with Store.open(url, HandClock()) as store, store.transaction() as tx:
        await tx.routes.ensure(route(), START)
    log = file.with_name(f"{file.name}-wal")
    assert not await asyncio.to_thread(log.exists)


@pytest.mark.usefixtures("store")
async def test_a_second_opener_is_told_who_holds_the_file(url: str) -> None:
    with pytest.raises(StoreUnusable, match=f"in use by pid {os.getpid()} since 2026-11-22 09:00:00 UTC"):
        await opened_and_closed(url)


@pytest.mark.usefixtures("store")
async def test_another_process_is_refused_while_this_one_owns_the_file(url: str) -> None:
    program = (
        "import asyncio, sys\n"
        "from engine.clock import SystemClock\n"
        "from engine.errors import StoreUnusable\n"
        "from engine.store.database import Store\n"
        "async def main():\n"
        "    async with Store.open(sys.argv[1], SystemClock()):\n"
        "        pass\n"
        "try:\n"
        "    asyncio.run(main())\n"
        "except StoreUnusable as error:\n"
        "    sys.exit(f'refused: {error}')\n"
    )
    command = [sys.executable, "-c", program, url]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"refused: {url.removeprefix('sqlite:///')} is in use by pid {os.getpid()}" in done.stderr


async def test_the_lock_is_free_again_after_closing(url: str) -> None:
    await opened_and_closed(url)
    await opened_and_closed(url)


async def test_the_lock_is_free_again_when_opening_fails(url: str, file: Path) -> None:
    await asyncio.to_thread(_write, file, b"not a database" * 100)
    for _ in range(2):
        with pytest.raises(StoreUnusable, match="left as it is"):
            await opened_and_closed(url)


async def test_a_file_that_is_no_database_is_refused_and_kept(url: str, file: Path) -> None:
    content = b"my diary\n" * 1000
    await asyncio.to_thread(_write, file, content)
    with pytest.raises(StoreUnusable, match=f"{re.escape(str(file))} was left as it is.*not a database"):
        await opened_and_closed(url)
    assert await asyncio.to_thread(file.read_bytes) == content


async def test_a_damaged_database_is_refused_and_kept(url: str, file: Path) -> None:
    async with Store.open(url, HandClock()) as store, store.transaction() as tx:
        for adults in range(1, 200):
            await tx.routes.ensure(route(adults=adults), START)
    damaged = await asyncio.to_thread(_damage, file)
    with pytest.raises(StoreUnusable, match=re.escape(str(file))):
        await opened_and_closed(url)
    assert await asyncio.to_thread(file.read_bytes) == damaged


async def test_a_schema_of_a_newer_version_is_refused(url: str, file: Path) -> None:
    await opened_and_closed(url)
    await asyncio.to_thread(in_file, file, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreUnusable, match="revision 9999, newer than this version"):
        await opened_and_closed(url)


async def test_a_folder_in_place_of_the_file_is_refused(url: str, file: Path) -> None:
    await asyncio.to_thread(file.mkdir, parents=True)
    with pytest.raises(StoreUnusable, match=re.escape(str(file))):
        await opened_and_closed(url)


async def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    await asyncio.to_thread(_write, tmp_path / "data", b"")
    with pytest.raises(StoreUnusable, match="cannot write beside"):
        await opened_and_closed(f"sqlite:///{tmp_path / 'data' / 'fares.db'}")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://bot:hunter2@db/fares", "only sqlite"),
        ("hunter2", "not an address"),
        ("", "not an address"),
    ],
)
async def test_other_addresses_are_refused_without_echoing_them(url: str, said: str) -> None:
    with pytest.raises(StoreUnusable, match=said) as caught:
        await opened_and_closed(url)
    assert "hunter2" not in str(caught.value)


async def test_a_database_in_memory_needs_no_lock() -> None:
    async with Store.open("sqlite:///:memory:", HandClock()) as one, one.transaction() as tx:
        await tx.routes.ensure(route(), START)
        async with Store.open("sqlite:///:memory:", HandClock()) as other, other.transaction() as tx:
            assert await tx.routes.get(route().id) is None


async def test_a_closed_store_refuses_by_name(url: str) -> None:
    async with Store.open(url, HandClock()) as store:
        pass
    with pytest.raises(StoreError, match="closed"):
        async with store.transaction():
            pass


async def test_closing_waits_for_the_transaction_under_way(url: str) -> None:
    began, goes_on = asyncio.Event(), asyncio.Event()

    async def write(store: Store) -> None:
        async with store.transaction() as tx:
            began.set()
            await goes_on.wait()
            await tx.routes.ensure(route(), START)

    async with Store.open(url, HandClock()) as store:
        writing = asyncio.create_task(write(store))
        await began.wait()
        asyncio.get_running_loop().call_soon(goes_on.set)
    await writing
    async with Store.open(url, HandClock()) as store, store.transaction() as tx:
        assert await tx.routes.get(route().id) is not None


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def _damage(file: Path) -> bytes:
    content = bytearray(file.read_bytes())
    content[8192 : 8192 + 4096 * 4] = b"\x5a" * 4096 * 4
    file.write_bytes(bytes(content))
    return bytes(content)
