"""What stands in the channels of the pretend Discord, and its nonce table."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from engine.clock import Clock

Json = dict[str, object]

# Discord says "the past few minutes" and no more.
NONCE_HOLDS: Final = timedelta(minutes=5)
_FIRST_MESSAGE: Final = 70_000_000_000_000_000


@dataclass(kw_only=True)
class Post:
    """A message that stands in a channel. `arrived_at` is a reading of `time.monotonic`."""

    id: str
    channel_id: str
    nonce: str | None
    body: Json
    arrived_at: float
    accepted_at: datetime
    edits: list[Json] = field(default_factory=list)

    @property
    def shown(self) -> Json:
        """The message as it stands now."""
        return {**self.body, **(self.edits[-1] if self.edits else {})}


class Posts:
    """All messages, in the order in which they were accepted.

    A nonce that is to be enforced gives the first message that carried it in that channel, for
    `nonce_holds` of the clock; `repeats` counts how often that happened.
    """

    def __init__(self, clock: Clock, nonce_holds: timedelta = NONCE_HOLDS) -> None:
        self.all: list[Post] = []
        self.repeats = 0
        self._clock = clock
        self._nonce_holds = nonce_holds
        self._by_nonce: dict[tuple[str, str], Post] = {}
        self._news = asyncio.Condition()

    async def accept(self, channel_id: str, body: Json) -> Post:
        """Put a message into a channel, or give the one that its nonce stands for."""
        nonce = None if body.get("nonce") is None else str(body["nonce"])
        known = self._known(channel_id, nonce) if body.get("enforce_nonce") else None
        if known is not None:
            self.repeats += 1
            return known
        post = Post(
            id=str(_FIRST_MESSAGE + len(self.all)),
            channel_id=channel_id,
            nonce=nonce,
            body=body,
            arrived_at=time.monotonic(),
            accepted_at=self._clock.now(),
        )
        if nonce:
            self._by_nonce[channel_id, nonce] = post
        async with self._news:
            self.all.append(post)
            self._news.notify_all()
        return post

    async def edit(self, post_id: str, body: Json) -> Post | None:
        """Change a message; None when there is no such."""
        post = self.get(post_id)
        if post is not None:
            async with self._news:
                post.edits.append(body)
                self._news.notify_all()
        return post

    def get(self, post_id: str) -> Post | None:
        """One message by its id."""
        return next((post for post in self.all if post.id == post_id), None)

    def in_channel(self, channel_id: str) -> Sequence[Post]:
        """What stands in a channel, the newest first."""
        return [post for post in reversed(self.all) if post.channel_id == channel_id]

    async def until(self, holds: Callable[["Posts"], bool]) -> None:
        """Wait until the messages are as asked."""
        async with self._news:
            await self._news.wait_for(lambda: holds(self))

    def _known(self, channel_id: str, nonce: str | None) -> Post | None:
        known = self._by_nonce.get((channel_id, nonce or ""))
        if known is None or self._clock.now() - known.accepted_at > self._nonce_holds:
            return None
        return known
