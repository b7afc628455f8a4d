"""Owners hear once that no source answers for their routes, and once when one does again."""

from pathlib import Path
from typing import Any

from engine.actions.failing import FailingRoutes
from engine.domain.alert import Notification
from engine.domain.news import Failing, Working
from engine.domain.quote import Outcome, OutcomeKind
from engine.domain.route import Route
from engine.domain.server import Server, server_itself
from engine.domain.watch import Owner, OwnerKind, Watch, WatchId, WatchStatus
from tests.support import build
from tests.support.clock import HandClock
from tests.support.rig import Rig, Seen, open_rig

HOUR_S = 3600.0
ADA, BEN = (Owner(OwnerKind.MEMBER, id_, "5001") for id_ in ("1001", "1002"))


class Weather:
    """A source that fails for the adults' numbers named in `down`, and gives fares for all others."""

    def __init__(self, *down: int) -> None:
        self.down = set(down)

    def __call__(self, route: Route, clock: HandClock) -> Outcome:
        if route.adults in self.down:
            return build.outcome(at=clock.now(), kind=OutcomeKind.UNREACHABLE, detail="timeout")
        return build.outcome(build.quote(450, of=route, observed_at=clock.now()), at=clock.now())


def watch_of(owner: Owner, adults: int, **changes: Any) -> tuple[Watch, Route]:
    route = build.route(adults=adults)
    return build.watch(of=route, id=WatchId(f"w{owner.id}-{adults}"), owner=owner, **changes), route


async def hours_later(rig: Rig, hours: float) -> list[Notification]:
    """Time passes, every route is looked at, the hourly chore is done; what is new in the outbox."""
    before = {each.id for each in await rig.outbox()}
    await rig.clock.advance(hours * HOUR_S)
    await rig.looks.run_once(Seen())
    await FailingRoutes(rig.store, clock=rig.clock, changed=lambda: None).tell()
    return [each for each in await rig.outbox() if each.id not in before]


async def watched(rig: Rig, *pairs: tuple[Watch, Route]) -> None:
    for watch, route in pairs:
        await rig.watch(watch, of=route)


async def test_an_owner_hears_after_25_hours_and_once(tmp_path: Path) -> None:
    async with open_rig(tmp_path, Weather(1)) as rig:
        await watched(rig, watch_of(ADA, 1))

        assert await hours_later(rig, 0) == []
        assert await hours_later(rig, 24) == []
        (told,) = await hours_later(rig, 2)
        assert await hours_later(rig, 1) == []
        assert await hours_later(rig, 200) == []

        assert told.destination.lane == "dm:1001"
        assert isinstance(told.news, Failing)
        assert (told.news.routes, told.news.outcome, told.news.detail) == (1, "unreachable", "timeout")


async def test_when_everything_is_down_each_member_gets_one_notice_with_the_number(tmp_path: Path) -> None:
    async with open_rig(tmp_path, Weather(1, 2, 3)) as rig:
        await watched(rig, *(watch_of(ADA, n) for n in (1, 2, 3)), watch_of(BEN, 1))
        await hours_later(rig, 0)

        told = await hours_later(rig, 26)

        numbers = {each.destination.lane: each.news.routes for each in told if isinstance(each.news, Failing)}
        assert numbers == {"dm:1001": 3, "dm:1002": 1}


async def test_routes_that_fail_one_after_the_other_are_one_piece_of_news_a_day(tmp_path: Path) -> None:
    weather = Weather(1)
    async with open_rig(tmp_path, weather) as rig:
        await watched(rig, watch_of(ADA, 1), watch_of(ADA, 2))
        await hours_later(rig, 0)
        await hours_later(rig, 20)
        weather.down.add(2)
        await hours_later(rig, 0.1)

        first = await hours_later(rig, 6)
        second = await hours_later(rig, 21)

        assert [each.news for each in first if isinstance(each.news, Failing)] == [first[0].news]
        assert second == []


async def test_it_is_said_once_that_it_works_again(tmp_path: Path) -> None:
    weather = Weather(1, 2)
    async with open_rig(tmp_path, weather) as rig:
        await watched(rig, watch_of(ADA, 1), watch_of(ADA, 2))
        await hours_later(rig, 0)
        await hours_later(rig, 26)
        weather.down.discard(1)

        (some,) = [each for each in await hours_later(rig, 1) if each.news]
        weather.down.clear()
        (rest,) = [each for each in await hours_later(rig, 1) if each.news]

        assert some.news == Working(routes=1, failing=1)
        assert rest.news == Working(routes=1)
        assert [each for each in await hours_later(rig, 1) if each.news] == []


async def test_what_was_never_said_to_fail_is_not_said_to_work(tmp_path: Path) -> None:
    weather = Weather(1)
    async with open_rig(tmp_path, weather) as rig:
        await watched(rig, watch_of(ADA, 1))
        await hours_later(rig, 0)
        await hours_later(rig, 20)
        weather.down.clear()

        assert [each for each in await hours_later(rig, 1) if each.news] == []


async def test_a_route_that_failed_for_others_before_is_news_to_a_new_owner_a_day_later(
    tmp_path: Path,
) -> None:
    async with open_rig(tmp_path, Weather(1)) as rig:
        await watched(rig, watch_of(ADA, 1))
        await hours_later(rig, 0)
        await hours_later(rig, 30)
        await watched(rig, watch_of(BEN, 1, created_at=rig.clock.now()))

        assert await hours_later(rig, 1) == []
        (told,) = await hours_later(rig, 25)

        assert told.destination.lane == "dm:1002"


async def test_a_servers_route_is_told_of_in_its_channel_for_news_and_else_nowhere(tmp_path: Path) -> None:
    async with open_rig(tmp_path, Weather(1)) as rig:
        async with rig.store.transaction() as tx:
            await tx.servers.save(Server(id="5001", admin_channel_id="9009"))
        await watched(rig, watch_of(server_itself("5001"), 1), watch_of(server_itself("5002"), 1))
        await hours_later(rig, 0)

        told = await hours_later(rig, 26)

        assert [each.destination.lane for each in told] == ["channel:9009"]


async def test_a_list_is_told_nothing(tmp_path: Path) -> None:
    async with open_rig(tmp_path, Weather(1)) as rig:
        await watched(rig, watch_of(Owner(OwnerKind.LIST, "routes.csv"), 1))
        await hours_later(rig, 0)

        assert await hours_later(rig, 26) == []


async def test_a_paused_route_neither_fails_nor_works_again(tmp_path: Path) -> None:
    weather = Weather(1)
    async with open_rig(tmp_path, weather) as rig:
        watch, route = watch_of(ADA, 1)
        await watched(rig, (watch, route), watch_of(BEN, 1))
        await hours_later(rig, 0)
        await hours_later(rig, 26)
        async with rig.store.transaction() as tx:
            await tx.watches.update(build.watch(of=route, id=watch.id, owner=ADA, status=WatchStatus.PAUSED))
        weather.down.clear()

        told = [each for each in await hours_later(rig, 1) if each.news]

        assert [each.destination.lane for each in told] == ["dm:1002"]
