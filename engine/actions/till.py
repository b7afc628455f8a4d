"""Where each text is counted against the caps before it is sent, alerts and codes alike."""

from collections.abc import Callable
from datetime import date
from typing import Final

import msgspec

from engine.actions.operatornews import Operators
from engine.clock import Clock
from engine.domain.caps import Cap, Caps, Payer, Spent, in_words, most_of, passed
from engine.saying import Saying
from engine.store.database import Transaction

_SETTINGS: Final = {Cap.DAY: "SMS_DAILY_CAP", Cap.MONTH: "SMS_MONTHLY_CAP"}


class UsedUp(msgspec.Struct, frozen=True, kw_only=True):
    """A cap that a text would have passed: `why` as in a sentence, its period, and when it opens again.

    `most` is how many segments it allows.
    """

    cap: Cap
    most: int
    why: Saying
    period: str
    again: str


class Till:
    """Counts within transactions that are open already; whoever runs the bot hears when its caps close.

    `mark_of` gives what a member is counted as who had everything about them deleted.
    """

    def __init__(
        self, caps: Caps, operators: Operators, clock: Clock, mark_of: Callable[[str], str | None]
    ) -> None:
        self._caps = caps
        self._mark_of = mark_of
        self._operators = operators
        self._clock = clock

    async def take(self, tx: Transaction, ref: str, payer: Payer, segments: int) -> UsedUp | None:
        """Count a text under that reference, or say which cap it would pass."""
        today = await self._today(tx)
        cap = passed(self._caps, await self._spent(tx, payer, today), segments, payer)
        if cap is None:
            await tx.sms_ledger.charge(ref, payer, segments, today)
            return None
        used_up = _used_up(cap, self._caps, today)
        if cap in _SETTINGS:
            text = (
                f"No more texts go out: {used_up.why} ({_SETTINGS[cap]}). They go on {used_up.again}; "
                "alerts in Discord go on as ever."
            )
            await self._operators.tell(tx, f"cap {cap.value} {used_up.period}", text)
        return used_up

    async def spent(self, tx: Transaction, payer: Payer) -> Spent:
        """What counts against the caps now."""
        return await self._spent(tx, payer, await self._today(tx))

    async def _spent(self, tx: Transaction, payer: Payer, today: date) -> Spent:
        mark = None if payer.member_id is None else self._mark_of(payer.member_id)
        return await tx.sms_ledger.spent(payer, today, mark)

    async def _today(self, tx: Transaction) -> date:
        """The day that texts count for: a clock that was set back opens no cap again."""
        newest = await tx.sms_ledger.newest_day()
        today = self._clock.now().date()
        return today if newest is None else max(today, newest)


def _used_up(cap: Cap, caps: Caps, today: date) -> UsedUp:
    monthly = cap is Cap.MONTH
    return UsedUp(
        cap=cap,
        most=most_of(cap, caps),
        why=in_words(cap, caps),
        period=f"{today:%Y-%m}" if monthly else today.isoformat(),
        again="next month" if monthly else "at 00:00 UTC",
    )
