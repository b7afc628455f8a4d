"""Pretend readers of webhooks: Discord, Slack, ntfy and a program, each as strict as the real one.

They stand on one port and are told apart by their paths. What breaks a documented limit is refused as the
real service would refuse it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

from sandbox.ledger import Ledger

SERVICE: Final = "hooks"
_FIRST_MESSAGE: Final = 80_000_000_000_000_000
_DISCORD: Final = "/api/v10/webhooks/{id}/{token}"

Json = dict[str, Any]
Trouble = Callable[[web.Request], Awaitable[web.StreamResponse]]
"""What a reader does in place of taking a message."""


@dataclass(kw_only=True)
class Taken:
    """A message that was taken, as it arrived; `edits` are its later forms."""

    by: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    raw: bytes
    body: Json
    id: str
    edits: list[Json] = field(default_factory=list)


class Readers:
    """The service. `taken` is the truth: what each reader has."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.taken: list[Taken] = []
        self.troubles: list[Trouble] = []
        self.base_url = ""
        self._news = asyncio.Condition()

    async def until(self, holds: Callable[["Readers"], bool]) -> None:
        """Wait until something is so; looked at after every request."""
        async with self._news:
            await self._news.wait_for(lambda: holds(self))

    def routes(self) -> list[web.RouteDef]:
        """What the service answers to."""
        return [
            web.post(_DISCORD, self._discord),
            web.patch(f"{_DISCORD}/messages/{{message}}", self._discord_edit),
            web.post("/services/{team}/{app}/{token}", self._slack),
            web.post("/", self._ntfy),
            web.post("/{path:.+}", self._program),
        ]

    def of(self, by: str) -> list[Taken]:
        """What one reader has."""
        return [taken for taken in self.taken if taken.by == by]

    async def _discord(self, request: web.Request) -> web.StreamResponse:
        if trouble := self._trouble():
            await self._tell()
            return await trouble(request)
        body: Json = await request.json()
        if fault := discord_fault(body):
            return web.json_response({"message": fault, "code": 50035}, status=400)
        taken = await self._take("discord", request, body)
        if request.query.get("wait") != "true":
            return web.Response(status=204)
        return web.json_response({"id": taken.id, "type": 0, "content": body.get("content", "")})

    async def _discord_edit(self, request: web.Request) -> web.StreamResponse:
        if trouble := self._trouble():
            await self._tell()
            return await trouble(request)
        body: Json = await request.json()
        if fault := discord_fault(body):
            return web.json_response({"message": fault, "code": 50035}, status=400)
        for taken in self.of("discord"):
            if taken.id == request.match_info["message"]:
                taken.edits.append(body)
                await self._tell()
                return web.json_response({"id": taken.id, "type": 0})
        return web.json_response({"message": "Unknown Message", "code": 10008}, status=404)

    async def _slack(self, request: web.Request) -> web.StreamResponse:
        if trouble := self._trouble():
            await self._tell()
            return await trouble(request)
        body: Json = await request.json()
        if slack_fault(body):
            return web.Response(status=400, text="invalid_blocks")
        await self._take("slack", request, body)
        return web.Response(text="ok")

    async def _ntfy(self, request: web.Request) -> web.StreamResponse:
        if trouble := self._trouble():
            await self._tell()
            return await trouble(request)
        body: Json = await request.json()
        if fault := ntfy_fault(body, await request.read()):
            return web.json_response({"code": 41303, "http": 413, "error": fault}, status=413)
        taken = await self._take("ntfy", request, body)
        return web.json_response({"id": taken.id, "event": "message", "topic": body["topic"]})

    async def _program(self, request: web.Request) -> web.StreamResponse:
        if trouble := self._trouble():
            await self._tell()
            return await trouble(request)
        await self._take("json", request, await request.json())
        return web.Response(status=202)

    def _trouble(self) -> Trouble | None:
        return self.troubles.pop(0) if self.troubles else None

    async def _take(self, by: str, request: web.Request, body: Json) -> Taken:
        taken = Taken(
            by=by,
            path=request.path,
            query=dict(request.query),
            headers=dict(request.headers),
            raw=await request.read(),
            body=body,
            id=str(_FIRST_MESSAGE + len(self.taken)),
        )
        self.taken.append(taken)
        await self._tell()
        return taken

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()


def answers(status: int, body: Json | None = None, **headers: str) -> Trouble:
    """It answers with that status."""

    async def trouble(_: web.Request) -> web.StreamResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.json_response(body or {}, status=status, headers=named)

    return trouble


def hangs() -> Trouble:
    """It says nothing until its caller gives up."""

    async def trouble(_: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    return trouble


def drips(status: int = 200) -> Trouble:
    """It answers at once and then sends its body for ever, a byte at a time."""

    async def trouble(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=status)
        await response.prepare(request)
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.02)

    return trouble


def floods(status: int = 200) -> Trouble:
    """It answers with more than anybody wants to read, compressed to little."""

    async def trouble(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=status)
        response.enable_compression(web.ContentCoding.gzip)
        await response.prepare(request)
        for _ in range(200):
            await response.write(b"0" * 1_000_000)
        return response

    return trouble


def resets() -> Trouble:
    """It hangs up without an answer."""

    async def trouble(request: web.Request) -> web.StreamResponse:
        if request.transport is not None:
            request.transport.abort()
        raise asyncio.CancelledError

    return trouble


def discord_fault(body: Json) -> str | None:
    """What Discord's documentation would refuse of a message."""
    embeds: list[Json] = body.get("embeds", [])
    fields = [field for embed in embeds for field in embed.get("fields", [])]
    texts = [str(embed.get(name) or "") for embed in embeds for name in ("title", "description")]
    texts += [str(embed.get("footer", {}).get("text", "")) for embed in embeds]
    texts += [str(field[name]) for field in fields for name in ("name", "value")]
    checks = {
        "content": len(body.get("content", "")) <= 2000,
        "embeds": len(embeds) <= 10 and bool(embeds or body.get("content")),
        "title": all(len(embed.get("title", "")) <= 256 for embed in embeds),
        "fields": all(len(embed.get("fields", [])) <= 25 for embed in embeds),
        "name": all(0 < len(field["name"]) <= 256 for field in fields),
        "value": all(0 < len(field["value"]) <= 1024 for field in fields),
        "all": sum(map(len, texts)) <= 6000,
    }
    return next((name for name, holds in checks.items() if not holds), None)


def slack_fault(body: Json) -> str | None:
    """What Slack's documentation would refuse of a message."""
    blocks: list[Json] = body.get("blocks", [])
    fields = [field for block in blocks for field in block.get("fields", [])]
    sections = [block["text"] for block in blocks if block["type"] == "section" and "text" in block]
    headers = [block["text"] for block in blocks if block["type"] == "header"]
    checks = {
        "text": 0 < len(body.get("text", "")) <= 40_000,
        "blocks": len(blocks) <= 50,
        "fields": all(0 < len(block.get("fields", [0])) <= 10 for block in blocks),
        "field": all(0 < len(field["text"]) <= 2000 for field in fields),
        "section": all(0 < len(text["text"]) <= 3000 for text in sections),
        "header": all(0 < len(text["text"]) <= 150 for text in headers),
        "plain header": all(text["type"] == "plain_text" for text in headers),
    }
    return next((name for name, holds in checks.items() if not holds), None)


def ntfy_fault(body: Json, raw: bytes) -> str | None:
    """What ntfy's documentation would refuse of a message, or make an attachment of."""
    checks = {
        "body": len(raw) <= 8192,
        "topic": 0 < len(body.get("topic", "")) <= 64,
        "message": 0 < len(body.get("message", "").encode()) <= 4096,
        "priority": body.get("priority", 3) in range(1, 6),
        "sequence_id": 0 < len(body.get("sequence_id", "x")) <= 64,
    }
    return next((name for name, holds in checks.items() if not holds), None)
