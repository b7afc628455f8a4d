"""A member's own routes as a list that `/route import` takes again without change."""

from collections.abc import Sequence
from datetime import date

import msgspec

from engine.clock import Clock
from engine.domain.route import RollingDates, RouteId
from engine.domain.watch import Owner, WatchStatus
from engine.gazetteer import Gazetteer
from engine.routelists.writing import HEADER, route_cells, write_csv
from engine.store.database import Store
from engine.store.watches import WatchRow


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """A CSV file of `routes` rows, and counts of what it cannot say or leaves out.

    In it: `untargeted` without a target, `undated` with dates that move with today, `paused`,
    `ruled` with rules besides a target. Left out: `departed`, `twins` (the same route told in
    another place, in it once already) and `unsayable` (dates, filters or amounts no row can say).
    """

    content: bytes
    routes: int
    untargeted: int
    undated: int
    paused: int
    ruled: int
    departed: int
    twins: int
    unsayable: int


class Exporting:
    """Writes the file."""

    def __init__(self, store: Store, gazetteer: Gazetteer, clock: Clock) -> None:
        self._store = store
        self._gazetteer = gazetteer
        self._clock = clock

    async def of_owner(self, owner: Owner) -> Exported:
        """All routes of an owner, the oldest first."""
        async with self._store.transaction() as tx:
            rows = await tx.watches.of_owner(owner)
        return export(rows, self._gazetteer, self._clock.now().date())


def export(rows: Sequence[WatchRow], gazetteer: Gazetteer, today: date) -> Exported:
    """The file for these watches, the oldest first. Pure."""
    cells: list[list[str]] = []
    written: dict[RouteId, WatchRow] = {}
    departed = twins = unsayable = 0
    for row in rows:
        route, target = row.route.route, row.watch.rules.target
        last = route.last_departure_on
        if row.watch.status is WatchStatus.EXPIRED or (last is not None and last < today):
            departed += 1
        elif row.watch.route_id in written:
            twins += 1
        elif made := route_cells(route, target, gazetteer):
            cells.append(made)
            written[row.watch.route_id] = row
        else:
            unsayable += 1
    watches = [row.watch for row in written.values()]
    return Exported(
        # With a mark in front, without which Excel takes UTF-8 for something else.
        content=write_csv([HEADER, *cells]).encode("utf-8-sig"),
        routes=len(cells),
        untargeted=sum(watch.rules.target is None for watch in watches),
        undated=sum(isinstance(row.route.route.trip, RollingDates) for row in written.values()),
        paused=sum(watch.status is WatchStatus.PAUSED for watch in watches),
        ruled=sum(_has_more(row) for row in written.values()),
        departed=departed,
        twins=twins,
        unsayable=unsayable,
    )


def _has_more(row: WatchRow) -> bool:
    """Whether it has rules that a row cannot say, beyond the new low that an empty target stands for."""
    rules = row.watch.rules
    more_than_target = rules.target is not None and rules.new_low_days is not None
    return more_than_target or rules.drop_percent is not None or rules.remind_every is not None
