"""An owner stops watching: what was about to be told of it, and what had been told."""

from datetime import timedelta

import pytest

from engine.domain.alert import NotificationId
from engine.domain.judgement import ConditionState, WatchState
from engine.domain.watch import Condition, WatchId
from engine.store import leaving
from engine.store.database import Store
from engine.store.notifications import NotificationStatus
from tests.contract.outbox.world import CHANNEL, DM, PHONE, edit, post
from tests.support.build import route, watch
from tests.support.clock import START

W1, W2 = watch(id=WatchId("w1")), watch(id=WatchId("w2"))
N1, N2 = NotificationId("n1"), NotificationId("n2")
PINGED = ConditionState(armed=False, pinged=40_000, pinged_at=START, told=40_000, since=START)
TOLD = WatchState(seeded=True, conditions={Condition.TARGET: PINGED})
LEASE = timedelta(minutes=1)


@pytest.fixture
async def watched(store: Store) -> Store:
    async with store.transaction() as tx:
        await tx.routes.ensure(route(), START)
        for one in (W1, W2):
            await tx.watches.add(one, TOLD)
    return store


async def leave(store: Store, *, staying_in: tuple[str, ...] = ()) -> None:
    async with store.transaction() as tx:
        await leaving.leave(tx, W1.id, START, staying_in=staying_in)


async def status(store: Store, id_: NotificationId) -> NotificationStatus:
    async with store.transaction() as tx:
        row = await tx.notifications.get(id_)
    assert row
    return row.status


async def armed(store: Store) -> bool:
    async with store.transaction() as tx:
        row = await tx.watches.get(W1.id)
    assert row
    return not row.state.held and all(memory.armed for memory in row.state.conditions.values())


async def test_what_nobody_had_in_hand_is_dropped_and_the_watch_armed_again(watched: Store) -> None:
    async with watched.transaction() as tx:
        await tx.notifications.enqueue([post("n1", CHANNEL, W1), post("n2", PHONE, W1)])

    await leave(watched)

    assert [await status(watched, id_) for id_ in (N1, N2)] == [NotificationStatus.DROPPED] * 2
    assert await armed(watched)


async def test_of_a_post_for_several_only_the_others_are_told(watched: Store) -> None:
    async with watched.transaction() as tx:
        await tx.notifications.enqueue([post("n1", CHANNEL, W1, W2)])

    await leave(watched)

    (leased,) = await watched.outbox.lease(START, LEASE, 10)
    assert [subject.watch_id for subject in leased.notification.subjects] == ["w2"]
    async with watched.transaction() as tx:
        assert await tx.notifications.newest_posts([W1.id]) == {}


async def test_what_may_be_out_already_is_followed_by_an_edit(watched: Store) -> None:
    async with watched.transaction() as tx:
        await tx.notifications.enqueue([post("n1", CHANNEL, W1)])
    await watched.outbox.lease(START, LEASE, 10)
    async with watched.transaction() as tx:
        await tx.notifications.release_all()  # as after a kill: nobody knows how far it came

    await leave(watched)

    assert await status(watched, N1) is NotificationStatus.PENDING
    await watched.outbox.acknowledge(N1, "777", START)
    (closing,) = await watched.outbox.lease(START, LEASE, 10)
    assert (closing.notification.edits, closing.post_ref) == (N1, "777")
    assert [subject.left for subject in closing.notification.subjects] == [True]
    assert not await armed(watched)


async def test_what_was_given_back_untried_was_in_nobodys_hand(watched: Store) -> None:
    async with watched.transaction() as tx:
        await tx.notifications.enqueue([post("n1", CHANNEL, W1)])
    await watched.outbox.lease(START, LEASE, 10)
    await watched.outbox.release([N1])

    await leave(watched)

    assert await status(watched, N1) is NotificationStatus.DROPPED


async def test_places_where_it_goes_on_are_left_alone(watched: Store) -> None:
    async with watched.transaction() as tx:
        await tx.notifications.enqueue([post("n1", CHANNEL, W1), post("n2", DM, W1)])
    await watched.outbox.acknowledge(N1, "777", START)
    await watched.outbox.acknowledge(N2, "778", START)

    await leave(watched, staying_in=(DM.lane,))

    (closing,) = await watched.outbox.lease(START, LEASE, 10)
    assert closing.notification.edits == N1


async def test_coming_back_takes_it_back_and_leaving_twice_says_nothing_new(watched: Store) -> None:
    async with watched.transaction() as tx:
        await tx.notifications.enqueue([post("n1", CHANNEL, W1), edit("n2", "n1", CHANNEL, W1)])
    for id_ in (N1, N2):
        await watched.outbox.acknowledge(id_, "777", START)

    await leave(watched)
    await leave(watched)
    async with watched.transaction() as tx:
        await leaving.come_back(tx, W1.id, START)

    rows = await watched.outbox.lease(START, LEASE, 10)
    assert [[subject.left for subject in row.notification.subjects] for row in rows] == [[True], [False]]
