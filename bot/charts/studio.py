"""Pictures for messages: drawn by a process of their own that ends after a minute idle, and kept a while."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import IO, Final

import msgspec
import structlog
from cachetools import LRUCache

from bot.charts.painter import LENGTH_BYTES
from bot.charts.spec import Picture

_log = structlog.get_logger(__name__)

# matplotlib takes some 60 MB and a second to start: not kept for a bot whose charts nobody looks at.
_IDLE_S: Final = 60.0
_PATIENCE_S: Final = 20.0
_KEPT: Final = 64
_TOO_LARGE: Final = 8 * 1024 * 1024


class Studio:
    """Draws pictures one after another; equal ones are drawn once while they are kept.

    Nothing runs before the first is wanted; `close` ends what runs, and the next picture starts it anew.
    """

    def __init__(self, *, idle_s: float = _IDLE_S) -> None:
        self._idle_s = idle_s
        self._kept: LRUCache[Picture, bytes] = LRUCache(_KEPT)
        self._turn = asyncio.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._leaving: asyncio.TimerHandle | None = None
        self._ending: asyncio.Future[None] | None = None

    @property
    def is_open(self) -> bool:
        """Whether the drawing process runs."""
        return self._process is not None and self._process.poll() is None

    async def draw(self, picture: Picture) -> bytes | None:
        """The picture as PNG; None when it could not be drawn, which is logged."""
        async with self._turn:
            png = self._kept.get(picture)
            if png is not None:
                return png
            self._stay()
            png = await self._drawn(picture)
            if png:
                self._kept[picture] = png
            self._leaving = asyncio.get_running_loop().call_later(self._idle_s, self._leave)
            return png or None

    async def close(self) -> None:
        """End the drawing process, if it runs."""
        async with self._turn:
            self._stay()
            await self._end()

    async def _drawn(self, picture: Picture) -> bytes:
        ordering = asyncio.ensure_future(asyncio.to_thread(self._order, picture))
        try:
            async with asyncio.timeout(_PATIENCE_S):
                return await asyncio.shield(ordering)
        except (OSError, TimeoutError, EOFError) as fault:
            _log.warning("picture not drawn", fault=type(fault).__name__)
            await self._end()
            return b""
        except asyncio.CancelledError:  # the next order must not read the end of this one's picture
            await self._end()
            raise
        finally:
            await asyncio.gather(ordering, return_exceptions=True)

    def _order(self, picture: Picture) -> bytes:
        """Blocks until the picture is there: runs in a thread."""
        if not self.is_open:
            if self._process is not None:
                _kill(self._process)  # it ended by itself; its pipes are still ours
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot.charts.painter"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise EOFError("the drawing process was ended")
        body = msgspec.msgpack.encode(picture)
        process.stdin.write(len(body).to_bytes(LENGTH_BYTES, "big") + body)
        process.stdin.flush()
        length = int.from_bytes(_exactly(process.stdout, LENGTH_BYTES), "big")
        if length > _TOO_LARGE:
            raise OSError("a picture of that size was not ordered")
        return _exactly(process.stdout, length)

    def _stay(self) -> None:
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None

    def _leave(self) -> None:
        """Nobody wanted a picture for long."""
        self._ending = asyncio.ensure_future(self.close())

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            await asyncio.to_thread(_kill, process)


@asynccontextmanager
async def open_studio() -> AsyncIterator[Studio]:
    """A studio whose drawing process ends with the block."""
    studio = Studio()
    try:
        yield studio
    finally:
        await studio.close()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End it at once, it holds nothing; a read that waits for it ends too."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):  # an order that was not taken any more
                pipe.close()


def _exactly(stream: IO[bytes], length: int) -> bytes:
    read = stream.read(length)
    if len(read) < length:
        raise EOFError("the drawing process ended")
    return read
