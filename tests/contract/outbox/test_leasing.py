"""Taking rows from an outbox and telling it how far they came."""

from datetime import timedelta

import pytest

from engine.domain.alert import POST_GONE, NotificationId
from tests.contract.outbox.world import CHANNEL, OTHER_CHANNEL, PHONE, World, edit, post
from tests.support.build import eur, quote
from tests.support.clock import START

LEASE = timedelta(minutes=1)
N1, N2 = NotificationId("n1"), NotificationId("n2")


async def leased(world: World, limit: int = 10) -> list[str]:
    return [row.notification.id for row in await world.outbox.lease(world.clock.now(), LEASE, limit)]


async def test_an_empty_outbox_gives_nothing_and_waits_for_nothing(world: World) -> None:
    assert await leased(world) == []
    assert await world.outbox.next_due(START) is None


async def test_rows_come_in_the_order_in_which_they_were_enqueued(world: World) -> None:
    await world.enqueue(post("n3"), post("n1", OTHER_CHANNEL), post("n2"))
    await world.enqueue(post("n0"))
    assert await leased(world) == ["n3", "n1", "n2", "n0"]


async def test_a_limit_takes_the_oldest(world: World) -> None:
    await world.enqueue(post("n1"), post("n2"), post("n3"))
    assert await leased(world, limit=2) == ["n1", "n2"]
    assert await leased(world) == ["n3"]


async def test_what_is_enqueued_comes_out_unchanged(world: World) -> None:
    sent = post("n1", PHONE, median=eur(512), text="¡400 €, ¿sí?")
    await world.enqueue(sent)
    (row,) = await world.outbox.lease(START, LEASE, 10)
    assert row.notification == sent
    assert (row.attempts, row.sending_since, row.post_ref, row.reconciled) == (0, None, None, 0)


async def test_an_id_that_is_there_already_is_not_enqueued_again(world: World) -> None:
    await world.enqueue(post("n1"))
    await world.enqueue(post("n1"), post("n2"))
    assert await leased(world) == ["n1", "n2"]


async def test_a_leased_row_is_not_given_out_twice(world: World) -> None:
    await world.enqueue(post("n1"))
    await leased(world)
    assert await leased(world) == []


async def test_a_row_whose_lease_ran_out_is_given_out_again_with_all_it_knew(world: World) -> None:
    await world.enqueue(post("n1", PHONE))
    await leased(world)
    await world.outbox.begin_sending(N1, START + timedelta(seconds=1))
    await world.clock.advance(60)
    (row,) = await world.outbox.lease(world.clock.now(), LEASE, 10)
    assert row.sending_since == START + timedelta(seconds=1)


async def test_the_end_of_a_lease_is_when_the_row_is_due(world: World) -> None:
    await world.enqueue(post("n1"))
    await leased(world)
    assert await world.outbox.next_due(START) == START + LEASE


async def test_released_rows_can_be_taken_at_once(world: World) -> None:
    await world.enqueue(post("n1"), post("n2"))
    await leased(world)
    await world.outbox.release([N2])
    assert await leased(world) == ["n2"]


async def test_releasing_nothing_does_nothing(world: World) -> None:
    await world.outbox.release([])


async def test_an_acknowledged_row_is_done(world: World) -> None:
    await world.enqueue(post("n1"))
    await leased(world)
    await world.outbox.acknowledge(N1, "777", START)
    await world.clock.advance(3600)
    assert await leased(world) == []
    assert await world.outbox.next_due(START) is None
    assert await world.status("n1") == "delivered"


async def test_a_row_that_waits_for_a_retry_lets_later_ones_of_its_lane_pass(world: World) -> None:
    await world.enqueue(post("n1"), post("n2"))
    await leased(world)
    await world.outbox.release([N2])
    await world.outbox.retry(N1, START + timedelta(minutes=5), "503")
    assert await leased(world) == ["n2"]


async def test_a_retry_comes_when_it_is_due_and_counts_the_try(world: World) -> None:
    await world.enqueue(post("n1"))
    await leased(world)
    await world.outbox.retry(N1, START + timedelta(seconds=30), "503")
    assert await leased(world) == []
    assert await world.outbox.next_due(START) == START + timedelta(seconds=30)
    await world.clock.advance(30)
    (row,) = await world.outbox.lease(world.clock.now(), LEASE, 10)
    assert row.attempts == 1


async def test_waiting_without_a_try_counts_none(world: World) -> None:
    await world.enqueue(post("n1"))
    await leased(world)
    await world.outbox.retry(N1, START, "nothing here delivers to a channel", counts=False)
    (row,) = await world.outbox.lease(START, LEASE, 10)
    assert row.attempts == 0


async def test_a_plain_retry_forgets_that_a_post_began(world: World) -> None:
    await world.enqueue(post("n1", PHONE))
    await leased(world)
    await world.outbox.begin_sending(N1, START)
    await world.outbox.retry(N1, START, "never arrived")
    (row,) = await world.outbox.lease(START, LEASE, 10)
    assert (row.sending_since, row.reconciled) == (None, 0)


async def test_a_retry_with_unknown_outcome_remembers_when_the_post_began(world: World) -> None:
    await world.enqueue(post("n1", PHONE))
    await leased(world)
    await world.outbox.begin_sending(N1, START)
    await world.outbox.retry(N1, START, "no answer", reconciled=2)
    (row,) = await world.outbox.lease(START, LEASE, 10)
    assert (row.sending_since, row.reconciled, row.attempts) == (START, 2, 0)


async def test_a_dropped_row_is_gone_and_says_why(world: World) -> None:
    await world.enqueue(post("n1"))
    await world.outbox.drop(N1, "no longer true", START)
    assert await leased(world) == []
    assert (await world.status("n1"), await world.why("n1")) == ("dropped", "no longer true")


async def test_fresh_content_keeps_the_place_in_the_order(world: World) -> None:
    await world.enqueue(post("n1"), post("n2"))
    fresh = post("n1", quote=quote(390), created_at=START + timedelta(hours=2))
    await world.outbox.replace(fresh)
    rows = await world.outbox.lease(START, LEASE, 10)
    assert [row.notification for row in rows] == [fresh, post("n2")]


@pytest.mark.parametrize("settle", ["acknowledge", "drop", "dead_letter"])
async def test_what_is_settled_stays_settled(world: World, settle: str) -> None:
    await world.enqueue(post("n1"))
    match settle:
        case "acknowledge":
            await world.outbox.acknowledge(N1, "777", START)
        case "drop":
            await world.outbox.drop(N1, "old", START)
        case _:
            await world.outbox.dead_letter(N1, "403", START)
    before = await world.status("n1")
    await world.outbox.retry(N1, START, "late news")
    await world.outbox.dead_letter(N1, "late news", START)
    await world.outbox.acknowledge(N1, None, START)
    assert await world.status("n1") == before
    assert await leased(world) == []


async def test_an_edit_waits_for_the_id_of_its_post(world: World) -> None:
    await world.enqueue(post("n1"), edit("n2", "n1"))
    assert await leased(world) == ["n1"]
    await world.outbox.retry(N1, START + timedelta(minutes=1), "503")
    assert await leased(world) == []
    assert await world.outbox.next_due(START) == START + timedelta(minutes=1)
    await world.outbox.acknowledge(N1, "777", START)
    (row,) = await world.outbox.lease(START, LEASE, 10)
    assert (row.notification.id, row.post_ref) == ("n2", "777")


async def test_an_edit_under_way_with_its_post_makes_nothing_due(world: World) -> None:
    await world.enqueue(post("n1"), edit("n2", "n1"))
    await leased(world)
    assert await world.outbox.next_due(START) == START + LEASE


@pytest.mark.parametrize("end", ["drop", "dead_letter"])
async def test_an_edit_whose_post_was_never_made_is_dropped(world: World, end: str) -> None:
    await world.enqueue(post("n1"), edit("n2", "n1"))
    if end == "drop":
        await world.outbox.drop(N1, "old", START)
    else:
        await world.outbox.dead_letter(N1, "403", START)
    assert await leased(world) == []
    assert await world.status("n2") == "dropped"


async def test_an_edit_of_a_post_that_left_no_id_is_dropped(world: World) -> None:
    await world.enqueue(post("n1"), edit("n2", "n1"))
    await world.outbox.acknowledge(N1, None, START)
    assert await leased(world) == []
    assert await world.status("n2") == "dropped"


async def test_an_edit_of_nothing_known_is_dropped(world: World) -> None:
    await world.enqueue(edit("n2", "lost"))
    assert await leased(world) == []
    assert await world.status("n2") == "dropped"


async def test_several_edits_of_one_post_come_in_order(world: World) -> None:
    await world.enqueue(post("n1"), edit("n2", "n1"), post("n3", CHANNEL), edit("n4", "n1"))
    await world.outbox.acknowledge(N1, "777", START)
    assert await leased(world) == ["n2", "n3", "n4"]


async def test_an_edit_that_found_its_post_deleted_is_the_last_one(world: World) -> None:
    await world.enqueue(post("n1"))
    await world.outbox.acknowledge(N1, "777", START)
    await world.enqueue(edit("n2", "n1"), edit("n3", "n1"))

    await world.outbox.dead_letter(N2, POST_GONE, START)

    assert await leased(world) == []
    assert await world.status("n3") == "dropped"


async def test_after_another_refusal_of_an_edit_later_edits_are_tried(world: World) -> None:
    await world.enqueue(post("n1"))
    await world.outbox.acknowledge(N1, "777", START)
    await world.enqueue(edit("n2", "n1"), edit("n3", "n1"))

    await world.outbox.dead_letter(N2, "the thread is archived", START)

    assert await leased(world) == ["n3"]


async def test_an_edit_that_a_later_one_has_overtaken_does_not_undo_it(world: World) -> None:
    await world.enqueue(post("n1"))
    await world.outbox.acknowledge(N1, "777", START)
    await world.enqueue(edit("n2", "n1"), edit("n3", "n1"))
    assert await leased(world) == ["n2", "n3"]

    await world.outbox.retry(N2, START, "503")
    await world.outbox.acknowledge(NotificationId("n3"), "777", START)

    assert await leased(world) == []
    assert await world.status("n2") == "dropped"
