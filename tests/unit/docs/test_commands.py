"""docs/commands.md is held against the command tree: every command, every option, nothing else."""

import re
from pathlib import Path
from typing import Final

import pytest
from discord import AppCommandOptionType
from discord.app_commands import Command, Group, Parameter

from bot.commands.groups import groups

PAGE: Final = Path(__file__).parents[3] / "docs/commands.md"
KINDS: Final = {
    AppCommandOptionType.string: "text",
    AppCommandOptionType.integer: "number",
    AppCommandOptionType.number: "number",
    AppCommandOptionType.boolean: "yes or no",
    AppCommandOptionType.attachment: "file",
    AppCommandOptionType.channel: "channel",
    AppCommandOptionType.role: "role",
    AppCommandOptionType.user: "member",
}


def leaves() -> dict[str, str]:
    """What the page has to say of each command, in the order of the tree."""
    tree = (each.walk_commands() if isinstance(each, Group) else [each] for each in groups())
    leaves = [command for commands in tree for command in commands if isinstance(command, Command)]
    return {f"/{command.qualified_name}": said(command) for command in leaves}


def said(command: Command) -> str:  # type: ignore[type-arg]
    """Its description, and a table of its options."""
    rows = [row(option) for option in command.parameters]
    table = ["", "| option | is | for |", "|---|---|---|", *rows] if rows else []
    return "\n".join([f"{command.description}", *table])


def row(option: Parameter) -> str:
    kind = "one of these" if option.choices else KINDS[option.type]
    choices = f" ({', '.join(f'*{choice.name}*' for choice in option.choices)})" if option.choices else ""
    needed = "**needed**, " if option.required else ""
    return f"| `{option.display_name}` | {needed}{kind} | {option.description}{choices} |"


def sections() -> dict[str, str]:
    """The page's text of each command."""
    parts = re.split(r"^### `(/[^`]+)`$", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))


def test_the_page_has_every_command_in_the_order_of_the_tree() -> None:
    assert list(sections()) == list(leaves())


@pytest.mark.parametrize("command", list(leaves()))
def test_a_command_is_described_as_discord_shows_it(command: str) -> None:
    """Further words may follow, after an empty line."""
    lines = sections()[command].split("\n")
    wanted = leaves()[command].split("\n")
    assert lines[: len(wanted)] == wanted
    assert lines[len(wanted) : len(wanted) + 1] in ([], [""])
