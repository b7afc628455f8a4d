"""A service of the pretend world on a port of its own."""

import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

from aiohttp import web

from sandbox.ledger import Ledger

_LOOPBACK = "127.0.0.1"


class Service(Protocol):
    """What can be served: routes, and a place to learn its own address."""

    base_url: str

    def routes(self) -> Sequence[web.RouteDef]:
        """What the service answers to."""
        ...


@asynccontextmanager
async def serve(
    service: Service, name: str, ledger: Ledger, *, port: int = 0, tls: ssl.SSLContext | None = None
) -> AsyncIterator[str]:
    """Serve on loopback (port 0: any free one), sets and yields the base URL; with `tls` by HTTPS.

    Every request goes into the ledger under `name`.
    """
    app = web.Application(middlewares=[ledger.middleware(name)])
    app.add_routes(service.routes())
    # A client that gives up ends its handler: a hanging one must not outlive its test.
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, _LOOPBACK, port, ssl_context=tls).start()
        service.base_url = f"{'https' if tls else 'http'}://{_LOOPBACK}:{runner.addresses[0][1]}"
        yield service.base_url
    finally:
        await runner.cleanup()
