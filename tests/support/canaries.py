"""Values of a test that must stand nowhere outside: phone numbers, codes, tokens and keys.

    canaries = Canaries(numbers=[PHONE], codes=[code], secrets=[TOKEN])
    with listening() as heard:
        ...
    canaries.assert_absent({"log": heard.text, "discord": public(stage.env), **files_under(tmp_path)})

A number is found however it is written; what it was found as is never repeated in the failure.
"""

import base64
import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import phonenumbers
import simcord
import structlog
from structlog.testing import capture_logs

# The pretend services answer from this process: what they and asyncio's server log is the other side's.
OTHER_SIDE: Final = ("aiohttp.access", "aiohttp.server")
# Spaces, no-break spaces in UTF-8, and what people put between digits.
_BETWEEN: Final = rb"(?:[\s().\-/]|\xc2\xa0|\xe2\x80[\x91\xaf]){0,3}"


@dataclass(frozen=True, kw_only=True)
class Canaries:
    """What is looked for; numbers in E.164."""

    numbers: Iterable[str] = ()
    codes: Iterable[str] = ()
    secrets: Iterable[str] = ()

    def assert_absent(self, places: Mapping[str, str | bytes]) -> None:
        """Fail with every place in which something was found, and what kind of thing it was."""
        hits = [f"{kind} in {place}" for place, content in places.items() for kind in self.found_in(content)]
        assert not hits, f"found: {'; '.join(hits)}"

    def found_in(self, content: str | bytes) -> list[str]:
        """Which canaries stand in it, each as `number 1`, `code 2`, `secret 1`."""
        searched = content if isinstance(content, bytes) else content.encode()
        return [name for name, pattern in self._patterns() if re.search(pattern, searched)]

    def _patterns(self) -> Iterator[tuple[str, bytes]]:
        for count, number in enumerate(self.numbers, 1):
            yield f"number {count}", _number(number)
        for count, code in enumerate(self.codes, 1):
            # Six digits stand by chance within many a longer number.
            yield f"code {count}", rb"(?<![0-9A-Za-z])" + re.escape(code.encode()) + rb"(?![0-9A-Za-z])"
        for count, secret in enumerate(self.secrets, 1):
            yield f"secret {count}", b"|".join(map(re.escape, _forms(secret)))


@dataclass
class Heard:
    """Everything that was logged, by structlog and by the standard library, at any level."""

    events: list[Any] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join([*map(str, self.events), *self.lines])


@contextmanager
def listening() -> Iterator[Heard]:
    """Collect all logs at DEBUG, tracebacks included, until the block ends."""
    root = logging.getLogger()
    level = root.level
    with capture_logs(processors=[structlog.processors.format_exc_info]) as events:
        heard = Heard(events=events)
        handler = _Collector(heard.lines)
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        try:
            yield heard
        finally:
            root.removeHandler(handler)
            root.setLevel(level)


def public(env: simcord.Env) -> str:
    """Every request that the bot made of Discord: whatever members can see went through these."""
    return "\n".join(
        f"{request.method} {request.path} {json.dumps(request.json, ensure_ascii=False, default=str)}"
        for request in env.http_requests
    )


def files_under(folder: Path) -> dict[str, bytes]:
    """Everything that is kept: the database, what SQLite lays beside it, backups."""
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


class _Collector(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._lines = lines
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        if record.name not in OTHER_SIDE:
            self._lines.append(self.format(record))


def _number(number: str) -> bytes:
    """The national digits, with whatever may stand between them, and no digit after them."""
    national = str(phonenumbers.parse(number).national_number)
    return _BETWEEN.join(digit.encode() for digit in national) + rb"(?![0-9])"


def _forms(secret: str) -> Iterator[bytes]:
    """As it is, as it stands in a URL, and in base64 at each of its three alignments."""
    yield secret.encode()
    yield quote(secret, safe="").encode()
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + secret.encode())
        # The characters at both ends depend on the neighbours as well.
        yield coded[(0, 2, 3)[offset] : -4 if coded.endswith(b"=") else None]
