"""Who is told that direct messages are closed: members, and nobody who never had any."""

from datetime import timedelta

from engine.domain.alert import NotificationId
from engine.domain.judgement import WatchState
from engine.domain.news import DirectClosed
from engine.domain.server import Server, server_itself
from engine.store.database import Store
from tests.contract.outbox.world import CHANNEL, DM, OTHER_CHANNEL, post
from tests.support.build import route, watch
from tests.support.clock import START


async def test_a_server_whose_news_channel_refuses_is_not_told_of_closed_direct_messages(
    store: Store,
) -> None:
    theirs = watch(owner=server_itself("5001"), tell=(CHANNEL,), made_in=OTHER_CHANNEL)
    async with store.transaction() as tx:
        await tx.servers.save(Server(id="5001", admin_channel_id=CHANNEL.address))
        await tx.routes.ensure(route(), START)
        await tx.watches.add(theirs, WatchState())
        await tx.notifications.enqueue([post("n1", CHANNEL, theirs)])

    await store.outbox.dead_letter(NotificationId("n1"), "403", START)

    leased = await store.outbox.lease(START, timedelta(minutes=1), 10)
    assert [row.notification.news for row in leased if isinstance(row.notification.news, DirectClosed)] == []
    async with store.transaction() as tx:
        row = await tx.watches.get(theirs.id)
    assert row is not None
    assert row.state.held


async def test_whose_direct_messages_a_digest_finds_closed_is_told_once_where_they_are(store: Store) -> None:
    by_dm = watch(tell=(DM,), made_in=OTHER_CHANNEL)
    async with store.transaction() as tx:
        await tx.routes.ensure(route(), START)
        await tx.watches.add(by_dm, WatchState())

    await store.outbox.pause_lane(DM.lane, "closed", START)
    await store.outbox.pause_lane(DM.lane, "closed", START)

    leased = await store.outbox.lease(START, timedelta(minutes=1), 10)
    told = [row.notification for row in leased if isinstance(row.notification.news, DirectClosed)]
    assert [one.destination for one in told] == [OTHER_CHANNEL]
