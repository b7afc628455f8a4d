"""Alerts in quiet hours: split off, held, joined by what comes, and looked at again in the morning."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from engine.actions.rechecking import Rechecker
from engine.alerts.courier import Courier
from engine.alerts.ports import Delivery, DeliveryKind, Leased
from engine.domain.alert import Confirmation, Notification, NotificationKind, Reason
from engine.domain.member import Member
from engine.domain.quiet import Quiet
from engine.domain.quote import Outcome, OutcomeKind
from engine.domain.route import Route
from engine.domain.watch import (
    Condition,
    Destination,
    DestinationKind,
    Owner,
    OwnerKind,
    Rules,
    Snooze,
    Watch,
    WatchId,
    WatchStatus,
)
from tests.support import build
from tests.support.clock import HandClock
from tests.support.rig import Answer, Rig, fails, fares, open_rig

CHANNEL = Destination(DestinationKind.CHANNEL, "9001")
EVENING = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)  # 21:30 in Berlin
MORNING = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # 7:00 in Berlin
ADA = build.watch(target=450)
BEN = build.watch(target=440, id=WatchId("w2"), owner=Owner(OwnerKind.MEMBER, "1002", "5001"))
NIGHT = Quiet(time(22), time(7))
ROUTE = build.route().id


class Mouth:
    """A channel that takes everything and remembers it."""

    begins_with_commit = False

    def __init__(self, kind: DestinationKind) -> None:
        self.kind = kind
        self.told: list[Notification] = []

    async def deliver(self, leased: Leased) -> Delivery:
        self.told.append(leased.notification)
        return Delivery(kind=DeliveryKind.DELIVERED, ref=f"m{len(self.told)}")

    async def reconcile(self, leased: Leased) -> Delivery:  # noqa: ARG002
        return Delivery(kind=DeliveryKind.UNKNOWN)


@dataclass
class Night:
    """A rig with a courier: `fare` looks now, `deliver` carries what is due."""

    rig: Rig
    mouth: Mouth
    courier: Courier
    prices: list[int | Answer]

    async def look(self, price: int | Answer, *, at: datetime | None = None) -> None:
        self.prices[0] = price
        if at is not None:
            await self.rig.clock.advance((at - self.rig.clock.now()).total_seconds())
        await self.rig.looker.look(ROUTE)

    async def deliver(
        self, *, at: datetime | None = None, price: int | Answer | None = None
    ) -> list[Notification]:
        """What goes out by then, at that price."""
        if at is not None:
            await self.rig.clock.advance((at - self.rig.clock.now()).total_seconds())
        if price is not None:
            self.prices[0] = price
        before = len(self.mouth.told)
        while rows := await self.rig.store.outbox.lease(self.rig.clock.now(), timedelta(minutes=1), 100):
            for row in rows:
                await self.courier.carry(row)
        return self.mouth.told[before:]

    async def quiet(self, member_id: str = "1001", hours: Quiet | None = NIGHT) -> None:
        async with self.rig.store.transaction() as tx:
            await tx.members.save(Member(id=member_id, timezone="Europe/Berlin", quiet=hours))


@asynccontextmanager
async def night(folder: Path, *watches: Watch, start: datetime = EVENING) -> AsyncIterator[Night]:
    """Ada sleeps from 22:00 to 7:00 in Berlin; the fare is 500 when it begins."""
    async with opened(folder, start) as at_night:
        await at_night.rig.watch(*(watches or (ADA,)))
        await at_night.quiet()
        await at_night.look(500)
        yield at_night


@asynccontextmanager
async def opened(folder: Path, start: datetime) -> AsyncIterator[Night]:
    """An engine on what an earlier one left."""
    prices: list[int | Answer] = [500]

    def answer(route: Route, clock: HandClock) -> Outcome:
        price = prices[0]
        return price(route, clock) if callable(price) else fares(price)(route, clock)

    clock = HandClock(start)
    async with open_rig(folder, answer, clock=clock) as rig:
        mouth = Mouth(DestinationKind.CHANNEL)
        ways = dict.fromkeys(DestinationKind, mouth)
        recheck = Rechecker(rig.store, rig.looker.look, clocks=ZoneInfo, clock=clock)
        chance = random.Random(1)  # noqa: S311  no secret
        courier = Courier(rig.store.outbox, ways, clock=clock, recheck=recheck, chance=chance)
        yield Night(rig, mouth, courier, prices)


def at(hour: int, minute: int = 0) -> datetime:
    """A Berlin time of that night (or of the evening before, from 18 on)."""
    day = 22 if hour >= 18 else 23
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("Europe/Berlin"))


def total(post: Notification) -> int:
    assert post.quote is not None
    return post.quote.total.minor // 100


async def test_a_fare_that_falls_at_night_and_stands_is_told_in_the_morning_once(tmp_path: Path) -> None:
    async with night(tmp_path) as n:
        await n.look(400, at=at(2))

        assert await n.deliver() == []
        assert await n.deliver(at=at(6, 59)) == []
        (post,) = await n.deliver(at=at(7), price=402)
        assert (total(post), post.subjects[0].reason, post.held_until) == (402, Reason.ALERT, None)
        await n.look(402, at=at(7, 30))
        assert await n.deliver() == []


async def test_a_fare_that_is_over_by_the_morning_is_not_told_and_the_next_one_is(tmp_path: Path) -> None:
    async with night(tmp_path) as n:
        await n.look(400, at=at(2))

        assert await n.deliver(at=at(7), price=500) == []
        await n.look(400, at=at(8))
        (post,) = await n.deliver()
        assert total(post) == 400


async def test_a_fare_that_recovers_at_night_and_comes_back_by_day_is_told(tmp_path: Path) -> None:
    """It is no BACK: the ping that it would be back from was never heard."""
    async with night(tmp_path) as n:
        await n.look(400, at=at(2))
        await n.look(500, at=at(3))
        await n.look(500, at=at(4))

        assert await n.deliver(at=at(7)) == []
        await n.look(400, at=at(9))
        (post,) = await n.deliver()
        assert (post.kind, post.subjects[0].reason) == (NotificationKind.POST, Reason.ALERT)


async def test_gone_and_back_in_one_night_is_told_once(tmp_path: Path) -> None:
    async with night(tmp_path) as n:
        await n.look(400, at=at(1))
        await n.look(500, at=at(2))
        await n.look(500, at=at(3))
        await n.look(390, at=at(4))

        posts = await n.deliver(at=at(7))
        assert [(total(post), post.subjects[0].reason) for post in posts] == [(390, Reason.ALERT)]


async def test_the_others_in_the_channel_are_told_at_once(tmp_path: Path) -> None:
    async with night(tmp_path, ADA, BEN) as n:
        await n.look(400, at=at(2))

        (now,) = await n.deliver()
        assert [subject.watch_id for subject in now.subjects] == [BEN.id]
        (morning,) = await n.deliver(at=at(7))
        assert [subject.watch_id for subject in morning.subjects] == [ADA.id]


async def test_members_who_wake_at_the_same_time_share_a_post(tmp_path: Path) -> None:
    async with night(tmp_path, ADA, BEN) as n:
        await n.quiet("1002", Quiet(time(23), time(7)))
        await n.look(445, at=at(2))  # Ada's target only
        await n.look(430, at=at(3))  # Ben's too

        (post,) = await n.deliver(at=at(7), price=425)
        assert [subject.watch_id for subject in post.subjects] == [BEN.id, ADA.id]
        assert total(post) == 425


async def test_of_those_who_share_a_post_only_whoever_it_is_true_for_is_named(tmp_path: Path) -> None:
    async with night(tmp_path, ADA, BEN) as n:
        await n.quiet("1002")
        await n.look(430, at=at(2))

        (post,) = await n.deliver(at=at(7), price=445)
        assert [subject.watch_id for subject in post.subjects] == [ADA.id]
        await n.look(430, at=at(8))
        (again,) = await n.deliver()
        assert [subject.watch_id for subject in again.subjects] == [BEN.id]


async def test_a_deeper_drop_joins_the_post_that_waits(tmp_path: Path) -> None:
    async with night(tmp_path) as n:
        await n.look(400, at=at(2))
        await n.look(370, at=at(3))
        await n.look(340, at=at(4))

        posts = await n.deliver(at=at(7))
        assert [(total(post), post.subjects[0].reason) for post in posts] == [(340, Reason.ALERT)]


async def test_a_deeper_drop_seen_by_the_morning_look_itself_is_no_second_ping(tmp_path: Path) -> None:
    async with night(tmp_path) as n:
        await n.look(400, at=at(2))

        posts = await n.deliver(at=at(7), price=350)
        assert [total(post) for post in posts] == [350]
        assert posts[0].subjects[0].reason is Reason.ALERT


async def test_a_deeper_drop_after_a_post_of_the_evening_edits_it_and_pings_in_the_morning(
    tmp_path: Path,
) -> None:
    async with night(tmp_path) as n:
        await n.look(400, at=at(21, 50))
        (evening,) = await n.deliver()
        await n.look(370, at=at(2))

        (edit,) = await n.deliver()
        assert (edit.kind, edit.edits, total(edit)) == (NotificationKind.EDIT, evening.id, 370)
        (morning,) = await n.deliver(at=at(7))
        assert (morning.kind, total(morning)) == (NotificationKind.POST, 370)
        assert morning.subjects[0].reason is Reason.LOWER_STILL


async def test_a_deeper_drop_that_is_undone_by_the_morning_pings_nobody(tmp_path: Path) -> None:
    async with night(tmp_path) as n:
        await n.look(400, at=at(21, 50))
        await n.deliver()
        await n.look(370, at=at(2))
        await n.deliver()

        told = await n.deliver(at=at(7), price=398)
        assert [post.kind for post in told if post.kind is NotificationKind.POST] == []
        await n.look(396, at=at(8))
        assert [post for post in await n.deliver() if post.kind is NotificationKind.POST] == []
        await n.look(378, at=at(9))  # 5 % under what was last heard of, not under what was held back
        (post,) = [post for post in await n.deliver() if post.kind is NotificationKind.POST]
        assert (total(post), post.subjects[0].reason) == (378, Reason.LOWER_STILL)


async def test_the_post_of_the_evening_says_gone_while_a_deeper_drop_waits(tmp_path: Path) -> None:
    async with night(tmp_path) as n:
        await n.look(400, at=at(21, 50))
        (evening,) = await n.deliver()
        await n.look(370, at=at(2))
        await n.look(500, at=at(3))
        await n.look(500, at=at(4))

        edits = await n.deliver()
        assert {edit.edits for edit in edits} == {evening.id}
        assert edits[-1].subjects[0].reason is Reason.RECOVERED
        assert await n.deliver(at=at(7)) == []


async def test_the_morning_look_edits_the_post_of_the_evening(tmp_path: Path) -> None:
    async with night(tmp_path) as n:
        await n.look(400, at=at(21, 50))
        (evening,) = await n.deliver()
        await n.look(370, at=at(2))
        await n.look(500, at=at(6, 30))
        await n.deliver()

        edits = await n.deliver(at=at(7))
        assert [(edit.edits, edit.subjects[0].reason) for edit in edits] == [(evening.id, Reason.RECOVERED)]


async def test_reminders_wait_for_the_morning_and_need_only_that_the_fare_is_good(tmp_path: Path) -> None:
    watch = build.watch(rules=Rules(target=build.eur(450), remind_every=timedelta(hours=4)))
    async with night(tmp_path, watch) as n:
        await n.look(400, at=at(21, 50))
        await n.deliver()
        await n.look(400, at=at(2))
        await n.look(400, at=at(6, 30))

        posts = await n.deliver(at=at(7), price=440)
        assert [(total(post), post.subjects[0].reason) for post in posts] == [(440, Reason.REPEAT)]


async def test_the_end_of_a_snooze_at_night_reminds_in_the_morning(tmp_path: Path) -> None:
    watch = build.watch(target=450, snooze=Snooze(at(1), 50_000))
    async with night(tmp_path, watch) as n:
        await n.look(440, at=at(1))

        posts = await n.deliver(at=at(7))
        assert [(total(post), post.subjects[0].reason) for post in posts] == [(440, Reason.REMINDER)]


async def test_once_posted_in_the_morning_edits_follow_as_ever(tmp_path: Path) -> None:
    async with night(tmp_path) as n:
        await n.look(400, at=at(2))
        await n.look(394, at=at(3))  # LOWER: nothing is posted that could be edited
        assert await n.deliver() == []
        (post,) = await n.deliver(at=at(7))
        await n.look(380, at=at(8))

        (edit,) = await n.deliver()
        assert (total(post), edit.edits, total(edit)) == (394, post.id, 380)


async def test_falls_and_reminders_count_from_the_ping_that_was_heard(tmp_path: Path) -> None:
    watch = build.watch(rules=Rules(target=build.eur(450), remind_every=timedelta(hours=6)))
    async with night(tmp_path, watch) as n:
        await n.look(400, at=at(2))
        assert len(await n.deliver(at=at(7), price=420)) == 1
        await n.look(420, at=at(8, 30))  # six hours after the look of the night
        assert await n.deliver() == []
        await n.look(399, at=at(9))  # 5 % under the 420 that was heard

        (post,) = await n.deliver()
        assert post.subjects[0].reason is Reason.LOWER_STILL


async def test_a_new_low_that_rose_by_less_than_a_step_is_still_told(tmp_path: Path) -> None:
    watch = build.watch(rules=Rules(new_low_days=30))
    start = datetime(2026, 11, 14, 20, 30, tzinfo=UTC)
    async with night(tmp_path, watch, start=start) as n:
        for day in range(15, 22):
            await n.look(500, at=datetime(2026, 11, day, 20, 30, tzinfo=UTC))
        await n.look(400, at=at(2))
        await n.look(400, at=at(3))

        (post,) = await n.deliver(at=at(7), price=403)
        assert (total(post), post.subjects[0].condition) == (403, Condition.NEW_LOW)


async def test_an_alert_stands_for_what_it_was_the_first_to_tell(tmp_path: Path) -> None:
    """The fare under the target was told in the evening; the drop of the night is over by the morning."""
    watch = build.watch(rules=Rules(target=build.eur(450), drop_percent=20))
    async with night(tmp_path, watch) as n:
        await n.look(500, at=at(21, 40))
        await n.look(440, at=at(21, 50))
        await n.deliver()
        await n.look(400, at=at(2))
        await n.deliver()

        told = await n.deliver(at=at(7), price=440)
        assert [post for post in told if post.kind is NotificationKind.POST] == []


async def test_without_an_answer_the_newest_fare_seen_decides(tmp_path: Path) -> None:
    async with night(tmp_path) as n:
        await n.look(400, at=at(2))
        await n.look(402, at=at(6))

        (post,) = await n.deliver(at=at(7), price=fails(OutcomeKind.UNREACHABLE))
        assert total(post) == 402
        assert post.quote is not None
        assert post.quote.observed_at == at(6)


async def test_without_an_answer_what_was_last_seen_above_is_not_told(tmp_path: Path) -> None:
    async with night(tmp_path) as n:
        await n.look(400, at=at(2))
        await n.look(500, at=at(6, 30))

        assert await n.deliver(at=at(7), price=fails(OutcomeKind.QUOTA)) == []
        await n.look(400, at=at(8))
        assert [total(post) for post in await n.deliver()] == [400]


async def test_no_fares_in_the_morning_is_not_told(tmp_path: Path) -> None:
    async with night(tmp_path) as n:
        await n.look(400, at=at(2))
        assert await n.deliver(at=at(7), price=fails(OutcomeKind.NO_FARES)) == []


@pytest.mark.parametrize("how", ["paused", "snoozed", "removed", "moved to another route"])
async def test_who_wants_to_hear_no_more_of_it_is_not_told(tmp_path: Path, how: str) -> None:
    async with night(tmp_path) as n:
        await n.look(400, at=at(2))
        other = build.route(max_stops=0)
        changed = {
            "paused": msgspec.structs.replace(ADA, status=WatchStatus.PAUSED),
            "snoozed": msgspec.structs.replace(ADA, snooze=Snooze(at(12), 40_000)),
            "removed": msgspec.structs.replace(ADA, removed_at=at(3)),
            "moved to another route": msgspec.structs.replace(ADA, route_id=other.id),
        }
        async with n.rig.store.transaction() as tx:
            await tx.routes.ensure(other, at(3))
            await tx.watches.update(changed[how])

        assert await n.deliver(at=at(7)) == []


async def test_a_bot_that_was_down_until_it_was_quiet_again_waits_for_the_next_morning(
    tmp_path: Path,
) -> None:
    async with night(tmp_path) as n:
        await n.look(400, at=at(2))

        assert await n.deliver(at=at(23) + timedelta(days=1)) == []
        (post,) = await n.deliver(at=at(7) + timedelta(days=1))
        assert total(post) == 400


async def test_who_sleeps_again_is_parted_from_who_does_not(tmp_path: Path) -> None:
    async with night(tmp_path, ADA, BEN) as n:
        await n.quiet("1002")
        await n.look(400, at=at(2))
        await n.quiet("1002", Quiet(time(22), time(9)))

        (ada,) = await n.deliver(at=at(7))
        (ben,) = await n.deliver(at=at(9))
        assert [post.subjects[0].watch_id for post in (ada, ben)] == [ADA.id, BEN.id]


async def test_what_waits_outlives_the_process(tmp_path: Path) -> None:
    async with night(tmp_path) as n:
        await n.look(400, at=at(2))
    async with opened(tmp_path, at(6)) as n:
        assert await n.deliver() == []
        assert [total(post) for post in await n.deliver(at=at(7), price=410)] == [410]


async def test_a_crash_between_decision_and_delivery_tells_once(tmp_path: Path) -> None:
    async with night(tmp_path) as n:
        await n.look(400, at=at(2))
        await n.rig.clock.advance((at(7) - n.rig.clock.now()).total_seconds())
        (row,) = await n.rig.store.outbox.lease(n.rig.clock.now(), timedelta(minutes=1), 100)
        recheck = Rechecker(n.rig.store, n.rig.looker.look, clocks=ZoneInfo, clock=n.rig.clock)
        assert await recheck(row.notification) is not None  # and then the process dies

        assert [total(post) for post in await n.deliver(at=at(7, 2))] == [400]


async def test_many_posts_of_one_route_are_released_by_one_look(tmp_path: Path) -> None:
    places = [Destination(DestinationKind.DM, str(1000 + number)) for number in range(20)]
    watches = [
        build.watch(
            target=450,
            id=WatchId(f"w{place.address}"),
            tell=(place,),
            owner=Owner(OwnerKind.MEMBER, place.address),
        )
        for place in places
    ]
    async with night(tmp_path, *watches) as n:
        for place in places:
            await n.quiet(place.address)
        await n.look(400, at=at(2))
        assert await n.deliver(at=at(6, 59)) == []
        looks = len(n.rig.commits)

        assert len(await n.deliver(at=at(7))) == 20
        assert len(n.rig.commits) == looks + 1


async def test_how_sure_a_fare_is_is_said_as_it_is_in_the_morning(tmp_path: Path) -> None:
    def lead(route: Route, clock: HandClock) -> Outcome:
        guess = build.quote(420, of=route, observed_at=clock.now(), estimated=True)
        return build.outcome(guess, at=clock.now())

    async with night(tmp_path) as n:
        await n.look(400, at=at(2))

        (post,) = await n.deliver(at=at(7), price=lead)
        assert post.confirmation is Confirmation.UNCONFIRMED
