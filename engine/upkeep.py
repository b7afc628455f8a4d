"""The loop that tidies: what was kept long enough is let go."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final

import structlog

from engine.clock import Clock
from engine.domain.history import LOOKED_BACK
from engine.store.database import Store

_log = structlog.get_logger(__name__)

_UPKEEP_S: Final = 3600.0
_KEPT_REMOVED: Final = timedelta(days=1)  # an undo takes a minute; a day helps who asks the operator
_KEPT_QUOTES: Final = timedelta(days=400)  # the daily lows are kept for ever, and they are small
_KEPT_FINDS: Final = timedelta(days=14)  # one that is at rest and not seen begins anew, which loses nothing
_KEPT_TOLD: Final = timedelta(days=90)
_KEPT_LINKS: Final = timedelta(minutes=10)  # a code lives no longer
_KEPT_STARTS: Final = timedelta(days=1)  # no limit looks back further
_KEPT_LEDGER: Final = timedelta(days=62)  # this month and the last


class Upkeep:
    """Tidies the store now and then: removed watches, old quotes, what was told long ago.

    `chores` are done as often, each by itself: one that fails is logged and stops no other.
    """

    def __init__(
        self, store: Store, clock: Clock, chores: Sequence[Callable[[], Awaitable[None]]] = ()
    ) -> None:
        self._store = store
        self._clock = clock
        self._chores = chores

    async def run(self) -> None:
        """Tidy at once and then every hour until cancelled."""
        while True:
            async with self._store.transaction() as tx:
                purged = await tx.watches.purge_removed(self._clock.now() - _KEPT_REMOVED)
                await tx.quotes.prune(self._clock.now() - _KEPT_QUOTES)
                await tx.finds.prune(self._clock.now() - _KEPT_FINDS)
                await tx.finds.prune_days((self._clock.now() - LOOKED_BACK).date())
                await tx.calendars.prune(self._clock.now() - _KEPT_QUOTES)
                await tx.notifications.prune(self._clock.now() - _KEPT_TOLD)
                await tx.texts.prune(self._clock.now() - _KEPT_TOLD)
                await tx.operator_news.prune(self._clock.now() - _KEPT_TOLD)
                await tx.phones.prune(self._clock.now() - _KEPT_LINKS, self._clock.now() - _KEPT_STARTS)
                await tx.sms_ledger.prune(_KEPT_LEDGER)
            if purged:
                _log.info("removed watches purged", count=purged)
            for chore in self._chores:
                try:
                    await chore()
                except Exception:  # noqa: BLE001  the root of one chore: the others go on
                    _log.exception("chore failed")
            await self._clock.sleep(_UPKEEP_S)
