"""What whoever runs the bot is told: once for each thing, in a channel of theirs or in the log."""

from typing import Final

import structlog

from engine.clock import Clock
from engine.domain.announce import notification_id
from engine.domain.botnotice import about_the_bot
from engine.domain.watch import Destination, DestinationKind
from engine.store.database import Transaction

_log = structlog.get_logger(__name__)

_PURPOSE: Final = "operator"


class Operators:
    """Tells whoever runs the bot; `channel_id` is OPERATOR_CHANNEL_ID where a bot can post there.

    Without one each thing is one line of the log, at ERROR.
    """

    def __init__(self, clock: Clock, *, channel_id: int | None = None) -> None:
        self._clock = clock
        self._channel = None if channel_id is None else Destination(DestinationKind.CHANNEL, str(channel_id))

    async def tell(self, tx: Transaction, what: str, text: str) -> None:
        """Say it, within a transaction that is open already, if `what` was never told before."""
        now = self._clock.now()
        if not await tx.operator_news.is_new(what, now):
            return
        if self._channel is None:
            _log.error("for whoever runs this", says=text)
            return
        notice = about_the_bot(notification_id(_PURPOSE, what), self._channel, text, now)
        await tx.notifications.enqueue([notice])
