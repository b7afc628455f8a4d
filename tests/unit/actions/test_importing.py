"""What a list means beside the routes a member has, and that an export imports again without change."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.actions.exporting import export
from engine.actions.importing import Plan, plan
from engine.actions.room import Room
from engine.domain import judge
from engine.domain.money import Money
from engine.domain.route import Cabin, FixedDates, RollingDates, Route, RouteId, Trip
from engine.domain.watch import Destination, DestinationKind, Rules, WatchId, WatchStatus
from engine.gazetteer import Gazetteer
from engine.routelists.csv_file import decode_csv, parse_csv
from engine.routelists.rows import UNDATED, ListedRoute, RouteList, RowFault, RowReader
from engine.saying import saying
from engine.store.routes import RouteRow
from engine.store.watches import WatchRow
from tests.support import build
from tests.support.clock import START

TODAY = date(2026, 11, 22)
GAZETTEER = Gazetteer.load()
ROOM = Room(left=None, full=saying(""))
PLACES = [
    place for code in ("LON", "TYO", "city:BKK", "GRU", "HYD", "NYC") if (place := GAZETTEER.find(code))
]


def held(of: Route | None = None, target: int | None = 420, number: int = 1, **changes: object) -> WatchRow:
    of = of or build.route()
    one = build.watch(of, target, id=WatchId(f"w{number}"), **changes)
    return WatchRow(
        watch=one, state=judge.fresh_state(from_list=False), route=RouteRow(route=of, next_look_at=START)
    )


def listed(*rows: ListedRoute, faults: tuple[RowFault, ...] = ()) -> RouteList:
    return RouteList(name="routes.csv", routes=rows, faults=faults)


def row(of: Route | None = None, target: int | None = 420, number: int = 2) -> ListedRoute:
    return ListedRoute(
        row=number, route=of or build.route(), target=None if target is None else build.eur(target)
    )


def read(content: bytes) -> RouteList:
    reader = RowReader(GAZETTEER, home_origin=None, home_currency="INR", today=TODAY)
    return reader.read("routes.csv", parse_csv(decode_csv(content)))


def test_a_route_that_is_not_watched_is_added() -> None:
    assert plan(listed(row()), [], ROOM) == Plan(adding=(row(),))


def test_the_same_target_changes_nothing_wherever_it_tells() -> None:
    mine = [held(tell=(Destination(DestinationKind.DM, "1001"),))]
    assert plan(listed(row()), mine, ROOM) == Plan(same=(row(),))


def test_another_target_changes_the_oldest_watch_of_the_route() -> None:
    found = plan(listed(row(target=400)), [held(target=420), held(target=410, number=2)], ROOM)
    assert [(change.watch.id, change.rules.target) for change in found.changing] == [("w1", build.eur(400))]


def test_a_target_that_any_watch_of_the_route_has_changes_nothing() -> None:
    mine = [held(target=420), held(target=400, number=2)]
    assert plan(listed(row(target=400)), mine, ROOM).same


def test_an_empty_target_leaves_a_watch_alone() -> None:
    assert plan(listed(row(target=None)), [held(target=420)], ROOM).same


def test_a_target_takes_the_place_of_the_new_low_that_stood_in_for_it() -> None:
    mine = [held(target=None, rules=Rules(new_low_days=30, drop_percent=10))]
    (change,) = plan(listed(row(target=400)), mine, ROOM).changing
    assert change.rules == Rules(target=build.eur(400), drop_percent=10)


def test_the_first_rows_get_the_room_there_is_and_the_others_are_refused_by_row() -> None:
    rows = [row(build.route(adults=n), number=n + 1) for n in range(1, 5)]
    found = plan(
        listed(*rows, faults=(RowFault(row=9, column="target", saying=saying("No.")),)),
        [],
        Room(left=2, full=saying("-")),
    )
    assert [each.row for each in found.adding] == [2, 3]
    assert [fault.row for fault in found.refused] == [4, 5, 9]
    assert (
        found.refused[0].sentence == "There is no room for it: you may have 2 more, and they stand above it."
    )


def test_without_any_room_the_limit_is_said_and_known_routes_go_on() -> None:
    room = Room(left=0, full=saying("You watch 1 of 1 routes. Remove one first."))
    found = plan(listed(row(target=400), row(build.route(adults=2), number=3)), [held()], room)
    assert found.changing
    assert found.refused[0].sentence == "There is no room for it. You watch 1 of 1 routes. Remove one first."


trips: st.SearchStrategy[Trip] = (
    st.just(UNDATED)
    | st.just(RollingDates(depart_in_days=9))
    | st.builds(
        lambda days, nights: FixedDates(
            TODAY + timedelta(days=days), None if nights is None else TODAY + timedelta(days=days + nights)
        ),
        st.integers(-30, 360),
        st.none() | st.integers(0, 300),
    )
)


@st.composite
def watched(draw: st.DrawFn) -> WatchRow:
    origin, destination = draw(st.permutations(PLACES))[:2]
    of = build.route(
        origin=origin,
        destination=destination,
        trip=draw(trips),
        currency=draw(st.sampled_from(("EUR", "INR", "JPY", "KWD"))),
        cabin=draw(st.sampled_from(Cabin)),
        adults=draw(st.integers(1, 9)),
        max_stops=draw(st.none() | st.integers(0, 3)),
    )
    target = draw(st.none() | st.integers(1, 10**8).map(lambda minor: Money(minor, of.currency)))
    rules = Rules(
        target=target,
        drop_percent=draw(st.none() | st.just(10)),
        new_low_days=30 if target is None else None,
    )
    return held(of, rules=rules, status=draw(st.sampled_from(WatchStatus)))


@given(st.lists(watched(), max_size=15))
@settings(deadline=None)
def test_an_export_imports_again_without_change(mine: list[WatchRow]) -> None:
    exported = export(mine, GAZETTEER, TODAY)
    found = plan(read(exported.content), mine, Room(left=0, full=saying("full")))
    assert found == Plan(same=found.same)
    assert len(found.same) == exported.routes
    assert exported.routes + exported.departed + exported.twins + exported.unsayable == len(mine)


@given(st.lists(watched(), max_size=15))
@settings(deadline=None)
def test_an_export_gives_another_member_the_same_routes_and_targets(mine: list[WatchRow]) -> None:
    added = plan(read(export(mine, GAZETTEER, TODAY).content), [], ROOM).adding
    theirs = {each.route.id: each.target for each in added}
    assert all(
        theirs[route_id] in targets for route_id, targets in targets_of(mine).items() if route_id in theirs
    )


def targets_of(rows: list[WatchRow]) -> dict[RouteId, list[Money | None]]:
    found: dict[RouteId, list[Money | None]] = {}
    for each in rows:
        found.setdefault(each.watch.route_id, []).append(each.watch.rules.target)
    return found


@pytest.mark.parametrize(
    ("one", "counted"),
    [
        (held(target=None, rules=Rules(new_low_days=30)), {"routes": 1, "untargeted": 1}),
        (held(rules=Rules(target=build.eur(9), drop_percent=10)), {"routes": 1, "ruled": 1}),
        (held(status=WatchStatus.PAUSED), {"routes": 1, "paused": 1}),
        (held(build.route(trip=UNDATED)), {"routes": 1, "undated": 1}),
        (held(build.route(trip=RollingDates(depart_in_days=9))), {"unsayable": 1}),
        (held(build.route(trip=FixedDates(date(2026, 11, 21)))), {"departed": 1}),
    ],
)
def test_what_a_file_cannot_say_is_counted(one: WatchRow, counted: dict[str, int]) -> None:
    exported = export([one], GAZETTEER, TODAY)
    counts = {name: getattr(exported, name) for name in exported.__struct_fields__ if name != "content"}
    assert {name: count for name, count in counts.items() if count} == counted


def test_a_route_told_in_two_places_stands_in_the_file_once() -> None:
    exported = export([held(), held(number=2, target=400)], GAZETTEER, TODAY)
    assert (exported.routes, exported.twins) == (1, 1)
    assert read(exported.content).routes[0].target == build.eur(420)


def test_no_id_of_anybody_stands_in_the_file() -> None:
    mine = held()
    text = export([mine], GAZETTEER, TODAY).content.decode()
    assert mine.watch.owner.id not in text
    assert mine.watch.tell[0].address not in text
