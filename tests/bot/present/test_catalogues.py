"""Every catalogue says everything that there is to say, with the same facts, within Discord's limits."""

import ast
import asyncio
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any, NamedTuple

import discord
import pytest
from babel.messages.pofile import read_po
from discord import app_commands

from bot.commands.groups import groups
from bot.languages import CATALOGUES, CITY, read_tongues
from bot.translator import Translator
from engine.gazetteer import Gazetteer
from engine.placenames import load_airports
from tests.support.catalogue import SAYERS, as_po, command_texts, compared, sources, text_of

LOCALES = sorted(file.stem for file in CATALOGUES.glob("*.po"))
in_every_tongue = pytest.mark.parametrize("locale", LOCALES)

LONGEST_CHOICE = LONGEST_DESCRIPTION = 100
A_FACT = "x" * 10  # what stands in a label for {kind}, {currency} and the like


class Labelled(NamedTuple):
    """A sentence that Discord takes at a limited length."""

    sentence: str
    most: int
    where: str


def test_there_is_german() -> None:
    assert "de" in LOCALES


@in_every_tongue
def test_a_catalogue_holds_exactly_what_is_said(locale: str) -> None:
    found = compared(locale)
    assert not found.lacking, (
        f"These sentences are new or changed: add the {locale} to bot/catalogues/{locale}.po "
        f"(docs/tongues.md says how):\n\n{as_po(found.lacking)}"
    )
    assert not found.left_over, (
        f"Nobody says these any more: take them out of bot/catalogues/{locale}.po:\n"
        + "\n".join(map(repr, found.left_over))
    )


@in_every_tongue
def test_its_cities_are_cities_that_are_known(locale: str) -> None:
    gazetteer = Gazetteer.load()
    known = {gazetteer.city(code) for code in load_airports()}
    assert set(read_tongues().of(locale).cities) <= known


@in_every_tongue
def test_both_sides_name_the_same_facts(locale: str) -> None:
    for sentence, said in entries(locale):
        assert facts(said) == facts(sentence), f"{locale}: {said!r} has other facts than {sentence!r}"


@in_every_tongue
async def test_commands_keep_discords_limits_and_are_all_translated(locale: str) -> None:
    tree: app_commands.CommandTree[discord.Client] = app_commands.CommandTree(
        discord.Client(intents=discord.Intents.none())
    )
    translator = Translator(await asyncio.to_thread(read_tongues))
    for command in groups():
        payload = await command.get_translated_payload(tree, translator)
        for text, limit in localised(payload, discord_name(locale)):
            assert 1 <= len(text) <= limit, f"{locale}: {len(text)} signs, {limit} are taken: {text!r}"


@in_every_tongue
def test_buttons_and_forms_keep_discords_limits(locale: str) -> None:
    said = dict(entries(locale))
    labels = list(labelled())
    assert len(labels) > 40
    for label in labels:
        for text in (label.sentence, said[label.sentence]):
            length = len(filled(text))
            assert length <= label.most, (
                f"{label.where}: {length} signs, {label.most} are taken in {locale}: {text!r}"
            )


@pytest.mark.parametrize("text", sorted(command_texts()))
def test_commands_keep_discords_limits_in_english(text: str) -> None:
    assert 1 <= len(text) <= LONGEST_DESCRIPTION


def entries(locale: str) -> Iterator[tuple[str, str]]:
    """Each sentence with each of its translations; one for many stands with its own forms."""
    with (CATALOGUES / f"{locale}.po").open("rb") as stream:
        for entry in read_po(stream, locale=locale):
            ids, strings = forms(entry.id), forms(entry.string)
            if ids != ("",) and entry.context != CITY:
                yield from ((ids[0] if first else ids[-1], text) for first, text in numbered(strings))


def forms(text: object) -> tuple[str, ...]:
    return tuple(map(str, text)) if isinstance(text, tuple | list) else (str(text),)


def numbered(strings: tuple[str, ...]) -> Iterator[tuple[bool, str]]:
    """Each form, and whether it is the one for a single thing."""
    return ((number == 0, text) for number, text in enumerate(strings))


def facts(text: str) -> set[str]:
    """What stands in braces, but the number of things: the form for a single one may leave it out."""
    return {name for _, name, _, _ in Formatter().parse(text) if name} - {"n"}


def filled(text: str) -> str:
    return text.format(**dict.fromkeys([*facts(text), "n"], A_FACT))


def discord_name(locale: str) -> str:
    return discord.Locale(locale).value


def localised(payload: Any, locale: str) -> Iterator[tuple[str, int]]:
    """Descriptions and choices of a registered command in a language, each with its limit."""
    if "description" in payload:
        yield payload["description_localizations"][locale], LONGEST_DESCRIPTION
    for choice in payload.get("choices", ()):
        yield choice["name_localizations"][locale], LONGEST_CHOICE
    for option in payload.get("options", ()):
        yield from localised(option, locale)


def labelled() -> Iterator[Labelled]:
    """What stands on buttons, in menus and in forms."""
    for file in sources():
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                for value, most in limited(node):
                    if (sentence := said(value, file)) is not None:
                        yield Labelled(sentence, most, f"{file.name}:{value.lineno}")


def limited(call: ast.Call) -> Iterator[tuple[ast.expr, int]]:
    """The arguments of a call for which Discord has a limit."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    given = {each.arg: each.value for each in call.keywords}
    limits = {
        "Label": {"text": 45, "description": 100},
        "TextInput": {"placeholder": 100},
        "Button": {"label": 80},
        "__init__": {"title": 45},
    }.get(name, {})
    yield from ((given[argument], most) for argument, most in limits.items() if argument in given)
    if name == "labelled" and call.args:
        yield call.args[0], 80
    if name in ("roles", "channel", "options") and len(call.args) > 1:
        yield call.args[1], 150
    if name == "_field" and len(call.args) == 4:
        yield call.args[1], 45
        yield call.args[3], 100


def said(value: ast.expr, file: Path) -> str | None:
    is_said = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in SAYERS
    return text_of(value.args[0], file) if is_said and isinstance(value, ast.Call) else None
