"""What the pretend world saw: every request with monotonic stamps, for tests and benchmarks to count."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware


@dataclass(kw_only=True)
class Entry:
    """One request. Stamps are seconds of `time.monotonic`; `ended_at` and `status` stay None while it runs.

    `peer` names the TCP connection it came on. `status` stays None too when the connection
    was dropped without an answer.
    """

    service: str
    method: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    headers: Mapping[str, str]
    peer: str
    started_at: float
    ended_at: float | None = None
    status: int | None = None


@dataclass
class Ledger:
    """All requests of all services, in order of arrival; `heard` is told of each as it comes."""

    entries: list[Entry] = field(default_factory=list)
    heard: Callable[[Entry], None] = lambda _: None
    _running: dict[str, int] = field(default_factory=dict)
    _high_water: dict[str, int] = field(default_factory=dict)

    def middleware(self, service: str) -> Middleware:
        """A middleware that writes every request of one service down."""

        @web.middleware
        async def write_down(request: web.Request, handler: Handler) -> web.StreamResponse:
            entry = await self._open(service, request)
            try:
                response = await handler(request)
                entry.status = response.status
                return response
            except web.HTTPException as refusal:
                entry.status = refusal.status
                raise
            finally:
                entry.ended_at = time.monotonic()
                self._running[service] -= 1

        return write_down

    def of(self, service: str, path: str | None = None) -> list[Entry]:
        """Requests of one service, of one path when named."""
        return [
            entry
            for entry in self.entries
            if entry.service == service and (path is None or entry.path == path)
        ]

    def connections(self, service: str) -> int:
        """On how many different TCP connections its requests came."""
        return len({entry.peer for entry in self.of(service)})

    def high_water(self, service: str) -> int:
        """The most requests of a service that were open at the same time."""
        return self._high_water.get(service, 0)

    def clear(self) -> None:
        """Forget what was seen so far; what runs is still counted."""
        self.entries.clear()
        self._high_water.clear()

    async def _open(self, service: str, request: web.Request) -> Entry:
        # Stamped before the body is read: that is when the request reached the door.
        started_at = time.monotonic()
        running = self._running.get(service, 0) + 1
        self._running[service] = running
        self._high_water[service] = max(running, self._high_water.get(service, 0))
        entry = Entry(
            service=service,
            method=request.method,
            path=request.path,
            query=dict(request.query),
            form=await _form(request),
            headers=dict(request.headers),
            peer=_peer(request),
            started_at=started_at,
        )
        self.entries.append(entry)
        self.heard(entry)
        return entry


async def _form(request: web.Request) -> Mapping[str, str]:
    """The urlencoded form of a request, empty for any other body."""
    if request.content_type != "application/x-www-form-urlencoded":
        return {}
    return {name: value for name, value in (await request.post()).items() if isinstance(value, str)}


def _peer(request: web.Request) -> str:
    """The other end of the connection: one ephemeral port per connection while the test lasts."""
    peer = request.transport.get_extra_info("peername") if request.transport else None
    return f"{peer[0]}:{peer[1]}" if peer else "gone"
