"""What the provider reports of texts that it took: kept, and acted on once.

A report comes to the webhook door, or is asked for: the status of a text that nobody told us of within
a quarter of an hour is fetched once, by its id.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from engine.actions.operatornews import Operators
from engine.actions.sender import TextSender
from engine.actions.texting import OPERATOR
from engine.alerts.channels.sms_errors import (
    REPLIED_STOP,
    Meaning,
    Then,
    in_words,
    meaning_of,
    stops_number,
)
from engine.clock import Clock
from engine.domain.alert import Notification
from engine.domain.textstatus import TextNews
from engine.store import fates, faults
from engine.store.database import Store, Transaction
from engine.store.outbox import arrived
from engine.store.texts import TextRow

_log = structlog.get_logger(__name__)

FetchStatus = Callable[[str], Awaitable[TextNews | None]]
"""Asks the provider for the status of a text by its id; None when there is no usable answer."""

SaidStop = Callable[[str], Awaitable[None]]
"""Takes the address (`sms:` without it) of a phone that the provider says had replied STOP."""

ASK_AFTER: Final = timedelta(minutes=15)
# Nobody is helped by what became of a text yesterday.
_ASK_UNTIL: Final = timedelta(hours=2)
_ASKED_AT_ONCE: Final = 20
_EVERY_S: Final = 60.0
# A phone that was out of reach for a moment may be back; a tunnel is longer than a retry at once.
_ONCE_MORE_AFTER: Final = timedelta(minutes=1)
_MOST_IN_A_ROW: Final = 3
_GOES_AGAIN: Final = (Then.AGAIN, Then.NUMBER_FAILS)


class TextReports:
    """Takes reports, in any order and as often as they come.

    `said_stop` hears of phones that the provider says had replied STOP, `wake` says that rows were
    committed.
    """

    def __init__(
        self,
        store: Store,
        sender: TextSender,
        operators: Operators,
        *,
        fetch: FetchStatus,
        said_stop: SaidStop,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._sender = sender
        self._operators = operators
        self._fetch = fetch
        self._said_stop = said_stop
        self._clock = clock
        self._wake = wake

    async def heard(self, news: TextNews) -> None:
        """Keep a report and act on it, in one transaction. Raises StoreError: then it was not kept."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            row = await tx.texts.take(news, now)
            if row is not None:
                await self._follow(tx, row, now)
        if row is not None:
            _log.info("text_reported", text=row.sid, status=row.status.value, code=row.code)
            await self._committed([row])

    async def run(self) -> None:
        """Ask for what was not reported, once a minute, until cancelled."""
        while True:
            await self.catch_up()
            await self._clock.sleep(_EVERY_S)

    async def catch_up(self) -> None:
        """Act on reports that came before we knew whose text it was, and ask for those that never came."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            left = await tx.texts.to_follow(_ASKED_AT_ONCE)
            for row in left:
                await self._follow(tx, row, now)
            silent = await tx.texts.to_ask_for(now - ASK_AFTER, now - _ASK_UNTIL, _ASKED_AT_ONCE)
        await self._committed(left)
        for row in silent:
            await self._ask(row.sid)

    async def _committed(self, rows: Sequence[TextRow]) -> None:
        if rows:
            self._wake()
        for row in rows:
            if row.status.is_lost and row.code == REPLIED_STOP and row.lane is not None:
                await self._said_stop(row.lane.partition(":")[2])

    async def _ask(self, sid: str) -> None:
        news = await self._fetch(sid)
        if news is None:
            return  # no answer: asked again in a minute, for as long as it is of use
        async with self._store.transaction() as tx:
            await tx.texts.asked(sid, self._clock.now())
        await self.heard(news)

    async def _follow(self, tx: Transaction, row: TextRow, now: datetime) -> None:
        """What a report asks for, whoever's text it is; of one that nobody knows yet, nothing."""
        if row.notification_id is None or row.lane is None:
            return
        # Whatever its status, the provider has it: a lost reply, or a crash, leaves nothing unknown.
        await arrived(tx, row.notification_id, row.sid, now)
        if row.status.is_out:
            await self._sender.got_out(tx, row.sent_at)
        if not row.status.is_final:
            return
        await tx.texts.followed(row.sid, now)
        told = await tx.notifications.get(row.notification_id)
        if row.status.is_lost and told is not None:
            await self._lost(tx, row, told.notification, now)

    async def _lost(self, tx: Transaction, row: TextRow, alert: Notification, now: datetime) -> None:
        meaning, why = meaning_of(row.code), in_words(row.code)
        stops = stops_number(meaning) or await self._fails_again(tx, row, meaning)
        if stops:
            await faults.pause(tx, alert.destination.lane, why, now)
            if alert.destination == OPERATOR:
                text = f"TO_NUMBER gets no more texts: {why}. A new start tries again."
                await self._operators.tell(tx, f"operator's phone {row.sid}", text)
        if not (meaning.then in _GOES_AGAIN and not stops and await self._goes_again(tx, row, why, now)):
            await fates.lost(tx, alert.id, why, now)
        await self._sender.reported(tx, alert, row.code)

    async def _fails_again(self, tx: Transaction, row: TextRow, meaning: Meaning) -> bool:
        """Whether it is the third text in a row that did not get through to this number."""
        if meaning.then is not Then.NUMBER_FAILS or row.lane is None:
            return False
        since = await fates.reinstated_at(tx, row.lane)
        last = await tx.texts.last_finished(row.lane, since, _MOST_IN_A_ROW)
        return len(last) == _MOST_IN_A_ROW and all(
            each.status.is_lost and meaning_of(each.code).then is Then.NUMBER_FAILS for each in last
        )

    async def _goes_again(self, tx: Transaction, row: TextRow, why: str, now: datetime) -> bool:
        """Send it once more, if this was the first time."""
        if row.notification_id is None or len(await tx.texts.of_alert(row.notification_id)) > 1:
            return False
        return await fates.send_once_more(tx, row.notification_id, row.sid, now + _ONCE_MORE_AFTER, why)
