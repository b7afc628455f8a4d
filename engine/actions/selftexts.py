"""A text that a member sends to their own phone, to see that texts arrive and how long they take."""

import secrets
from datetime import timedelta
from enum import StrEnum
from typing import Final

import msgspec
import structlog

from engine.actions import code_words
from engine.actions.optouts import OptOuts
from engine.actions.texting import Numbers
from engine.actions.till import Till
from engine.alerts.channels.single_texts import Came, Posted, SingleTexts
from engine.alerts.channels.sms_errors import REPLIED_STOP
from engine.alerts.channels.sms_errors import in_words as in_provider_words
from engine.alerts.channels.sms_status import SmsStatus
from engine.alerts.gsm7 import segments
from engine.clock import Clock
from engine.domain import whys
from engine.domain.announce import phone_of
from engine.domain.caps import Payer
from engine.domain.textstatus import TextStatus
from engine.domain.watch import Owner
from engine.errors import InvalidInput
from engine.store.database import Store, Transaction
from engine.tongue import key, say

_log = structlog.get_logger(__name__)

TEXT: Final = key(
    "Fare Engine: the test you asked for in Discord. Alerts of your routes come like this one. "
    "Reply STOP to end them."
)
_VALID_FOR: Final = timedelta(minutes=15)  # as an alert
# A phone that is on has it by then; who looks at Discord waits no longer.
WATCHED_FOR_S: Final = 20.0
_ASK_EVERY_S: Final = 1.0


class TestCame(StrEnum):
    """What came of a test."""

    __test__ = False  # the name is no test's

    ARRIVED = "arrived"
    ON_ITS_WAY = "on its way"  # taken, and nothing more is known yet
    LOST = "lost"  # taken, and never delivered
    REFUSED = "refused"  # certainly not sent
    UNREACHABLE = "unreachable"  # the same: the provider was not reached
    UNKNOWN = "unknown"  # it may have been sent


class TextTest(msgspec.Struct, frozen=True, kw_only=True):
    """A test: `took_s` until the provider took it (or did not), `arrived_s` until the phone had it.

    `why` are the provider's words for what went wrong.
    """

    came: TestCame
    took_s: float
    arrived_s: float | None = None
    why: str | None = None


class SelfTexts:
    """Sends tests to members' own phones, within the caps. Raises InvalidInput with one sentence."""

    def __init__(
        self,
        store: Store,
        texts: SingleTexts,
        numbers: Numbers,
        *,
        fetch: SmsStatus,
        optouts: OptOuts,
        till: Till,
        clock: Clock,
    ) -> None:
        self._store = store
        self._texts = texts
        self._numbers = numbers
        self._fetch = fetch
        self._optouts = optouts
        self._till = till
        self._clock = clock

    async def test(self, member: Owner) -> TextTest:
        """Send one text, once, and follow it for some seconds."""
        ref, text = f"test {secrets.token_hex(8)}", say(TEXT)
        async with self._store.transaction() as tx:
            await self._refuse(tx, member)
            payer = Payer(member_id=member.id, server_id=member.server_id)
            used_up = await self._till.take(tx, ref, payer, segments(text))
        if used_up is not None:
            raise InvalidInput("sms", "No test can be sent: {why}.", why=used_up.why)
        number = await self._numbers(member.id)
        if number is None:
            await self._refund(ref)
            raise InvalidInput.of("sms", code_words.NOT_FROM_HERE)
        began = self._clock.monotonic()
        posted = await self._texts.send(number, text, _VALID_FOR)
        took_s = self._clock.monotonic() - began
        if posted.came in (Came.REFUSED, Came.UNREACHABLE):
            await self._refund(ref)
        if posted.code == REPLIED_STOP:
            await self._optouts.refused(number)
            raise InvalidInput.of("sms", code_words.SAID_STOP)
        done = await self._followed(posted, began, took_s)
        _log.info("test_text", member=member.id, came=done.came.value, took_s=round(took_s, 2), why=done.why)
        return done

    async def _refuse(self, tx: Transaction, member: Owner) -> None:
        """Say why alerts would not be texted either."""
        phone = await tx.phones.of(member.id)
        if phone is None:
            raise InvalidInput.of("sms", code_words.NO_PHONE)
        if await tx.withdrawals.binds([phone.fingerprint]):
            raise InvalidInput.of("sms", code_words.SAID_STOP)
        if (await tx.members.of(member.id)).texts_paused_at is not None:
            raise InvalidInput.of("sms", code_words.PAUSED)
        why = await tx.notifications.why_paused(phone_of(member.id).lane)
        if why is not None:
            raise InvalidInput.of("sms", code_words.resting(whys.read(why)))
        stop = await tx.text_stops.now()
        if stop is not None and stop.holds(self._clock.now()):
            raise InvalidInput.of("sms", code_words.nothing_is_sent(whys.read(in_provider_words(stop.code))))

    async def _refund(self, ref: str) -> None:
        async with self._store.transaction() as tx:
            await tx.sms_ledger.refund(ref)

    async def _followed(self, posted: Posted, began: float, took_s: float) -> TextTest:
        if posted.came is not Came.ACCEPTED or posted.sid is None:
            why = in_provider_words(posted.code) if posted.came is Came.REFUSED else None
            return TextTest(came=TestCame(posted.came.value), took_s=took_s, why=why)
        while True:
            news = await self._fetch(posted.sid)
            since = self._clock.monotonic() - began
            if news is not None and news.status is TextStatus.DELIVERED:
                return TextTest(came=TestCame.ARRIVED, took_s=took_s, arrived_s=since)
            if news is not None and news.status.is_lost:
                return TextTest(came=TestCame.LOST, took_s=took_s, why=in_provider_words(news.code))
            if since >= WATCHED_FOR_S:
                return TextTest(came=TestCame.ON_ITS_WAY, took_s=took_s)
            await self._clock.sleep(_ASK_EVERY_S)
