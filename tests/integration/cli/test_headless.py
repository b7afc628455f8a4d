"""Headless runs against the pretend world: what is printed, told and looked at."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from engine.errors import RouteListFault
from sandbox.amadeus import SERVICE
from sandbox.faults import Fault
from sandbox.world import open_world
from tests.integration.cli.shell import Shell, open_shell

HEADER = "origin,destination,target"
Capture = pytest.CaptureFixture[str]


async def test_a_batch_prints_the_originals_lines(tmp_path: Path, capsys: Capture) -> None:
    async with open_shell(tmp_path) as (shell, world):
        world.market.pin("LON-TYO", Decimal("449.50"))
        world.market.pin("LON-PAR", Decimal(98))
        world.amadeus.faults.plan(Fault.SERVER_ERROR, times=None, when={"destinationLocationCode": "ROM"})
        rows = (HEADER, "LON,TYO,450", "LON,PAR,90", "LON,ROM,100")
        done = await shell.once(capsys, rows)
    first, second, *looks, last = done.lines
    assert (first, second) == (
        "[INFO] Starting Async Orchestrator...",
        "[INFO] Dispatched 3 tasks to Event Loop.",
    )
    paris, tokyo, rome = sorted(looks)
    assert paris == "[SUCCESS] Parsed PAR (Paris): €98"
    assert tokyo == "[SUCCESS] Parsed TYO (Tokyo): €449.50 [LOW FARE DETECTED]"
    assert rome.startswith("[WARNING] ROM (Rome): no answer from amadeus (")
    assert re.fullmatch(
        r"\[INFO\] Batch processing complete\. Time elapsed: \d\.\d seconds\. "
        r"2 parsed, 1 failed, 1 alerts\.",
        last,
    )
    assert "LON-TYO 449.50 EUR" in done.err
    assert done.code == 0


async def test_an_alert_is_texted_to_the_operator(tmp_path: Path, capsys: Capture) -> None:
    async with open_shell(tmp_path, TO_NUMBER="+4915112345678") as (shell, world):
        world.market.pin("LON-TYO", Decimal(450))
        await shell.once(capsys, (HEADER, "LON,TYO,450"))
        (text,) = world.twilio.messages
    assert "LON-TYO 450 EUR" in text.body


async def test_the_second_run_tells_nothing_twice(tmp_path: Path, capsys: Capture) -> None:
    async with open_shell(tmp_path) as (shell, world):
        world.market.pin("LON-TYO", Decimal(450))
        first = await shell.once(capsys, (HEADER, "LON,TYO,450"), as_json=True)
        second = await shell.once(capsys, (HEADER, "LON,TYO,450"), as_json=True)
    (batch,) = [json.loads(line) for line in first.lines]
    assert batch.pop("elapsed_s") < 10
    assert batch == {
        "dispatched": 1,
        "parsed": 1,
        "failed": 0,
        "alerts": 1,
        "routes": [
            {
                "route": "LON-TYO",
                "outcome": "quotes",
                "total": "450.00",
                "currency": "EUR",
                "source": "amadeus",
                "kind": "live",
                "alert": "TARGET",
                "reason": "ALERT",
            }
        ],
    }
    again = json.loads(second.out)
    assert (again["alerts"], again["routes"][0]["reason"]) == (0, "NO_CHANGE")
    assert second.err == ""


async def test_only_the_rows_of_the_list_are_looked_at(tmp_path: Path, capsys: Capture) -> None:
    async with open_shell(tmp_path) as (shell, world):
        await shell.once(capsys, (HEADER, "LON,TYO,1", "LON,PAR,1"))
        world.ledger.clear()
        done = await shell.once(capsys, (HEADER, "LON,ROM,1"), as_json=True)
        asked = [entry.query["destinationLocationCode"] for entry in world.ledger.of(SERVICE) if entry.query]
    assert [row["route"] for row in json.loads(done.out)["routes"]] == ["LON-ROM"]
    assert asked == ["ROM"]


async def test_without_a_list_every_watched_route_is_looked_at(tmp_path: Path, capsys: Capture) -> None:
    async with open_shell(tmp_path) as (shell, _):
        await shell.once(capsys, (HEADER, "LON,TYO,1", "LON,PAR,1"))
        done = await shell.once(capsys)
    assert "[INFO] Dispatched 2 tasks to Event Loop." in done.lines


async def test_once_fails_only_when_every_look_failed(tmp_path: Path, capsys: Capture) -> None:
    async with open_shell(tmp_path) as (shell, world):
        world.amadeus.faults.plan(Fault.SERVER_ERROR, times=None)
        done = await shell.once(capsys, (HEADER, "LON,TYO,1", "LON,PAR,1"))
    assert done.code == 1
    assert "0 parsed, 2 failed" in done.lines[-1]


async def test_without_routes_there_is_nothing_to_do_and_that_is_fine(
    tmp_path: Path, capsys: Capture
) -> None:
    done = await Shell(folder=tmp_path).once(capsys)
    assert done.code == 0
    assert "[INFO] Dispatched 0 tasks to Event Loop." in done.lines
    assert any("ROUTES_FILE" in event for event in done.logs)


async def test_the_unchanged_env_of_the_original_starts_and_says_what_is_missing(
    tmp_path: Path, capsys: Capture
) -> None:
    async with open_world(latency=(0.0, 0.05)) as world:
        address = world.tequila.base_url
        (tmp_path / ".env").write_text(
            f"TEQUILA_API_KEY=canary\nTEQUILA_ENDPOINT=[{address}]({address})\n"
            "TWILIO_SID=AC0123456789abcdef0123456789abcdef\nTWILIO_AUTH_TOKEN=canary\n"
            "FROM_NUMBER=+15005550006\nTO_NUMBER=+15005550009\n"
        )
        done = await Shell(folder=tmp_path).once(capsys, (HEADER, "LON,TYO,1"))
    (warning,) = [line for line in done.lines if line.startswith("[WARNING] TYO (Tokyo): tequila")]
    assert warning.endswith("(Tequila: key refused (by invitation only)); never seen")
    assert "canary" not in done.out + done.err + "".join(done.logs)
    assert done.code == 1


async def test_a_list_that_cannot_be_read_stops_the_run(tmp_path: Path, capsys: Capture) -> None:
    shell = Shell(folder=tmp_path, environ={"ROUTES_FILE": "none.csv"})
    with pytest.raises(RouteListFault, match=r"none\.csv: there is no such file"):
        await shell.once(capsys)


async def test_fifty_routes_are_one_batch(tmp_path: Path, capsys: Capture) -> None:
    async with open_shell(tmp_path, AMADEUS_RATE="1000/1s") as (shell, world):
        rows = [f"{pair.replace('-', ',')},1" for pair in world.market.pairs]
        done = await shell.once(capsys, (HEADER, *rows))
    assert "[INFO] Dispatched 50 tasks to Event Loop." in done.lines
    assert "50 parsed, 0 failed, 0 alerts." in done.lines[-1]


async def test_a_run_without_anything_says_what_to_do(tmp_path: Path, capsys: Capture) -> None:
    done = await Shell(folder=tmp_path).once(capsys)
    assert [event.split(":")[0] for event in done.logs] == [
        "no fare source is set up",
        "no routes to look at",
    ]
    assert "`fare-engine doctor` says how to get one" in done.logs[0]
