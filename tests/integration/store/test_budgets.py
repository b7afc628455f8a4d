"""Calls are counted for good before they are made: through restarts, kills and a clock that jumps."""

import asyncio
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

from engine.domain.budget import CallLimits
from engine.store.database import Store
from tests.support.clock import START, HandClock

TODAY = START.date()
FIVE = CallLimits(per_day=5)
HERE = Path(__file__).parent


async def taken(store: Store, times: int, limits: CallLimits = FIVE, today: date = TODAY) -> int:
    """How many of so many calls were allowed."""
    answers = [await store.calls.take("kiwi", limits, today) for _ in range(times)]
    return sum(refused is None for _, refused in answers)


async def test_no_more_calls_are_allowed_than_the_budget_has(store: Store) -> None:
    assert await taken(store, 9) == 5
    assert await taken(store, 9, today=TODAY + timedelta(days=1)) == 5


async def test_many_askers_at_once_share_one_budget(store: Store) -> None:
    answers = await asyncio.gather(*(store.calls.take("kiwi", FIVE, TODAY) for _ in range(40)))

    assert sum(refused is None for _, refused in answers) == 5


async def test_each_source_is_counted_by_itself(store: Store) -> None:
    await taken(store, 5)

    _, refused = await store.calls.take("amadeus", FIVE, TODAY)
    assert refused is None


async def test_counts_outlive_the_process(url: str) -> None:
    async with Store.open(url, HandClock()) as store:
        assert await taken(store, 3) == 3
    async with Store.open(url, HandClock()) as store:
        made = await store.calls.made("kiwi")
        assert made is not None
        assert (made.today, made.this_month, made.ever) == (3, 3, 3)
        assert await taken(store, 3) == 2


async def test_a_restart_under_an_older_clock_opens_nothing(url: str) -> None:
    async with Store.open(url, HandClock()) as store:
        await taken(store, 5)
    async with Store.open(url, HandClock()) as store:
        assert await taken(store, 1, today=date(1970, 1, 1)) == 0
        assert await taken(store, 1) == 0


async def test_a_source_never_called_has_no_counts(store: Store) -> None:
    assert await store.calls.made("kiwi") is None


def killed_spender(url: str, calls: int) -> int:
    """Start a process that spends, kill it after so many calls; how many it reported to have made."""
    command = [sys.executable, str(HERE / "spender.py"), url]
    surroundings = {"PYTHONPATH": str(HERE.parents[2])}
    with subprocess.Popen(command, env=surroundings, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None
        reported = [process.stdout.readline() for _ in range(calls)]
        process.kill()
        reported += process.stdout.readlines()
    return len(reported)


async def test_a_call_that_was_made_before_a_kill_stays_counted(url: str) -> None:
    made = 0
    for calls in (1, 4, 2):
        made += await asyncio.to_thread(killed_spender, url, calls)
        async with Store.open(url, HandClock()) as store:
            counted = await store.calls.made("kiwi")
        assert counted is not None
        assert counted.ever >= made
