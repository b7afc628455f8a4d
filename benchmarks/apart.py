"""A pretend outside world in a process of its own, so that its work is not counted as the engine's."""

import asyncio
import multiprocessing
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from multiprocessing.connection import Connection

Serve = Callable[[Connection], Coroutine[None, None, None]]
"""What lives there; the first that it sends says where it can be reached."""


@asynccontextmanager
async def open_apart(serve: Serve) -> AsyncIterator[tuple[Connection, bytes]]:
    """Start the process; gives the line to it and the first that it said. It ends with the block."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_live, args=(serve, theirs), daemon=True)
    process.start()
    try:
        yield ours, await asyncio.to_thread(ours.recv_bytes)
    finally:
        process.terminate()
        await asyncio.to_thread(process.join)


def _live(serve: Serve, line: Connection) -> None:
    asyncio.run(serve(line))
