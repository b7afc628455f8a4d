"""What was told about an owner's watches, with what became of it."""

from datetime import timedelta

from engine.domain.alert import NotificationId
from engine.domain.judgement import WatchState
from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind, WatchId
from engine.store.database import Store
from engine.store.notifications import NotificationStatus
from tests.contract.outbox.world import CHANNEL, edit, post
from tests.support.build import route, watch
from tests.support.clock import START

MINUTE = timedelta(minutes=1)
N1 = NotificationId("n1")
W1, W2 = watch(id=WatchId("w1")), watch(id=WatchId("w2"))
STRANGER = watch(id=WatchId("w3"), owner=Owner(OwnerKind.MEMBER, "1002", "5001"))


async def keep_watches(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.routes.ensure(route(), START)
        for one in (W1, W2, STRANGER):
            await tx.watches.add(one, WatchState())


async def test_only_the_owners_own_is_told_the_newest_first(store: Store) -> None:
    await keep_watches(store)
    async with store.transaction() as tx:
        await tx.notifications.enqueue(
            [post("n1", CHANNEL, W1), post("n2", CHANNEL, STRANGER), post("n3", CHANNEL, W1, W2, STRANGER)]
        )
        mine = await tx.told.recent(W1.owner, 10)
        assert [row.notification.id for row in mine] == ["n3", "n1"]
        assert [row.notification.id for row in await tx.told.recent(W1.owner, 1, 1)] == ["n1"]
        assert await tx.told.count(W1.owner) == 2


async def test_the_operators_copy_and_other_peoples_phones_are_left_out(store: Store) -> None:
    await keep_watches(store)
    places = {
        "n1": Destination(DestinationKind.SMS, "operator"),
        "n2": Destination(DestinationKind.SMS, "1002"),
        "n3": Destination(DestinationKind.CONSOLE, "-"),
        "n4": Destination(DestinationKind.SMS, W1.owner.id),
        "n5": Destination(DestinationKind.DM, W1.owner.id),
    }
    async with store.transaction() as tx:
        await tx.notifications.enqueue([post(id_, place, W1) for id_, place in places.items()])
        assert [row.notification.id for row in await tx.told.recent(W1.owner, 10)] == ["n5", "n4"]
        assert await tx.told.count(W1.owner) == 2


async def test_edits_are_counted_once_they_were_made_and_a_paused_place_says_why(store: Store) -> None:
    await keep_watches(store)
    async with store.transaction() as tx:
        await tx.notifications.enqueue(
            [post("n1", CHANNEL, W1), edit("n2", "n1"), edit("n3", "n1"), edit("n4", "n1")]
        )
    await store.outbox.acknowledge(N1, "777", START)
    for number, id_ in enumerate(("n2", "n3"), start=1):
        await store.outbox.acknowledge(NotificationId(id_), "777", START + number * MINUTE)
    await store.outbox.pause_lane(CHANNEL.lane, "I may not write in the channel", START)

    async with store.transaction() as tx:
        (told,) = [row for row in await tx.told.recent(W1.owner, 10) if row.notification.id == N1]

    assert (told.status, told.edits, told.edited_at) == (NotificationStatus.DELIVERED, 2, START + 2 * MINUTE)
    assert told.paused_why == "I may not write in the channel"
