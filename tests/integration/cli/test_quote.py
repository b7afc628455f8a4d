import json
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from engine.clock import SystemClock
from engine.domain.quote import OutcomeKind
from engine.errors import InvalidInput
from engine.headless import quoting
from engine.settings import Settings
from sandbox.faults import Fault
from tests.integration.cli.shell import Shell, open_shell

TRIP = ("quote", "LON", "TYO", "--depart", "2027-03-10", "--return", "2027-03-24")
TYPED = quoting.QuoteRequest(origin="LON", destination="TYO", depart="2027-03-10")


async def test_a_look_prints_its_quotes_and_leaves_no_database(tmp_path: Path) -> None:
    async with open_shell(tmp_path) as (shell, world):
        world.market.pin("LON-TYO", Decimal(450))
        done = await shell.run(*TRIP)
    assert done.code == 0
    assert done.lines[0] == "LON-TYO, 2027-03-10 to 2027-03-24, 1 adult, economy"
    assert done.lines[1].split()[0] == "€450"
    assert not (tmp_path / "data").exists()


async def test_the_json_of_a_look_is_one_object_cheapest_first(tmp_path: Path) -> None:
    async with open_shell(tmp_path) as (shell, world):
        world.market.pin("LON-TYO", Decimal(450))
        done = await shell.run(
            *TRIP, "--json", "--adults", "2", "--source", "amadeus", "--save-reply", "reply"
        )
        saved = json.loads((tmp_path / "reply").read_bytes())
    shown = json.loads(done.out)
    assert (shown["outcome"], shown["detail"]) == ("quotes", None)
    totals = [Decimal(quote["total"]) for quote in shown["quotes"]]
    assert totals == sorted(totals)
    assert len(shown["quotes"][0]["stops"]) == 2
    assert saved["data"]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault.EMPTY, OutcomeKind.NO_FARES),
        (Fault.QUOTA, OutcomeKind.QUOTA),
        (Fault.HTML, OutcomeKind.MALFORMED),
        (Fault.HANG, OutcomeKind.UNREACHABLE),
    ],
)
async def test_whatever_comes_is_a_typed_outcome(tmp_path: Path, fault: Fault, outcome: OutcomeKind) -> None:
    async with open_shell(tmp_path, FETCH_TIMEOUT="1s") as (shell, world):
        world.amadeus.faults.plan(fault, times=None)
        settings = Settings.load(env_file=None, environ=shell.environ)
        quoted = await quoting.quote(settings, TYPED, SystemClock())
    assert quoted.outcome.kind is outcome


async def test_a_failure_ends_with_code_1(tmp_path: Path) -> None:
    done = await Shell(folder=tmp_path).run(*TRIP, "--json")
    assert (done.code, json.loads(done.out)["outcome"]) == (1, "rejected")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"destination": "XQX"}, "no airport"),
        ({"destination": "LON"}, "both LON"),
        ({"depart": "2020-03-10"}, "past"),
        ({"return_": "2027-03-09"}, "before the departure"),
        ({"adults": 10}, "1 to 9 adults"),
        ({"currency": "EURO"}, "currency"),
    ],
)
async def test_what_cannot_be_looked_up_is_refused_in_a_sentence(change: dict[str, str], words: str) -> None:
    request = msgspec.structs.replace(TYPED, **change)
    with pytest.raises(InvalidInput, match=words):
        await quoting.quote(Settings(), request, SystemClock())


async def test_a_refused_look_ends_with_code_1_and_the_sentence(tmp_path: Path) -> None:
    done = await Shell(folder=tmp_path).run(*TRIP, "--adults", "10")
    assert (done.code, done.out) == (1, "")
    assert done.err == "A booking takes 1 to 9 adults, not 10. Split a larger party.\n"


async def test_a_terminal_without_the_sign_of_the_euro_gets_a_question_mark(tmp_path: Path) -> None:
    async with open_shell(tmp_path, PYTHONIOENCODING="ascii") as (shell, world):
        world.market.pin("LON-TYO", Decimal(450))
        done = await shell.run(*TRIP)
    assert (done.code, done.lines[1].split()[0]) == (0, "?450")


async def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    shell = Shell(folder=tmp_path, environ={"PYTHONPROFILEIMPORTTIME": "1"})
    done = await shell.run("--help")
    assert done.code == 0
    assert not [name for name in ("aiohttp", "sqlalchemy", "pydantic", "twilio") if f" {name}\n" in done.err]
