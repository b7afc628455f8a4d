"""Whether texts may go out at all, by what the provider said of the account: kept across restarts."""

from datetime import datetime, timedelta
from typing import Final

import msgspec
import structlog

from engine.actions.operatornews import Operators
from engine.actions.texting import member_of
from engine.alerts.channels.sms_errors import Meaning, Then, in_words, meaning_of
from engine.alerts.ports import Delivery, DeliveryKind
from engine.clock import Clock
from engine.domain import whys
from engine.domain.alert import Notification
from engine.domain.announce import notification_id
from engine.domain.botnotice import about_a_text
from engine.domain.news import News, TextLate, TextsRest
from engine.domain.textstop import TextStop
from engine.store.database import Store, Transaction

_log = structlog.get_logger(__name__)

# A text that has to wait for longer is worth nothing any more.
_WORTH_WAITING: Final = timedelta(minutes=15)
# A connection lost now and then is no outage.
_PATIENCE_S: Final = 120.0
_STOPS: Final = (Then.SENDER_RESTS, Then.SENDER_STOPS)


class TextSender:
    """Implements `engine.alerts.ports.Sender`, and hears what texts' statuses say of the sender.

    While texts are stopped, whoever runs the bot has been told once, and each member whose text was
    not sent, once. When they go out again, whoever runs the bot is told once more.
    """

    def __init__(self, store: Store, operators: Operators, clock: Clock) -> None:
        self._store = store
        self._operators = operators
        self._clock = clock
        self._stop: TextStop | None = None
        self._silent_since: tuple[float, datetime] | None = None
        self._outage_at: datetime | None = None

    async def begin(self) -> None:
        """Recall what stops texts. A new start may have mended whatever is no window of the provider's."""
        async with self._store.transaction() as tx:
            stop = await tx.text_stops.now()
            if stop is not None and _ends_with_a_start(stop):
                stop = msgspec.structs.replace(stop, until=self._clock.now())
                await tx.text_stops.set(stop)
        self._stop = stop

    async def holds_back(self, notification: Notification) -> Delivery | None:
        """What to answer instead of sending while nothing may be sent; None when it may be."""
        stop, now = self._stop, self._clock.now()
        if stop is None or not stop.holds(now):
            return None
        why = _held_back(stop)
        if stop.until is not None and stop.until - now <= _WORTH_WAITING:
            return Delivery(kind=DeliveryKind.RETRY, why=why, retry_after=stop.until - now)
        async with self._store.transaction() as tx:
            await self._tell_member(tx, notification, stop)
        return Delivery(kind=DeliveryKind.PERMANENT, why=why)

    async def refused(self, notification: Notification, code: int) -> None:
        """The provider answered, and refused the text with that code."""
        if meaning_of(code).then in (*_STOPS, Then.HINT):
            async with self._store.transaction() as tx:
                await self._heed(tx, notification, code, by_status=False)
        await self._answers()

    async def reported(self, tx: Transaction, notification: Notification, code: int | None) -> None:
        """The status of a text says that it was lost for that code."""
        await self._heed(tx, notification, code or 0, by_status=True)

    async def took(self) -> None:
        """The provider took a text."""
        if self._stop is not None and not self._stop.by_status:
            async with self._store.transaction() as tx:
                await self._lift(tx)
        await self._answers()

    async def got_out(self, tx: Transaction, sent_at: datetime) -> None:
        """The status of a text that was taken then says that a carrier has it."""
        stop = self._stop
        if stop is not None and stop.until is not None and sent_at >= stop.until:
            await self._lift(tx)

    async def silent(self, notification: Notification) -> None:
        """The provider gave no usable answer; after two minutes of that, those concerned are told once."""
        if self._silent_since is None:
            self._silent_since = (self._clock.monotonic(), self._clock.now())
        since, at = self._silent_since
        if self._clock.monotonic() - since < _PATIENCE_S:
            return
        self._outage_at = at
        async with self._store.transaction() as tx:
            text = (
                f"Twilio has given no usable answer since {at:%H:%M} UTC. Texts wait for an hour at most; "
                "alerts in Discord go on as ever."
            )
            await self._operators.tell(tx, f"silent {at.isoformat()}", text)
            await self._tell(tx, notification, TextLate(), "delayed", at.isoformat())

    async def _answers(self) -> None:
        self._silent_since = None
        if self._outage_at is None:
            return
        async with self._store.transaction() as tx:
            text = "Twilio answers again: texts go out."
            await self._operators.tell(tx, f"answers {self._outage_at.isoformat()}", text)
        self._outage_at = None

    async def _heed(self, tx: Transaction, notification: Notification, code: int, *, by_status: bool) -> None:
        meaning, now = meaning_of(code), self._clock.now()
        if meaning.then in _STOPS:
            await self._halt(tx, notification, code, meaning, by_status=by_status)
        elif meaning.then is Then.HINT:
            text = (
                f"A text was not delivered: {in_words(code)}. "
                f"What to do: https://www.twilio.com/docs/api/errors/{code}"
            )
            await self._operators.tell(tx, f"hint {code} {now:%Y-%m}", text)

    async def _halt(
        self, tx: Transaction, notification: Notification, code: int, meaning: Meaning, *, by_status: bool
    ) -> None:
        now, before = self._clock.now(), self._stop
        again = before is not None and before.code == code
        stop = TextStop(
            code=code,
            since=before.since if before is not None and again else now,
            until=None if meaning.rests_for is None else now + meaning.rests_for,
            by_status=by_status,
        )
        await tx.text_stops.set(stop)
        self._stop = stop
        _log.warning("texts_stopped", code=code, until=stop.until.isoformat() if stop.until else None)
        held_back = _held_back(stop)
        text = f"{held_back[:1].upper()}{held_back[1:]}. Alerts in Discord go on as ever."
        await self._operators.tell(tx, f"stop {code} {stop.since.isoformat()}", text)
        await self._tell_member(tx, notification, stop)

    async def _lift(self, tx: Transaction) -> None:
        stop, self._stop = self._stop, None
        if stop is None:
            return
        await tx.text_stops.lift()
        _log.info("texts_go_out_again", code=stop.code)
        await self._operators.tell(tx, f"lifted {stop.code} {stop.since.isoformat()}", "Texts go out again.")

    async def _tell_member(self, tx: Transaction, lost: Notification, stop: TextStop) -> None:
        news = TextsRest(until=stop.until if _has_an_end(stop) else None)
        await self._tell(tx, lost, news, "no texts", stop.since.isoformat())

    async def _tell(self, tx: Transaction, lost: Notification, news: News, *what: str) -> None:
        """A notice by direct message, once for each such thing and member."""
        member_id = member_of(lost)
        if member_id is not None:
            id_ = notification_id(*what, member_id)
            await tx.notifications.enqueue([about_a_text(id_, lost, member_id, news, self._clock.now())])


def _ends_with_a_start(stop: TextStop) -> bool:
    return stop.until is None or meaning_of(stop.code).then is Then.SENDER_STOPS


def _has_an_end(stop: TextStop) -> bool:
    """Whether it is over by itself; no window is longer than a day."""
    return stop.until is not None and meaning_of(stop.code).then is not Then.SENDER_STOPS


def _held_back(stop: TextStop) -> str:
    why = in_words(stop.code)
    if stop.until is None or not _has_an_end(stop):
        return whys.HELD_BACK_LONG.format(why=why)
    return whys.HELD_BACK.format(time=f"{stop.until:%H:%M}", why=why)
