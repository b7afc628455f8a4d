"""The health door: `/healthz` says whether every part works, not whether the process is alive."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web

from engine.web.listening import Bind, listening

__all__ = ["Bind", "Check", "open_health"]

Check = Callable[[], Awaitable[str | None]]
"""Asks one part; None when it works, else a few words without secrets."""

_PATIENCE_S: Final = 5.0
_WORKS: Final = "ok"


@asynccontextmanager
async def open_health(bind: Bind, checks: Mapping[str, Check]) -> AsyncIterator[int | None]:
    """Answer GET /healthz until the block ends; yields the port, None when it could not be taken.

    200 when all checks hold, else 503; the body says of each part how it is. A port that is
    taken is logged and no reason to stop.
    """
    app = web.Application()
    app.add_routes([web.get("/healthz", _Healthz(checks).answer)])
    async with listening(app, bind, "health is not shown") as port:
        yield port


class _Healthz:
    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = dict(checks)

    async def answer(self, _: web.Request) -> web.Response:
        answers = await asyncio.gather(*(_ask(check) for check in self._checks.values()))
        parts = dict(zip(self._checks, answers, strict=True))
        status = 200 if all(words == _WORKS for words in answers) else 503
        return web.json_response(parts, status=status)


async def _ask(check: Check) -> str:
    """What a part says of itself; one that does not answer or fails is not well."""
    try:
        async with asyncio.timeout(_PATIENCE_S):
            return await check() or _WORKS
    except TimeoutError:
        return f"no answer within {_PATIENCE_S:.0f} s"
    except Exception as error:  # noqa: BLE001  the root of a check: whatever it was, the part is not well
        return f"failed ({type(error).__name__})"
