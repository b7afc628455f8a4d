"""Standard output and error of a headless run, and the progress bar where a person watches.

Standard output carries the lines of the contract and nothing else; the bar stands on standard error,
and only when that is a terminal.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from engine.headless.observers import Write
from engine.look import LookReport
from engine.loops import BatchReport

# A bar for a handful of looks would only flicker.
_FEWEST_FOR_A_BAR: Final = 2


class StandardOutput:
    """Writes lines to standard output until its reader is gone (`fare-engine run | head`).

    `failed` tells that it ended for a worse reason, such as a full disk.
    """

    def __init__(self, when_gone: Callable[[], None]) -> None:
        self._when_gone = when_gone
        self._gone = False
        self.failed = False

    def write(self, line: str) -> None:
        """Write one line and flush it; calls `when_gone` once when no more can be written."""
        if self._gone:
            return
        try:
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
        except OSError as error:
            self._gone = True
            self.failed = not isinstance(error, BrokenPipeError)
            if self.failed:
                write_error(f"Standard output cannot be written ({error.strerror}).")
            # What Python flushes at exit would complain again.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self._when_gone()


def write_error(line: str) -> None:
    """Write one line to standard error, above the bar where there is one."""
    sys.stderr.write(f"{line}\n")


class Bar:
    """A progress bar per batch that is under way."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[int, TaskID] = {}

    def dispatched(self, batch: int, count: int) -> None:
        """Begin a bar."""
        if count >= _FEWEST_FOR_A_BAR:
            self._tasks[batch] = self._progress.add_task("Looking", total=count)

    def looked(self, batch: int, report: LookReport) -> None:  # noqa: ARG002
        """One step."""
        if batch in self._tasks:
            self._progress.advance(self._tasks[batch])

    def finished(self, report: BatchReport) -> None:
        """Take the bar away."""
        if report.batch in self._tasks:
            self._progress.remove_task(self._tasks.pop(report.batch))


@contextmanager
def bar_on_terminal(write: Write) -> Iterator[tuple[Write, Bar | None]]:
    """A bar while the block runs, and how to write lines beside it.

    Without a terminal on standard error there is no bar and `write` is given back. Where standard
    output is a terminal too, lines go through the bar's own console, which keeps it below them.
    """
    if not sys.stderr.isatty():
        yield write, None
        return
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as progress:
        beside = _through(console) if sys.stdout.isatty() else write
        yield beside, Bar(progress)


def _through(console: Console) -> Write:
    return lambda line: console.print(line, markup=False, highlight=False, soft_wrap=True)
