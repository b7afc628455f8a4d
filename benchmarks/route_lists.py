"""A thousand rows of a list taken into a store on disk: read, held against what is watched, written.

Half of the rows have a code and half a city that has to be found. Measured from the cells of a sheet, as
they come from whichever service, to the commit.
"""

import itertools
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.rows import Row, at_most, for_comparison
from engine.actions.listkeeper import ListKeeper
from engine.actions.routelists import ListedRoutes
from engine.clock import SystemClock
from engine.domain.watch import Destination, DestinationKind, WatchId
from engine.gazetteer import Gazetteer
from engine.placenames import load_airports
from engine.routelists.csv_file import CsvFile
from engine.routelists.rows import RowReader
from engine.store.database import Store

_ROWS: Final = 1_000
_GOAL_S: Final = 2.0
_TITLES: Final = "city,iataCode,lowestPrice"


async def run() -> list[Row]:
    """Import a thousand rows, then the same list again with every target changed."""
    clock = SystemClock()
    gazetteer = Gazetteer.load()
    at_home = gazetteer.airports_of("LON")
    codes = [code for code in sorted(load_airports()) if code not in at_home]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "routes.csv"
        async with Store.open(f"sqlite:///{folder}/fares.db", clock) as store:
            keeper = _keeper(store, clock, gazetteer, CsvFile(file))
            rows = _rows(codes, gazetteer)
            file.write_text("\n".join((_TITLES, *(f"{row},{100 + n}" for n, row in enumerate(rows)))))
            first = await _timed(keeper)
            file.write_text("\n".join((_TITLES, *(f"{row},{200 + n}" for n, row in enumerate(rows)))))
            again = await _timed(keeper)
            async with store.transaction() as tx:
                watched = len(await tx.routes.watched())
    if watched != _ROWS:
        raise RuntimeError(f"{watched} of {_ROWS} rows were taken over")
    return [
        at_most("import_1000_rows", first, "s", _GOAL_S),
        for_comparison("change_1000_targets", again, "s"),
    ]


async def _timed(keeper: ListKeeper) -> float:
    begun = time.perf_counter()
    fault = await keeper.refresh()
    if fault is not None:
        raise fault
    return time.perf_counter() - begun


def _rows(codes: list[str], gazetteer: Gazetteer) -> list[str]:
    """`city,code` of a thousand different places, every other one without its code."""
    rows: dict[str, str] = {}
    for code in codes:
        city = gazetteer.city(code)
        place = gazetteer.resolve_city(city)
        if len(rows) % 2 and place is not None and place.code not in rows and "," not in city:
            rows[place.code] = f"{city},"
        elif code not in rows:
            rows[code] = f",{code}"
        if len(rows) == _ROWS:
            break
    return list(rows.values())


def _keeper(store: Store, clock: SystemClock, gazetteer: Gazetteer, source: CsvFile) -> ListKeeper:
    numbers = itertools.count()
    listed = ListedRoutes(
        store,
        clock=clock,
        tell=(Destination(DestinationKind.CONSOLE, "-"),),
        sms_unconfirmed=False,
        new_id=lambda: WatchId(f"w{next(numbers)}"),
        poke=lambda: None,
    )
    today = clock.now().date()
    return ListKeeper(
        source,
        listed,
        store,
        clock=clock,
        gazetteer=gazetteer,
        reader=lambda: RowReader(gazetteer, home_origin="LON", home_currency="EUR", today=today),
        report=lambda _: None,
    )
