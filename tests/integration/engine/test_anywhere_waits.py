"""Finds of a route to anywhere that wait, and owners who leave, come back or change their route."""

import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from engine.actions.asking import Asked
from engine.actions.editing import reroute
from engine.actions.rechecking import Rechecker
from engine.alerts.courier import Courier
from engine.alerts.ports import Delivery, DeliveryKind, Leased
from engine.domain.alert import Notification, NotificationKind
from engine.domain.digest import Digest
from engine.domain.judgement import WatchState
from engine.domain.member import Member
from engine.domain.places import ANYWHERE, Place
from engine.domain.quiet import Quiet
from engine.domain.quote import Outcome, OutcomeKind
from engine.domain.route import FixedDates, Route
from engine.domain.watch import Condition, DestinationKind, Owner, OwnerKind, Watch, WatchId
from engine.fares.abilities import Abilities
from engine.store import leaving
from tests.support import build
from tests.support.clock import HandClock
from tests.support.rig import Rig, ScriptedSource, open_rig

EVENING = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)  # 21:30 in Berlin
NIGHT = Quiet(time(22), time(7))
ROUTE = build.route(destination=ANYWHERE)
ADA = build.watch(of=ROUTE, target=40)
BEN = build.watch(of=ROUTE, target=30, id=WatchId("w2"), owner=Owner(OwnerKind.MEMBER, "1002", "5001"))


@dataclass
class Mouth:
    """A channel that takes everything and remembers it."""

    kind: DestinationKind = DestinationKind.CHANNEL
    begins_with_commit: bool = False
    told: list[Notification] = field(default_factory=list)

    async def deliver(self, leased: Leased) -> Delivery:
        self.told.append(leased.notification)
        return Delivery(kind=DeliveryKind.DELIVERED, ref=f"m{len(self.told)}")

    async def reconcile(self, leased: Leased) -> Delivery:  # noqa: ARG002
        return Delivery(kind=DeliveryKind.UNKNOWN)


@dataclass
class Stage:
    """A rig whose one source sweeps, with `fares` by place; no fares at all: it does not answer."""

    rig: Rig
    fares: dict[str, int]
    mouth: Mouth
    courier: Courier

    async def look(self, *, at: datetime | None = None, **fares: int) -> None:
        await self._move(at)
        self.fares.clear()
        self.fares.update(fares)
        await self.rig.looker.look(ROUTE.id)

    async def deliver(self, *, at: datetime | None = None, **fares: int) -> list[Notification]:
        """What goes out by then, while a look would see these fares."""
        await self._move(at)
        self.fares.clear()
        self.fares.update(fares)
        before = len(self.mouth.told)
        while rows := await self.rig.store.outbox.lease(self.rig.clock.now(), timedelta(minutes=1), 100):
            for row in rows:
                await self.courier.carry(row)
        return self.mouth.told[before:]

    async def _move(self, at: datetime | None) -> None:
        if at is not None:
            await self.rig.clock.advance((at - self.rig.clock.now()).total_seconds())

    async def member(self, **chosen: object) -> None:
        member = Member(id="1001", timezone="Europe/Berlin")
        async with self.rig.store.transaction() as tx:
            await tx.members.save(msgspec.structs.replace(member, **chosen))

    async def memories(self, watch: Watch = ADA) -> dict[str, WatchState]:
        async with self.rig.store.transaction() as tx:
            return (await tx.finds.states([watch.id])).get(watch.id, {})


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    fares: dict[str, int] = {}

    def answer(route: Route, clock: HandClock) -> Outcome:
        if not fares:
            return build.outcome(at=clock.now(), kind=OutcomeKind.UNREACHABLE, detail="timeout")
        quotes = [
            build.quote(
                total, route, slices=(), observed_at=clock.now(), ends=(route.origin, Place.airport(code))
            )
            for code, total in sorted(fares.items(), key=lambda each: each[1])
        ]
        return build.outcome(*quotes, at=clock.now())

    clock = HandClock(EVENING)
    abilities = Abilities(anywhere=True)
    sources = lambda hand: [ScriptedSource(hand, answer, abilities=abilities)]  # noqa: E731
    async with open_rig(tmp_path, sources=sources, clock=clock) as rig:
        mouth = Mouth()
        recheck = Rechecker(rig.store, rig.looker.look, clocks=ZoneInfo, clock=clock)
        courier = Courier(
            rig.store.outbox,
            dict.fromkeys(DestinationKind, mouth),
            clock=clock,
            recheck=recheck,
            chance=random.Random(1),  # noqa: S311  no secret
        )
        stage = Stage(rig, fares, mouth, courier)
        await rig.watch(ADA, of=ROUTE)
        await stage.look(FAO=90, DUB=90)
        yield stage


def at(hour: int, minute: int = 0) -> datetime:
    """A Berlin time of that night, or of the evening before."""
    return datetime(2026, 11, 22 if hour >= 18 else 23, hour, minute, tzinfo=ZoneInfo("Europe/Berlin"))


def lines(post: Notification) -> dict[str, int | None]:
    return {
        line.route.destination.code: line.quote.total.minor // 100 if line.quote else None
        for line in post.gathered
    }


def standing(states: dict[str, WatchState]) -> list[str]:
    return sorted(code for code, state in states.items() if not state.of(Condition.TARGET).armed)


async def test_what_gets_cheap_at_night_is_one_post_in_the_morning_with_what_is_still_true(
    stage: Stage,
) -> None:
    await stage.member(quiet=NIGHT)
    await stage.look(at=at(23), FAO=29, DUB=90)
    await stage.look(at=at(2), FAO=29, DUB=35, OPO=39)

    assert await stage.deliver(at=at(6, 59)) == []
    (post,) = await stage.deliver(at=at(7), FAO=28, DUB=70, OPO=39)

    assert lines(post) == {"FAO": 28, "OPO": 39}
    assert post.held_until is None
    assert standing(await stage.memories()) == ["FAO", "OPO"]  # Dublin was told to nobody: armed


async def test_nothing_is_told_in_the_morning_when_nothing_is_left(stage: Stage) -> None:
    await stage.member(quiet=NIGHT)
    await stage.look(at=at(23), FAO=29)

    assert await stage.deliver(at=at(7), FAO=80) == []
    assert standing(await stage.memories()) == []
    await stage.look(at=at(8), FAO=29)
    assert [lines(post) for post in await stage.deliver(FAO=29)] == [{"FAO": 29}]


async def test_without_an_answer_in_the_morning_it_is_told_as_it_was_seen(stage: Stage) -> None:
    await stage.member(quiet=NIGHT)
    await stage.look(at=at(23), FAO=29)

    (post,) = await stage.deliver(at=at(7))

    assert lines(post) == {"FAO": 29}


async def test_who_is_awake_is_told_at_once_and_the_sleeper_in_the_morning(stage: Stage) -> None:
    await stage.rig.watch(BEN, of=ROUTE)
    await stage.member(quiet=NIGHT)

    await stage.look(at=at(23), FAO=29, DUB=35)
    (bens,) = await stage.deliver(FAO=29, DUB=35)
    (adas,) = await stage.deliver(at=at(7), FAO=29, DUB=35)

    assert (lines(bens), [each.watch_id for each in bens.subjects]) == ({"FAO": 29}, ["w2"])
    assert (lines(adas), [each.watch_id for each in adas.subjects]) == ({"FAO": 29, "DUB": 35}, ["w1"])


async def test_a_digest_that_gathers_stands_in_for_the_post(stage: Stage) -> None:
    await stage.member(digest=Digest(at=time(8), gathers_since=EVENING))

    await stage.look(at=at(23), FAO=29)

    assert await stage.deliver(FAO=29) == []
    state = await stage.rig.state(ADA)
    assert state.of(Condition.TARGET).pinged_at is not None  # what the digest calls news
    assert not state.of(Condition.TARGET).armed


async def test_who_leaves_and_comes_back_is_followed_in_every_post(stage: Stage) -> None:
    await stage.look(at=at(22), FAO=29)
    await stage.deliver(FAO=29)
    await stage.look(at=at(23), FAO=29, DUB=35)
    await stage.deliver(FAO=29, DUB=35)

    async with stage.rig.store.transaction() as tx:
        await leaving.leave(tx, ADA.id, stage.rig.clock.now())
    left = await stage.deliver(FAO=29, DUB=35)
    await stage.rig.clock.advance(5)
    async with stage.rig.store.transaction() as tx:
        await leaving.come_back(tx, ADA.id, stage.rig.clock.now())
    back = await stage.deliver(FAO=29, DUB=35)

    assert [one.kind for one in (*left, *back)] == [NotificationKind.EDIT] * 4
    assert {each.left for one in left for line in one.gathered for each in line.subjects} == {True}
    assert {each.left for one in back for line in one.gathered for each in line.subjects} == {False}


async def test_on_other_days_everything_begins_anew(stage: Stage) -> None:
    await stage.look(at=at(22), FAO=29)
    assert standing(await stage.memories()) == ["FAO"]
    days = FixedDates(ROUTE.trip.depart_on + timedelta(days=7), ROUTE.trip.return_on)  # type: ignore[union-attr]
    other = msgspec.structs.replace(ROUTE, trip=days)

    async with stage.rig.store.transaction() as tx:
        row = await tx.watches.get(ADA.id)
        assert row is not None
        await reroute(tx, row, Asked(route=other, rules=ADA.rules), stage.rig.clock.now())

    assert await stage.memories() == {}
    assert not (await stage.rig.state(ADA)).seeded


async def test_what_no_sweep_saw_for_long_is_forgotten(stage: Stage) -> None:
    await stage.look(at=at(22), FAO=29, DUB=35)
    now = stage.rig.clock.now()

    async with stage.rig.store.transaction() as tx:
        await tx.finds.prune(now - timedelta(days=14))
        kept = await tx.finds.newest([ROUTE.id])
        await tx.finds.prune(now + timedelta(seconds=1))
        await tx.finds.prune_days(now.date() + timedelta(days=1))
        gone = await tx.finds.newest([ROUTE.id])
        days = await tx.finds.histories([ROUTE.id], now.date() - timedelta(days=60))

    assert len(kept[ROUTE.id]) == 2
    assert (gone, days) == ({}, {})
    assert standing(await stage.memories()) == ["DUB", "FAO"]  # what was told is not forgotten
