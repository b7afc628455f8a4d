"""The repository of watches."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from engine.domain.judgement import ConditionState, WatchState
from engine.domain.route import FixedDates, RollingDates, Route
from engine.domain.watch import (
    Condition,
    Destination,
    DestinationKind,
    Owner,
    OwnerKind,
    Rules,
    Watch,
    WatchId,
    WatchStatus,
)
from engine.errors import StoreError
from engine.store.database import Store
from engine.store.transaction import Transaction
from tests.contract.outbox.world import CHANNEL, OTHER_CHANNEL, post
from tests.support.build import eur, route, watch
from tests.support.clock import START

ME = Owner(OwnerKind.MEMBER, "1001", "5001")
ARMED = WatchState(seeded=True, conditions={Condition.TARGET: ConditionState(armed=True, told=41000)})


async def added(tx: Transaction, of: Route | None = None, state: WatchState = ARMED, **changes: Any) -> Watch:
    of = of or route()
    await tx.routes.ensure(of, START)
    one = watch(of, **changes)
    await tx.watches.add(one, state)
    return one


async def test_a_watch_comes_back_with_its_state_and_route(store: Store) -> None:
    async with store.transaction() as tx:
        one = await added(tx)
        row = await tx.watches.get(one.id)
        assert row is not None
        assert (row.watch, row.state, row.route.route) == (one, ARMED, route())


async def test_an_unknown_watch_is_none_and_cannot_be_changed(store: Store) -> None:
    async with store.transaction() as tx:
        assert await tx.watches.get(WatchId("nobody")) is None
        with pytest.raises(StoreError, match="no such watch"):
            await tx.watches.update(watch())
        with pytest.raises(StoreError, match="no such watch"):
            await tx.watches.restore(WatchId("nobody"))


async def test_an_update_changes_the_watch_and_not_its_state(store: Store) -> None:
    async with store.transaction() as tx:
        one = await added(tx)
        changed = msgspec.structs.replace(one, rules=Rules(target=eur(300)), tell=(OTHER_CHANNEL,))
        await tx.watches.update(changed)
        row = await tx.watches.get(one.id)
        assert row is not None
        assert (row.watch, row.state) == (changed, ARMED)


async def test_a_changed_destination_changes_whom_a_lane_concerns(store: Store) -> None:
    async with store.transaction() as tx:
        one = await added(tx)
        await tx.watches.update(msgspec.structs.replace(one, tell=(OTHER_CHANNEL,)))
    await store.outbox.pause_lane(CHANNEL.lane, "403", START)
    async with store.transaction() as tx:
        assert await tx.notifications.open_count(START) == (0, 0)
    await store.outbox.pause_lane(OTHER_CHANNEL.lane, "403", START)
    async with store.transaction() as tx:
        assert await tx.notifications.open_count(START) == (1, 0)


async def test_a_place_named_twice_is_one(store: Store) -> None:
    async with store.transaction() as tx:
        one = await added(tx, tell=(CHANNEL, CHANNEL))
        row = await tx.watches.get(one.id)
        assert row is not None
        assert row.watch.tell == (CHANNEL, CHANNEL)


async def test_saved_states_are_the_ones_that_are_read(store: Store) -> None:
    fresh = WatchState(seeded=True, held=True)
    async with store.transaction() as tx:
        one, other = await added(tx), await added(tx, id=WatchId("w2"))
        await tx.watches.save_states({one.id: fresh})
        assert await tx.watches.on_routes([route().id]) == {route().id: [(one, fresh), (other, ARMED)]}


async def test_only_active_watches_stand_on_their_routes(store: Store) -> None:
    async with store.transaction() as tx:
        one = await added(tx)
        await added(tx, id=WatchId("w2"), status=WatchStatus.PAUSED)
        await added(tx, id=WatchId("w3"), status=WatchStatus.EXPIRED)
        await added(tx, id=WatchId("w4"), removed_at=START)
        await added(tx, route(adults=2), id=WatchId("w5"))
        assert await tx.watches.on_routes([route().id, route(adults=3).id]) == {route().id: [(one, ARMED)]}


async def test_a_member_is_one_owner_wherever_a_watch_was_made(store: Store) -> None:
    async with store.transaction() as tx:
        here = await added(tx)
        elsewhere = await added(tx, id=WatchId("w2"), owner=Owner(OwnerKind.MEMBER, "1001", "5002"))
        private = await added(tx, id=WatchId("w3"), owner=Owner(OwnerKind.MEMBER, "1001"))
        await added(tx, id=WatchId("w4"), owner=Owner(OwnerKind.LIST, "1001", "5001"))
        for one in (here, elsewhere, private):
            found = {row.watch.id for row in await tx.watches.of_owner(one.owner)}
            assert found == {here.id, elsewhere.id, private.id}
            assert await tx.watches.count_of(one.owner) == 3


async def test_watches_of_a_server_are_counted_whoever_owns_them(store: Store) -> None:
    async with store.transaction() as tx:
        await added(tx)
        await added(tx, id=WatchId("w2"), owner=Owner(OwnerKind.MEMBER, "1002", "5001"))
        await added(tx, id=WatchId("w3"), owner=Owner(OwnerKind.MEMBER, "1002", "5002"))
        await added(tx, id=WatchId("w4"), removed_at=START)
        assert await tx.watches.count_in_server("5001") == 2


async def test_watches_of_an_owner_come_the_oldest_first(store: Store) -> None:
    async with store.transaction() as tx:
        for name, age in (("w1", 1), ("w2", 3), ("w3", 2)):
            await added(tx, id=WatchId(name), created_at=START - timedelta(days=age))
        assert [row.watch.id for row in await tx.watches.of_owner(ME)] == ["w2", "w3", "w1"]


async def test_the_same_route_at_the_same_place_is_found(store: Store) -> None:
    async with store.transaction() as tx:
        one = await added(tx)
        found = await tx.watches.find(ME, route().id, CHANNEL)
        assert found is not None
        assert found.watch == one
        assert await tx.watches.find(ME, route().id, OTHER_CHANNEL) is None
        assert await tx.watches.find(ME, route(adults=2).id, CHANNEL) is None
        assert await tx.watches.find(Owner(OwnerKind.MEMBER, "1002", "5001"), route().id, CHANNEL) is None


async def test_a_members_watches_of_a_route_are_found_from_any_server(store: Store) -> None:
    async with store.transaction() as tx:
        await added(tx)
        await added(tx, id=WatchId("w2"), owner=Owner(OwnerKind.MEMBER, "1001"))
        await added(tx, id=WatchId("w3"), owner=Owner(OwnerKind.MEMBER, "1002", "5001"))
        await added(tx, id=WatchId("w4"), owner=Owner(OwnerKind.SERVER, "1001", "1001"))
        assert [row.watch.id for row in await tx.watches.on_route_of(ME, route().id)] == ["w1", "w2"]


async def test_a_removed_watch_is_found_nowhere_until_it_is_restored(store: Store) -> None:
    async with store.transaction() as tx:
        one = await added(tx)
        await tx.watches.remove(one.id, START)
        removed = await tx.watches.get(one.id)
        assert removed is not None
        assert removed.watch.removed_at == START
        assert await tx.watches.of_owner(ME) == []
        assert await tx.watches.find(ME, route().id, CHANNEL) is None
        assert await tx.watches.on_routes([route().id]) == {}
        assert await tx.watches.count_of(ME) == 0
        assert len(await tx.watches.of_owner(ME, include_removed=True)) == 1
        await tx.watches.restore(one.id)
        assert await tx.watches.on_routes([route().id]) == {route().id: [(one, ARMED)]}


async def test_removed_watches_are_purged_after_their_time(store: Store) -> None:
    async with store.transaction() as tx:
        old, fresh, kept = [await added(tx, id=WatchId(f"w{n}")) for n in range(3)]
        await tx.notifications.enqueue([post("n1", CHANNEL, old)])
        await tx.watches.remove(old.id, START)
        await tx.watches.remove(fresh.id, START + timedelta(seconds=60))
        assert await tx.watches.purge_removed(START + timedelta(seconds=60)) == 1
        assert await tx.watches.get(old.id) is None
        assert await tx.watches.get(fresh.id) is not None
        assert await tx.watches.get(kept.id) is not None
        assert await tx.notifications.newest_posts([old.id]) == {}


async def test_watches_whose_last_departure_is_past_are_found(store: Store) -> None:
    past, rolling = route(trip=FixedDates(date(2026, 11, 21))), route(trip=RollingDates(1))
    today = route(trip=FixedDates(date(2026, 11, 22)))
    async with store.transaction() as tx:
        await added(tx, past)
        await added(tx, past, id=WatchId("w2"), status=WatchStatus.PAUSED)
        await added(tx, rolling, id=WatchId("w3"))
        await added(tx, today, id=WatchId("w4"))
        assert [row.watch.id for row in await tx.watches.expired(START.date())] == ["w1"]


async def test_operators_and_consoles_are_places_like_others(store: Store) -> None:
    tell = (Destination(DestinationKind.SMS, "operator"), Destination(DestinationKind.CONSOLE, "-"))
    owner = Owner(OwnerKind.LIST, "routes.csv")
    async with store.transaction() as tx:
        one = await added(tx, owner=owner, tell=tell)
        found = await tx.watches.find(owner, route().id, tell[1])
        assert found is not None
        assert found.watch == one


async def test_many_are_kept_at_once_with_their_routes_and_places(store: Store) -> None:
    many = [route(adults=1 + number % 9, max_stops=number % 4) for number in range(36)]
    places = (Destination(DestinationKind.CHANNEL, "1"), Destination(DestinationKind.DM, "2"))
    new = [
        (watch(of, id=WatchId(f"w{number:03}"), owner=ME, tell=places), ARMED)
        for number, of in enumerate(many)
    ]
    async with store.transaction() as tx:
        known = await tx.routes.ensure(many[0], START)
        await tx.routes.ensure_many(many, START + timedelta(hours=1))
        await tx.watches.add_many(new)
        rows = await tx.watches.of_owner(ME)
        assert [(row.watch, row.state) for row in rows] == new
        assert [row.route.route for row in rows] == many
        assert rows[0].route == known
        assert rows[1].route.next_look_at == START + timedelta(hours=1)
        await tx.watches.update(new[0][0])  # its places are known: writing them again finds them


async def test_other_rules_for_many_leave_their_states(store: Store) -> None:
    async with store.transaction() as tx:
        one, other = await added(tx), await added(tx, id=WatchId("other"))
        cheaper = msgspec.structs.replace(one, rules=Rules(target=eur(99)))
        await tx.watches.save_rules([cheaper])
        row, untouched = await tx.watches.get(one.id), await tx.watches.get(other.id)
        assert row is not None
        assert untouched is not None
        assert (row.watch, row.state, untouched.watch) == (cheaper, ARMED, other)
