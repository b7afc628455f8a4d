"""Watches the whole suite for canaries: phone numbers, codes and tokens of tests in logs, files and posts.

Every number that tests use lies in one of the ranges below, every token says `canary` or is one of the
sandbox's, and codes are learned as the pretend Twilio texts them. Each test is looked over when it has
ended: what the product logged in this process at any level and libraries from INFO, what it left in
databases, backups and logs (those of killed bots are written at DEBUG), and what was sent to Discord.
A hit fails the test that it belongs to; the summary says how much was read.

`@pytest.mark.shows_canaries` is for tests whose point is to show one.
"""

import logging
import re
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from structlog.testing import LogCapture

from sandbox.discord_posts import Posts
from sandbox.twilio import FakeTwilio
from sandbox.twilio_verify import FakeVerify
from tests.support.canaries import OTHER_SIDE

_PROPERTY: Final = "canaries"
# National digits, x is any: members and operators in Germany, North America and India.
_RANGES: Final = ("15187xxxxxx", "15112345678", "555987xxxx", "4155552671", "9876543210")
_BETWEEN: Final = r"(?:[\s().\-/]|\xc2\xa0){0,2}"
_KEPT: Final = re.compile(r"\.db(-wal|-shm)?$|backup|\.log$")
_CODE: Final = re.compile(r"code[^0-9]{1,40}(\d{6})\b")


def _written(national: str) -> str:
    """A pattern for a number however it is written."""
    return _BETWEEN.join(r"\d" if digit == "x" else digit for digit in national)


_NUMBER: Final = rf"(?<![0-9])(?:\+?49|\+?1|\+?91|0)?(?:{'|'.join(map(_written, _RANGES))})(?![0-9])"
_TOKEN: Final = r"canary-?[A-Za-z]|sandbox-(?:[a-z]+-)?(?:secret|token|key|password|travelpayouts|serpapi)"
_CANARY: Final = re.compile(f"{_NUMBER}|{_TOKEN}".encode())


class CanaryWatch:
    """What the test under way has said and left; `read` counts how much was looked over."""

    def __init__(self) -> None:
        self.read: Counter[str] = Counter()
        self._said: list[tuple[str, str]] = []
        self._codes: set[str] = set()

    def hear(self, place: str, content: object) -> None:
        """Take down something that was logged or sent."""
        self._said.append((place, content if isinstance(content, str) else repr(content)))

    def learn(self, text: str) -> None:
        """Take down a code that was texted."""
        self._codes.update(_CODE.findall(text))

    def hits(self, folder: Path | None) -> list[str]:
        """Where the test left a canary; begins anew for the next one."""
        said, codes = self._said, self._codes
        self._said, self._codes = [], set()
        found = [place for place, content in said if _sings(content.encode(), codes)]
        self.read.update(place for place, _ in said)
        for path in _kept_in(folder):
            self.read["files"] += 1
            if _sings(path.read_bytes(), codes):
                found.append(path.name)
        return found


class _Handler(logging.Handler):
    def __init__(self, watch: CanaryWatch) -> None:
        super().__init__(logging.DEBUG)
        self._watch = watch

    def emit(self, record: logging.LogRecord) -> None:
        if record.name not in OTHER_SIDE:
            self._watch.hear("log lines", self.format(record))


WATCH: Final = CanaryWatch()


def watch_requests(requests: Iterable[Any]) -> None:
    """Look over what a bot in simcord asked of Discord: whatever members can see went through these."""
    for request in requests:
        WATCH.hear("payloads", f"{request.path} {request.json!r}")


@contextmanager
def watching() -> Iterator[None]:
    """Listen to everything in this process until the block ends."""
    root, level = logging.getLogger(), logging.getLogger().level
    handler = _Handler(WATCH)
    with pytest.MonkeyPatch.context() as patch:
        _overhear(
            patch, LogCapture, "__call__", lambda _logger, _method, event: WATCH.hear("log lines", event)
        )
        _overhear(patch, Posts, "accept", lambda _channel, body: WATCH.hear("payloads", body))
        _overhear(patch, Posts, "edit", lambda _post, body: WATCH.hear("payloads", body))
        _overhear(patch, FakeTwilio, "_accept", lambda form: WATCH.learn(form["Body"]))
        _overhear(patch, FakeVerify, "_text", lambda found: WATCH.learn(f"code: {found.code}"))
        root.addHandler(handler)
        root.setLevel(logging.INFO)
        try:
            yield
        finally:
            root.removeHandler(handler)
            root.setLevel(level)


def to_watch(_logger: object, _method: str, event: Any) -> Any:
    """A processor of structlog's chain that lets everything pass."""
    WATCH.hear("log lines", dict(event))
    return event


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", "shows_canaries: its point is to show one")


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """Look over what the test left, once its fixtures are done."""
    folder = getattr(item, "funcargs", {}).get("tmp_path")
    yield
    before = Counter(WATCH.read)
    hits = WATCH.hits(folder)
    item.user_properties.append((_PROPERTY, dict(WATCH.read - before)))
    if hits and item.get_closest_marker("shows_canaries") is None:
        raise AssertionError(f"a phone number, code or token stands in: {', '.join(sorted(set(hits)))}")


def summary(reporter: pytest.TerminalReporter) -> None:
    """How much was looked over, in one line."""
    read: Counter[str] = Counter()
    hits = 0
    for reports in reporter.stats.values():
        for report in reports:
            if getattr(report, "when", None) == "teardown":
                for name, value in report.user_properties:
                    read.update(value if name == _PROPERTY else {})
                hits += "a phone number, code or token stands in" in str(report.longrepr or "")
    if read:
        looked = ", ".join(f"{count} {place}" for place, count in sorted(read.items()))
        reporter.write_line(f"canaries: {hits} hits in {looked}")


def _overhear(patch: pytest.MonkeyPatch, kind: type, name: str, hear: Callable[..., None]) -> None:
    real = getattr(kind, name)

    def heard(self: object, *args: Any, **kwargs: Any) -> Any:
        hear(*args, **kwargs)
        return real(self, *args, **kwargs)

    patch.setattr(kind, name, heard)


def _sings(content: bytes, codes: set[str]) -> bool:
    if _CANARY.search(content):
        return True
    return any(re.search(rf"(?<![0-9A-Za-z]){code}(?![0-9A-Za-z])".encode(), content) for code in codes)


def _kept_in(folder: Path | None) -> Iterator[Path]:
    if folder is not None and folder.is_dir():
        yield from (path for path in folder.rglob("*") if _KEPT.search(path.name) and path.is_file())
