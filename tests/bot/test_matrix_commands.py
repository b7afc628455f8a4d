"""The matrix: every command, typed by everybody who has no business with what it is about.

The commands come from the tree itself, so a new one is tried without being named here; an option that
could take an id has to be put on one side or the other.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from discord import AppCommandOptionType
from discord.app_commands import Command, Parameter
from simcord.actors import MemberActor
from structlog.testing import capture_logs

from tests.bot.forging import answer_of, typed
from tests.bot.house import NEVER, PHONES, PRIVATE, PUBLIC, SERVERS, House, changed, open_house
from tests.bot.stage import Stage

# Options that take what somebody owns, by its id or its name.
OWNED: Final = frozenset({"route", "webhook"})
# Options that take a fact of the world, a wish, or what only the one who types it has.
FREE: Final = {
    "origin": "London",
    "destination": "Oslo",
    "depart": "2027-03-10",
    "sheet": "https://docs.google.com/spreadsheets/d/none/edit",
    "name": "Board",
    "zone": "UTC",
    "currency": "EUR",
    "timezone": "UTC",
    "language": "de",
    "from": "22:00",
    "to": "07:00",
    "time": "08:00",
} | dict.fromkeys("return nights target airlines avoid out_hours back_hours".split(), "1")
REFUSED: Final = "Only members who may manage this server can do that."
FORGED: Final = ("", "0", "-", "x" * 300, "'; DROP TABLE watches; --", "%", "@everyone", "Windhoek", "LON")


def commands(stage: Stage) -> Iterator[Command[Any, ..., Any]]:
    """All that can be typed."""
    walked = stage.bot.tree.walk_commands()
    return (command for command in walked if isinstance(command, Command))


def options_of(house: House, command: Command[Any, ..., Any], *, everything: bool) -> dict[str, Any]:
    """Something for each option that is needed, or for each that there is; ids left out."""
    return {
        option.display_name: _value(house, option)
        for option in command.parameters
        if (everything or option.required) and option.display_name not in OWNED
    }


def _value(house: House, option: Parameter) -> Any:
    if option.choices:
        return option.choices[0].value
    match option.type:
        case AppCommandOptionType.string:
            return FREE[option.display_name]
        case AppCommandOptionType.integer:
            return 1
        case AppCommandOptionType.boolean:
            return True
        case AppCommandOptionType.channel:
            return house.stage.channel
        case AppCommandOptionType.role:
            return house.stage.guild.roles["Crew"]
        case AppCommandOptionType.attachment:
            return ("routes.csv", b"destination\n")
    raise AssertionError(option)


def owned_options(command: Command[Any, ..., Any]) -> list[str]:
    return [option.display_name for option in command.parameters if option.display_name in OWNED]


async def test_the_matrix_knows_every_option_that_can_be_typed_into(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        typed_into = {
            option.display_name
            for command in commands(house.stage)
            for option in command.parameters
            if option.type is AppCommandOptionType.string and not option.choices
        }
        assert typed_into == OWNED | set(FREE)


@pytest.mark.parametrize("who", ["ben", "zoe", "dora", "mia"])
async def test_whose_route_or_webhook_it_is_makes_no_difference(tmp_path: Path, who: str) -> None:
    async with open_house(tmp_path) as house:
        actor, channel = house.actor(who)
        await house.greeted(who)
        before = house.rows()
        managed = {"server's", "server's route", "webhook"} if who == "mia" else set()
        ids = [id_ for name, id_ in house.ids.items() if name not in managed]
        forged = ("Windhoek", "x" * 300) if who == "mia" else FORGED  # some words fit what she does manage
        with capture_logs() as logs:
            for command in commands(house.stage):
                for option in owned_options(command):
                    tries = [{option: id_} for id_ in (NEVER, *ids, *forged)]
                    usual, *rest = map(answer_of, await typed(actor, channel, command.qualified_name, *tries))
                    assert set(rest) == {usual}, command.qualified_name
        assert [line for line in logs if line["event"] == "interaction failed"] == []
        assert changed(before, house.rows()) == []


@pytest.mark.parametrize("who", ["ben", "zoe", "dora"])
async def test_no_command_tells_a_stranger_anything(tmp_path: Path, who: str) -> None:
    await _tells_nothing(tmp_path, who, (*PUBLIC, *PRIVATE, *SERVERS, *PHONES))


async def test_no_command_tells_who_manages_the_server_anything_private(tmp_path: Path) -> None:
    await _tells_nothing(tmp_path, "mia", (*PRIVATE, *PHONES))


async def _tells_nothing(folder: Path, who: str, secrets: tuple[str, ...]) -> None:
    async with open_house(folder) as house:
        actor, channel = house.actor(who)
        await house.greeted(who)
        before = house.rows()
        for command in commands(house.stage):
            if owned_options(command):
                continue
            (result,) = await typed(
                actor, channel, command.qualified_name, options_of(house, command, everything=False)
            )
            answer = answer_of(result)
            assert [secret for secret in secrets if secret in answer] == [], command.qualified_name
        hers = [row for row in changed(before, house.rows()) if str(house.stage.ada.id) in row]
        assert hers == []


@pytest.mark.parametrize("who", ["ben", "dora"])
async def test_every_command_of_the_server_refuses_who_does_not_manage_it(tmp_path: Path, who: str) -> None:
    """Also where the server gave the command to everybody, and where Discord would not show it at all."""
    async with open_house(tmp_path) as house:
        actor, channel = house.actor(who)
        await house.greeted(who)
        before = house.rows()
        for command in commands(house.stage):
            if command.root_parent is None or command.root_parent.name != "settings":
                continue
            given = options_of(house, command, everything=who == "ben")
            given |= dict.fromkeys(owned_options(command), house.ids["webhook"])
            (result,) = await typed(actor, channel, command.qualified_name, given)
            assert answer_of(result) == f"\nThat does not work yet\n{REFUSED}\n", command.qualified_name
        assert changed(before, house.rows()) == []


@pytest.mark.parametrize("who", ["ben", "dora"])
async def test_what_is_done_for_the_server_refuses_who_does_not_manage_it(tmp_path: Path, who: str) -> None:
    async with open_house(tmp_path) as house:
        actor, channel = house.actor(who)
        await house.greeted(who)
        before = house.rows()
        there = {"origin": "LON", "destination": "OSL", "depart": "2027-03-10", "for": "server"}
        (added,) = await typed(actor, channel, "route add", there)
        (listed,) = await typed(actor, channel, "route list", {"of": "server"})
        assert answer_of(added) == answer_of(listed) == f"\nThat does not work yet\n{REFUSED}\n"
        assert changed(before, house.rows()) == []


@pytest.mark.parametrize("who", ["ben", "zoe", "dora"])
async def test_nothing_of_anybody_else_is_offered_while_a_stranger_types(tmp_path: Path, who: str) -> None:
    async with open_house(tmp_path) as house:
        actor, channel = house.actor(who)
        for command in commands(house.stage):
            for option in owned_options(command):
                if who == "dora" and option == "webhook":
                    continue  # Discord shows no settings there
                for begun in ("", "l", "Windhoek", "Team"):
                    if isinstance(actor, MemberActor):
                        offered = await actor.autocomplete(channel, command.qualified_name, option, begun)
                    else:
                        offered = await actor.autocomplete(command.qualified_name, option, begun)
                    assert offered == [], command.qualified_name
