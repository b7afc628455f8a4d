"""What every test gets: a loop that must not be blocked by our code, and logs that can be read back.

The hooks of the kill rig and of the canary watch stand here, because pytest looks for hooks in the
outermost conftest only.
"""

import os
from collections.abc import Iterator

import pytest
import structlog
from blockbuster import BlockBuster, blockbuster_ctx
from hypothesis import settings

from tests.faults import counting
from tests.faults.counting import pytest_addoption
from tests.support import canary_watch
from tests.support.canary_watch import pytest_configure, pytest_runtest_teardown

__all__ = ["pytest_addoption", "pytest_configure", "pytest_runtest_teardown"]

# Three times the examples of the `*hostile*` tests, too many for every run; see `make faults`.
settings.register_profile("hostile", max_examples=300)


@pytest.fixture(autouse=True)
def _nothing_of_ours_blocks_the_loop() -> Iterator[BlockBuster]:
    with blockbuster_ctx(scanned_modules=["engine", "bot"]) as blockbuster:
        yield blockbuster


@pytest.fixture(autouse=True, scope="session")
def _plain_tracebacks() -> None:
    """As in production: rich tracebacks read source files, on the loop, and print local variables."""
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(
        processors=[structlog.processors.add_log_level, canary_watch.to_watch, plain],
    )


@pytest.fixture(autouse=True, scope="session")
def _no_canary_gets_out() -> Iterator[None]:
    """No phone number, code or token in any log, database or post; `tests/support/canary_watch.py`."""
    with canary_watch.watching():
        yield


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a third of their time tests wait for disks, processes and replies."""
    return (os.cpu_count() or 1) + 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What rigs and watches counted, a line each."""
    counting.summary(terminalreporter)
    canary_watch.summary(terminalreporter)
