"""A pretend Discord REST API, as much of it as delivers alerts: channels, messages, the nonce table.

discord.py is pointed at it by `discord.http.Route.BASE`. No gateway: nobody connects here.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from sandbox.ledger import Ledger

SERVICE: Final = "discord"
APPLICATION_ID: Final = "4001"
_API: Final = "/api/v10"
_FIRST_MESSAGE: Final = 70_000_000_000_000_000

Json = dict[str, object]


@dataclass(kw_only=True)
class Post:
    """A message that stands in a channel. `arrived_at` is a reading of `time.monotonic`."""

    id: str
    channel_id: str
    nonce: str | None
    body: Json
    arrived_at: float
    edits: list[Json] = field(default_factory=list)


class FakeDiscord:
    """The service. `posts` is the truth: what stands in the channels, each nonce once.

    With `token` set, who names himself by another is refused; `servers` is how many the bot is in.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.posts: list[Post] = []
        self.token: str | None = None
        self.servers = 1
        self.base_url = ""
        self._by_nonce: dict[tuple[str, str], Post] = {}

    @property
    def api(self) -> str:
        """What `discord.http.Route.BASE` is set to."""
        return self.base_url + _API

    def routes(self) -> list[web.RouteDef]:
        """What the service answers to."""
        return [
            web.get(f"{_API}/users/@me", self._me),
            web.get(f"{_API}/applications/@me", self._application),
            web.get(f"{_API}/oauth2/applications/@me", self._application),
            web.put(f"{_API}/applications/{{application}}/commands", self._commands),
            web.post(f"{_API}/users/@me/channels", self._open_dm),
            web.post(f"{_API}/channels/{{channel}}/messages", self._create),
            web.get(f"{_API}/channels/{{channel}}/messages", self._history),
            web.patch(f"{_API}/channels/{{channel}}/messages/{{message}}", self._edit),
        ]

    async def _me(self, request: web.Request) -> web.Response:
        return _json(_account()) if self._knows(request) else _unauthorized()

    def _knows(self, request: web.Request) -> bool:
        return self.token is None or request.headers.get("Authorization") == f"Bot {self.token}"

    async def _application(self, request: web.Request) -> web.Response:
        if not self._knows(request):
            return _unauthorized()
        return _json(
            {
                "id": APPLICATION_ID,
                "name": "fares",
                "description": "",
                "icon": None,
                "summary": "",
                "bot_public": False,
                "bot_require_code_grant": False,
                "verify_key": "",
                "flags": 0,
                "approximate_guild_count": self.servers,
                "bot": _account(),
                "team": None,
                "owner": _account(),
            }
        )

    async def _commands(self, _: web.Request) -> web.Response:
        return _json([])

    async def _open_dm(self, request: web.Request) -> web.Response:
        recipient = str((await request.json())["recipient_id"])
        user = {"id": recipient, "username": "member", "discriminator": "0", "avatar": None}
        return _json({"id": f"8{recipient}", "type": 1, "last_message_id": None, "recipients": [user]})

    async def _create(self, request: web.Request) -> web.Response:
        channel = request.match_info["channel"]
        body: Json = await request.json()
        nonce = None if body.get("nonce") is None else str(body["nonce"])
        known = self._by_nonce.get((channel, nonce)) if nonce and body.get("enforce_nonce") else None
        if known is not None:
            return _json(_message(known))
        post = Post(
            id=str(_FIRST_MESSAGE + len(self.posts)),
            channel_id=channel,
            nonce=nonce,
            body=body,
            arrived_at=time.monotonic(),
        )
        self.posts.append(post)
        if nonce:
            self._by_nonce[channel, nonce] = post
        return _json(_message(post))

    async def _history(self, request: web.Request) -> web.Response:
        channel = request.match_info["channel"]
        found = [_message(post) for post in reversed(self.posts) if post.channel_id == channel]
        return _json(found[: int(request.query.get("limit", "50"))])

    async def _edit(self, request: web.Request) -> web.Response:
        post = next((post for post in self.posts if post.id == request.match_info["message"]), None)
        if post is None:
            return _json({"message": "Unknown Message", "code": 10008}, status=404)
        post.edits.append(await request.json())
        return _json(_message(post))


def _account() -> Json:
    return {"id": APPLICATION_ID, "username": "fares", "discriminator": "0", "avatar": None, "bot": True}


def _message(post: Post) -> Json:
    latest: Mapping[str, object] = {**post.body, **(post.edits[-1] if post.edits else {})}
    return {
        "id": post.id,
        "channel_id": post.channel_id,
        "author": _account(),
        "content": latest.get("content") or "",
        "timestamp": "2026-11-22T09:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": latest.get("embeds") or [],
        "components": latest.get("components") or [],
        "pinned": False,
        "type": 0,
        "nonce": post.nonce,
    }


def _unauthorized() -> web.Response:
    return _json({"message": "401: Unauthorized", "code": 0}, status=401)


def _json(body: object, status: int = 200) -> web.Response:
    # discord.py takes a content type with a charset for HTML.
    response = web.json_response(body, status=status)
    response.charset = None
    return response
