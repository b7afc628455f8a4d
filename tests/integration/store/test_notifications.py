"""Notifications as looks and people see them; leasing and faults are in the outbox contract."""

from datetime import timedelta

import msgspec

from engine.domain.alert import NotificationId
from engine.domain.watch import Watch, WatchId
from engine.store.database import Store
from engine.store.notifications import NotificationStatus
from tests.contract.outbox.world import CHANNEL, OTHER_CHANNEL, PHONE, edit, post
from tests.support.build import watch
from tests.support.clock import START, HandClock

W1, W2 = watch(), watch(id=WatchId("w2"))
N1, N2, N3 = (NotificationId(f"n{number}") for number in (1, 2, 3))
MINUTE = timedelta(minutes=1)


async def posts_of(store: Store, *watches: Watch) -> dict[str, list[str]]:
    async with store.transaction() as tx:
        found = await tx.notifications.newest_posts([one.id for one in watches])
    return {watch_id: [one.id for one in standing] for watch_id, standing in found.items()}


async def test_a_notification_and_its_fate_can_be_read(store: Store) -> None:
    async with store.transaction() as tx:
        assert await tx.notifications.get(N1) is None
        await tx.notifications.enqueue([post("n1")])
    await store.outbox.retry(N1, START, "503")
    await store.outbox.acknowledge(N1, "777", START + MINUTE)
    async with store.transaction() as tx:
        row = await tx.notifications.get(N1)
    assert row is not None
    assert row.notification == post("n1")
    assert (row.status, row.ref, row.attempts) == (NotificationStatus.DELIVERED, "777", 1)
    assert row.settled_at == START + MINUTE


async def test_the_newest_post_of_each_lane_stands(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.notifications.enqueue(
            [post("n1", CHANNEL, W1), post("n2", OTHER_CHANNEL, W1), post("n3", CHANNEL, W1, W2)]
        )
    assert await posts_of(store, W1, W2) == {"w1": ["n2", "n3"], "w2": ["n3"]}


async def test_posts_that_never_came_to_be_do_not_stand(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.notifications.enqueue([post(f"n{number}", CHANNEL, W1) for number in (1, 2, 3)])
    await store.outbox.dead_letter(N3, "404", START)
    await store.outbox.drop(N2, "old", START)
    assert await posts_of(store, W1) == {"w1": ["n1"]}


async def test_the_latest_edit_stands_in_place_of_its_post(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.notifications.enqueue(
            [
                post("n1", CHANNEL, W1, W2),
                edit("n2", "n1", CHANNEL, W1, W2),
                edit("n3", "n1", CHANNEL, W1, W2),
            ]
        )
    await store.outbox.drop(N3, "old", START)
    assert await posts_of(store, W1, W2) == {"w1": ["n2"], "w2": ["n2"]}


async def test_an_edit_of_an_older_post_does_not_hide_a_newer_post(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.notifications.enqueue(
            [post("n1", CHANNEL, W1, W2), post("n2", CHANNEL, W1), edit("n3", "n1", CHANNEL, W1, W2)]
        )
    assert await posts_of(store, W1, W2) == {"w1": ["n2"], "w2": ["n3"]}


async def test_open_rows_are_counted_as_deliverable_or_waiting(store: Store) -> None:
    async def counted() -> tuple[int, int]:
        async with store.transaction() as tx:
            return await tx.notifications.open_count(START)

    assert await counted() == (0, 0)
    async with store.transaction() as tx:
        await tx.notifications.enqueue([post("n1"), edit("n2", "n1"), post("n3", PHONE)])
    assert await counted() == (3, 0)
    await store.outbox.retry(N3, START + MINUTE, "503")
    assert await counted() == (2, 1)
    await store.outbox.retry(N1, START + MINUTE, "503")
    assert await counted() == (0, 3)
    await store.outbox.acknowledge(N1, "777", START)
    assert await counted() == (1, 1)
    await store.outbox.pause_lane(CHANNEL.lane, "403", START)
    assert await counted() == (0, 2)
    await store.outbox.acknowledge(N2, None, START)
    await store.outbox.drop(N3, "old", START)
    assert await counted() == (0, 0)


async def test_a_row_in_delivery_counts_as_deliverable(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.notifications.enqueue([post("n1")])
    await store.outbox.lease(START, MINUTE, 10)
    async with store.transaction() as tx:
        assert await tx.notifications.open_count(START) == (1, 0)


async def test_old_settled_rows_are_pruned_and_open_ones_stay(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.notifications.enqueue([post(f"n{number}", CHANNEL, W1) for number in (1, 2, 3)])
    await store.outbox.acknowledge(N1, "777", START)
    await store.outbox.acknowledge(N2, "778", START + MINUTE)
    async with store.transaction() as tx:
        assert await tx.notifications.prune(START + MINUTE) == 1
        assert await tx.notifications.get(N1) is None
    assert await posts_of(store, W1) == {"w1": ["n3"]}
    await store.outbox.drop(N3, "old", START)
    assert await posts_of(store, W1) == {"w1": ["n2"]}


async def test_a_row_in_hand_when_the_process_ended_comes_back_at_the_next_start(url: str) -> None:
    async with Store.open(url, HandClock()) as store:
        async with store.transaction() as tx:
            await tx.notifications.enqueue([post("n1", PHONE)])
        await store.outbox.lease(START, MINUTE, 10)
        await store.outbox.begin_sending(N1, START)
    async with Store.open(url, HandClock()) as store:
        (row,) = await store.outbox.lease(START, MINUTE, 10)
        assert (row.notification.id, row.sending_since) == (N1, START)


async def test_a_row_looked_at_again_still_says_when_it_was_written(store: Store) -> None:
    first = post("n1", CHANNEL, W1)
    async with store.transaction() as tx:
        await tx.notifications.enqueue([first])
    await store.outbox.replace(msgspec.structs.replace(first, created_at=START + 90 * MINUTE))

    (row,) = await store.outbox.lease(START + 90 * MINUTE, MINUTE, 10)

    assert (row.notification.created_at, row.enqueued_at) == (START + 90 * MINUTE, first.created_at)
