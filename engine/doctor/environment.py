"""The settings: read as a start reads them, every fault listed, and names that nothing reads."""

import difflib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from engine.doctor.findings import Area, Finding, State
from engine.errors import SettingsFault
from engine.settings import Settings
from engine.settings.reading import unknown_names


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """The settings, None when they cannot be used, and what is to be said of them."""

    settings: Settings | None
    findings: tuple[Finding, ...]


def read_settings(env_file: Path, environ: Mapping[str, str] | None = None) -> Environment:
    """Read everything that is set; `environ` is the process's own unless given. Blocking."""
    strangers = _strangers(env_file)
    try:
        settings = Settings.load(env_file, environ)
    except SettingsFault as fault:
        wrong = [_finding(State.WRONG, line, blocks=True) for line in fault.faults]
        return Environment(settings=None, findings=(*wrong, *strangers))
    count = len(settings.model_fields_set)
    if env_file.exists():
        found = _finding(State.OK, f"{env_file.name} and the environment are understood: {count} set.")
    elif count:
        found = _finding(
            State.OK, f"The environment is understood: {count} set. There is no {env_file.name}."
        )
    else:
        found = _finding(
            State.CAREFUL,
            f"Nothing is set, and there is no {env_file.name} in this folder.",
            "cp .env.example .env, then fill in what you have. A .env is read from the folder you start in.",
        )
    return Environment(settings=settings, findings=(found, *strangers))


def _strangers(env_file: Path) -> list[Finding]:
    """One finding per name in the file that is no setting: most are slips of the pen."""
    names = Settings.names()
    return [
        _finding(
            State.CAREFUL,
            f"{stranger} in {env_file.name} is no setting of this version, so nothing reads it.",
            _meant(stranger, names),
        )
        for stranger in unknown_names(env_file, names, Settings.secrets())
    ]


def _meant(stranger: str, names: tuple[str, ...]) -> str | None:
    close = difflib.get_close_matches(stranger.upper(), names, n=1, cutoff=0.75)
    return f"Did you mean {close[0]}?" if close else None


def _finding(state: State, says: str, advice: str | None = None, *, blocks: bool = False) -> Finding:
    return Finding(area=Area.SETTINGS, name="settings", state=state, says=says, advice=advice, blocks=blocks)
