"""A list read again and again: what it changes in the store, what never does, and what is written back."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from engine.actions.routelists import owner_of
from engine.domain.watch import WatchStatus
from engine.errors import RouteListFault
from engine.gazetteer import Gazetteer
from engine.routelists.ports import ListRefused
from engine.store.watches import WatchRow
from tests.support.clock import START, settle
from tests.support.lists import Desk, Paper, desk
from tests.support.rig import Rig, fares, open_rig

HEADER = "city,iataCode,lowestPrice"
FAULT = RouteListFault("no answer within 30 s")


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@dataclass
class Office:
    rig: Rig
    paper: Paper
    gazetteer: Gazetteer

    def open(self, ids: str = "w") -> Desk:
        return desk(self.rig.store, self.rig.clock, self.gazetteer, self.paper, ids)

    async def rows(self) -> dict[str, WatchRow]:
        async with self.rig.store.transaction() as tx:
            rows = await tx.watches.of_owner(owner_of("paper"))
        return {row.route.route.destination.code: row for row in rows}

    async def active(self) -> set[str]:
        rows = await self.rows()
        return {code for code, row in rows.items() if row.watch.status is WatchStatus.ACTIVE}


@pytest.fixture
async def office(tmp_path: Path, gazetteer: Gazetteer) -> AsyncIterator[Office]:
    async with open_rig(tmp_path, fares(450)) as rig:
        paper = Paper()
        paper.fill(HEADER, "Paris,PAR,54", "Tokyo,TYO,485")
        yield Office(rig, paper, gazetteer)


async def test_rows_come_change_and_go_while_it_runs(office: Office) -> None:
    kept = office.open().keeper
    await kept.begin()
    office.paper.fill(HEADER, "Tokyo,TYO,400", "Rome,ROM,90")
    running = asyncio.create_task(kept.run())
    for expected in ({"PAR", "TYO", "ROM"}, {"TYO", "ROM"}):
        await office.rig.clock.until_asleep()
        await office.rig.clock.advance(300)
        await office.rig.clock.until_asleep()
        assert await office.active() == expected
    rows = await office.rows()
    assert rows["TYO"].watch.rules.target is not None
    assert rows["TYO"].watch.rules.target.plain() == "400"
    assert set(rows) == {"PAR", "TYO", "ROM"}
    running.cancel()
    await asyncio.wait((running,))


@pytest.mark.parametrize(
    "broken", [FAULT, (), ((),), (("city", "iataCode"),), (("<html>",),), (("iataCode",), ("XQX",))]
)
async def test_a_bad_reading_removes_nothing_however_often_it_comes(
    office: Office, broken: RouteListFault | tuple[tuple[str, ...], ...]
) -> None:
    kept = office.open().keeper
    await kept.begin()
    office.paper.grid = broken
    for _ in range(3):
        await kept.refresh()
    assert await office.active() == {"PAR", "TYO"}


async def test_a_bad_reading_between_two_good_ones_counts_as_neither(office: Office) -> None:
    kept = office.open().keeper
    await kept.begin()
    lacking = ((HEADER, "Tokyo,TYO,485"), None, (HEADER, "Tokyo,TYO,485"))
    seen = []
    for reading in lacking:
        if reading is None:
            office.paper.grid = FAULT
        else:
            office.paper.fill(*reading)
        await kept.refresh()
        seen.append("PAR" in await office.active())
    assert seen == [True, True, False]


async def test_a_list_that_costs_nothing_is_read_twice_at_once(office: Office) -> None:
    office.paper.local = True
    kept = office.open().keeper
    await kept.begin()
    office.paper.fill(HEADER, "Tokyo,TYO,485")
    await kept.refresh()
    assert await office.active() == {"TYO"}


async def test_the_last_good_copy_stands_in_at_a_start_without_network(office: Office) -> None:
    office.paper.fill(HEADER, "Paris,PAR,54", "Nowhere,XQX,1")
    await office.open().keeper.begin()
    office.paper.grid = FAULT
    later = office.open("later")
    with capture_logs() as logs:
        await later.keeper.begin()
    assert await office.active() == {"PAR"}
    assert [log["event"] for log in logs] == [
        "the route list cannot be read; nothing of it changes",
        "using the last good copy of the route list",
    ]
    assert [line[:26] for line in later.reported] == ["paper, row 3, destination:"]


async def test_without_a_last_good_copy_a_list_that_fails_stops_the_start(office: Office) -> None:
    office.paper.grid = FAULT
    with pytest.raises(RouteListFault, match="no answer within 30 s"):
        await office.open().keeper.begin()


async def test_who_asks_to_be_left_alone_is_left_alone_after_a_restart_too(office: Office) -> None:
    await office.open().keeper.begin()
    office.paper.grid = ListRefused("used up", retry_at=START + timedelta(hours=24))
    await office.open().keeper.refresh()
    asked = office.paper.readings
    await office.open("later").keeper.begin()
    assert office.paper.readings == asked
    await office.rig.clock.advance(24 * 3600)
    office.paper.fill(HEADER, "Rome,ROM,90")
    await office.open("later").keeper.begin()
    assert "ROM" in await office.active()


async def test_while_it_runs_a_refused_list_is_asked_again_when_the_wait_is_over(office: Office) -> None:
    kept = office.open().keeper
    await kept.begin()
    office.paper.grid = ListRefused("used up", retry_at=START + timedelta(hours=24))
    running = asyncio.create_task(kept.run())
    for seconds in (300, 3600):
        await office.rig.clock.until_asleep()
        await office.rig.clock.advance(seconds)
    assert office.paper.readings == 2
    office.paper.fill(HEADER, "Rome,ROM,90")
    await office.rig.clock.until_asleep()
    await office.rig.clock.advance(23 * 3600)
    await office.rig.clock.until_asleep()
    assert office.paper.readings == 3
    running.cancel()
    await asyncio.wait((running,))


async def test_a_row_at_fault_is_told_once_and_again_after_it_was_mended(office: Office) -> None:
    here = office.open()
    for price in ("cheap", "cheap", "54", "cheap"):
        office.paper.fill(HEADER, f"Paris,PAR,{price}", "Tokyo,TYO,485")
        await here.keeper.refresh()
    assert len(here.reported) == 2
    assert here.reported[0].startswith("paper, row 2, target: ")


async def test_what_keeps_a_list_from_being_read_is_logged_at_its_edges(office: Office) -> None:
    kept = office.open().keeper
    good = office.paper.grid
    with capture_logs() as logs:
        for grid in (good, FAULT, FAULT, FAULT, good):
            office.paper.grid = grid
            await kept.refresh(first=True)
    assert [log["event"] for log in logs] == [
        "the route list cannot be read; nothing of it changes",
        "the route list can be read again",
    ]


async def test_fares_are_written_into_the_columns_there_are(office: Office) -> None:
    office.paper.fill("city,iataCode,Latest Fare,Seen At,lowestFare", "Tokyo,TYO", "Paris,PAR")
    kept = office.open().keeper
    await kept.begin()
    await office.rig.looker.look((await office.rows())["TYO"].route.route.id)
    await kept.write_back()
    assert [(change.row, change.title, change.value) for change in office.paper.written] == [
        (2, "Latest Fare", Decimal(450)),
        (2, "lowestFare", Decimal(450)),
        (2, "Seen At", "2026-11-22 09:00 UTC"),
    ]


async def test_what_stands_there_already_is_not_written_again(office: Office) -> None:
    office.paper.fill("iataCode,latest_fare,lowest_fare,seen_at", "TYO,450,450,2026-11-22 09:00 UTC")
    kept = office.open().keeper
    await kept.begin()
    await office.rig.looker.look((await office.rows())["TYO"].route.route.id)
    await kept.write_back()
    assert office.paper.written == []


async def test_a_missing_code_is_written_beside_its_city(office: Office) -> None:
    office.paper.fill(HEADER, "Paris,,54", "Bangkok,,300", "Tokyo,TYO,485")
    kept = office.open().keeper
    await kept.begin()
    await kept.write_back()
    assert [(change.row, change.column, change.value) for change in office.paper.written] == [
        (2, 1, "PAR"),
        (3, 1, "city:BKK"),
    ]
    before = await office.rows()
    office.paper.fill(HEADER, "Paris,PAR,54", "Bangkok,city:BKK,300", "Tokyo,TYO,485")
    await kept.refresh()
    assert await office.rows() == before


async def test_with_few_writes_left_codes_come_before_fares_and_seen_alone_is_not_worth_one(
    office: Office,
) -> None:
    office.paper.most_writes = 1
    office.paper.fill("city,iataCode,latestFare,seenAt", "Tokyo,TYO,,", "Paris,,,")
    kept = office.open().keeper
    await kept.begin()
    await office.rig.looker.look((await office.rows())["TYO"].route.route.id)
    await kept.write_back()
    assert [change.row for change in office.paper.written] == [3]
    office.paper.written.clear()
    office.paper.fill("city,iataCode,latestFare,seenAt", "Tokyo,TYO,450,long ago", "Paris,PAR,,")
    await kept.refresh()
    await kept.write_back()
    assert office.paper.written == []


async def test_a_list_that_cannot_be_written_is_logged_once_and_still_read(office: Office) -> None:
    office.paper.refuses = RouteListFault("the sheet is not shared")
    office.paper.fill(HEADER, "Paris,,54")
    kept = office.open().keeper
    await kept.begin()
    with capture_logs() as logs:
        for _ in range(3):
            await kept.write_back()
    assert [log["event"] for log in logs] == ["fares cannot be written back into the route list"]
    assert await office.active() == {"PAR"}


async def test_a_list_that_could_not_be_read_is_not_written_either(office: Office) -> None:
    office.paper.fill(HEADER, "Paris,,54")
    kept = office.open().keeper
    await kept.begin()
    office.paper.grid = FAULT
    await kept.refresh()
    await kept.write_back()
    await settle()
    assert office.paper.written == []
