"""Digests: chosen, made once for each local day, and standing in for pings where they gather."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text

from engine.actions.digesting import Digesting
from engine.actions.digests import Digests
from engine.actions.quiethours import QuietHours
from engine.domain.alert import Notification, NotificationKind, Reason
from engine.domain.announce import Operator
from engine.domain.digest import Page
from engine.domain.quote import Outcome
from engine.domain.route import FixedDates, Route
from engine.domain.watch import Condition, Destination, DestinationKind, Owner, OwnerKind, Watch, WatchId
from engine.errors import InvalidInput
from engine.store.tables import NOTIFICATIONS
from engine.timezones import TimeZones
from tests.support import build
from tests.support.clock import HandClock
from tests.support.rig import Rig, fares, open_rig

ADA = Owner(OwnerKind.MEMBER, "1001", "5001")
EVENING = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)  # 21:00 in Berlin
BERLIN = ZoneInfo("Europe/Berlin")
OPERATOR = Destination(DestinationKind.SMS, "operator")
ZONES = TimeZones.load()


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A Berlin time in November."""
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN)


@dataclass
class Desk:
    """An engine with what a member can do about digests; `look` sees a fare now."""

    rig: Rig
    digests: Digests
    quiet: QuietHours
    digesting: Digesting
    prices: list[int]

    async def look(self, price: int, *, when: datetime | None = None) -> None:
        if when is not None:
            await self.until(when)
        self.prices[0] = price
        await self.rig.looker.look(build.route().id)

    async def until(self, when: datetime) -> None:
        await self.rig.clock.advance((when - self.rig.clock.now()).total_seconds())

    async def made(self, when: datetime | None = None) -> list[Notification]:
        """Every digest there is once those that are due by then were made."""
        if when is not None:
            await self.until(when)
        await self.digesting.make_due()
        return [one for one in await self.outbox() if one.kind is NotificationKind.DIGEST]

    async def outbox(self) -> list[Notification]:
        """Everything ever enqueued, in order."""
        async with self.rig.store.transaction() as tx:
            rows = await tx.sql.rows(select(NOTIFICATIONS.c.notification).order_by(NOTIFICATIONS.c.seq))
        return [row.notification for row in rows]

    async def delivered(self, *posts: Notification) -> None:
        for post in posts:
            await self.rig.store.outbox.acknowledge(post.id, "m1", self.rig.clock.now())


@asynccontextmanager
async def desk(folder: Path, *watches: Watch, start: datetime = EVENING) -> AsyncIterator[Desk]:
    """Ada watches a route in a channel for 450, from a first look at 500 on."""
    prices = [500]

    def answer(route: Route, clock: HandClock) -> Outcome:
        return fares(prices[0])(route, clock)

    clock = HandClock(start)
    async with open_rig(folder, answer, clock=clock, operator=Operator(destination=OPERATOR)) as rig:
        at_work = Desk(
            rig=rig,
            digests=Digests(rig.store, timezones=ZONES, clock=clock, changed=lambda: None),
            quiet=QuietHours(rig.store, timezones=ZONES, clock=clock, changed=lambda: None),
            digesting=Digesting(rig.store, timezones=ZONES, clock=clock, committed=lambda: None),
            prices=prices,
        )
        await rig.watch(*(watches or (build.watch(target=450),)))
        await at_work.look(500)
        yield at_work


def page(notification: Notification) -> Page:
    assert notification.digest is not None
    return notification.digest


async def test_it_comes_once_a_day_at_its_local_time_by_direct_message(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        plan = await d.digests.choose(ADA, "8am", "berlin")
        assert plan.next_at == at(23, 8)

        assert await d.made(at(23, 7, 59)) == []
        (first,) = await d.made(at(23, 8))
        assert first.destination == Destination(DestinationKind.DM, "1001")
        assert (await d.made(at(23, 23))) == [first]
        assert len(await d.made(at(24, 8))) == 2


async def test_it_says_of_each_route_how_it_stands_against_target_and_yesterday(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        await d.digests.choose(ADA, "8", "berlin")
        await d.look(440, when=at(23, 7))
        await d.look(490, when=at(23, 7, 30))

        (digest,) = await d.made(at(23, 8))
        (line,) = page(digest).lines
        assert line.fare == build.eur(490)
        assert line.yesterday == build.eur(500)
        assert line.low == build.eur(440)
        assert line.rules.target == build.eur(450)
        assert (line.told_at, line.is_news, line.is_good) == (None, False, False)
        assert page(digest).day == at(23, 8).date()


async def test_it_says_what_was_told_since_the_one_before(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        await d.digests.choose(ADA, "8", "berlin")
        await d.look(400, when=at(23, 7))
        await d.delivered(*await d.outbox())

        first, second = (await d.made(at(23, 8)))[0], (await d.made(at(24, 8)))[1]
        assert page(first).lines[0].told_at == at(23, 7)
        assert page(second).lines[0].told_at is None


async def test_routes_stand_by_closeness_and_those_not_looked_at_are_left_out(tmp_path: Path) -> None:
    other = build.route(trip=FixedDates(date(2027, 3, 10)))
    async with desk(
        tmp_path,
        build.watch(target=300, id=WatchId("far")),
        build.watch(target=490, id=WatchId("near")),
        build.watch(target=None, id=WatchId("none")),
    ) as d:
        await d.rig.watch(build.watch(other, target=100, id=WatchId("unseen")), of=other)
        await d.digests.choose(ADA, "8", "berlin")

        (digest,) = await d.made(at(23, 8))
        assert [line.watch_id for line in page(digest).lines] == ["near", "far", "none", "unseen"]


async def test_who_watches_nothing_gets_none(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        await d.digests.choose(Owner(OwnerKind.MEMBER, "2002"), "8", "berlin")
        assert await d.made(at(23, 8)) == []


# Once for each local day, whatever happens.


async def test_what_was_missed_for_some_hours_comes_once_and_what_was_missed_for_longer_does_not(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path) as d:
        await d.digests.choose(ADA, "8", "berlin")

        assert len(await d.made(at(23, 13, 59))) == 1
        assert len(await d.made(at(24, 14, 1))) == 1
        assert len(await d.made(at(25, 8))) == 2


async def test_a_clock_set_back_makes_no_second_one(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        await d.digests.choose(ADA, "8", "berlin")
        assert len(await d.made(at(23, 8))) == 1
        d.rig.clock.step_wall(-2 * 3600)
        assert len(await d.made()) == 1
        await d.digests.choose(ADA, "8", "berlin")
        assert len(await d.made(at(23, 8, 5))) == 1
        assert len(await d.made(at(24, 8))) == 2


async def test_a_clock_set_back_by_days_does_not_silence_it_for_days(tmp_path: Path) -> None:
    async with desk(tmp_path, start=datetime(2026, 11, 26, 20, tzinfo=UTC)) as d:
        await d.digests.choose(ADA, "8", "berlin")
        assert len(await d.made(at(27, 8))) == 1
        d.rig.clock.step_wall(-6 * 86400)
        await d.made()
        assert len(await d.made(at(22, 8))) == 2


async def test_another_time_on_a_day_that_had_one_begins_the_day_after(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        await d.digests.choose(ADA, "8", "berlin")
        await d.made(at(23, 8))

        plan = await d.digests.choose(ADA, "20:00")
        assert plan.next_at == at(24, 20)
        assert len(await d.made(at(23, 21))) == 1


async def test_another_time_zone_moves_it(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        await d.digests.choose(ADA, "8", "berlin")
        await d.quiet.choose(ADA, "22", "7", "new york")

        plan = await d.digests.show(ADA)
        assert plan.next_at == datetime(2026, 11, 23, 8, tzinfo=ZoneInfo("America/New_York"))
        assert await d.made(at(23, 8)) == []
        assert len(await d.made(at(23, 14))) == 1


async def test_a_digest_that_cannot_be_made_does_not_stop_the_others(tmp_path: Path) -> None:
    ben = build.watch(target=450, id=WatchId("w2"), owner=Owner(OwnerKind.MEMBER, "1002"))
    async with desk(tmp_path, build.watch(target=450), ben) as d:
        await d.digests.choose(ADA, "8", "berlin")
        await d.digests.choose(ben.owner, "8", "berlin")
        async with d.rig.store.transaction() as tx:  # a row that cannot be read
            await tx.sql.run(text("UPDATE watches SET state = '{' WHERE id = 'w1'"))

        assert [one.destination.address for one in await d.made(at(23, 8))] == ["1002"]


# In place of pings.


async def test_who_gathers_is_not_pinged_and_reads_it_in_the_digest(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        await d.digests.choose(ADA, "8", "berlin", gather=True)
        await d.look(400, when=at(23, 3))
        assert [post.destination for post in await d.outbox()] == [OPERATOR]

        (digest,) = await d.made(at(23, 8))
        assert page(digest).lines[0].is_news
        assert page(digest).since == EVENING
        (_, next_) = await d.made(at(24, 8))
        assert not page(next_).lines[0].is_news


async def test_the_others_are_pinged_all_the_same(tmp_path: Path) -> None:
    ben = build.watch(target=450, id=WatchId("w2"), owner=Owner(OwnerKind.MEMBER, "1002"))
    async with desk(tmp_path, build.watch(target=450), ben) as d:
        await d.digests.choose(ADA, "8", "berlin", gather=True)
        await d.look(400, when=at(23, 3))

        posts = [post for post in await d.outbox() if post.destination != OPERATOR]
        assert [[each.watch_id for each in post.subjects] for post in posts] == [["w2"]]


@pytest.mark.parametrize("how", ["off", "gather off"])
async def test_who_ends_it_hears_at_once_of_what_no_digest_will_tell(tmp_path: Path, how: str) -> None:
    async with desk(tmp_path) as d:
        await d.digests.choose(ADA, "8", "berlin", gather=True)
        await d.look(400, when=at(23, 3))
        if how == "off":
            await d.digests.end(ADA)
        else:
            await d.digests.choose(ADA, None, gather=False)

        async with d.rig.store.transaction() as tx:
            row = await tx.routes.get(build.route().id)
        assert row is not None
        assert row.next_look_at == at(23, 3)
        await d.look(400)
        told = [post.subjects[0].reason for post in await d.outbox() if post.destination != OPERATOR]
        assert told == [Reason.ALERT]


async def test_what_a_digest_told_is_not_told_again_when_it_ends(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        await d.digests.choose(ADA, "8", "berlin", gather=True)
        await d.look(400, when=at(23, 3))
        await d.made(at(23, 8))
        await d.digests.end(ADA)
        await d.look(400, when=at(23, 9))

        assert [post for post in await d.outbox() if post.kind is NotificationKind.POST] == [
            post for post in await d.outbox() if post.destination == OPERATOR
        ]


async def test_a_digest_that_never_arrived_leaves_its_news_to_be_told(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        await d.digests.choose(ADA, "8", "berlin", gather=True)
        await d.look(400, when=at(23, 3))
        (digest,) = await d.made(at(23, 8))
        now = d.rig.clock.now()
        await d.rig.store.outbox.dead_letter(digest.id, "direct messages from me are closed", now)
        await d.rig.store.outbox.pause_lane("dm:1001", "direct messages from me are closed", now)

        assert (await d.rig.state(build.watch())).of(Condition.TARGET).armed
        await d.look(400)
        posts = [post for post in await d.outbox() if post.kind is NotificationKind.POST]
        assert posts[-1].destination.kind is not DestinationKind.DM
        assert [post.destination.kind for post in posts].count(DestinationKind.CHANNEL) == 1
        assert (await d.digests.show(ADA)).paused_why == "direct messages from me are closed"


async def test_the_operators_copy_alone_holds_nothing_when_it_fails(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        await d.digests.choose(ADA, "8", "berlin", gather=True)
        await d.look(400, when=at(23, 3))
        (copy,) = await d.outbox()
        await d.rig.store.outbox.dead_letter(copy.id, "refused", d.rig.clock.now())

        assert not (await d.rig.state(build.watch())).held
        assert len(await d.outbox()) == 1


# What cannot be meant.


@pytest.mark.parametrize(
    ("at_", "zone", "field"), [("8", None, "timezone"), (None, "berlin", "time"), ("soon", "berlin", "time")]
)
async def test_what_is_missing_is_asked_for(
    tmp_path: Path, at_: str | None, zone: str | None, field: str
) -> None:
    async with desk(tmp_path) as d:
        with pytest.raises(InvalidInput) as refused:
            await d.digests.choose(ADA, at_, zone)
        assert refused.value.field == field
        assert (await d.digests.show(ADA)).digest is None


async def test_a_digest_within_quiet_hours_is_said_to_be(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        await d.quiet.choose(ADA, "22", "7", "berlin")
        assert (await d.digests.choose(ADA, "6")).in_quiet_hours
        assert not (await d.digests.choose(ADA, "8")).in_quiet_hours
