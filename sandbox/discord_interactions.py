"""What members type and press in the pretend Discord, and how soon each is answered."""

import itertools
import time
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from sandbox.discord_posts import Json
from sandbox.discord_replies import APPLICATION_ID, answer, bare_message

_FIRST: Final = 60_000_000_000_000_000
_EPHEMERAL: Final = 64
_SHOWN_AT: Final = "2026-01-01T00:00:00+00:00"


class Interactions:
    """`asked` and `answered` hold, by id, when each was sent and when its first answer arrived.

    Instants are readings of `time.monotonic`. Any answer is taken; what it shows is not kept.
    """

    def __init__(self, tell: Callable[[str, Json], Awaitable[None]]) -> None:
        self.asked: dict[str, float] = {}
        self.answered: dict[str, float] = {}
        self._tell = tell
        self._numbers = itertools.count(_FIRST)

    def routes(self, api: str) -> list[web.RouteDef]:
        """Where answers come in."""
        original = f"{api}/webhooks/{{application}}/{{token}}/messages/@original"
        return [
            web.post(f"{api}/interactions/{{id}}/{{token}}/callback", self._callback),
            web.patch(original, self._message),
            web.get(original, self._message),
            web.post(f"{api}/webhooks/{{application}}/{{token}}", self._message),
        ]

    async def ask(self, kind: int, data: Json, member: Json, place: Json, message: Json | None = None) -> str:
        """Send one; its id. `place` is where: guild_id, channel_id and channel."""
        id_ = str(next(self._numbers))
        interaction: Json = {
            "id": id_,
            "application_id": APPLICATION_ID,
            "type": kind,
            "token": f"token-{id_}",
            "version": 1,
            "data": data,
            "member": member,
            "locale": "en-US",
            "guild_locale": "en-US",
            "app_permissions": str(2**53 - 1),
            "entitlements": [],
            "authorizing_integration_owners": {"0": place["guild_id"]},
            "context": 0,
            "attachment_size_limit": 10_485_760,
            **place,
            **({"message": message} if message else {}),
        }
        self.asked[id_] = time.monotonic()
        await self._tell("INTERACTION_CREATE", interaction)
        return id_

    async def _callback(self, request: web.Request) -> web.Response:
        id_ = request.match_info["id"]
        self.answered.setdefault(id_, time.monotonic())
        await request.read()
        return answer({"interaction": {"id": id_, "type": 2, "response_message_id": id_}})

    async def _message(self, request: web.Request) -> web.Response:
        await request.read()
        return answer(shown())


def shown(components: list[Json] | None = None) -> Json:
    """A message of the bot that one member sees, with these rows of components."""
    whole = bare_message(str(_FIRST - 1), "9001", _SHOWN_AT)
    return {**whole, "components": components or [], "flags": _EPHEMERAL}
