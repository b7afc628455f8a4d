"""Every sentence that the engine says to people, read out of the sources: what a catalogue has to hold.

`engine_templates()` gives them; `written()` gives each place where one is written, for tests of how.
Sentences of the faces alone are not among them, save what they raise as InvalidInput.
"""

import ast
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from string import Formatter
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[2]
# Where the template stands among the arguments; what is said of many follows it.
MAKERS: Final[Mapping[str, int]] = {
    "saying": 0,
    "counted": 1,
    "InvalidInput": 1,
    "RouteListFault": 0,
    "ListRefused": 0,
}
# What these keywords carry is no fact.
_NO_FACTS: Final = frozenset({"suggestions", "retry_at"})
# Modules whose constants are stored as they stand and said later.
PHRASEBOOKS: Final = (
    "engine/domain/pauses.py",
    "engine/domain/details.py",
    "engine/domain/whys.py",
    "bot/whys.py",
    "engine/actions/listmemory.py",
)


class Written(NamedTuple):
    """One place: the templates as written (None: not a constant), and the names of the facts given there."""

    where: str
    templates: tuple[str | None, ...]
    facts: frozenset[str]

    @property
    def named(self) -> frozenset[str]:
        """The facts that the templates name."""
        return frozenset(name for text in self.templates if text for name in names(text))


def engine_templates() -> dict[str, str | None]:
    """Each template, with the form for many where it has one."""
    found: dict[str, str | None] = {}
    for place in written():
        one, many = (*place.templates, None)[:2]
        if one:
            found[one] = many
    found.update({text: None for path in PHRASEBOOKS for text in _book(_parsed(ROOT / path))})
    return found


def written() -> list[Written]:
    """Each place in the engine and its faces where a sentence is made."""
    files = sorted(path for room in ("engine", "bot") for path in (ROOT / room).rglob("*.py"))
    return [place for path in files for place in _in_file(path)]


def names(template: str) -> set[str]:
    """The facts that a template names."""
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def _in_file(path: Path) -> Iterator[Written]:
    for node in ast.walk(_parsed(path)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        first = MAKERS.get(node.func.id)
        if first is None or len(node.args) <= first:
            continue
        facts = {each.arg or "**" for each in node.keywords} - _NO_FACTS
        if node.func.id == "counted":
            facts.add("n")
        texts = tuple(_text(each, path) for each in node.args[first:])
        yield Written(f"{path.relative_to(ROOT)}:{node.lineno}", texts, frozenset(facts))


def _text(node: ast.expr, path: Path) -> str | None:
    """A template as it is written, or by its name in capitals; None for all else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.Name) or not node.id.isupper():
        return None
    module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    found = getattr(module, node.id)
    return found if isinstance(found, str) else None


def _book(tree: ast.Module) -> Iterator[str]:
    """Every text that the module gives a name, also within a table."""
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            for each in ast.walk(node.value):
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    yield each.value


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))
