"""Options that cannot be meant: refused before anything is opened."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from engine.cli import app

TRIP = ("quote", "LON", "TYO", "--depart", "2027-03-10")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "--every", "soon"), "--every: write a number and a unit"),
        (("run", "--every", "0s"), "--every: must be from 1s to 30d"),
        (("run", "--routes", "sheety"), "SHEETY_PRICES_ENDPOINT: is missing"),
        (("run", "--routes", "sheet"), "GOOGLE_SHEET_ID: is missing"),
        ((*TRIP, "--source", "skyscanner"), "--source: this version has travelpayouts, amadeus, tequila"),
        ((*TRIP, "--source", "travelpayouts"), "TRAVELPAYOUTS_TOKEN: is missing"),
        ((*TRIP, "--source", "amadeus"), "AMADEUS_CLIENT_ID: is missing"),
        (TRIP[:3], "--depart"),
    ],
)
def test_it_is_said_with_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner(env={"AMADEUS_CLIENT_ID": None}).invoke(app, arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert words in done.stderr
    assert list(tmp_path.iterdir()) == []
