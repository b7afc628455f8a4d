"""No sentence for people escapes the catalogues: each is written with `say`, `count`, `key` or `keys`."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.support import sentences as engines
from tests.support.catalogue import BOT, SAYERS, sources

# Two words beside one another; paths, ids and patterns have none.
SENTENCE: Final = re.compile(r"[A-Za-z]{2,},? [A-Za-z]{2,}")
WORD: Final = re.compile(r"[A-Za-z]{3,}")
# What these are given is said elsewhere by its template, or read in a log by whoever runs the bot.
MAKERS: Final = frozenset({*SAYERS, *engines.MAKERS})
# What Discord shows as it is given.
SHOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "labelled": ("0",),
    "Field": ("0", "1"),
    "embed": ("0",),
    "Words": ("0",),
    "Label": ("text", "description"),
    "TextInput": ("placeholder",),
    "Button": ("label",),
    "SelectOption": ("label",),
    "__init__": ("title",),
    "Reply": ("content",),
    "send_message": ("0",),
}

# By file: what may stand there, and why.
ALLOWED: Final[Mapping[str, frozenset[str]]] = {
    # The names of airlines are the same everywhere.
    "present/carriers.py": frozenset({"*"}),
    # Why a message did not go out, as it is kept; present/reasons.py says it, and catalogues hold it.
    "whys.py": frozenset({"*"}),
    # The names of commands are the same in every language.
    "buttons.py": frozenset({"/route list", "/alerts recent"}),
    # The name of a way, never shown.
    "answer.py": frozenset(
        {"a new message that only the member sees", "in place of the message whose button was pressed"}
    ),
    # The columns of a list are called so in every language.
    "list_forms.py": frozenset({"*\nLON,TYO,2027-03-10,2027-03-24,420,EUR"}),
    "present/status.py": frozenset({"Fare Engine *"}),
    # Words of matplotlib and of CLDR.
    "charts/drawing.py": frozenset({"offset points", "axes fraction"}),
    "languages.py": frozenset({"EEE d MMMM yyyy"}),
}


@pytest.mark.parametrize("file", sources(), ids=lambda file: str(file.relative_to(BOT)))
def test_every_sentence_is_said(file: Path) -> None:
    found = [line for line in escaped(file.read_text("utf-8")) if not is_allowed(file, line)]
    assert not found, (
        f"{file.relative_to(BOT)}: written past the catalogues. Put it into say(...) or count(...) of "
        f"engine/tongue.py, with what varies in it as {{facts}}: {found}"
    )


def test_nothing_is_allowed_that_is_not_there() -> None:
    for name, texts in ALLOWED.items():
        there = set(escaped((BOT / name).read_text("utf-8")))
        assert there, f"{name} needs no exception"
        assert texts <= there | {"*"}


@pytest.mark.parametrize(
    "source",
    [
        'title = "Watching " + name\nraise_("No fare seen yet")',
        'def f():\n    """What it does."""\n    return f"It is {price} or less now"',
        'PressButton.labelled("Undo", "fare1:undo")',
        'Field(f"Target {price}", text)',
        'discord.ui.TextInput(placeholder="Number")',
        '_WORDS = {1: "nonstop only"}',
    ],
)
def test_a_sentence_that_escapes_is_found(source: str) -> None:
    assert escaped(source)


@pytest.mark.parametrize(
    "source",
    [
        'say("No fare seen yet")',
        'count(n, "one fare only", "{n} fares now")',
        '"""What a module is for."""',
        '_log.info("not told yet", why=why)',
        'raise ValueError("not a custom id")',
        'raise InvalidInput("route", "No route of yours is called so.")',
        'Field(f"{place}. {name}", money(price))',
        'x = f"<@{id_}> **{a}** · {b}"',
        'class A:\n    """What it is."""\n    @describe(a="Where from it goes")\n    def b(self): ...',
    ],
)
def test_what_is_no_sentence_to_people_is_let_be(source: str) -> None:
    assert not escaped(source)


def is_allowed(file: Path, text: str) -> bool:
    allowed = ALLOWED.get(str(file.relative_to(BOT)).replace("\\", "/"), frozenset())
    return "*" in allowed or text in allowed


def escaped(source: str) -> list[str]:
    """The literals that people would read as they stand; what varies in one is shown as `*`."""
    return list(_walk(ast.parse(source)))


def _walk(node: ast.AST) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Constant | ast.JoinedStr):
            if SENTENCE.search(text := _literal(child)):
                yield text
            for part in getattr(child, "values", ()):
                yield from () if isinstance(part, ast.Constant) else _walk(part)
        elif isinstance(child, ast.Call):
            if not _is_heard_elsewhere(child):
                yield from _labels(child)
                yield from _walk(child)
        elif not _is_no_speech(child):
            yield from _walk(child)


def _labels(call: ast.Call) -> Iterator[str]:
    """Single words that Discord would show."""
    for name in SHOWN.get(_name(call), ()):
        value = _argument(call, name)
        if isinstance(value, ast.Constant | ast.JoinedStr):
            text = _literal(value)
            if WORD.search(text) and not SENTENCE.search(text):
                yield text


def _argument(call: ast.Call, name: str) -> ast.expr | None:
    if name.isdigit():
        return call.args[int(name)] if len(call.args) > int(name) else None
    return next((each.value for each in call.keywords if each.arg == name), None)


def _is_heard_elsewhere(call: ast.Call) -> bool:
    """Sayings, lines of the log, and the names and descriptions of commands, which the tree is asked for."""
    if isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "_log":
        return True
    return _name(call) in {*MAKERS, "Choice"} or (
        _name(call) == "__init__" and _argument(call, "description") is not None
    )


def _is_no_speech(node: ast.AST) -> bool:
    """Docstrings, what is raised at programmers, and the descriptions in decorators."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.Raise):
        return not (isinstance(node.exc, ast.Call) and _name(node.exc) == "InvalidInput")
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        node.decorator_list = []
    return False


def _literal(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(_literal(each) if isinstance(each, ast.Constant) else "*" for each in node.values)


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
