"""Pytest hooks of the kill rig: how many kills there are, and the counts of all runs in one line.

`pytest tests/faults --kills 500` kills five hundred times; without the option it is sixty.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

import pytest

from tests.faults.verdict import Verdict

_PREFIX: Final = "kills at "
_COUNTS: Final = ("lost", "duplicated", "recovered", "unexpected")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--kills N`."""
    parser.addoption("--kills", type=int, default=60, help="random kills of the fault rig (default 60)")


def note(record_property: Callable[[str, object], None], where: str, verdict: Verdict) -> None:
    """Have the verdict of a run counted; `where` names what was killed at."""
    counts = {name: getattr(verdict, name) for name in ("kills", "unsound", *_COUNTS)}
    record_property(f"{_PREFIX}{where}", counts)


def summary(reporter: pytest.TerminalReporter) -> None:
    """One line for each kind of kill, over all runs and all processes."""
    sums: dict[str, Counter[str]] = {}
    for where, counts in _noted(reporter):
        sums.setdefault(where, Counter()).update(counts)
    for where, total in sorted(sums.items()):
        counted = ", ".join(f"{total[name]} {name}" for name in _COUNTS)
        sound = f"database sound {total['kills'] - total['unsound']} times"
        reporter.write_line(f"{total['kills']} {where}: {counted}; {sound}")


def _noted(reporter: pytest.TerminalReporter) -> Iterator[tuple[str, dict[str, int]]]:
    reports = (report for kind in ("passed", "failed") for report in reporter.getreports(kind))
    for report in reports:
        for name, value in report.user_properties:
            if name.startswith(_PREFIX) and isinstance(value, dict):
                yield name, value
