"""Looks that a member asks for, beside those that are due: what they cost and what they leave alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from engine.domain.budget import CallLimits
from engine.domain.quote import Outcome, OutcomeKind
from engine.domain.route import Route
from engine.fares.breaker import Breakers
from engine.fares.budget import Budgets
from engine.fares.cache import KEPT_S
from engine.fares.exchange import Unanswered
from engine.fares.fetcher import Fetcher
from engine.fares.gate import Gate, Gates
from engine.store.database import Store
from tests.integration.engine.test_loops import looping
from tests.support import build
from tests.support.clock import HandClock
from tests.support.gates import FAST
from tests.support.rig import Rig, ScriptedSource, Seen, fares, open_rig

ROUTE = build.route()


class Metered(ScriptedSource):
    """A scripted source behind a gate."""

    gate: Gate

    async def search(self, route: Route) -> Outcome:
        try:
            async with self.gate.call():
                return await super().search(route)
        except Unanswered as why:
            now = self.clock.now()
            return build.outcome(kind=why.kind, at=now, detail=why.detail, retry_at=why.retry_at)


@asynccontextmanager
async def looked_at(folder: Path, limits: CallLimits) -> AsyncIterator[tuple[Rig, Metered]]:
    """A rig whose loop has looked at the route once, on a source with these limits."""
    clock = HandClock()
    source = Metered(clock, fares(450, 440, 430, 420))

    async def fetcher_on(store: Store) -> Fetcher:
        budgets = Budgets({source.name: limits.shared_with_members()}, store.calls, clock)
        gates = Gates(Breakers(clock), budgets, concurrency=5)
        source.gate = gates.of(source.name, FAST)
        return Fetcher(
            [source], confirm_sources=[], concurrency=5, clock=clock, breakers=gates.breakers, budgets=budgets
        )

    async with open_rig(folder, fetcher_on=fetcher_on, clock=clock) as rig:
        await rig.watch(build.watch(target=100), of=ROUTE)
        seen = Seen()
        async with looping(rig, seen):
            await seen.batch()
            yield rig, source


async def later(rig: Rig, seconds: float) -> None:
    await rig.clock.until_asleep()
    await rig.clock.advance(seconds)


async def test_asked_within_five_minutes_a_member_sees_what_the_loop_saw(tmp_path: Path) -> None:
    async with looked_at(tmp_path, CallLimits()) as (rig, source):
        await later(rig, 200)

        report = await rig.looks.ask(ROUTE.id)

        assert report.best is not None
        assert (report.best.total, len(source.asked)) == (build.eur(450), 1)


async def test_asked_later_a_member_gets_a_fare_of_now(tmp_path: Path) -> None:
    async with looked_at(tmp_path, CallLimits()) as (rig, source):
        await later(rig, KEPT_S)

        report = await rig.looks.ask(ROUTE.id)

        assert report.best is not None
        assert (report.best.total, len(source.asked)) == (build.eur(440), 2)


async def test_an_alert_that_is_looked_at_again_is_not_served_from_what_was_kept(tmp_path: Path) -> None:
    async with looked_at(tmp_path, CallLimits()) as (rig, source):
        await later(rig, 10)

        report = await rig.looks.revisit(ROUTE.id)

        assert report.best is not None
        assert (report.best.total, len(source.asked)) == (build.eur(440), 2)


async def test_a_look_that_is_due_asks_though_a_member_waits_for_it(tmp_path: Path) -> None:
    async with looked_at(tmp_path, CallLimits(per_day=100)) as (rig, source):
        await later(rig, 400)
        await rig.looks.ask(ROUTE.id)  # the members' second five minutes begin
        async with rig.store.transaction() as tx:
            await tx.routes.look_by(ROUTE.id, rig.clock.now())

        report = await rig.looks.ask(ROUTE.id)

        assert report.best is not None
        assert (report.best.total, len(source.asked)) == (build.eur(430), 3)
        made = await rig.store.calls.made(source.name)
        assert made is not None
        assert (made.today, made.members_today) == (3, 1)


async def test_members_who_spent_their_share_change_neither_the_route_nor_its_plan(tmp_path: Path) -> None:
    async with looked_at(tmp_path, CallLimits(per_day=10)) as (rig, source):
        await later(rig, KEPT_S)
        await rig.looks.ask(ROUTE.id)
        await later(rig, KEPT_S)
        async with rig.store.transaction() as tx:
            before = await tx.routes.get(ROUTE.id)

        report = await rig.looks.ask(ROUTE.id)

        async with rig.store.transaction() as tx:
            after = await tx.routes.get(ROUTE.id)
            due_at = await tx.routes.next_due_at(rig.clock.now())
        assert (report.outcome.kind, report.outcome.detail) == (
            OutcomeKind.QUOTA,
            "members' calls are spent, 1 a day",
        )
        assert after == before
        assert after is not None
        assert due_at == after.next_look_at
        assert len(source.asked) == 2


async def test_the_loop_goes_on_after_members_spent_their_share(tmp_path: Path) -> None:
    async with looked_at(tmp_path, CallLimits(per_day=10)) as (rig, source):
        for _ in range(3):
            await later(rig, KEPT_S)
            await rig.looks.ask(ROUTE.id)

        for _ in range(32):
            await later(rig, 30)

        assert len(source.asked) == 3
        made = await rig.store.calls.made(source.name)
        assert made is not None
        assert (made.today, made.members_today) == (3, 1)
