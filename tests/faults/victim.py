"""Starting, killing and ending lives of the bot, from a warm parent or fresh."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import msgspec

from tests.faults.life import Life

_SCRIPT = Path(__file__).with_name("bot_process.py")
_ROOT = Path(__file__).parents[2]
_PATIENCE_S = 30.0


class Victim:
    """A life under way."""

    def __init__(self, pid: int, ended: "asyncio.Task[int]") -> None:
        self._pid = pid
        self._ended = ended

    def kill(self) -> bool:
        """SIGKILL; False for a life that was over already."""
        return self._signal(signal.SIGKILL)

    def ask_to_end(self) -> None:
        """SIGTERM, as an operator would."""
        self._signal(signal.SIGTERM)

    async def over(self, within_s: float = _PATIENCE_S) -> int:
        """Wait until it has ended; its exit code, or the signal's number below zero."""
        async with asyncio.timeout(within_s):
            return await asyncio.shield(self._ended)

    def _signal(self, number: signal.Signals) -> bool:
        # Its parent waits for it, so the number cannot be another process's before that has ended.
        if self._ended.done():
            return False
        with suppress(ProcessLookupError):
            os.kill(self._pid, number)
        return True


class WarmParent:
    """Forks lives, one at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def start(self, life: Life) -> Victim:
        """Begin a life; the one before must be over."""
        pid = await self._ask(msgspec.json.encode(life))
        return Victim(pid, asyncio.create_task(self._ask(b"reap")))

    async def _ask(self, line: bytes) -> int:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(line + b"\n")
        await self._process.stdin.drain()
        return int(await self._process.stdout.readline())


@asynccontextmanager
async def open_warm_parent(folder: Path) -> AsyncIterator[WarmParent]:
    """The parent, all loaded; it ends with the block, and whoever it gave life with it."""
    process = await _run(folder, "--warm", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    assert process.stdin
    try:
        yield WarmParent(process)
    finally:
        process.stdin.close()
        await process.wait()


async def start_fresh(life: Life) -> Victim:
    """Begin a life in a process that has nothing loaded."""
    process = await _run(
        Path(life.folder), msgspec.json.encode(life).decode(), stdin=asyncio.subprocess.DEVNULL
    )
    return Victim(process.pid, asyncio.create_task(process.wait()))


async def _run(
    folder: Path, argument: str, *, stdin: int, stdout: int | None = None
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        str(_SCRIPT),
        argument,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(_ROOT)},
        stdin=stdin,
        stdout=stdout,
    )
