"""Everything that is said to people, read out of the sources: what a catalogue of another language must hold.

`python -m tests.support.catalogue de` prints what bot/catalogues/de.po lacks, ready to be filled in, and what
it holds that is said nowhere any more.
"""

import ast
import importlib
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from discord import app_commands

from bot.commands.groups import groups
from bot.languages import CATALOGUES, CITY
from tests.support.sentences import engine_templates

BOT: Final = Path(__file__).parents[2] / "bot"
ENGINE: Final = BOT.parent / "engine"
# What only whoever runs the demo or the bot itself reads, in a terminal.
TERMINAL: Final = ("demo", "__main__.py", "cli.py", "app.py", "connection.py", "registering.py")
# How many sentences each takes, and where the first stands among its arguments.
SAYERS: Final[Mapping[str, tuple[int, int]]] = {"say": (1, 0), "key": (1, 0), "count": (2, 1), "keys": (2, 0)}

Sentences = dict[str, str | None]
"""Each sentence, with the form for many where it has one."""


class Missing(NamedTuple):
    """What a catalogue lacks, and what stands in it for nothing."""

    lacking: Sentences
    left_over: list[str]


def all_sentences() -> Sentences:
    """What is said in messages, what stands in the list of commands, and what the engine says."""
    return {**dict.fromkeys(command_texts()), **engine_templates(), **said()}


def sources() -> list[Path]:
    """Every module whose words somebody on Discord may read."""
    return [
        file for file in sorted(BOT.rglob("*.py")) if not set(TERMINAL) & set(file.relative_to(BOT).parts)
    ]


def said() -> Sentences:
    """The sentences of `say`, `count`, `key` and `keys`. Raises ValueError where one goes with two."""
    found: Sentences = {}
    for file in (*sources(), *sorted(ENGINE.rglob("*.py"))):
        for one, many in _said_in(file):
            if found.get(one) not in (None, many) and many is not None:
                raise ValueError(f"{file}: two forms for many of {one!r}: {many!r} and {found[one]!r}")
            found[one] = many or found.get(one)
    return found


def command_texts() -> set[str]:
    """Descriptions of commands and options, and the choices offered."""
    return {text for command in groups() for text in _texts_of(command)}


def compared(locale: str) -> Missing:
    """A catalogue held against what is said."""
    with (CATALOGUES / f"{locale}.po").open("rb") as stream:
        return compare(read_po(stream, locale=locale))


def compare(catalogue: Catalog) -> Missing:
    """The same of a catalogue that was read; what is translated in part only is lacking."""
    wanted = all_sentences()
    entries = [entry for entry in catalogue if entry.id and entry.context != CITY]
    held = {entry.id if isinstance(entry.id, str) else entry.id[0]: entry for entry in entries}
    lacking = {one: many for one, many in wanted.items() if one not in held or not _is_done(held[one], many)}
    return Missing(lacking, sorted(set(held) - set(wanted)))


def as_po(sentences: Sentences, forms: int = 2) -> str:
    """The entries to be filled in."""
    lines = []
    for one, many in sorted(sentences.items()):
        lines.append(f"msgid {_quoted(one)}")
        if many is None:
            lines.append('msgstr ""')
        else:
            lines.append(f"msgid_plural {_quoted(many)}")
            lines += [f'msgstr[{form}] ""' for form in range(forms)]
        lines.append("")
    return "\n".join(lines)


def _is_done(entry: Any, many: str | None) -> bool:
    ids = entry.id if isinstance(entry.id, tuple) else (entry.id,)
    strings = entry.string if isinstance(entry.string, tuple) else (entry.string,)
    return all(strings) and (ids[1:] or (None,))[0] == many


def text_of(node: ast.expr, file: Path) -> str | None:
    """A sentence as it is written, or by the module's name for it; None for one that is kept elsewhere."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if not isinstance(node, ast.Name):
        return None
    module = importlib.import_module(".".join(file.relative_to(BOT.parent).with_suffix("").parts))
    found = getattr(module, node.id, None)
    return found if isinstance(found, str) else None


def _said_in(file: Path) -> Iterator[tuple[str, str | None]]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYERS:
            number, first = SAYERS[node.func.id]
            given = node.args[first : first + number]
            texts = [text for each in given if (text := text_of(each, file)) is not None]
            if len(texts) == number:
                yield texts[0], texts[1] if number > 1 else None


def _texts_of(command: app_commands.Command[Any, ..., Any] | app_commands.Group) -> Iterator[str]:
    yield command.description
    if isinstance(command, app_commands.Group):
        for each in command.commands:
            yield from _texts_of(each)
        return
    for option in command.parameters:
        yield str(option.description)
        yield from (choice.name for choice in option.choices)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _main(locale: str) -> int:
    found = compared(locale)
    sys.stdout.write(as_po(found.lacking))
    for sentence in found.left_over:
        sys.stdout.write(f"# said nowhere any more: {sentence}\n")
    return 1 if found.lacking or found.left_over else 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1] if len(sys.argv) > 1 else "de"))
