"""Headless runs whose routes stand in a pretend Google sheet or behind a pretend Sheety."""

import asyncio
import json
from decimal import Decimal
from pathlib import Path

import pytest

from engine.errors import RouteListFault
from sandbox.faults import Fault
from sandbox.sheets import API_KEY, SHEET_ID
from sandbox.world import World
from tests.integration.cli.shell import Done, Shell, open_shell

Capture = pytest.CaptureFixture[str]


def looked_at(done: Done) -> list[str]:
    return sorted(row["route"] for row in json.loads(done.out)["routes"])


def google(shell: Shell, world: World, **more: str) -> Shell:
    return Shell(
        folder=shell.folder,
        environ={
            **shell.environ,
            "HOME_ORIGIN": "LON",
            "GOOGLE_SHEET_ID": SHEET_ID,
            "GOOGLE_SHEETS_BASE_URL": world.sheets.base_url,
            **more,
        },
    )


def sheety(shell: Shell, world: World) -> Shell:
    endpoint = {"HOME_ORIGIN": "LON", "SHEETY_PRICES_ENDPOINT": world.sheety.endpoint}
    return Shell(folder=shell.folder, environ={**shell.environ, **endpoint})


@pytest.mark.parametrize("more", [{}, {"GOOGLE_API_KEY": API_KEY}])
async def test_a_google_sheet_gives_the_routes(tmp_path: Path, capsys: Capture, more: dict[str, str]) -> None:
    async with open_shell(tmp_path) as (shell, world):
        done = await google(shell, world, **more).once(capsys, as_json=True)
    assert looked_at(done) == ["LON-BER", "LON-PAR", "LON-SYD", "LON-TYO"]
    assert done.code == 0


async def test_sheety_gives_the_routes_and_gets_two_fares_back(tmp_path: Path, capsys: Capture) -> None:
    async with open_shell(tmp_path) as (shell, world):
        world.market.pin("LON-PAR", Decimal(98))
        done = await sheety(shell, world).once(capsys, as_json=True)
        rows = world.sheety.sheet.rows()
        methods = [entry.method for entry in world.ledger.of("sheety")]
    assert len(looked_at(done)) == 4
    assert methods == ["GET", "PUT", "PUT"]
    assert rows[1][3:5] == ["98", "98"]


async def test_a_file_stands_above_a_sheet_and_a_sheet_above_sheety(tmp_path: Path, capsys: Capture) -> None:
    async with open_shell(tmp_path) as (shell, world):
        both = google(shell, world, SHEETY_PRICES_ENDPOINT=world.sheety.endpoint)
        from_file = await both.once(capsys, ("destination", "ROM"), as_json=True)
        from_sheet = await both.once(capsys, as_json=True)
        asked = world.ledger.of("sheety")
    assert looked_at(from_file) == ["LON-ROM"]
    assert len(looked_at(from_sheet)) == 4
    assert asked == []


async def test_the_service_account_gets_latest_lowest_and_when_into_the_sheet(
    tmp_path: Path, capsys: Capture
) -> None:
    async with open_shell(tmp_path) as (shell, world):
        key = tmp_path / "account.json"
        await asyncio.to_thread(lambda: key.write_text(world.sheets.key_file()))
        world.market.pin("LON-PAR", Decimal("98.50"))
        with_key = google(shell, world, GOOGLE_SERVICE_ACCOUNT_FILE=str(key))
        await with_key.once(capsys)
        world.market.pin("LON-PAR", Decimal(120))
        await with_key.once(capsys)
        paris = world.sheets.sheet.rows()[1]
    assert paris[:5] == ["Paris", "PAR", "54", "120", "98.5"]
    assert paris[5].endswith(" UTC")


async def test_faults_stand_by_row_and_column_and_the_others_go_on(tmp_path: Path, capsys: Capture) -> None:
    async with open_shell(tmp_path) as (shell, world):
        world.sheets.sheet.fill(("iataCode,lowestPrice", "PAR,cheap", "TYO,485", "ROM,₹45000"))
        done = await google(shell, world, GOOGLE_API_KEY=API_KEY).once(capsys, as_json=True)
    assert looked_at(done) == ["LON-TYO"]
    assert "sheet, row 2, target: " in done.err
    assert "sheet, row 4, target: " in done.err


@pytest.mark.parametrize("fault", [Fault.HTML, Fault.EMPTY, Fault.RATE_LIMIT, Fault.SERVER_ERROR])
async def test_a_bad_reading_leaves_the_last_good_list_in_force(
    tmp_path: Path, capsys: Capture, fault: Fault
) -> None:
    async with open_shell(tmp_path) as (shell, world):
        from_sheet = google(shell, world, GOOGLE_API_KEY=API_KEY)
        await from_sheet.once(capsys)
        world.sheets.faults.plan(fault, times=None)
        done = await from_sheet.once(capsys, as_json=True)
    assert len(looked_at(done)) == 4
    assert "using the last good copy of the route list" in done.logs


async def test_used_up_requests_are_not_asked_for_again_by_the_next_run(
    tmp_path: Path, capsys: Capture
) -> None:
    async with open_shell(tmp_path) as (shell, world):
        await sheety(shell, world).once(capsys)
        world.sheety.faults.plan(Fault.QUOTA, times=None)
        world.ledger.clear()
        for _ in range(3):
            done = await sheety(shell, world).once(capsys, as_json=True)
            assert len(looked_at(done)) == 4
        asked = world.ledger.of("sheety")
    assert len(asked) == 1


async def test_a_row_that_is_gone_is_paused_by_the_second_run(tmp_path: Path, capsys: Capture) -> None:
    async with open_shell(tmp_path) as (shell, world):
        from_sheet = google(shell, world, GOOGLE_API_KEY=API_KEY)
        await from_sheet.once(capsys)
        world.sheets.sheet.fill(("iataCode,lowestPrice", "PAR,54", "TYO,485"))
        counts = [len(looked_at(await from_sheet.once(capsys, as_json=True))) for _ in range(2)]
    assert counts == [4, 2]


async def test_a_sheet_that_never_could_be_read_stops_the_run_with_the_reason(
    tmp_path: Path, capsys: Capture
) -> None:
    async with open_shell(tmp_path) as (shell, world):
        world.sheets.open_to_all = False
        with pytest.raises(RouteListFault, match="sheet is private"):
            await google(shell, world).once(capsys)


async def test_routes_sheety_reads_sheety_though_a_sheet_and_a_file_are_set(tmp_path: Path) -> None:
    async with open_shell(tmp_path) as (shell, world):
        both = google(shell, world, SHEETY_PRICES_ENDPOINT=world.sheety.endpoint, ROUTES_FILE="none.csv")
        done = await both.run("run", "--once", "--json", "--routes", "sheety")
        (asked, *_) = world.ledger.of("sheety")
        unasked = world.ledger.of("sheets")
    assert done.code == 0
    assert len(looked_at(done)) == 4
    assert (asked.method, unasked) == ("GET", [])
