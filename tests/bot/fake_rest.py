"""The few REST calls of Discord that lane and start make, on loopback, going wrong as a test says."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.bot.discord_api import faults_of

ME = "77"
Answer = Callable[[web.Request], web.StreamResponse]


@dataclass
class FakeDiscord:
    """The few REST calls the lane makes; `answers` and `logins` replace the next ones."""

    answers: list[Answer] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    history: list[dict[str, Any]] = field(default_factory=list)
    logins: list[Answer] = field(default_factory=list)
    registered: list[Any] = field(default_factory=list)
    has_registered: asyncio.Event = field(default_factory=asyncio.Event)
    base_url: str = ""
    faults: list[str] = field(default_factory=list)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/users/@me", self._me),
            web.put("/applications/{application}/commands", self._register),
            web.get("/oauth2/applications/@me", self._application),
            web.post("/users/@me/channels", self._open),
            web.post("/channels/{channel}/messages", self._post),
            web.patch("/channels/{channel}/messages/{message}", self._post),
            web.get("/channels/{channel}/messages", self._history),
        ]

    async def _me(self, request: web.Request) -> web.StreamResponse:
        if self.logins:
            return self.logins.pop(0)(request)
        return answered({"id": ME, "username": "fare", "discriminator": "0", "avatar": None, "bot": True})

    async def _register(self, request: web.Request) -> web.Response:
        self.registered.append(await self._body(request))
        self.has_registered.set()
        return answered([])

    async def _application(self, _: web.Request) -> web.Response:
        owner = {"id": "1", "username": "o", "discriminator": "0", "avatar": None}
        plain = {"name": "fare", "description": "", "icon": None, "summary": "", "verify_key": ""}
        return answered(
            {"id": ME, "owner": owner, "flags": 0, "bot_public": True, "bot_require_code_grant": False}
            | plain
        )

    async def _open(self, request: web.Request) -> web.StreamResponse:
        if self.answers:
            return self.answers.pop(0)(request)
        user = {"id": "1001", "username": "ada", "discriminator": "0", "avatar": None}
        return answered({"id": "9100", "type": 1, "recipients": [user]})

    async def _post(self, request: web.Request) -> web.StreamResponse:
        self.sent.append(await self._body(request))
        if self.answers:
            return self.answers.pop(0)(request)
        return answered(message("555", self.sent[-1].get("embeds", [])))

    async def _body(self, request: web.Request) -> Any:
        body = await request.json()
        self.faults += faults_of(request.method, request.path, body)
        return body

    async def _history(self, _: web.Request) -> web.Response:
        return answered(self.history)


def message(id_: str, embeds: list[dict[str, Any]], author: str = ME) -> dict[str, Any]:
    return {
        "id": id_,
        "channel_id": "9001",
        "type": 0,
        "content": "",
        "author": {"id": author, "username": "fare", "discriminator": "0", "avatar": None, "bot": True},
        "timestamp": "2026-11-22T09:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": embeds,
        "pinned": False,
        "components": [],
    }


def answered(body: Any, status: int = 200, **headers: str) -> web.Response:
    # discord.py reads JSON only where the content type is exactly this, without a charset.
    return web.Response(
        body=json.dumps(body).encode(), status=status, headers={"Content-Type": "application/json", **headers}
    )


def refused(status: int, code: int = 0) -> Answer:
    return lambda _: answered({"message": "no", "code": code}, status)


def limited(seconds: float, **headers: str) -> Answer:
    return lambda _: answered({"message": "slow", "retry_after": seconds, "global": False}, 429, **headers)


def text(body: str, content_type: str = "text/html") -> Answer:
    return lambda _: web.Response(body=body.encode(), headers={"Content-Type": content_type})


def reset(request: web.Request) -> web.StreamResponse:
    assert request.transport
    request.transport.abort()
    return web.Response()


@asynccontextmanager
async def open_discord() -> AsyncIterator[FakeDiscord]:
    """Serve it until the block ends."""
    fake = FakeDiscord()
    app = web.Application()
    app.add_routes(fake.routes())
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    fake.base_url = f"http://{host}:{port}"
    try:
        yield fake
        assert fake.faults == []
    finally:
        await runner.cleanup()
