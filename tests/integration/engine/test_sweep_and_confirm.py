"""A cached source sweeps, a live one confirms: through the real looker, with the market of the pretend world.

What Travelpayouts shows was true up to six hours ago; Kiwi has the market's fares of now.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import SecretStr

from engine.domain.alert import Confirmation, Notification, NotificationKind, Reason
from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.quote import OutcomeKind, SourceKind
from engine.domain.route import FixedDates, Route
from engine.domain.watch import WatchId
from engine.fares.fetcher import Fetcher
from engine.gazetteer import Gazetteer
from engine.http import open_session
from engine.look import LookReport
from engine.settings import Settings
from engine.sourcing import make_fetcher
from engine.store.database import Store
from sandbox.faults import Fault
from sandbox.travelpayouts import TOKEN
from sandbox.world import World, open_world
from tests.support import build
from tests.support.clock import START, HandClock
from tests.support.rig import Rig, open_rig

HOUR_S = 3600
LEAVING = START.date() + timedelta(days=60)
TRIP = FixedDates(LEAVING, LEAVING + timedelta(days=14))


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@dataclass
class Sweep:
    """The rig, the world it asks, and what came of the looks so far."""

    rig: Rig
    world: World
    clock: HandClock
    looks: int = 0
    reports: list[LookReport] = field(default_factory=list)

    @property
    def live_calls(self) -> int:
        return len(self.world.kiwi.asked)

    async def watch(self, pair: str, target: int) -> Route:
        route = build.route(origin=Place.metro(pair[:3]), destination=Place.metro(pair[4:]), trip=TRIP)
        await self.rig.watch(build.watch(of=route, target=target, id=WatchId(f"w-{pair}")), of=route)
        return route

    async def look(self, *routes: Route) -> list[LookReport]:
        reports = await asyncio.gather(*(self.rig.looker.look(route.id) for route in routes))
        self.looks += len(routes)
        self.reports += reports
        return list(reports)

    async def later(self, *routes: Route, hours: float = 1) -> list[LookReport]:
        await self.clock.advance(hours * HOUR_S)
        return await self.look(*routes)

    async def told(self) -> list[Notification]:
        return await self.rig.outbox()


@asynccontextmanager
async def open_sweep(folder: Path, gazetteer: Gazetteer, **changes: object) -> AsyncIterator[Sweep]:
    clock = HandClock()
    async with open_world(latency=(0.0, 0.0), clock=clock) as world, open_session(limit=50) as session:
        settings = Settings(
            **{  # type: ignore[arg-type]
                "travelpayouts_token": SecretStr(TOKEN),
                "travelpayouts_base_url": world.travelpayouts.base_url,
                "travelpayouts_rate": "10000/1s",
                "kiwi_base_url": world.kiwi.base_url,
                "kiwi_rate": "10000/1s",
                "fare_sources": ("travelpayouts", "kiwi"),
                **changes,
            }
        )
        world.travelpayouts.per_minute = 1_000_000

        async def fetcher_on(store: Store) -> Fetcher:
            return await make_fetcher(settings, session, clock, store.calls, gazetteer=gazetteer)

        async with open_rig(folder, fetcher_on=fetcher_on, clock=clock) as rig:
            yield Sweep(rig=rig, world=world, clock=clock)


def reasons(reports: list[LookReport]) -> list[Reason]:
    return [judgement.reason for report in reports for _, judgement in report.judgements]


async def test_a_lead_that_meets_a_target_is_confirmed_and_told_at_the_live_price(
    tmp_path: Path, gazetteer: Gazetteer
) -> None:
    async with open_sweep(tmp_path, gazetteer) as sweep:
        sweep.world.market.pin("LON-TYO", Decimal("400.40"))  # the cache rounds it
        route = await sweep.watch("LON-TYO", 420)

        got = await sweep.look(route)

        (post,) = await sweep.told()
        assert reasons(got) == [Reason.ALERT]
        assert post.quote is not None
        assert (post.quote.source, post.quote.total) == ("kiwi", Money(40_040, "EUR"))
        assert post.confirmation is Confirmation.CONFIRMED
        assert sweep.live_calls == 1


async def test_a_lead_that_changes_nothing_costs_no_live_call(tmp_path: Path, gazetteer: Gazetteer) -> None:
    async with open_sweep(tmp_path, gazetteer) as sweep:
        sweep.world.market.pin("LON-TYO", Decimal(500))
        route = await sweep.watch("LON-TYO", 420)

        for _ in range(24):
            await sweep.later(route)

        assert sweep.live_calls == 0
        assert await sweep.told() == []
        assert {report.outcome.source_kind for report in sweep.reports} == {SourceKind.CACHED}


async def test_an_alert_that_stands_is_not_confirmed_at_every_look(
    tmp_path: Path, gazetteer: Gazetteer
) -> None:
    async with open_sweep(tmp_path, gazetteer) as sweep:
        sweep.world.market.pin("LON-TYO", Decimal(400))
        route = await sweep.watch("LON-TYO", 420)

        for _ in range(24):
            await sweep.later(route)

        assert sweep.live_calls == 1
        assert len(await sweep.told()) == 1


async def test_a_refuted_lead_is_asked_about_again_after_1_4_12_and_24_hours_only(
    tmp_path: Path, gazetteer: Gazetteer
) -> None:
    async with open_sweep(tmp_path, gazetteer) as sweep:
        sweep.world.market.pin("LON-TYO", Decimal(480))
        sweep.world.travelpayouts.keep_showing("LON-TYO", Decimal(400))
        route = await sweep.watch("LON-TYO", 420)
        asked_at = []
        for hour in range(60):
            before = sweep.live_calls
            await sweep.later(route)
            if sweep.live_calls > before:
                asked_at.append(hour)

        assert await sweep.told() == []
        assert set(reasons(sweep.reports)) == {Reason.REFUTED}
        assert [later - earlier for earlier, later in pairwise(asked_at)] == [1, 4, 12, 24]


async def test_a_deeper_lead_is_asked_about_at_once(tmp_path: Path, gazetteer: Gazetteer) -> None:
    async with open_sweep(tmp_path, gazetteer) as sweep:
        sweep.world.market.pin("LON-TYO", Decimal(480))
        sweep.world.travelpayouts.keep_showing("LON-TYO", Decimal(400))
        route = await sweep.watch("LON-TYO", 420)
        await sweep.later(route)
        await sweep.later(route)
        sweep.world.market.pin("LON-TYO", Decimal(380))
        sweep.world.travelpayouts.keep_showing("LON-TYO", Decimal(380))

        got = await sweep.later(route)

        assert reasons(got) == [Reason.ALERT]


async def test_without_a_confirmer_a_lead_is_told_as_not_confirmed(
    tmp_path: Path, gazetteer: Gazetteer
) -> None:
    async with open_sweep(tmp_path, gazetteer, fare_sources=("travelpayouts",)) as sweep:
        sweep.world.market.pin("LON-TYO", Decimal(400))
        route = await sweep.watch("LON-TYO", 420)

        await sweep.look(route)

        (post,) = await sweep.told()
        assert post.confirmation is Confirmation.UNCONFIRMED
        assert post.quote is not None
        assert (post.quote.source, post.quote.found_at) == ("travelpayouts", None)
        assert sweep.live_calls == 0


async def test_without_a_call_left_nobody_is_asked_and_a_lead_is_told_as_not_confirmed(
    tmp_path: Path, gazetteer: Gazetteer
) -> None:
    async with open_sweep(tmp_path, gazetteer, kiwi_daily_budget=1) as sweep:
        sweep.world.market.pin("LON-TYO", Decimal(400))
        sweep.world.market.pin("LON-PAR", Decimal(80))
        tokyo, paris = await sweep.watch("LON-TYO", 420), await sweep.watch("LON-PAR", 90)

        await sweep.look(tokyo)
        await sweep.look(paris)

        first, second = await sweep.told()
        assert (first.confirmation, second.confirmation) == (
            Confirmation.CONFIRMED,
            Confirmation.UNCONFIRMED,
        )
        assert sweep.live_calls == 1


async def test_a_budget_spent_before_a_restart_stays_spent(tmp_path: Path, gazetteer: Gazetteer) -> None:
    async with open_sweep(tmp_path, gazetteer, kiwi_daily_budget=1) as sweep:
        sweep.world.market.pin("LON-TYO", Decimal(400))
        await sweep.look(await sweep.watch("LON-TYO", 420))
    async with open_sweep(tmp_path, gazetteer, kiwi_daily_budget=1) as sweep:
        sweep.world.market.pin("LON-PAR", Decimal(80))
        await sweep.look(await sweep.watch("LON-PAR", 90))

        assert [post.confirmation for post in await sweep.told()][-1] is Confirmation.UNCONFIRMED
        assert sweep.live_calls == 0


@pytest.mark.parametrize("fault", [Fault.RATE_LIMIT, Fault.SERVER_ERROR, Fault.HTML, Fault.ERROR_INSIDE])
async def test_a_confirmer_that_gives_no_answer_leaves_a_lead_not_confirmed(
    tmp_path: Path, gazetteer: Gazetteer, fault: Fault
) -> None:
    async with open_sweep(tmp_path, gazetteer) as sweep:
        sweep.world.market.pin("LON-TYO", Decimal(400))
        sweep.world.kiwi.faults.plan(fault)
        route = await sweep.watch("LON-TYO", 420)

        await sweep.look(route)

        (post,) = await sweep.told()
        assert (post.confirmation, sweep.live_calls) == (Confirmation.UNCONFIRMED, 1)


async def test_the_live_source_stands_in_while_the_cached_one_fails(
    tmp_path: Path, gazetteer: Gazetteer
) -> None:
    async with open_sweep(tmp_path, gazetteer) as sweep:
        sweep.world.market.pin("LON-TYO", Decimal(400))
        sweep.world.travelpayouts.faults.plan(Fault.SERVER_ERROR)
        route = await sweep.watch("LON-TYO", 420)

        (report,) = await sweep.look(route)

        assert (report.outcome.source, report.outcome.kind) == ("kiwi", OutcomeKind.QUOTES)
        (post,) = await sweep.told()
        assert post.confirmation is Confirmation.FIRM


async def test_in_a_week_of_the_market_live_calls_are_few_and_every_alert_was_true(
    tmp_path: Path, gazetteer: Gazetteer
) -> None:
    async with open_sweep(tmp_path, gazetteer) as sweep:
        sweep.world.travelpayouts.stays = (7, 14)  # pages as short as the real ones
        market = sweep.world.market
        usual = {pair: market.price(pair, START) for pair in market.pairs[:12]}
        routes = [await sweep.watch(pair, int(price * 9 / 10)) for pair, price in usual.items()]
        for _ in range(24 * 7):
            await sweep.later(*routes)

        pings = [post for post in await sweep.told() if post.kind is NotificationKind.POST]
        assert len(pings) >= 8
        assert {post.confirmation for post in pings} == {Confirmation.CONFIRMED}
        for post in pings:
            assert post.quote is not None
            assert post.quote.total.amount == market.price(post.route.pair, post.quote.observed_at)
        assert sweep.live_calls <= 0.05 * sweep.looks
