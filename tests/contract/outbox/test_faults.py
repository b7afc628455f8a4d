"""What an outbox does when a destination fails for good."""

from datetime import timedelta
from typing import Any

import msgspec

from engine.domain.alert import OUTCOME_UNKNOWN, NotificationId, NotificationKind, Reason
from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind, Watch, WatchId
from tests.contract.outbox.world import CHANNEL, DM, OTHER_CHANNEL, PHONE, World, edit, post
from tests.support.build import watch
from tests.support.clock import START

LEASE = timedelta(minutes=1)
N1, N2 = NotificationId("n1"), NotificationId("n2")


async def leased(world: World) -> list[str]:
    rows = await world.outbox.lease(world.clock.now(), LEASE, 10)
    return [row.notification.id for row in rows if row.notification.kind is not NotificationKind.NOTICE]


async def added(world: World, **changes: Any) -> Watch:
    one = watch(**changes)
    await world.watched(one)
    return one


async def test_a_paused_lane_keeps_its_rows_and_lets_others_go(world: World) -> None:
    await world.enqueue(post("n1"), post("n2", OTHER_CHANNEL))
    await world.outbox.pause_lane(CHANNEL.lane, "403", START)
    assert await leased(world) == ["n2"]
    await world.outbox.acknowledge(N2, "1", START)
    assert await world.outbox.next_due(START) is None


async def test_a_reinstated_lane_goes_on_in_order(world: World) -> None:
    await world.enqueue(post("n1"), post("n2"))
    await world.outbox.pause_lane(CHANNEL.lane, "403", START)
    await world.outbox.reinstate_lane(CHANNEL.lane)
    assert await leased(world) == ["n1", "n2"]


async def test_an_edit_waits_while_its_lane_is_paused(world: World) -> None:
    await world.enqueue(post("n1"), edit("n2", "n1"))
    await world.outbox.acknowledge(N1, "777", START)
    await world.outbox.pause_lane(CHANNEL.lane, "403", START)
    assert await leased(world) == []


async def test_the_owners_of_a_paused_lane_are_told_once_by_direct_message(world: World) -> None:
    mine = await added(world)
    other = await added(world, id=WatchId("w2"), owner=Owner(OwnerKind.MEMBER, "1002", "5001"))
    await added(world, id=WatchId("w3"), tell=(OTHER_CHANNEL,), owner=Owner(OwnerKind.MEMBER, "1003"))
    await world.outbox.pause_lane(CHANNEL.lane, "I may not post there", START)
    await world.outbox.pause_lane(CHANNEL.lane, "I may not post there", START)
    notices = await world.notices()
    assert [notice.destination for notice in notices] == [
        Destination(DestinationKind.DM, "1001"),
        Destination(DestinationKind.DM, "1002"),
    ]
    assert [[each.watch_id for each in notice.subjects] for notice in notices] == [[mine.id], [other.id]]
    assert {each.reason for notice in notices for each in notice.subjects} == {Reason.HELD}
    assert "<#9001>" in str(notices[0].text)
    assert "I may not post there" in str(notices[0].text)


async def test_an_owner_with_several_watches_on_a_lane_hears_of_it_in_one_notice(world: World) -> None:
    await added(world)
    await added(world, id=WatchId("w2"))
    await world.outbox.pause_lane(CHANNEL.lane, "403", START)
    (notice,) = await world.notices()
    assert [each.watch_id for each in notice.subjects] == ["w1", "w2"]


async def test_paused_and_removed_watches_concern_nobody(world: World) -> None:
    await added(world, removed_at=START)
    await world.outbox.pause_lane(CHANNEL.lane, "403", START)
    assert await world.notices() == []


async def test_owners_are_told_again_when_a_lane_fails_after_it_worked(world: World) -> None:
    await added(world)
    await world.outbox.pause_lane(CHANNEL.lane, "403", START)
    await world.clock.advance(60)
    await world.outbox.reinstate_lane(CHANNEL.lane)
    await world.clock.advance(60)
    await world.outbox.pause_lane(CHANNEL.lane, "403", world.clock.now())
    assert len(await world.notices()) == 2


async def test_nobody_is_told_by_the_direct_message_that_failed(world: World) -> None:
    await added(world, tell=(DM,))
    await world.outbox.pause_lane(DM.lane, "50007", START)
    assert await world.notices() == []


async def test_servers_and_lists_get_no_direct_message(world: World) -> None:
    await added(world, owner=Owner(OwnerKind.SERVER, "5001", "5001"))
    await added(world, id=WatchId("w2"), owner=Owner(OwnerKind.LIST, "routes.csv"))
    await world.outbox.pause_lane(CHANNEL.lane, "403", START)
    assert await world.notices() == []


async def test_a_watch_that_nobody_could_be_told_of_is_held_and_its_owner_told_once(world: World) -> None:
    one = await added(world, tell=(CHANNEL, PHONE))
    await world.enqueue(post("n1", CHANNEL, one), post("n2", PHONE, one))
    await world.outbox.dead_letter(N1, "channel deleted", START)
    assert not (await world.state("w1")).held
    await world.outbox.dead_letter(N2, "number refused", START)
    assert (await world.state("w1")).held
    (notice,) = await world.notices()
    assert notice.destination == DM
    assert "number refused" in str(notice.text)


async def test_a_watch_that_was_told_somewhere_is_not_held(world: World) -> None:
    one = await added(world, tell=(CHANNEL, PHONE))
    await world.enqueue(post("n1", CHANNEL, one), post("n2", PHONE, one))
    await world.outbox.acknowledge(N1, "777", START)
    await world.outbox.dead_letter(N2, "number refused", START)
    assert not (await world.state("w1")).held


async def test_a_watch_is_not_held_while_a_notification_may_still_arrive(world: World) -> None:
    one = await added(world, tell=(CHANNEL, PHONE))
    await world.enqueue(post("n1", CHANNEL, one), post("n2", PHONE, one))
    await world.outbox.dead_letter(N2, "number refused", START)
    assert not (await world.state("w1")).held


async def test_earlier_looks_do_not_count_for_the_one_that_failed(world: World) -> None:
    one = await added(world)
    earlier = post("n0", CHANNEL, one, created_at=START - timedelta(hours=1))
    await world.enqueue(earlier, post("n1", CHANNEL, one))
    await world.outbox.acknowledge(earlier.id, "1", START)
    await world.outbox.dead_letter(N1, "403", START)
    assert (await world.state("w1")).held


async def test_a_post_looked_at_again_still_belongs_to_its_look(world: World) -> None:
    one = await added(world, tell=(CHANNEL, PHONE))
    first = post("n1", CHANNEL, one)
    await world.enqueue(first, post("n2", PHONE, one))
    await world.outbox.replace(msgspec.structs.replace(first, created_at=START + timedelta(hours=2)))
    await world.outbox.dead_letter(N2, "number refused", START)
    assert not (await world.state("w1")).held
    await world.outbox.dead_letter(N1, "403", START)
    assert (await world.state("w1")).held


async def test_only_the_watches_that_nobody_could_be_told_of_are_held(world: World) -> None:
    reached = await added(world, tell=(CHANNEL, OTHER_CHANNEL))
    unreached = await added(world, id=WatchId("w2"))
    await world.enqueue(post("n1", CHANNEL, reached, unreached), post("n2", OTHER_CHANNEL, reached))
    await world.outbox.acknowledge(N2, "1", START)
    await world.outbox.dead_letter(N1, "403", START)
    assert not (await world.state("w1")).held
    assert (await world.state("w2")).held


async def test_a_refusal_that_also_stops_the_lane_is_told_once(world: World) -> None:
    one = await added(world)
    await world.enqueue(post("n1", CHANNEL, one))
    await world.outbox.dead_letter(N1, "404", START)
    await world.outbox.pause_lane(CHANNEL.lane, "404", START)
    assert len(await world.notices()) == 1


async def test_an_edit_or_a_notice_that_fails_holds_nothing(world: World) -> None:
    one = await added(world)
    await world.enqueue(post("n0", CHANNEL, one), edit("n1", "n0", CHANNEL, one))
    await world.enqueue(post("n2", DM, one, kind=NotificationKind.NOTICE))
    await world.outbox.acknowledge(NotificationId("n0"), "777", START)
    await world.outbox.dead_letter(N1, "404", START)
    await world.outbox.dead_letter(N2, "50007", START)
    assert not (await world.state("w1")).held


async def test_a_dead_letter_of_a_removed_watch_tells_nobody(world: World) -> None:
    one = await added(world, removed_at=START)
    await world.enqueue(post("n1", CHANNEL, one))
    await world.outbox.dead_letter(N1, "404", START)
    assert await world.notices() == []


async def test_a_lane_that_works_again_releases_its_watches_and_has_them_looked_at(world: World) -> None:
    one = await added(world)
    await world.enqueue(post("n1", CHANNEL, one))
    await world.outbox.dead_letter(N1, "404", START)
    await world.outbox.reinstate_lane(OTHER_CHANNEL.lane)
    assert (await world.state("w1")).held
    await world.clock.advance(5)
    await world.outbox.reinstate_lane(CHANNEL.lane)
    assert not (await world.state("w1")).held
    assert await world.next_look_at("w1") == START + timedelta(seconds=5)


async def test_a_text_with_unknown_outcome_holds_nothing_and_is_said_in_the_channel(world: World) -> None:
    one = await added(world, tell=(CHANNEL, OTHER_CHANNEL, PHONE))
    posts = post("n1", CHANNEL, one), post("n2", PHONE, one), post("n3", OTHER_CHANNEL, one)
    await world.enqueue(*posts)
    await world.outbox.dead_letter(posts[2].id, "404", START)
    await world.outbox.dead_letter(N2, f"{OUTCOME_UNKNOWN}: silence", START)
    assert not (await world.state("w1")).held
    (notice,) = await world.notices()
    assert notice.destination == CHANNEL
    assert "not known" in str(notice.text)


async def test_a_text_with_unknown_outcome_told_nowhere_else_is_said_by_direct_message(world: World) -> None:
    one = await added(world, tell=(PHONE,))
    await world.enqueue(post("n1", PHONE, one))
    await world.outbox.dead_letter(N1, f"{OUTCOME_UNKNOWN}: silence", START)
    assert not (await world.state("w1")).held
    assert [notice.destination for notice in await world.notices()] == [DM]


async def test_a_delivery_on_its_lane_releases_a_held_watch(world: World) -> None:
    mine = await added(world)
    await world.enqueue(post("n1", CHANNEL, mine))
    await world.outbox.dead_letter(N1, "HTTP 400", START)
    assert (await world.state("w1")).held
    await world.enqueue(post("n2"))
    await world.clock.advance(5)

    await world.outbox.acknowledge(N2, "777", world.clock.now())

    assert not (await world.state("w1")).held
    assert await world.next_look_at("w1") == START + timedelta(seconds=5)
