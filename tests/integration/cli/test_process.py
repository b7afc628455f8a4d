"""The command line as a process: exit codes, signals, pipes and terminals."""

import asyncio
import json
import os
import pty
import signal
from pathlib import Path

import pytest

from tests.integration.cli.shell import Shell, open_shell
from tests.support import doors

HEADER = "origin,destination,target"


async def test_a_list_is_looked_at_once_and_its_faults_stand_on_standard_error(tmp_path: Path) -> None:
    async with open_shell(tmp_path) as (shell, _):
        done = await shell.run("run", "--once", "--routes", shell.csv((HEADER, "LON,TYO,1", "LON,XQX,100")))
    assert done.code == 0
    assert done.lines[0] == "[INFO] Starting Async Orchestrator..."
    assert all(line.startswith("[") for line in done.lines)
    assert "routes.csv, row 3, destination: " in done.err
    assert (tmp_path / "data" / "fares.db").exists()


async def test_wrong_settings_are_all_listed_with_code_2(tmp_path: Path) -> None:
    shell = Shell(folder=tmp_path, environ={"CHECK_INTERVAL": "canary", "TWILIO_AUTH_TOKEN": "canary"})
    done = await shell.run("run", "--once")
    assert (done.code, done.out) == (2, "")
    assert [line.split(":")[0].strip() for line in done.err.splitlines()] == [
        "The settings cannot be used",
        "TWILIO_SID",
        "FROM_NUMBER",
        "CHECK_INTERVAL",
    ]
    assert "canary" not in done.err


async def test_a_database_that_cannot_be_opened_ends_with_code_3(tmp_path: Path) -> None:
    (tmp_path / "fares.db").write_text("this is no database, but a text of some length" * 50)
    shell = Shell(folder=tmp_path, environ={"DATABASE_URL": "sqlite:///fares.db"})
    done = await shell.run("run", "--once")
    assert done.code == 3
    assert "The database cannot be used" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_run_goes_on_until_it_is_told_to_stop(tmp_path: Path, number: signal.Signals) -> None:
    async with open_shell(tmp_path) as (shell, _):
        routes = shell.csv((HEADER, "LON,TYO,1"))
        process = await shell.start("run", "--every", "1s", "--json", "--routes", routes)
        assert process.stdout is not None
        async with asyncio.timeout(30):
            batches = [json.loads(await process.stdout.readline()) for _ in range(2)]
            process.send_signal(number)
            _, err = await process.communicate()
    assert [batch["dispatched"] for batch in batches] == [1, 1]
    assert process.returncode == 0
    assert b"Traceback" not in err


async def test_a_run_hears_twilio(tmp_path: Path) -> None:
    async with open_shell(tmp_path, **doors.ENVIRON) as (shell, _):
        process = await shell.start("run", "--every", "1s", "--routes", shell.csv((HEADER, "LON,TYO,1")))
        assert await doors.knocks(await doors.port_of(process)) == [204, 403, 403]
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            await process.communicate()
    assert process.returncode == 0


async def test_a_reader_that_goes_away_ends_the_run(tmp_path: Path) -> None:
    async with open_shell(tmp_path) as (shell, _):
        reading, writing = os.pipe()
        os.close(reading)
        process = await shell.start("run", "--every", "1s", stdout=writing)
        os.close(writing)
        async with asyncio.timeout(30):
            _, err = await process.communicate()
    assert process.returncode == 0
    assert b"Traceback" not in err
    assert b"Exception ignored" not in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
async def test_a_full_disk_behind_standard_output_is_said_and_no_success(tmp_path: Path) -> None:
    async with open_shell(tmp_path) as (shell, _):
        routes = shell.csv((HEADER, "LON,TYO,1"))
        full = os.open("/dev/full", os.O_WRONLY)
        process = await shell.start("run", "--once", "--json", "--routes", routes, stdout=full)
        os.close(full)
        _, err = await process.communicate()
    assert process.returncode == 1
    assert err.decode() == "Standard output cannot be written (No space left on device).\n"


async def test_a_bar_stands_on_the_terminal_and_not_among_the_lines(tmp_path: Path) -> None:
    async with open_shell(tmp_path, TERM="xterm") as (shell, _):
        ours, theirs = pty.openpty()
        routes = shell.csv((HEADER, "LON,TYO,1", "LON,PAR,1"))
        process = await shell.start("run", "--once", "--routes", routes, stderr=theirs)
        os.close(theirs)
        async with asyncio.timeout(30):
            out, _ = await process.communicate()
        shown = os.read(ours, 1 << 20).decode(errors="replace")
        os.close(ours)
    assert "Looking" in shown
    assert all(line.startswith("[") for line in out.decode().splitlines())
