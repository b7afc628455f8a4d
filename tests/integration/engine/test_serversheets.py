"""A server's linked sheet: what a reading changes, and what never does."""

import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from engine.actions.room import Limits
from engine.actions.serversheets import ServerSheets
from engine.domain.news import SheetTrouble
from engine.domain.server import Server, server_itself
from engine.domain.watch import Watch, WatchId, WatchStatus
from engine.errors import InvalidInput, RouteListFault
from engine.gazetteer import Gazetteer
from engine.routelists.ports import ListRefused
from engine.routelists.rows import RowReader
from tests.support import build
from tests.support.clock import START
from tests.support.lists import Paper
from tests.support.rig import Rig, fares, open_rig

SERVER, CHANNEL = "5001", "9001"
HEADER = "origin,destination,depart,return,target,currency"
PARIS = "LON,PAR,2027-03-10,2027-03-24,90,EUR"
TOKYO = "LON,TYO,2027-03-10,2027-03-24,420,EUR"
FAULT = RouteListFault("no answer within 30 s")


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@dataclass
class Office:
    """A server, its sheet on paper, and who keeps them in step."""

    rig: Rig
    paper: Paper
    sheets: ServerSheets

    async def link(self) -> None:
        await self.sheets.link(SERVER, "https://docs.google.com/spreadsheets/d/0123456789", CHANNEL)

    async def again(self, *rows: str, minutes: float = 5) -> None:
        """Five minutes later it is read again, changed to these rows where there are any."""
        if rows:
            self.paper.fill(HEADER, *rows)
        await self.rig.clock.advance(minutes * 60)
        await self.sheets.read_all()

    async def watches(self) -> dict[str, Watch]:
        async with self.rig.store.transaction() as tx:
            rows = await tx.watches.of_owner(server_itself(SERVER))
        return {row.route.route.destination.code: row.watch for row in rows}

    async def active(self) -> set[str]:
        found = await self.watches()
        return {code for code, watch in found.items() if watch.status is WatchStatus.ACTIVE}

    async def news(self) -> list[SheetTrouble]:
        return [each.news for each in await self.rig.outbox() if isinstance(each.news, SheetTrouble)]

    async def server(self, **changes: object) -> Server:
        async with self.rig.store.transaction() as tx:
            server = msgspec.structs.replace(await tx.servers.of(SERVER), **changes)
            await tx.servers.save(server)
        return server


@pytest.fixture
async def office(tmp_path: Path, gazetteer: Gazetteer) -> AsyncIterator[Office]:
    numbers = itertools.count()

    async with open_rig(tmp_path, fares(450)) as rig:
        paper = Paper(most_writes=0)
        paper.fill(HEADER, PARIS, TOKYO)
        sheets = ServerSheets(
            rig.store,
            clock=rig.clock,
            linked=lambda _: paper,
            reader=lambda currency: RowReader(
                gazetteer, home_origin=None, home_currency=currency or "EUR", today=START.date()
            ),
            limits=Limits(),
            new_id=lambda: WatchId(f"s{next(numbers)}"),
            changed=lambda: None,
        )
        office = Office(rig, paper, sheets)
        await office.server(admin_channel_id="9009")
        yield office


async def test_linking_makes_its_rows_the_servers_own_routes(office: Office) -> None:
    await office.link()

    found = await office.watches()
    assert set(found) == {"PAR", "TYO"}
    assert {watch.tell[0].lane for watch in found.values()} == {f"channel:{CHANNEL}"}
    assert {watch.owner for watch in found.values()} == {server_itself(SERVER)}


async def test_rows_come_change_and_rest_after_two_readings_that_lack_them(office: Office) -> None:
    await office.link()

    await office.again(TOKYO.replace("420", "400"), "LON,ROM,2027-03-10,,80,EUR")
    once = await office.active()
    await office.again()

    assert once == {"PAR", "TYO", "ROM"}
    assert await office.active() == {"TYO", "ROM"}
    target = (await office.watches())["TYO"].rules.target
    assert target is not None
    assert target.plain() == "400"


@pytest.mark.parametrize("trouble", [FAULT, ((),), ((HEADER,),), (("<html>",),)])
async def test_an_empty_html_or_failing_reading_never_removes_anything(
    office: Office, trouble: object
) -> None:
    await office.link()
    office.paper.grid = trouble  # type: ignore[assignment]

    for _ in range(5):
        await office.again()

    assert await office.active() == {"PAR", "TYO"}


async def test_routes_that_managers_made_by_hand_are_left_alone(office: Office) -> None:
    own = build.watch(id=WatchId("hand"), owner=server_itself(SERVER), of=build.route())
    await office.rig.watch(own, of=build.route())
    same_as_by_hand = "LON,TYO,2027-03-10,2027-03-24,1,EUR"
    office.paper.fill(HEADER, PARIS, same_as_by_hand)

    await office.link()
    await office.again(PARIS)
    await office.again()

    found = await office.watches()
    assert set(found) == {"PAR", "TYO"}
    assert found["TYO"] == own


async def test_what_a_manager_paused_is_not_resumed_by_the_sheet(office: Office) -> None:
    await office.link()
    paris = (await office.watches())["PAR"]
    async with office.rig.store.transaction() as tx:
        await tx.watches.update(msgspec.structs.replace(paris, status=WatchStatus.PAUSED, paused_why="owner"))

    await office.again()

    assert await office.active() == {"TYO"}


async def test_faults_are_told_once_in_the_channel_for_news(office: Office) -> None:
    await office.link()

    await office.again(PARIS, TOKYO, "LON,NOWHERE,2027-03-10,,1,EUR")
    await office.again()

    (news,) = await office.news()
    assert len(news.faults) == 1
    assert str(news.faults[0]).startswith("row 4, destination")
    assert await office.active() == {"PAR", "TYO"}


async def test_a_sheet_that_stays_unreadable_is_told_once_also_by_the_next_process(office: Office) -> None:
    """What was told stands in the store, and nowhere else."""
    await office.link()
    office.paper.grid = FAULT

    for _ in range(20):
        await office.again()
    office.paper.fill(HEADER, PARIS, TOKYO)
    await office.again()
    await office.again()

    assert await office.news() == [SheetTrouble(unread=FAULT.saying), SheetTrouble()]


async def test_where_nobody_chose_a_channel_for_news_nothing_is_told_and_the_standing_says_it(
    office: Office,
) -> None:
    await office.server(admin_channel_id=None)
    await office.link()
    office.paper.grid = FAULT

    for _ in range(20):
        await office.again()

    assert await office.news() == []
    standing = await office.sheets.standing(SERVER)
    assert standing is not None
    assert (standing.sheet.why, standing.routes) == (FAULT.saying, 2)


async def test_a_service_that_asks_to_wait_is_left_alone_until_then(office: Office) -> None:
    await office.link()
    hour = office.rig.clock.now().replace(hour=12)
    office.paper.grid = ListRefused("wait", retry_at=hour)
    await office.again()
    readings = office.paper.readings

    await office.again()
    await office.again()

    assert office.paper.readings == readings


async def test_a_sheet_without_a_good_row_is_not_linked(office: Office) -> None:
    office.paper.fill(HEADER, "LON,NOWHERE,2027-03-10,,1,EUR")

    with pytest.raises(InvalidInput, match="I find no route in this sheet"):
        await office.link()

    assert await office.sheets.standing(SERVER) is None


async def test_there_is_room_for_as_many_rows_as_the_server_may_have(office: Office) -> None:
    office.sheets._limits = Limits(per_server=1)

    linked = await office.sheets.link(SERVER, "a link", CHANNEL)

    assert await office.active() == {"PAR"}
    assert [str(fault) for fault in linked.faults] == [
        "row 3: There is no room for it. This server watches 0 routes, as many as it may."
    ]


async def test_unlinked_its_routes_stay_or_go(office: Office) -> None:
    await office.link()
    assert await office.sheets.unlink(SERVER, remove=False) == 2
    office.paper.fill(HEADER, PARIS)
    await office.again()
    assert await office.active() == {"PAR", "TYO"}

    office.paper.fill(HEADER, "LON,ROM,2027-03-10,,80,EUR")
    await office.link()
    assert await office.sheets.unlink(SERVER, remove=True) == 1
    assert set(await office.watches()) == {"PAR", "TYO"}


async def test_another_sheet_is_linked_only_after_the_first_is_not(office: Office) -> None:
    await office.link()
    office.paper.name = "another"

    with pytest.raises(InvalidInput, match="Unlink that one first"):
        await office.link()


async def test_a_server_without_the_bot_is_not_read_for(office: Office) -> None:
    await office.link()
    await office.server(left_at=office.rig.clock.now())
    readings = office.paper.readings

    await office.again()

    assert office.paper.readings == readings
