"""Where the text of each setting comes from: the environment, `.env`, or the file that NAME_FILE names."""

from collections.abc import Collection, Mapping
from io import StringIO
from pathlib import Path
from typing import Final, NamedTuple

from dotenv.parser import parse_stream

_LARGEST_SECRET: Final = 64 * 1024


class Gathered(NamedTuple):
    """The text of every setting that is given; `unread` names those whose file could not be read."""

    texts: dict[str, str]
    unread: list[str]
    faults: list[str]

    @property
    def present(self) -> dict[str, str]:
        """What somebody meant to set, without text where it could not be read."""
        return dict.fromkeys(self.unread, "") | self.texts


def gather(
    names: Collection[str], secrets: Collection[str], environ: Mapping[str, str], env_file: Path | None
) -> Gathered:
    """Find every setting that is given.

    The environment stands above `.env`; an empty value is the same as none. Blocking: called before
    the loop runs.
    """
    from_file, faults = _read_env_file(env_file)
    given = {name: text.strip() for name, text in (from_file | _filled(environ)).items()}
    unread = []
    found = {name: given[name] for name in names if name in given}
    for name in secrets:
        path = given.get(f"{name}_FILE")
        if path is None:
            continue
        if name in found:
            faults.append(f"{name}: both {name} and {name}_FILE are set; keep one of them.")
            continue
        secret = _read_secret(Path(path))
        if secret:
            found[name] = secret
        else:
            unread.append(name)
            faults.append(f"{name}_FILE: the file it names cannot be read or is empty.")
    return Gathered(found, unread, faults)


def unknown_names(env_file: Path, names: Collection[str], secrets: Collection[str]) -> list[str]:
    """The names given a value in the file that are none of these, nor the NAME_FILE of a secret. Blocking."""
    known = {*names, *(f"{name}_FILE" for name in secrets)}
    given, _ = _read_env_file(env_file)
    return [name for name in given if name not in known and name.isidentifier()]


def _filled(values: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in values.items() if text.strip()}


def _read_env_file(path: Path | None) -> tuple[dict[str, str], list[str]]:
    """The assignments of the file, each line at fault by its number; a missing file is no fault.

    `${NAME}` stays as it is written: a password may contain it, and Docker reads the same file so.
    """
    if path is None or not path.exists():
        return {}, []
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return {}, [f"{path.name}: cannot be read as a text file in UTF-8."]
    bindings = list(parse_stream(StringIO(text)))
    faults = [
        f"{path.name}: line {binding.original.line} is not of the form NAME=value."
        for binding in bindings
        if binding.error
    ]
    return _filled({found.key: found.value for found in bindings if found.key and found.value}), faults


def _read_secret(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_SECRET).decode("utf-8-sig").strip()
    except (OSError, UnicodeDecodeError):
        return ""
