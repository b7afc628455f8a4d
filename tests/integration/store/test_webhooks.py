"""Webhooks of servers in the store: kept, found for a look, and what follows when one refuses."""

from datetime import timedelta

import pytest

from engine.domain.alert import NotificationId
from engine.domain.judge import fresh_state
from engine.domain.route import Route
from engine.domain.server import Server
from engine.domain.watch import Destination, DestinationKind
from engine.domain.webhook import Webhook, WebhookId, WebhookKind
from engine.store.database import Store
from engine.store.notifications import NotificationStatus
from tests.contract.outbox.world import CHANNEL, PHONE, post
from tests.support.build import route, watch
from tests.support.clock import START
from tests.support.hooks import webhook

N1, N2 = NotificationId("n1"), NotificationId("n2")
MINUTE = timedelta(minutes=1)


HOOK = webhook().destination


async def added(store: Store, *webhooks: Webhook) -> None:
    async with store.transaction() as tx:
        for one in webhooks:
            await tx.webhooks.add(one)


async def enqueued(store: Store, *places: Destination, of: Route | None = None) -> None:
    async with store.transaction() as tx:
        await tx.routes.ensure(of or route(), START)
        await tx.watches.add(watch(), fresh_state(from_list=True))
        await tx.notifications.enqueue(
            [post(f"n{number}", place, watch()) for number, place in enumerate(places, start=1)]
        )


async def status_of(store: Store, id_: NotificationId) -> NotificationStatus:
    async with store.transaction() as tx:
        row = await tx.notifications.get(id_)
    assert row is not None
    return row.status


async def test_a_webhook_is_kept_found_by_its_server_and_removed(store: Store) -> None:
    later = webhook("h2", created_at=START + MINUTE, sealed_secret="s", kind=WebhookKind.NTFY)
    await added(store, later, webhook(), webhook("h3", server_id="5002"))
    async with store.transaction() as tx:
        assert await tx.webhooks.of_server("5001") == [webhook(), later]
        assert await tx.webhooks.get(WebhookId("h2")) == later
        assert [await tx.webhooks.remove(WebhookId("h2")) for _ in range(2)] == [True, False]
        assert await tx.webhooks.get(WebhookId("h2")) is None
        assert [one.id for one in await tx.webhooks.everybody()] == ["h1", "h3"]


async def test_a_look_finds_the_working_ones_of_the_servers_concerned(store: Store) -> None:
    await added(
        store, webhook(), webhook("h2"), webhook("h3", server_id="5002"), webhook("h4", server_id="5003")
    )
    await store.outbox.pause_lane("webhook:h2", "HTTP 404", START)
    async with store.transaction() as tx:
        found = await tx.webhooks.working(["5001", "5002", "5009"])
    assert found == {"5001": [HOOK], "5002": [Destination(DestinationKind.WEBHOOK, "h3")]}


async def test_how_a_webhook_stands_is_read_from_what_was_sent_there(store: Store) -> None:
    await added(store, webhook(), webhook("h2"))
    await enqueued(store, HOOK, HOOK)
    await store.outbox.acknowledge(N1, "ref", START + MINUTE)
    await store.outbox.retry(N2, START + MINUTE, "HTTP 503")
    async with store.transaction() as tx:
        standing, other = await tx.webhooks.standings("5001")
    assert (standing.delivered_at, standing.waiting_why, standing.paused_why) == (
        START + MINUTE,
        "HTTP 503",
        None,
    )
    assert (other.delivered_at, other.waiting_why, other.paused_why) == (None, None, None)


async def test_who_added_a_webhook_that_refuses_is_told_once_and_its_copies_are_dropped(store: Store) -> None:
    await added(store, webhook())
    await enqueued(store, HOOK, HOOK)
    await store.outbox.dead_letter(N1, "HTTP 404", START)
    for _ in range(2):
        await store.outbox.pause_lane(HOOK.lane, "it answered HTTP 404", START)
    leased = await store.outbox.lease(START, MINUTE, 10)
    (notice,) = [row.notification for row in leased]
    assert notice.destination == Destination(DestinationKind.DM, "1001")
    assert str(notice.headline) == "The webhook Team board is paused"
    assert "hooks.example.com: it answered HTTP 404" in str(notice.text)
    assert await status_of(store, N2) is NotificationStatus.DROPPED
    async with store.transaction() as tx:
        (standing,) = await tx.webhooks.standings("5001")
    assert standing.paused_why == "it answered HTTP 404"


async def test_where_a_server_chose_a_channel_for_its_managers_they_are_told_there(store: Store) -> None:
    await added(store, webhook())
    await enqueued(store, HOOK)
    async with store.transaction() as tx:
        await tx.servers.save(Server(id="5001", admin_channel_id="9009"))
    await store.outbox.dead_letter(N1, "HTTP 404", START)
    await store.outbox.pause_lane(HOOK.lane, "it answered HTTP 404", START)
    (row,) = await store.outbox.lease(START, MINUTE, 10)
    assert row.notification.destination == Destination(DestinationKind.CHANNEL, "9009")


async def test_whoever_was_forgotten_is_told_nothing(store: Store) -> None:
    await added(store, webhook(created_by=""))
    await enqueued(store, HOOK)
    await store.outbox.dead_letter(N1, "HTTP 404", START)
    await store.outbox.pause_lane(HOOK.lane, "it answered HTTP 404", START)
    assert await store.outbox.lease(START, MINUTE, 10) == []


@pytest.mark.parametrize(("copied", "held"), [(True, True), (False, False)])
async def test_a_copy_that_arrived_does_not_count_as_having_reached_the_owner(
    store: Store, copied: bool, held: bool
) -> None:
    await added(store, webhook())
    other = HOOK if copied else Destination(DestinationKind.CHANNEL, "9002")
    await enqueued(store, CHANNEL, other)
    await store.outbox.acknowledge(N2, "ref", START)
    await store.outbox.dead_letter(N1, "HTTP 403", START)
    async with store.transaction() as tx:
        row = await tx.watches.get(watch().id)
    assert row is not None
    assert row.state.held is held


async def test_a_copy_that_failed_holds_no_watch(store: Store) -> None:
    await added(store, webhook())
    await enqueued(store, HOOK)
    await store.outbox.dead_letter(N1, "HTTP 404", START)
    async with store.transaction() as tx:
        row = await tx.watches.get(watch().id)
    assert row is not None
    assert not row.state.held


async def test_that_a_text_may_be_lost_is_not_said_to_a_webhook(store: Store) -> None:
    await added(store, webhook())
    await enqueued(store, PHONE, HOOK)
    await store.outbox.acknowledge(N2, "ref", START)
    await store.outbox.dead_letter(N1, "outcome unknown: timeout", START)
    leased = await store.outbox.lease(START, MINUTE, 10)
    assert [row.notification.destination.kind for row in leased] == [DestinationKind.DM]
