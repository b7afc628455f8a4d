"""Readers of webhooks behind real TLS on loopback, under the names of hosts of the internet."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from engine.domain.webhook import WebhookKind
from engine.http import open_session, public_only
from sandbox.hooks import SERVICE, Readers
from sandbox.ledger import Ledger
from sandbox.server import serve
from tests.support.phonebook import Phonebook
from tests.support.tls import certified

LOOPBACK = "127.0.0.1"
URLS = {
    WebhookKind.DISCORD: "https://discord.com/api/webhooks/123456789012345678/canary-discord-token-0123456789",
    WebhookKind.SLACK: "https://hooks.slack.com/services/T000/B000/canarySlackToken",
    WebhookKind.NTFY: "https://ntfy.example.com/canary-topic",
    WebhookKind.JSON: "https://board.example.com/canary-path?key=canary-query",
}
HOSTS = ("discord.com", "hooks.slack.com", "ntfy.example.com", "board.example.com")

OpenSession = Callable[[], AbstractAsyncContextManager[aiohttp.ClientSession]]


@dataclass
class Outside:
    """The readers, the names that lead to them, and sessions that may reach loopback, or may not."""

    readers: Readers
    phonebook: Phonebook
    port: int
    may_reach: Callable[..., OpenSession]


@asynccontextmanager
async def open_outside(folder: Path) -> AsyncIterator[Outside]:
    """The readers, until the block ends."""
    server, client = certified(folder, *HOSTS)
    phonebook = Phonebook()
    readers = Readers(Ledger())

    def may_reach(*allowed: str, deadline_s: float = 5.0) -> OpenSession:
        return lambda: open_session(
            limit=5, timeout_s=deadline_s, resolver=phonebook, sockets=public_only(allowed), trust=client
        )

    async with serve(readers, SERVICE, readers.ledger, tls=server) as base_url:
        port = int(base_url.rpartition(":")[2])
        for host in HOSTS:
            phonebook.put(host, [(LOOPBACK, port)])
        yield Outside(readers, phonebook, port, may_reach)
