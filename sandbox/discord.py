"""A pretend Discord, as much of it as a bot needs to log in and deliver: REST, gateway, nonce table.

discord.py is pointed at it by `discord.http.Route.BASE` and `DiscordWebSocket.DEFAULT_GATEWAY`.
Of commands and buttons only the first answer counts here: simcord plays them, but ignores nonces, rate
limits and time.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from aiohttp import web

from engine.clock import Clock, SystemClock
from sandbox.discord_gateway import Gateway
from sandbox.discord_interactions import Interactions
from sandbox.discord_posts import NONCE_HOLDS, Json, Post, Posts
from sandbox.discord_replies import account, answer, application, dm_channel, message, refusal
from sandbox.errands import Errands
from sandbox.ledger import Ledger
from sandbox.moments import Moment, Watcher, at_once, nobody

SERVICE: Final = "discord"
_API: Final = "/api/v10"

Answer = Callable[[web.Request], web.StreamResponse]


class FakeDiscord:
    """The service. `posts` is the truth: what stands in the channels, each nonce once.

    With `token` set, who names himself by another is refused; `servers` is how many the bot is in.
    `answers` stand in for the next answers to messages that are made or edited, and `logins` for
    those to logins; what is answered so is not carried out. `late` gives how many seconds of the
    clock after its arrival a message is accepted, whether or not its sender still lives; `watcher`
    hears of both. `registered` holds the commands as they were sent. `closed` are the channels that it
    does not show the bot, each with status, code and words. `to_people`: they may add it to their apps.
    """

    def __init__(
        self, ledger: Ledger, *, clock: Clock | None = None, nonce_holds: timedelta = NONCE_HOLDS
    ) -> None:
        self.ledger = ledger
        self.channels = Posts(clock or SystemClock(), nonce_holds)
        self.gateway = Gateway()
        self.interactions = Interactions(self.gateway.tell)
        self.answers: list[Answer] = []
        self.logins: list[Answer] = []
        self.closed: dict[str, tuple[int, int, str]] = {}
        self.registered: list[object] = []
        self.to_people = False
        self.late: Callable[[], float] = at_once
        self.watcher: Watcher = nobody
        self.errands = Errands()
        self._clock = clock or SystemClock()
        self._base_url = ""

    @property
    def posts(self) -> list[Post]:
        """The messages, in the order in which they were accepted."""
        return self.channels.all

    @property
    def token(self) -> str | None:
        """Who is let in; None lets anybody."""
        return self.gateway.token

    @token.setter
    def token(self, token: str | None) -> None:
        self.gateway.token = token

    @property
    def servers(self) -> int:
        """How many the bot is in."""
        return self.gateway.servers

    @servers.setter
    def servers(self, servers: int) -> None:
        self.gateway.servers = servers

    @property
    def base_url(self) -> str:
        """Where it is served."""
        return self._base_url

    @base_url.setter
    def base_url(self, base_url: str) -> None:
        self._base_url = self.gateway.base_url = base_url

    @property
    def api(self) -> str:
        """What `discord.http.Route.BASE` is set to."""
        return self.base_url + _API

    def routes(self) -> list[web.RouteDef]:
        """What the service answers to."""
        return [
            web.get(f"{_API}/users/@me", self._me),
            web.get(f"{_API}/gateway", self._where),
            web.get(f"{_API}/gateway/bot", self._where),
            web.get(f"{_API}/applications/@me", self._application),
            web.get(f"{_API}/oauth2/applications/@me", self._application),
            web.put(f"{_API}/applications/{{application}}/commands", self._commands),
            web.put(f"{_API}/applications/{{application}}/guilds/{{guild}}/commands", self._commands),
            web.post(f"{_API}/users/@me/channels", self._open_dm),
            web.get(f"{_API}/channels/{{channel}}", self._channel),
            web.post(f"{_API}/channels/{{channel}}/messages", self._create),
            web.get(f"{_API}/channels/{{channel}}/messages", self._history),
            web.patch(f"{_API}/channels/{{channel}}/messages/{{message}}", self._edit),
            *self.interactions.routes(_API),
            *self.gateway.routes(),
        ]

    async def _me(self, request: web.Request) -> web.StreamResponse:
        if self.logins:
            return self.logins.pop(0)(request)
        return answer(account()) if self._knows(request) else _unauthorized()

    def _knows(self, request: web.Request) -> bool:
        return self.token is None or request.headers.get("Authorization") == f"Bot {self.token}"

    async def _where(self, _: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return answer({"url": self.gateway.url, "shards": 1, "session_start_limit": limit})

    async def _application(self, request: web.Request) -> web.Response:
        return (
            answer(application(self.servers, to_people=self.to_people))
            if self._knows(request)
            else _unauthorized()
        )

    async def _commands(self, request: web.Request) -> web.Response:
        self.registered.append(await request.json())
        return answer([])

    async def _channel(self, request: web.Request) -> web.Response:
        id_ = request.match_info["channel"]
        if not self._knows(request):
            return _unauthorized()
        return refusal(*self.closed[id_]) if id_ in self.closed else answer({"id": id_, "type": 0})

    async def _open_dm(self, request: web.Request) -> web.Response:
        return answer(dm_channel(str((await request.json())["recipient_id"])))

    async def _create(self, request: web.Request) -> web.StreamResponse:
        if not self._knows(request):
            return _unauthorized()
        body: Json = await request.json()
        self.watcher(SERVICE, Moment.ARRIVED)
        if self.answers:
            return self.answers.pop(0)(request)
        return answer(message(await self.errands.run(self._take(request.match_info["channel"], body))))

    async def _take(self, channel_id: str, body: Json) -> Post:
        await self._clock.sleep(self.late())
        post = await self.channels.accept(channel_id, body)
        self.watcher(SERVICE, Moment.ACCEPTED)
        return post

    async def _history(self, request: web.Request) -> web.Response:
        found = [message(post) for post in self.channels.in_channel(request.match_info["channel"])]
        return answer(found[: int(request.query.get("limit", "50"))])

    async def _edit(self, request: web.Request) -> web.StreamResponse:
        body: Json = await request.json()
        if self.answers:
            return self.answers.pop(0)(request)
        post = await self.channels.edit(request.match_info["message"], body)
        return refusal(404, 10008, "Unknown Message") if post is None else answer(message(post))


def _unauthorized() -> web.Response:
    return refusal(401, 0, "401: Unauthorized")
