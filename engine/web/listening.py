"""Listening on a port of this process, on its own loop."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import msgspec
import structlog
from aiohttp import web

_log = structlog.get_logger(__name__)

# Whoever is behind a proxy keeps connections; nobody may keep one for ever.
_KEEP_ALIVE_S: Final = 30.0


class Bind(msgspec.Struct, frozen=True):
    """Where to listen; port 0 takes any free one."""

    host: str
    port: int


@asynccontextmanager
async def listening(app: web.Application, bind: Bind, without: str) -> AsyncIterator[int | None]:
    """Serve until the block ends; yields the port, None when it could not be taken.

    That is logged with the words of `without`, and no reason to stop.
    """
    # Nobody whom we listen to sends compressed bodies, and a bomb of one is not to be unpacked.
    runner = web.AppRunner(
        app, access_log=None, keepalive_timeout=_KEEP_ALIVE_S, auto_decompress=False, shutdown_timeout=1.0
    )
    await runner.setup()
    try:
        yield await _listen(runner, bind, without)
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, bind: Bind, without: str) -> int | None:
    try:
        await web.TCPSite(runner, bind.host, bind.port).start()
    except OSError as error:
        _log.warning(without, host=bind.host, port=bind.port, why=error.strerror)
        return None
    return int(runner.addresses[0][1])
