"""The repository of routes."""

from datetime import date, timedelta

from engine.domain.judgement import WatchState
from engine.domain.quote import Hidden, OutcomeKind
from engine.domain.route import FixedDates, RollingDates, Route, RouteId
from engine.domain.watch import Owner, OwnerKind, WatchId, WatchStatus
from engine.store.database import Store
from engine.store.routes import LookRecord, RouteRow
from engine.store.transaction import Transaction
from tests.support.build import quote, route, watch
from tests.support.clock import START

MINUTE = timedelta(minutes=1)


def look(
    of: Route, kind: OutcomeKind = OutcomeKind.QUOTES, after: timedelta = MINUTE, **changes: object
) -> LookRecord:
    at = START + after
    answered = quote(450, of, observed_at=at) if kind is OutcomeKind.QUOTES else None
    values = {"route_id": of.id, "at": at, "outcome_kind": kind, "detail": None, "quote": answered}
    return LookRecord(**{**values, "next_look_at": at + 15 * MINUTE, **changes})  # type: ignore[arg-type]


async def watched(tx: Transaction, of: Route, due_in: timedelta = timedelta(0), **changes: object) -> None:
    await tx.routes.ensure(of, START + due_in)
    await tx.watches.add(watch(of, id=WatchId(f"w-{of.id}"), **changes), WatchState())  # type: ignore[arg-type]


async def row_of(tx: Transaction, of: Route) -> RouteRow:
    row = await tx.routes.get(of.id)
    assert row is not None
    return row


async def test_a_new_route_has_not_been_looked_at(store: Store) -> None:
    async with store.transaction() as tx:
        row = await tx.routes.ensure(route(), START)
        assert row == RouteRow(route=route(), next_look_at=START)
        assert await tx.routes.get(route().id) == row


async def test_a_known_route_stays_as_it_is(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.routes.ensure(route(), START)
        assert (await tx.routes.ensure(route(), START + MINUTE)).next_look_at == START


async def test_an_unknown_route_is_none(store: Store) -> None:
    async with store.transaction() as tx:
        assert await tx.routes.get(RouteId("no-such-route")) is None
        await tx.routes.ensure(route(), START)
        assert list(await tx.routes.get_many([RouteId("no-such-route"), route().id])) == [route().id]


async def test_due_routes_come_the_longest_overdue_first_up_to_the_limit(store: Store) -> None:
    late, later, tomorrow = (route(adults=n) for n in (1, 2, 3))
    async with store.transaction() as tx:
        await watched(tx, late, -MINUTE)
        await watched(tx, later, -2 * MINUTE)
        await watched(tx, tomorrow, timedelta(days=1))
        assert [row.route for row in await tx.routes.due(START, 10)] == [later, late]
        assert [row.route for row in await tx.routes.due(START, 1)] == [later]
        assert [row.route for row in await tx.routes.watched()] == [later, late, tomorrow]


async def test_a_route_due_this_very_instant_is_due(store: Store) -> None:
    async with store.transaction() as tx:
        await watched(tx, route())
        assert len(await tx.routes.due(START, 10)) == 1
        assert await tx.routes.due(START - timedelta(microseconds=1), 10) == []


async def test_routes_that_nobody_watches_are_not_looked_at(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.routes.ensure(route(adults=1), START)
        await watched(tx, route(adults=2), status=WatchStatus.PAUSED)
        await watched(tx, route(adults=3), status=WatchStatus.EXPIRED)
        await watched(tx, route(adults=4), removed_at=START)
        assert await tx.routes.due(START, 10) == []
        assert await tx.routes.watched() == []
        assert await tx.routes.next_due_at(START) is None


async def test_a_route_with_several_watches_is_due_once(store: Store) -> None:
    async with store.transaction() as tx:
        await watched(tx, route())
        await tx.watches.add(watch(id=WatchId("another")), WatchState())
        assert len(await tx.routes.due(START, 10)) == 1


async def test_the_next_due_is_the_earliest_of_the_watched(store: Store) -> None:
    async with store.transaction() as tx:
        await watched(tx, route(adults=1), 5 * MINUTE)
        await watched(tx, route(adults=2), 3 * MINUTE)
        await tx.routes.ensure(route(adults=3), START)
        assert await tx.routes.next_due_at(START) == START + 3 * MINUTE


async def test_a_look_with_a_quote_is_written_down(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.routes.ensure(route(), START)
        await tx.routes.record([look(route())])
        assert await row_of(tx, route()) == RouteRow(
            route=route(),
            next_look_at=START + 16 * MINUTE,
            last_look_at=START + MINUTE,
            last_outcome="quotes",
            last_quote=quote(450, observed_at=START + MINUTE),
            last_quote_at=START + MINUTE,
        )


async def test_failed_looks_are_counted_and_keep_the_last_quote(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.routes.ensure(route(), START)
        await tx.routes.record([look(route())])
        for minutes in (20, 40):
            failed = look(route(), OutcomeKind.UNREACHABLE, minutes * MINUTE, detail="timeout")
            await tx.routes.record([failed])
        row = await row_of(tx, route())
        assert (row.last_outcome, row.last_detail) == ("unreachable", "timeout")
        assert (row.failing_since, row.failures) == (START + 20 * MINUTE, 2)
        assert row.last_quote == quote(450, observed_at=START + MINUTE)


async def test_an_answer_without_fares_ends_a_failure_and_keeps_the_last_quote(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.routes.ensure(route(), START)
        await tx.routes.record([look(route())])
        await tx.routes.record([look(route(), OutcomeKind.BLOCKED, 20 * MINUTE, detail="HTTP 403")])
        await tx.routes.record([look(route(), OutcomeKind.NO_FARES, 40 * MINUTE)])
        row = await row_of(tx, route())
        assert (row.failing_since, row.failures, row.last_detail) == (None, 0, None)
        assert row.last_quote_at == START + MINUTE


async def test_many_looks_are_each_written_to_their_own_route(store: Store) -> None:
    routes = [route(adults=n) for n in range(1, 40)]
    async with store.transaction() as tx:
        for one in routes:
            await tx.routes.ensure(one, START)
        await tx.routes.record([look(one, after=n * MINUTE) for n, one in enumerate(routes)])
        found = await tx.routes.get_many([one.id for one in routes])
        assert [found[one.id].last_look_at for one in routes] == [START + n * MINUTE for n in range(39)]


async def test_recording_nothing_does_nothing(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.routes.record([])


async def test_a_look_can_be_asked_for_earlier_never_later(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.routes.ensure(route(), START + 5 * MINUTE)
        await tx.routes.look_by(route().id, START + 9 * MINUTE)
        assert (await row_of(tx, route())).next_look_at == START + 5 * MINUTE
        await tx.routes.look_by(route().id, START + MINUTE)
        assert (await row_of(tx, route())).next_look_at == START + MINUTE


async def test_a_leased_route_is_not_due_until_the_lease_ends(store: Store) -> None:
    async with store.transaction() as tx:
        await watched(tx, route())
        await tx.routes.lease([route().id], START + 2 * MINUTE)
        assert await tx.routes.due(START + MINUTE, 10) == []
        assert len(await tx.routes.due(START + 2 * MINUTE, 10)) == 1


async def test_routes_planned_too_far_ahead_are_brought_forward(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.routes.ensure(route(adults=1), START + timedelta(days=300))
        await tx.routes.ensure(route(adults=2), START + MINUTE)
        await tx.routes.bring_forward(START + 15 * MINUTE)
        assert (await row_of(tx, route(adults=1))).next_look_at == START + 15 * MINUTE
        assert (await row_of(tx, route(adults=2))).next_look_at == START + MINUTE


async def test_the_routes_for_which_a_source_gave_quotes_are_found(store: Store) -> None:
    one, other = route(), route(adults=2)
    async with store.transaction() as tx:
        for each in (one, other):
            await tx.routes.ensure(each, START)
        await tx.quotes.record([quote(450, one), quote(440, one), quote(450, other)])
        assert await tx.routes.with_quotes("amadeus", START - MINUTE, 2) == {one.id, other.id}
        assert len(await tx.routes.with_quotes("amadeus", START - MINUTE, 1)) == 1
        assert await tx.routes.with_quotes("amadeus", START + MINUTE, 2) == set()
        assert await tx.routes.with_quotes("duffel", START - MINUTE, 2) == set()


async def test_rolling_and_one_way_routes_come_back_as_they_were(store: Store) -> None:
    rolling = route(trip=RollingDates(1, 30), max_stops=0)
    one_way = route(trip=FixedDates(date(2027, 3, 10)))
    async with store.transaction() as tx:
        for one in (rolling, one_way):
            assert (await tx.routes.ensure(one, START)).route == one


async def test_a_recorded_look_ends_the_lease_of_its_route(store: Store) -> None:
    async with store.transaction() as tx:
        await watched(tx, route())
        await tx.routes.lease([route().id], START + 30 * MINUTE)
        await tx.routes.record([look(route())])
        assert len(await tx.routes.due(START + 16 * MINUTE, 10)) == 1


async def test_a_new_owner_of_the_file_ends_every_lease(store: Store) -> None:
    async with store.transaction() as tx:
        await watched(tx, route())
        await tx.routes.lease([route().id], START + 30 * MINUTE)
        await tx.routes.release_all()
        assert len(await tx.routes.due(START, 10)) == 1


async def test_routes_can_be_narrowed_to_those_of_one_list(store: Store) -> None:
    mine, theirs = route(adults=1), route(adults=2)
    owner = Owner(OwnerKind.LIST, "routes.csv")
    async with store.transaction() as tx:
        await watched(tx, mine, MINUTE, owner=owner)
        await watched(tx, theirs)
        assert [row.route for row in await tx.routes.watched(owner)] == [mine]
        assert [row.route for row in await tx.routes.due(START + MINUTE, 10, owner)] == [mine]
        assert await tx.routes.next_due_at(START, owner) == START + MINUTE


async def test_what_filters_hid_is_kept_until_the_next_answer(store: Store) -> None:
    hidden = Hidden(count=3, cheapest=quote(291))
    async with store.transaction() as tx:
        await tx.routes.ensure(route(), START)
        await tx.routes.record([look(route(), hidden=hidden)])
        assert (await row_of(tx, route())).last_hidden == hidden
        await tx.routes.record([look(route(), OutcomeKind.UNREACHABLE, 2 * MINUTE)])
        assert (await row_of(tx, route())).last_hidden == hidden
        await tx.routes.record([look(route(), OutcomeKind.NO_FARES, 3 * MINUTE)])
        assert (await row_of(tx, route())).last_hidden is None
