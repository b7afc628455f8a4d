"""`fare-engine doctor`: gathers, prints, and gives the exit code."""

import asyncio
import sys
from pathlib import Path
from typing import Final

import msgspec

from engine.clock import SystemClock
from engine.doctor.environment import read_settings
from engine.doctor.examine import examine
from engine.doctor.findings import Report
from engine.doctor.text import print_report
from engine.headless.commands import prepare
from engine.settings import Settings

_ENV_FILE: Final = ".env"


def doctor(*, as_json: bool) -> int:
    """Look at everything and print what was found; 0 only when the engine could do its job."""
    environment = read_settings(Path(_ENV_FILE))
    prepare(environment.settings or Settings())
    found = asyncio.run(examine(environment.settings, SystemClock()))
    report = Report.of([*environment.findings, *found])
    if as_json:
        sys.stdout.write(f"{msgspec.json.encode(report).decode()}\n")
    else:
        print_report(report, sys.stdout)
    return report.exit_code
