"""kill -9 at any point: the file stays whole, what was committed is there, the rest is not."""

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from engine.store.database import Store
from tests.support.clock import HandClock

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


def run(script: str, *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, str(HERE / script), *arguments]
    surroundings = {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, text=True)  # noqa: S603


def killed_after(url: str, commits: int) -> int:
    """Start the writer and kill it after so many commits; the last number that it reported."""
    with run("writer.py", url) as process:
        assert process.stdout is not None
        reported = [process.stdout.readline() for _ in range(commits)]
        process.kill()
        reported += process.stdout.readlines()
    return int(reported[-1])


def counts(file: Path) -> tuple[str, set[int]]:
    with closing(sqlite3.connect(file)) as connection:
        (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
        tables = ("routes", "watches", "notifications", "notification_subjects", "watch_lanes")
        sizes = {connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}  # noqa: S608
    return verdict, sizes


async def test_a_killed_writer_loses_nothing_it_committed_and_leaves_no_half(url: str, file: Path) -> None:
    for commits in (1, 7, 3, 12):
        last = await asyncio.to_thread(killed_after, url, commits)
        async with Store.open(url, HandClock()) as store, store.transaction() as tx:
            there = len(await tx.routes.watched())
        # One more may have been committed that it had no time to report.
        assert there in (last, last + 1)
        assert await asyncio.to_thread(counts, file) == ("ok", {there})


@pytest.mark.parametrize("statement", [2, 6, 12, 20])
async def test_a_killed_migration_is_done_by_the_next_start(url: str, file: Path, statement: int) -> None:
    with run("killed_migration.py", url, str(statement)) as process:
        assert await asyncio.to_thread(process.wait) < 0
    async with Store.open(url, HandClock()):
        pass
    assert await asyncio.to_thread(counts, file) == ("ok", {0})
