"""The checks together: side by side, within a deadline, and never with a secret in them."""

import asyncio
import json
import os
from pathlib import Path

import msgspec

from engine.doctor.findings import Area, Report
from engine.store.database import Store
from sandbox.faults import Fault
from sandbox.twilio_faults import Reply
from tests.integration.cli.shell import Shell, open_shell
from tests.integration.doctor.clinic import TOKEN, Clinic
from tests.support.clock import HandClock


async def test_when_all_is_well_it_is_usable(clinic: Clinic) -> None:
    report = Report.of(await clinic.examine())
    assert report.usable
    assert report.exit_code == 0


async def test_hanging_services_are_given_up_side_by_side(clinic: Clinic) -> None:
    clinic.world.amadeus.token_faults.plan(Fault.HANG)
    clinic.world.twilio.account.faults.plan(Reply.HANG)
    async with asyncio.timeout(5):
        found = await clinic.examine(patience_s=0.5)
    late = [finding.area for finding in found if finding.says.startswith("No answer within")]
    assert late == [Area.SOURCES, Area.TWILIO]


async def test_a_database_that_is_in_use_is_fine_and_says_by_whom(clinic: Clinic) -> None:
    async with Store.open(clinic.settings.database_url, HandClock()):
        (found,) = await clinic.about(Area.DATABASE)
    assert (
        found.says
        == f"In use by pid {os.getpid()} since 2026-11-22 09:00:00 UTC: the bot or the engine runs."
    )
    assert not found.blocks


async def test_a_database_that_cannot_be_opened_ends_with_code_3(clinic: Clinic, tmp_path: Path) -> None:
    await asyncio.to_thread((tmp_path / "fares.db").write_text, "no database, but a text" * 100)
    report = Report.of(await clinic.examine())
    assert report.exit_code == 3


async def test_no_secret_and_no_number_is_shown(clinic: Clinic) -> None:
    clinic.world.twilio.account.numbers = []
    shown = msgspec.json.encode(await clinic.examine()).decode()
    for secret in (TOKEN, "sandbox-id", "sandbox-secret", "sandbox-token", "15112345678", "5005550006"):
        assert secret not in shown


async def test_the_command_prints_one_object(tmp_path: Path) -> None:
    async with open_shell(tmp_path) as (shell, _):
        done = await shell.run("doctor", "--json")
    report = json.loads(done.out)
    assert (done.code, done.err, report["usable"]) == (0, "", True)
    assert {finding["area"] for finding in report["findings"]} == {area.value for area in Area}
    assert not (tmp_path / "data").exists()


async def test_the_command_prints_a_screen_and_ends_by_what_it_found(tmp_path: Path) -> None:
    done = await Shell(folder=tmp_path).run("doctor")
    assert done.code == 1
    assert "cp .env.example .env" in done.out
    assert done.lines[-1] == "Not usable yet: mend what is marked wrong."


async def test_all_faults_of_the_settings_are_listed_with_code_2(tmp_path: Path) -> None:
    shell = Shell(folder=tmp_path, environ={"CHECK_INTERVAL": "canary", "TWILIO_AUTH_TOKEN": "canary"})
    done = await shell.run("doctor", "--json")
    wrong = [found["says"].split(":")[0] for found in json.loads(done.out)["findings"] if found["blocks"]]
    assert (done.code, wrong) == (2, ["TWILIO_SID", "FROM_NUMBER", "CHECK_INTERVAL"])
    assert "canary" not in done.out + done.err
