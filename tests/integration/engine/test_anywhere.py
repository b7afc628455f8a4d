"""From London to anywhere: a cached source sweeps, a live one confirms, one post tells what is cheap.

Through the real looker, recorder and store, over HTTP to the pretend world.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.actions.rechecking import Rechecker
from engine.domain.alert import Confirmation, Notification, NotificationKind, Reason
from engine.domain.judgement import WatchState
from engine.domain.places import ANYWHERE
from engine.domain.route import FixedDates
from engine.domain.watch import Condition, Watch, WatchId
from engine.gazetteer import Gazetteer
from engine.store import leaving
from sandbox.faults import Fault
from tests.integration.engine.test_sweep_and_confirm import Sweep, open_sweep
from tests.support import build
from tests.support.build import eur
from tests.support.clock import START

OUT = START.date() + timedelta(days=60)
ROUTE = build.route(destination=ANYWHERE, trip=FixedDates(OUT, OUT + timedelta(days=2)))


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture
async def sweep(tmp_path: Path, gazetteer: Gazetteer) -> AsyncIterator[Sweep]:
    async with open_sweep(tmp_path, gazetteer) as opened:
        for code in opened.world.market.destinations("LON"):
            opened.world.market.pin(f"LON-{code}", Decimal(200))
        yield opened


def costs(sweep: Sweep, **fares: int) -> None:
    for code, fare in fares.items():
        sweep.world.market.pin(f"LON-{code}", Decimal(fare))


async def anywhere(sweep: Sweep, target: int = 40, *, from_list: bool = True, name: str = "w1") -> Watch:
    watch = build.watch(of=ROUTE, target=target, id=WatchId(name))
    await sweep.rig.watch(watch, of=ROUTE, from_list=from_list)
    return watch


def lines(post: Notification) -> list[tuple[str, str]]:
    return [
        (line.route.destination.code, line.quote.total.plain() if line.quote else "gone")
        for line in post.gathered
    ]


async def memories(sweep: Sweep, watch: Watch) -> dict[str, WatchState]:
    async with sweep.rig.store.transaction() as tx:
        return (await tx.finds.states([watch.id])).get(watch.id, {})


async def acknowledged(sweep: Sweep) -> list[Notification]:
    """Everything that waits to be told, which then was."""
    told = await sweep.told()
    for number, one in enumerate(told):
        await sweep.rig.store.outbox.acknowledge(one.id, f"m{number}", sweep.clock.now())
    return told


async def test_all_that_is_cheap_comes_in_one_post_confirmed_live(sweep: Sweep) -> None:
    costs(sweep, FAO=29, DUB=35, MIL=31)
    await anywhere(sweep)

    (report,) = await sweep.look(ROUTE)

    (post,) = await sweep.told()
    assert (post.kind, post.route) == (NotificationKind.POST, ROUTE)
    assert lines(post) == [("FAO", "29"), ("MIL", "31"), ("DUB", "35")]
    assert {line.confirmation for line in post.gathered} == {Confirmation.CONFIRMED}
    assert post.quote is not None
    assert post.quote.total == eur(29)
    assert [subject.watch_id for subject in post.subjects] == ["w1"]
    assert sweep.live_calls == 3
    assert (report.best is not None and report.best.total, report.judgements[0][1].reason) == (
        eur(29),
        Reason.ALERT,
    )


async def test_more_than_five_are_told_and_only_the_cheapest_confirmed(sweep: Sweep) -> None:
    costs(sweep, FAO=21, DUB=22, MIL=23, OPO=24, CPH=25, OSL=26, RIX=27)
    await anywhere(sweep)

    await sweep.look(ROUTE)

    (post,) = await sweep.told()
    assert len(post.gathered) == 7
    sure = [line.confirmation for line in post.gathered]
    assert sure == [Confirmation.CONFIRMED] * 5 + [Confirmation.UNCONFIRMED] * 2
    assert sweep.live_calls == 5


async def test_a_lead_that_is_gone_live_is_not_told(sweep: Sweep) -> None:
    sweep.world.travelpayouts.keep_showing("LON-FAO", Decimal(19))
    costs(sweep, FAO=90, DUB=35)
    await anywhere(sweep)

    (report,) = await sweep.look(ROUTE)

    (post,) = await sweep.told()
    assert lines(post) == [("DUB", "35")]
    assert report.best is not None
    assert report.best.total == eur(35)


async def test_the_first_sweep_seeds_and_later_only_news_is_told(sweep: Sweep) -> None:
    costs(sweep, FAO=29)
    watch = await anywhere(sweep, from_list=False)

    await sweep.look(ROUTE)
    assert await sweep.told() == []
    assert list(await memories(sweep, watch)) == ["FAO"]

    costs(sweep, DUB=30)
    sweep.world.travelpayouts.keep_showing("LON-DUB", Decimal(30))
    await sweep.later(ROUTE, hours=7)

    (post,) = await sweep.told()
    assert lines(post) == [("DUB", "30")]


async def test_told_finds_are_told_once_and_their_lines_follow_the_fare(sweep: Sweep) -> None:
    costs(sweep, FAO=29, DUB=35)
    await anywhere(sweep)
    await sweep.look(ROUTE)
    (post,) = await acknowledged(sweep)

    costs(sweep, FAO=60)
    await sweep.later(ROUTE, hours=7)
    changed = await acknowledged(sweep)

    assert [one.kind for one in changed] == []  # one lead above says nothing against a firm alert yet
    await sweep.later(ROUTE, hours=1)
    (edit,) = await acknowledged(sweep)
    assert (edit.kind, edit.edits) == (NotificationKind.EDIT, post.id)
    assert lines(edit) == [("DUB", "35"), ("FAO", "60")]
    assert edit.gathered[1].subjects[0].reason is Reason.RECOVERED
    assert edit.quote is not None
    assert edit.quote.total == eur(35)

    costs(sweep, OPO=20)
    await sweep.later(ROUTE, hours=7)
    (news,) = await acknowledged(sweep)
    assert (news.kind, lines(news)) == (NotificationKind.POST, [("OPO", "20")])


async def test_a_failed_sweep_changes_nothing(sweep: Sweep) -> None:
    costs(sweep, FAO=29)
    watch = await anywhere(sweep)
    await sweep.look(ROUTE)
    await acknowledged(sweep)
    before = await memories(sweep, watch)

    sweep.world.travelpayouts.faults.plan(Fault.SERVER_ERROR, times=99)
    await sweep.later(ROUTE, hours=7)

    assert await acknowledged(sweep) == []
    assert await memories(sweep, watch) == before


async def test_two_watches_share_one_post_each_with_its_own_lines(sweep: Sweep) -> None:
    costs(sweep, FAO=29, DUB=35)
    await anywhere(sweep, 30, name="w1")
    await anywhere(sweep, 40, name="w2")

    await sweep.look(ROUTE)

    (post,) = await sweep.told()
    named = {line.route.destination.code: [each.watch_id for each in line.subjects] for line in post.gathered}
    assert named == {"FAO": ["w1", "w2"], "DUB": ["w2"]}
    assert [each.watch_id for each in post.subjects] == ["w1", "w2"]


async def test_the_cheapest_finds_are_kept_with_what_they_cost(sweep: Sweep) -> None:
    costs(sweep, FAO=29)
    await anywhere(sweep)

    await sweep.look(ROUTE)

    async with sweep.rig.store.transaction() as tx:
        newest = (await tx.finds.newest([ROUTE.id]))[ROUTE.id]
        histories = (await tx.finds.histories([ROUTE.id], START.date()))[ROUTE.id]
        row = await tx.routes.get(ROUTE.id)
    assert newest[0][0].total == eur(29)
    assert histories["FAO"].low(START.date(), 1) == 2900
    assert len(newest) > 10
    assert row is not None
    assert row.last_quote is not None
    assert row.last_quote.total == eur(29)


async def test_what_waited_too_long_is_looked_at_again_line_by_line(sweep: Sweep) -> None:
    costs(sweep, FAO=29, DUB=35)
    watch = await anywhere(sweep)
    await sweep.look(ROUTE)
    (post,) = await sweep.told()
    costs(sweep, FAO=27, DUB=90)
    await sweep.clock.advance(8 * 3600)
    check = Rechecker(sweep.rig.store, sweep.rig.looker.look, clocks=ZoneInfo, clock=sweep.clock)

    fresh = await check(post)

    assert fresh is not None
    assert lines(fresh) == [("FAO", "27")]
    states = await memories(sweep, watch)
    assert [code for code, state in states.items() if not state.of(Condition.TARGET).armed] == ["FAO"]


async def test_an_alert_that_reached_nobody_is_told_again_once_its_place_works(sweep: Sweep) -> None:
    costs(sweep, FAO=29, DUB=35)
    watch = await anywhere(sweep)
    await sweep.look(ROUTE)
    (post,) = await sweep.told()
    outbox = sweep.rig.store.outbox

    await outbox.dead_letter(post.id, "403", sweep.clock.now())
    await sweep.later(ROUTE)
    assert [one.kind for one in await sweep.told()] == [NotificationKind.NOTICE]  # its owner hears of it
    assert (await sweep.rig.state(watch)).held
    await outbox.reinstate_lane(post.destination.lane)
    await sweep.later(ROUTE)

    again = [one for one in await sweep.told() if one.kind is NotificationKind.POST]
    assert [lines(one) for one in again] == [[("FAO", "29"), ("DUB", "35")]]


async def test_a_post_that_nobody_had_in_hand_forgets_who_leaves(sweep: Sweep) -> None:
    costs(sweep, FAO=29, DUB=35)
    await anywhere(sweep, 40, name="w1")
    await anywhere(sweep, 30, name="w2")
    await sweep.look(ROUTE)

    async with sweep.rig.store.transaction() as tx:
        await leaving.leave(tx, WatchId("w1"), sweep.clock.now())

    (post,) = await sweep.told()
    assert lines(post) == [("FAO", "29")]
    assert [each.watch_id for each in post.subjects] == ["w2"]
