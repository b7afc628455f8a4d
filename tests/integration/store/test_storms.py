"""Many posts for one place at once: five as they are, the rest in a list; no kill loses or doubles one."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
import pytest

from engine.domain.alert import POST_GONE, Leased, Notification, NotificationId, NotificationKind
from engine.domain.judgement import WatchState
from engine.domain.watch import Destination, DestinationKind, WatchId
from engine.store import leaving
from engine.store.database import Store
from engine.store.notifications import NotificationRow
from tests.contract.outbox.world import CHANNEL, DM, OTHER_CHANNEL, PHONE, edit, post
from tests.support.build import eur, quote, route, watch
from tests.support.clock import START

LEASE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
REFUSED = "I may not write in the channel"


def names(first: int, last: int) -> list[str]:
    return [f"n{number:02}" for number in range(first, last + 1)]


async def enqueue(store: Store, *notifications: Notification) -> None:
    async with store.transaction() as tx:
        await tx.notifications.enqueue(notifications)


async def posts(store: Store, ids: Sequence[str], to: Destination = CHANNEL, at: datetime = START) -> None:
    """Alerts for watches of their own."""
    told = [post(id_, to, watch(id=WatchId(f"w-{id_}")), created_at=at) for id_ in ids]
    await enqueue(store, *told)


async def lease(store: Store, at: datetime = START) -> list[Leased]:
    return await store.outbox.lease(at, LEASE, 100)


async def taken(store: Store, at: datetime = START) -> list[str | list[str]]:
    """What is handed out: the id of a row, or the ids that a list tells."""
    rows = [row.notification for row in await lease(store, at)]
    return [[line.id for line in one.gathered] if one.gathered else one.id for one in rows]


async def delivered(store: Store, at: datetime = START) -> None:
    """Everything that is due arrives."""
    for row in await lease(store, at):
        await store.outbox.acknowledge(row.notification.id, f"ref-{row.notification.id}", at)


async def kept(store: Store, id_: str) -> NotificationRow:
    async with store.transaction() as tx:
        row = await tx.notifications.get(NotificationId(id_))
    assert row is not None
    return row


async def statuses(store: Store, ids: Sequence[str]) -> set[str]:
    return {(await kept(store, id_)).status.value for id_ in ids}


async def held(store: Store, watch_id: str) -> bool:
    async with store.transaction() as tx:
        row = await tx.watches.get(WatchId(watch_id))
    assert row is not None
    return row.state.held


async def watched(store: Store, ids: Sequence[str]) -> None:
    async with store.transaction() as tx:
        await tx.routes.ensure(route(), START + timedelta(days=1))
        for id_ in ids:
            await tx.watches.add(watch(id=WatchId(f"w-{id_}")), WatchState(seeded=True))


async def test_of_thirty_posts_for_one_channel_five_go_out_and_one_list(store: Store) -> None:
    await posts(store, names(1, 30))

    assert await taken(store) == [*names(1, 5), names(6, 30)]
    assert await taken(store) == []


async def test_five_are_no_storm_and_other_places_have_room_of_their_own(store: Store) -> None:
    await posts(store, names(1, 5))
    await posts(store, names(6, 10), OTHER_CHANNEL)
    await posts(store, names(11, 20), PHONE)

    assert await taken(store) == names(1, 20)


async def test_direct_messages_come_as_a_list_too(store: Store) -> None:
    await posts(store, names(1, 7), DM)

    assert await taken(store) == [*names(1, 5), names(6, 7)]


async def test_what_comes_one_by_one_within_a_minute_is_counted_together(store: Store) -> None:
    for second, id_ in enumerate(names(1, 5)):
        await posts(store, [id_], at=START + second * SECOND)
        await delivered(store, START + second * SECOND)
    await posts(store, ["n06"], at=START + 10 * SECOND)

    assert await taken(store, START + 10 * SECOND) == [["n06"]]


async def test_a_minute_later_there_is_room_again(store: Store) -> None:
    await posts(store, names(1, 8))
    await delivered(store)
    later = START + MINUTE
    await posts(store, names(9, 9), at=later)

    assert await taken(store, later) == ["n09"]


async def test_what_joins_a_list_that_nobody_has_had_in_hand_changes_it(store: Store) -> None:
    await posts(store, names(1, 7))
    await store.outbox.lease(START, LEASE, 5)
    assert await statuses(store, names(6, 7)) == {"gathered"}
    await posts(store, ["n08"])

    assert await taken(store) == [names(6, 8)]


async def test_what_joins_a_list_that_is_out_edits_it(store: Store) -> None:
    await posts(store, names(1, 7))
    await delivered(store)
    await posts(store, ["n08"])

    (row,) = await lease(store)

    listed = (await kept(store, "n06")).notification
    assert row.notification.kind is NotificationKind.EDIT
    assert [line.id for line in row.notification.gathered] == names(6, 8)
    assert row.post_ref is not None
    assert listed.id == "n06"
    await store.outbox.acknowledge(row.notification.id, row.post_ref, START)
    assert await statuses(store, names(1, 8)) == {"delivered"}


async def test_posts_share_the_fate_of_their_list(store: Store) -> None:
    await watched(store, names(1, 8))
    await posts(store, names(1, 8))
    *_, listed = await lease(store)
    assert await statuses(store, names(6, 8)) == {"gathered"}

    await store.outbox.dead_letter(listed.notification.id, REFUSED, START)

    assert await statuses(store, names(6, 8)) == {"dead"}
    assert [await held(store, f"w-{id_}") for id_ in ("n05", "n06", "n08")] == [False, True, True]


async def test_what_would_have_joined_a_list_that_died_is_held_too(store: Store) -> None:
    await watched(store, names(1, 8))
    await posts(store, names(1, 7))
    *_, listed = await lease(store)
    await posts(store, ["n08"])
    assert await taken(store) == []

    await store.outbox.dead_letter(listed.notification.id, REFUSED, START)
    await lease(store)

    assert await statuses(store, names(6, 8)) == {"dead"}
    assert await held(store, "w-n08")


async def test_after_a_kill_the_same_rows_go_out_and_nothing_else(store: Store) -> None:
    """What was in hand may be out: it comes again as it was, by itself or as the same list."""
    await posts(store, names(1, 9))
    before = await lease(store)
    async with store.transaction() as tx:
        await tx.notifications.release_all()  # as the next start does
    await posts(store, ["n10"])

    after = await lease(store)

    assert [row.notification for row in after] == [row.notification for row in before]
    for row in after:
        await store.outbox.acknowledge(row.notification.id, "777", START)
    (late,) = await lease(store)
    assert [line.id for line in late.notification.gathered] == names(6, 10)
    assert late.notification.kind is NotificationKind.EDIT


async def test_a_post_that_waits_for_a_retry_is_sent_by_itself(store: Store) -> None:
    await posts(store, names(1, 6))
    first, *_ = await lease(store)
    await store.outbox.retry(first.notification.id, START + SECOND, "503")

    assert await taken(store, START + SECOND) == ["n01"]


async def test_a_post_that_was_never_tried_may_join_a_list(store: Store) -> None:
    await posts(store, names(1, 4))
    for row in await lease(store):
        await store.outbox.retry(row.notification.id, START + SECOND, "not logged in", counts=False)
    await posts(store, names(5, 9))

    assert await taken(store, START + SECOND) == [*names(1, 5), names(6, 9)]


async def test_a_later_price_of_a_listed_route_changes_its_line(store: Store) -> None:
    await posts(store, names(1, 7))
    await delivered(store)
    lower = edit("e1", "n06", CHANNEL, watch(id=WatchId("w-n06")), quote=quote(350))
    await enqueue(store, lower)

    (row,) = await lease(store)

    assert row.post_ref is not None
    prices = {line.id: line.quote.total for line in row.notification.gathered if line.quote}
    assert prices == {"n06": eur(350), "n07": eur(400)}
    await store.outbox.acknowledge(row.notification.id, row.post_ref, START)
    assert await statuses(store, ["e1"]) == {"delivered"}
    async with store.transaction() as tx:
        standing = await tx.notifications.newest_posts([WatchId("w-n06")])
    assert [one.id for one in standing[WatchId("w-n06")]] == ["e1"]


async def test_an_edit_that_waited_for_its_post_goes_with_it_into_the_list(store: Store) -> None:
    await posts(store, names(1, 6))
    await enqueue(store, edit("e1", "n06", CHANNEL, watch(id=WatchId("w-n06")), quote=quote(350)))

    rows = await lease(store)

    assert [row.notification.id for row in rows[:5]] == names(1, 5)
    (line,) = rows[5].notification.gathered
    assert line.quote
    assert line.quote.total == eur(350)
    assert len(rows) == 6


async def test_two_changes_at_once_are_one_edit(store: Store) -> None:
    await posts(store, names(1, 7))
    await delivered(store)
    for id_, of in (("e1", "n06"), ("e2", "n07")):
        await enqueue(store, edit(id_, of, CHANNEL, watch(id=WatchId(f"w-{of}")), quote=quote(350)))

    assert await taken(store) == [["n06", "n07"]]


async def test_who_leaves_a_listed_route_leaves_its_line(store: Store) -> None:
    await watched(store, names(1, 7))
    await posts(store, names(1, 7))
    await delivered(store)
    async with store.transaction() as tx:
        await leaving.leave(tx, WatchId("w-n07"), START)

    (row,) = await lease(store)

    left = {line.id: line.subjects[0].left for line in row.notification.gathered}
    assert left == {"n06": False, "n07": True}


async def test_of_a_list_that_a_moderator_deleted_nothing_more_is_tried(store: Store) -> None:
    await posts(store, names(1, 7))
    await delivered(store)
    for id_ in ("e1", "e2"):
        await enqueue(store, edit(id_, "n06", CHANNEL, watch(id=WatchId("w-n06"))))
        for row in await lease(store):
            await store.outbox.dead_letter(row.notification.id, POST_GONE, START)

    assert await taken(store) == []
    assert await statuses(store, ["e1"]) == {"dead"}
    assert await statuses(store, ["e2"]) == {"dropped"}
    await posts(store, ["n08"])
    assert await taken(store) == [["n08"]]


async def test_what_has_to_be_looked_at_again_is_taken_for_that_and_counted_when_it_comes_back(
    store: Store,
) -> None:
    await posts(store, names(1, 8))
    later = START + timedelta(hours=2)

    rows = await lease(store, later)
    for row in rows:
        fresh = msgspec.structs.replace(row.notification, created_at=later)
        await store.outbox.replace(fresh)
        await store.outbox.retry(fresh.id, later, "looked at again", counts=False)

    assert [row.notification.id for row in rows] == names(1, 8)
    assert await taken(store, later) == [*names(1, 5), names(6, 8)]


async def test_of_a_list_looked_at_again_what_is_no_longer_true_is_dropped(store: Store) -> None:
    await posts(store, names(1, 8))
    *_, row = await lease(store)
    rest = msgspec.structs.replace(row.notification, gathered=row.notification.gathered[1:])

    await store.outbox.replace(rest)

    assert await statuses(store, ["n06"]) == {"dropped"}
    assert await statuses(store, ["n07", "n08"]) == {"gathered"}


async def test_on_a_closed_lane_nothing_is_gathered_before_it_opens(store: Store) -> None:
    await posts(store, names(1, 8))
    await store.outbox.pause_lane(CHANNEL.lane, REFUSED, START)
    assert await taken(store) == []
    assert await statuses(store, names(1, 8)) == {"pending"}

    await store.outbox.reinstate_lane(CHANNEL.lane)

    assert await taken(store) == [*names(1, 5), names(6, 8)]


async def test_a_place_of_another_kind_is_no_place_to_gather_for(store: Store) -> None:
    hook = Destination(DestinationKind.WEBHOOK, "h1")
    await posts(store, names(1, 7), hook)

    assert await taken(store) == names(1, 7)


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_is_killed_when_every_post_is_told_once(store: Store, seed: int) -> None:
    """The place answers a repeated id with its first message, as Discord does with a nonce."""
    chance = random.Random(seed)  # noqa: S311  no secret
    messages: dict[str, Notification] = {}
    now, made = START, 0
    for step in range(60):
        now += timedelta(seconds=chance.choice((0, 0, 1, 20)))
        if step < 50:
            more = chance.choice((0, 1, 1, 9))
            await posts(store, names(made + 1, made + more), at=now)
            made += more
        for row in await store.outbox.lease(now, LEASE, chance.choice((1, 3, 100))):
            told, fate = row.notification, chance.random()
            if fate < 0.2:  # killed before it went out
                continue
            if told.edits is not None:
                messages[told.edits] = told
            else:
                messages.setdefault(told.id, told)
            if fate > 0.4:  # else killed before it was written down
                await store.outbox.acknowledge(told.id, f"ref-{told.id}", now)
        if chance.random() < 0.3:
            async with store.transaction() as tx:
                await tx.notifications.release_all()
    async with store.transaction() as tx:
        await tx.notifications.release_all()
    while rows := await lease(store, now):
        for row in rows:
            messages[row.notification.edits or row.notification.id] = row.notification
            await store.outbox.acknowledge(row.notification.id, f"ref-{row.notification.id}", now)

    told_in = Counter(line.id for message in messages.values() for line in (message.gathered or (message,)))
    assert told_in == Counter(names(1, made))


async def test_what_was_in_hand_before_is_known_as_such(store: Store) -> None:
    await posts(store, names(1, 1))
    (first,) = await lease(store)
    async with store.transaction() as tx:
        await tx.notifications.release_all()
    later = START + SECOND
    (again,) = await lease(store, later)
    await store.outbox.retry(again.notification.id, later, "not logged in", counts=False)
    (third,) = await lease(store, later)

    assert [row.retaken for row in (first, again, third)] == [False, True, True]
