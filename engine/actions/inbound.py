"""What phones text to the sender: STOP and START, each message acted on once, and nothing ever answered."""

import msgspec
import structlog

from engine.actions.optouts import OptOuts
from engine.alerts.inbound import Word, word_of
from engine.clock import Clock
from engine.store.database import Store

_log = structlog.get_logger(__name__)


class Inbound(msgspec.Struct, frozen=True, kw_only=True):
    """A text from a phone; `sender` is its number in E.164, `opt_out` the provider's reading of the words.

    Not to be logged: it holds a number and somebody's words.
    """

    sid: str
    sender: str
    body: str
    opt_out: str | None = None


class InboundTexts:
    """Hears them, as often as they come."""

    def __init__(self, store: Store, optouts: OptOuts, clock: Clock) -> None:
        self._store = store
        self._optouts = optouts
        self._clock = clock

    async def heard(self, said: Inbound) -> None:
        """Keep what it asks for. Raises StoreError: then it was not kept, and may be told again.

        A message that was acted on is never acted on again: somebody may play a START back after a STOP.
        """
        async with self._store.transaction() as tx:
            if await tx.heard_texts.holds(said.sid):
                return
        word = word_of(said.body, said.opt_out)
        match word:
            case Word.STOP:
                await self._optouts.stopped(said.sender)
            case Word.START:
                await self._optouts.started(said.sender)
        async with self._store.transaction() as tx:
            await tx.heard_texts.note(said.sid, self._clock.now())
        _log.info("text_heard", text=said.sid, word=word.value if word else None)
