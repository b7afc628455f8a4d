"""The look loop: what is due is started, once, side by side, and nothing stops it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, text

from engine.domain.planner import Intervals
from engine.domain.quote import Outcome
from engine.domain.route import Route
from engine.domain.watch import WatchId
from engine.look import LookReport
from engine.loops import supervise
from tests.support import build
from tests.support.clock import HandClock
from tests.support.rig import Rig, ScriptedSource, Seen, fares, open_rig


@asynccontextmanager
async def looping(rig: Rig, seen: Seen) -> AsyncIterator[None]:
    loop = asyncio.create_task(rig.looks.run(seen))
    try:
        await rig.clock.until_asleep()
        yield
    finally:
        loop.cancel()
        await asyncio.wait([loop])


class Gated(ScriptedSource):
    """Answers only once the test opens the gate."""

    gate: asyncio.Event

    async def search(self, route: Route) -> Outcome:
        outcome = await super().search(route)
        await self.gate.wait()
        return outcome


class Tripping(Seen):
    """An observer that raises whatever it is told."""

    def dispatched(self, batch: int, count: int) -> None:
        super().dispatched(batch, count)
        raise OSError(28, "No space left on device")

    def looked(self, batch: int, report: LookReport) -> None:
        super().looked(batch, report)
        raise OSError(28, "No space left on device")


async def test_a_new_watch_is_looked_at_as_soon_as_the_loop_is_poked(tmp_path: Path) -> None:
    seen = Seen()
    async with open_rig(tmp_path, fares(450)) as rig, looping(rig, seen):
        await rig.watch(build.watch())
        rig.looks.poke()

        batch = await seen.batch()

        assert (batch.dispatched, batch.parsed, batch.failed) == (1, 1, 0)


async def test_a_route_comes_round_again_after_its_interval(tmp_path: Path) -> None:
    seen = Seen()
    async with open_rig(tmp_path, fares(450)) as rig:
        await rig.watch(build.watch())
        async with looping(rig, seen):
            first = await seen.batch()
            for _ in range(31):
                await rig.clock.until_asleep()
                await rig.clock.advance(30)

            second = await seen.batch()

            waited = second.reports[0].at - first.reports[0].at
            assert timedelta(minutes=15) <= waited <= timedelta(minutes=15, seconds=30)
            assert seen.counts == [1, 1]


async def test_an_overdue_route_is_looked_at_once_however_long_it_waited(tmp_path: Path) -> None:
    seen = Seen()
    async with open_rig(tmp_path, fares(450)) as rig:
        await rig.watch(build.watch())
        await rig.clock.advance(6 * 3600)
        async with looping(rig, seen):
            await seen.batch()
            await rig.clock.until_asleep()
            await rig.clock.advance(30)
            await rig.clock.until_asleep()

            assert seen.counts == [1]


async def test_a_route_under_way_is_not_started_again(tmp_path: Path) -> None:
    seen, gate = Seen(), asyncio.Event()
    sources: list[Gated] = []

    def gated(clock: HandClock) -> list[Gated]:
        sources.append(Gated(clock, fares(450)))
        sources[0].gate = gate
        return sources

    async with open_rig(tmp_path, sources=gated) as rig:
        await rig.watch(build.watch())
        async with looping(rig, seen):
            for _ in range(3):
                rig.looks.poke()
                await rig.clock.until_asleep()
                await rig.clock.advance(30)
            gate.set()
            await seen.batch()

            assert len(sources[0].asked) == 1


async def test_who_asks_for_a_look_shares_the_one_under_way(tmp_path: Path) -> None:
    seen, gate = Seen(), asyncio.Event()
    sources: list[Gated] = []

    def gated(clock: HandClock) -> list[Gated]:
        sources.append(Gated(clock, fares(450)))
        sources[0].gate = gate
        return sources

    async with open_rig(tmp_path, sources=gated) as rig:
        await rig.watch(build.watch())
        async with looping(rig, seen):
            asked = [asyncio.create_task(rig.looks.ask(build.route().id)) for _ in range(3)]
            await rig.clock.until_asleep()
            gate.set()
            reports = await asyncio.gather(*asked)

            assert len(sources[0].asked) == 1
            assert {report.best.total for report in reports if report.best} == {build.eur(450)}


async def test_a_look_asked_for_while_a_tick_commits_is_answered(tmp_path: Path) -> None:
    async with open_rig(tmp_path, fares(450)) as rig:
        await rig.watch(build.watch())
        await rig.looks.run_once(Seen())
        async with looping(rig, Seen()):
            asking: asyncio.Future[asyncio.Task[LookReport]] = asyncio.get_running_loop().create_future()

            def ask(_: Connection) -> None:
                asking.set_result(asyncio.create_task(rig.looks.ask(build.route().id)))

            event.listen(Engine, "commit", ask, once=True)
            rig.looks.poke()

            assert (await (await asking)).route == build.route()


async def test_an_observer_that_fails_stops_no_look(tmp_path: Path) -> None:
    seen = Tripping()
    async with open_rig(tmp_path, fares(450)) as rig:
        for number in range(1, 4):
            route = build.route(adults=number)
            await rig.watch(build.watch(of=route, id=WatchId(f"w{number}")), of=route)
        async with looping(rig, seen):
            assert len((await seen.batch()).reports) == 3


async def test_a_tick_that_fails_lets_go_of_every_route_it_had_in_hand(tmp_path: Path) -> None:
    seen, gate = Seen(), asyncio.Event()

    def gated(clock: HandClock) -> list[Gated]:
        source = Gated(clock, fares(450))
        source.gate = gate
        return [source]

    async with open_rig(tmp_path, sources=gated, concurrency=1) as rig:
        for number in range(1, 6):
            route = build.route(adults=number)
            await rig.watch(build.watch(of=route, id=WatchId(f"w{number}")), of=route)
        loop = asyncio.create_task(supervise("looks", lambda: rig.looks.run(seen), rig.clock))
        await rig.clock.until_asleep()
        async with rig.store.transaction() as tx:
            await tx.sql.run(text("ALTER TABLE watches RENAME TO elsewhere"))
        await rig.clock.advance(30)
        await rig.clock.until_asleep()
        async with rig.store.transaction() as tx:
            await tx.sql.run(text("ALTER TABLE elsewhere RENAME TO watches"))

        gate.set()
        await rig.clock.advance(1)

        assert len((await seen.batch()).reports) == 5
        loop.cancel()
        await asyncio.wait([loop])


async def test_asking_for_a_route_nobody_knows_is_refused(tmp_path: Path) -> None:
    async with open_rig(tmp_path, fares(450)) as rig, looping(rig, Seen()):
        with pytest.raises(LookupError):
            await rig.looks.ask(build.route().id)


async def test_a_fault_in_one_look_leaves_the_others_of_its_batch_alone(tmp_path: Path) -> None:
    async with open_rig(tmp_path, fares(450)) as rig:
        sound, broken = build.route(), build.route(adults=2)
        await rig.watch(build.watch(of=sound), of=sound)
        await rig.watch(build.watch(of=broken, id=WatchId("w2")), of=broken)
        async with rig.store.transaction() as tx:
            # What the database holds of this watch can no longer be read.
            await tx.sql.run(text("UPDATE watches SET state = '{' WHERE id = 'w2'"))

        batch = await rig.looks.run_once(Seen())

        assert (batch.dispatched, batch.parsed, batch.failed) == (2, 1, 1)


async def test_the_first_look_of_a_restarted_engine_takes_over_what_was_under_way(tmp_path: Path) -> None:
    seen = Seen()
    async with open_rig(tmp_path, fares(450)) as rig:
        await rig.watch(build.watch())
        async with rig.store.transaction() as tx:
            await tx.routes.lease([build.route().id], rig.clock.now() + timedelta(minutes=10))
    async with open_rig(tmp_path, fares(450)) as rig, looping(rig, seen):
        assert (await seen.batch()).dispatched == 1


async def test_a_wall_clock_set_back_holds_nobody_up_for_longer_than_an_interval(tmp_path: Path) -> None:
    seen = Seen()
    intervals = Intervals(live=timedelta(minutes=1), cached=timedelta(minutes=1), jitter=0.0)
    async with open_rig(tmp_path, fares(450), intervals=intervals) as rig:
        await rig.watch(build.watch())
        async with looping(rig, seen):
            await seen.batch()
            rig.clock.step_wall(-7200)
            for _ in range(4):
                await rig.clock.until_asleep()
                await rig.clock.advance(30)

            assert (await seen.batch()).dispatched == 1


async def test_a_shorter_interval_holds_from_the_next_start(tmp_path: Path) -> None:
    seen = Seen()
    async with open_rig(tmp_path, fares(450)) as rig:
        await rig.watch(build.watch())
        await rig.looks.run_once(Seen())
    brisk = Intervals(live=timedelta(seconds=30), jitter=0.0)
    async with open_rig(tmp_path, fares(450), intervals=brisk) as rig, looping(rig, seen):
        await rig.clock.advance(30)

        assert (await seen.batch()).dispatched == 1


async def test_a_loop_that_stands_still_says_for_how_long(tmp_path: Path) -> None:
    async with open_rig(tmp_path, fares(450)) as rig:
        async with looping(rig, Seen()):
            await rig.clock.advance(30)
            await rig.clock.until_asleep()
            assert rig.looks.still_for_s <= 30
        await rig.clock.advance(100)

        assert rig.looks.still_for_s >= 100


async def test_a_supervised_loop_begins_again_after_any_exception() -> None:
    clock = HandClock()
    runs: list[float] = []

    async def run() -> None:
        runs.append(clock.monotonic())
        if len(runs) < 3:
            raise ZeroDivisionError

    supervised = asyncio.create_task(supervise("test", run, clock))
    await clock.advance(10)
    await supervised

    assert runs == [0.0, 1.0, 3.0]
