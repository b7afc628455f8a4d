"""Anywhere on the command line: a single look, and a list of routes whose finds are texted."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sandbox.tequila import API_KEY
from sandbox.world import World
from tests.integration.cli.shell import Shell, open_shell

Capture = pytest.CaptureFixture[str]
TRIP = ("quote", "LON", "anywhere", "--depart", "2027-03-12", "--return", "2027-03-14")


def sweeping(shell: Shell, world: World, **fares: int) -> Shell:
    """The same shell with a source that can be asked so; all costs 200 but these."""
    for code in world.market.destinations("LON"):
        world.market.pin(f"LON-{code}", Decimal(200))
    for code, fare in fares.items():
        world.market.pin(f"LON-{code}", Decimal(fare))
    own: dict[str, Any] = {
        "TEQUILA_API_KEY": API_KEY,
        "TEQUILA_ENDPOINT": world.tequila.base_url,
        "TEQUILA_RATE": "100/1s",
    }
    return Shell(folder=shell.folder, environ={**shell.environ, **own})


async def test_a_look_prints_the_cheapest_to_each_place(tmp_path: Path) -> None:
    async with open_shell(tmp_path) as (shell, world):
        done = await sweeping(shell, world, FAO=29, DUB=35).run(*TRIP)

    assert done.code == 0
    assert done.lines[0] == "LON-ANYWHERE, 2027-03-12 to 2027-03-14, 1 adult, economy"
    assert [line.split()[:2] for line in done.lines[1:3]] == [["FAO", "€29"], ["DUB", "€35"]]


async def test_the_json_says_where_each_quote_leads(tmp_path: Path) -> None:
    async with open_shell(tmp_path) as (shell, world):
        done = await sweeping(shell, world, FAO=29).run(*TRIP, "--json")

    cheapest = json.loads(done.out)["quotes"][0]
    assert (cheapest["destination"], cheapest["total"]) == ("FAO", "29.00")


async def test_a_listed_route_to_anywhere_is_texted_with_the_cheapest(
    tmp_path: Path, capsys: Capture
) -> None:
    async with open_shell(tmp_path, TO_NUMBER="+4915112345678") as (shell, world):
        rows = ("origin,destination,target,depart,return", "LON,anywhere,40,2027-03-12,2027-03-14")
        done = await sweeping(shell, world, FAO=29, DUB=35, OPO=38).once(capsys, rows)
        (text,) = world.twilio.messages

    assert "[SUCCESS] Parsed anywhere (Faro): €29 [LOW FARE DETECTED]" in done.lines
    assert "LON-FAO 29 EUR, under your 40, +2 more." in text.body
    assert "1 parsed, 0 failed, 1 alerts" in done.lines[-1]


async def test_a_listed_route_to_anywhere_needs_a_target(tmp_path: Path, capsys: Capture) -> None:
    async with open_shell(tmp_path) as (shell, world):
        rows = ("origin,destination,depart", "LON,anywhere,2027-03-12")
        done = await sweeping(shell, world).once(capsys, rows)

    assert "to go anywhere takes a price to wait for" in done.err
