"""A route list kept in memory, and the parts that keep a store in step with it."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from engine.actions.listkeeper import ListKeeper
from engine.actions.routelists import ListedRoutes
from engine.clock import Clock
from engine.domain.watch import Destination, DestinationKind, WatchId
from engine.errors import RouteListFault
from engine.gazetteer import Gazetteer
from engine.routelists.ports import CellChange, Grid, ListSource
from engine.routelists.rows import RowReader
from engine.store.database import Store

CONSOLE = Destination(DestinationKind.CONSOLE, "-")


@dataclass
class Paper:
    """A ListSource whose cells a test writes by hand; an exception in their place is raised."""

    grid: Grid | RouteListFault = ()
    name: str = "paper"
    label: str = "paper"
    refresh_every: timedelta = timedelta(minutes=5)
    local: bool = False
    most_writes: int | None = None
    readings: int = 0
    written: list[CellChange] = field(default_factory=list)
    refuses: RouteListFault | None = None

    def fill(self, *rows: str) -> None:
        """Put rows in, each split at commas."""
        self.grid = tuple(tuple(row.split(",")) for row in rows)

    async def read(self) -> Grid:
        self.readings += 1
        if isinstance(self.grid, RouteListFault):
            raise self.grid
        return self.grid

    async def write(self, changes: Sequence[CellChange]) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.written.extend(changes)


@dataclass
class Desk:
    """A keeper, and what it reported."""

    keeper: ListKeeper
    reported: list[str]


def desk(store: Store, clock: Clock, gazetteer: Gazetteer, source: ListSource, ids: str = "w") -> Desk:
    """A keeper of that list, joined as assembly joins it; `ids` begins the ids of its watches."""
    numbers = itertools.count()
    listed = ListedRoutes(
        store,
        clock=clock,
        tell=(CONSOLE,),
        sms_unconfirmed=False,
        new_id=lambda: WatchId(f"{ids}{next(numbers)}"),
        poke=lambda: None,
    )
    reported: list[str] = []
    keeper = ListKeeper(
        source,
        listed,
        store,
        clock=clock,
        gazetteer=gazetteer,
        reader=lambda: RowReader(gazetteer, home_origin="LON", home_currency="EUR", today=clock.now().date()),
        report=reported.append,
    )
    return Desk(keeper=keeper, reported=reported)
