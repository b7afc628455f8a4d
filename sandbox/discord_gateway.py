"""The gateway of the pretend Discord: Hello, Ready, heartbeats, Resume, and the ways in which it ends."""

import asyncio
import itertools
from typing import Any, Final

import msgspec
from aiohttp import WSCloseCode, WSMsgType, web

from sandbox.discord_posts import Json
from sandbox.discord_replies import APPLICATION_ID, GUILD_ID, account, guild

PATH: Final = "/gateway"
_HEARTBEAT_MS: Final = 41_250
_DISPATCH, _HEARTBEAT, _IDENTIFY, _RESUME, _RECONNECT = 0, 1, 2, 6, 7
_INVALID_SESSION, _HELLO, _ACK = 9, 10, 11
_TOKEN_REFUSED: Final = 4004


class Gateway:
    """The websocket side. `identified` and `resumed` count how sessions began.

    `token` is the one that is let in, None lets anybody; `servers` is how many the bot is in.
    """

    def __init__(self) -> None:
        self.token: str | None = None
        self.servers = 1
        self.base_url = ""
        self.identified = 0
        self.resumed = 0
        self._open: dict[web.WebSocketResponse, str] = {}
        self._sessions: dict[str, int] = {}
        self._numbers = itertools.count(1)
        self._news = asyncio.Condition()

    @property
    def url(self) -> str:
        """What `DiscordWebSocket.DEFAULT_GATEWAY` is set to."""
        return self.base_url.replace("http", "ws", 1) + PATH

    def routes(self) -> list[web.RouteDef]:
        """Where clients connect."""
        return [web.get(PATH, self._serve)]

    async def until(self, sessions: int) -> None:
        """Wait until so many sessions began, by Identify or by Resume."""
        async with self._news:
            await self._news.wait_for(lambda: self.identified + self.resumed >= sessions)

    async def tell(self, event: str, data: Json) -> None:
        """Send an event to every client whose session has begun."""
        for socket, session in tuple(self._open.items()):
            if session:
                await self._dispatch(socket, session, event, data)

    async def ask_to_reconnect(self) -> None:
        """Tell all clients to come back and resume."""
        for socket in tuple(self._open):
            await socket.send_json({"op": _RECONNECT, "d": None})

    async def close(self, code: int = WSCloseCode.SERVICE_RESTART) -> None:
        """Drop all clients with this code."""
        for socket in tuple(self._open):
            await socket.close(code=code)

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._open[socket] = ""
        try:
            await socket.send_json({"op": _HELLO, "d": {"heartbeat_interval": _HEARTBEAT_MS}})
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    await self._answer(socket, msgspec.json.decode(frame.data))
        finally:
            del self._open[socket]
        return socket

    async def _answer(self, socket: web.WebSocketResponse, said: dict[str, Any]) -> None:
        match said["op"]:
            case 1:
                await socket.send_json({"op": _ACK})
            case 2:
                await self._identify(socket, said["d"]["token"])
            case 6:
                await self._resume(socket, said["d"])

    async def _identify(self, socket: web.WebSocketResponse, token: str) -> None:
        if self.token not in (None, token):
            await socket.close(code=_TOKEN_REFUSED)
            return
        session = f"{next(self._numbers):032x}"
        self._sessions[session] = 0
        ids = [str(int(GUILD_ID) + number) for number in range(self.servers)]
        ready: Json = {
            "v": 10,
            "user": account(),
            "guilds": [{"id": id_, "unavailable": True} for id_ in ids],
            "session_id": session,
            "resume_gateway_url": self.url,
            "application": {"id": APPLICATION_ID, "flags": 0},
        }
        self._open[socket] = session
        await self._dispatch(socket, session, "READY", ready)
        for id_ in ids:
            await self._dispatch(socket, session, "GUILD_CREATE", guild(id_))
        await self._began(identified=1)

    async def _resume(self, socket: web.WebSocketResponse, wanted: dict[str, Any]) -> None:
        session = str(wanted["session_id"])
        if session not in self._sessions:
            await socket.send_json({"op": _INVALID_SESSION, "d": False})
            return
        self._open[socket] = session
        await self._dispatch(socket, session, "RESUMED", {})
        await self._began(resumed=1)

    async def _dispatch(self, socket: web.WebSocketResponse, session: str, event: str, data: Json) -> None:
        self._sessions[session] += 1
        frame = {"op": _DISPATCH, "t": event, "s": self._sessions[session], "d": data}
        await socket.send_json(frame)

    async def _began(self, *, identified: int = 0, resumed: int = 0) -> None:
        async with self._news:
            self.identified += identified
            self.resumed += resumed
            self._news.notify_all()
