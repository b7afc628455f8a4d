"""The commands of the command line: settings, logs and a loop around what each of them does."""

import asyncio
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Final

from engine.clock import SystemClock
from engine.errors import SettingsFault
from engine.fastloop import run_fast
from engine.headless import quoting, running, words
from engine.headless.output import write_error
from engine.headless.quote_json import quote_json
from engine.headless.quote_text import quote_text
from engine.headless.quoting import QuoteRequest
from engine.logs import configure_logging
from engine.settings import Settings, values
from engine.settings.together import CREDENTIALS

__all__ = ["QuoteRequest", "prepare", "quote", "run"]

# What `--routes` calls these lists; a file of that name is `./sheet`. What each takes, and what it overrides.
_SHEETS: Final = {
    "sheet": ("GOOGLE_SHEET_ID", ("routes_file",)),
    "sheety": ("SHEETY_PRICES_ENDPOINT", ("routes_file", "google_sheet_id")),
}


def run(*, once: bool, as_json: bool, every: str | None, routes: str | None) -> int:
    """`fare-engine run`: gives the exit code.

    Raises SettingsFault, StoreUnusable, and RouteListFault for a list that cannot be read.
    """
    overrides = _overrides(every, routes)
    required = (_SHEETS[routes][0],) if routes in _SHEETS else ()
    settings = Settings.load(required=required).model_copy(update=overrides)
    prepare(settings)
    return run_fast(running.run(settings, running.RunOptions(once=once, as_json=as_json)))


def _overrides(every: str | None, routes: str | None) -> dict[str, object]:
    found: dict[str, object] = {}
    if every is not None:
        try:
            found["check_interval"] = values.check_interval(every)
        except ValueError as fault:
            raise SettingsFault([f"--every: {fault}."]) from None
    if routes in _SHEETS:
        found |= dict.fromkeys(_SHEETS[routes][1])
    elif routes is not None:
        found["routes_file"] = Path(routes)
    return found


def quote(request: QuoteRequest, *, source: str | None, save_reply: Path | None, as_json: bool) -> int:
    """`fare-engine quote`: 0 when the source answered (quotes or no_fares), else 1.

    Also 1 when the reply was to be kept and could not be.
    Raises SettingsFault and InvalidInput.
    """
    settings = _asking_only(source) if source else Settings.load()
    prepare(settings)
    clock = SystemClock()
    quoted = asyncio.run(quoting.quote(settings, request, clock))
    if as_json:
        shown = quote_json(quoted.outcome)
    else:
        shown = quote_text(quoted.route, quoted.outcome, clock.now().date())
    sys.stdout.write(f"{shown}\n")
    saved = save_reply is None or _saved(quoted.reply, save_reply)
    return 0 if quoted.outcome.parsed and saved else 1


def _saved(reply: bytes | None, path: Path) -> bool:
    if reply is None:
        write_error(f"{path}: nothing to keep, no reply came.")
        return False
    try:
        path.write_bytes(reply)
    except OSError as error:
        write_error(f"{path}: the reply cannot be kept ({error.strerror}).")
        return False
    return True


def prepare(settings: Settings) -> None:
    """Logs, locale data, and streams that show a sign they cannot write as a question mark."""
    configure_logging(settings)
    words.warm_up()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _asking_only(source: str) -> Settings:
    if source not in CREDENTIALS:
        raise SettingsFault([f"--source: this version has {', '.join(CREDENTIALS)}."])
    settings = Settings.load(required=CREDENTIALS[source])
    return settings.model_copy(update={"fare_sources": (source,), "fare_confirm_sources": (source,)})
