"""What phones said by text: STOP, which wins over everything in Discord, and START, which takes it back."""

from collections.abc import Callable

import structlog

from engine.alerts.phones import NumberMarks
from engine.clock import Clock
from engine.domain import whys
from engine.domain.announce import phone_of
from engine.domain.watch import Destination
from engine.store import faults
from engine.store.database import Store, Transaction
from engine.store.withdrawals import How

_log = structlog.get_logger(__name__)

# Why nothing goes to a phone that said STOP; a member reads it in the notice of the fault.
REPLIED_STOP = whys.REPLIED_STOP


class OptOuts:
    """Keeps what phones said, by keyed hashes of their numbers; numbers come in E.164.

    A STOP binds everybody: the number is neither texted nor linked again, whoever asks, until the
    phone itself says START. Saying a thing twice is saying it once. Raises StoreError.
    `operator` is the place of the operator's own phone, whose number is `operators`; `wake` says that
    rows to be told were committed.
    """

    def __init__(
        self,
        store: Store,
        marks: NumberMarks,
        *,
        clock: Clock,
        operator: Destination | None = None,
        operators: str | None = None,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._marks = marks
        self._clock = clock
        self._operator = operator
        self._operators = operators
        self._wake = wake

    async def stopped(self, number: str) -> None:
        """The phone said STOP: it is texted no more, and its owner hears of it in Discord."""
        await self._stop(number, How.STOPPED)

    async def refused(self, number: str) -> None:
        """The provider takes no text to it, because the phone had said STOP there."""
        await self._stop(number, How.REFUSED)

    async def started(self, number: str) -> None:
        """The phone said START: what comes from now on may be texted; what waited meanwhile is not."""
        marks, now = self._marks.of(number), self._clock.now()
        async with self._store.transaction() as tx:
            undone = await tx.withdrawals.undo(marks, now)
            for lane in await self._lanes(tx, number):
                if await tx.notifications.why_paused(lane) is not None:
                    await tx.notifications.drop_lane(lane, whys.SAID_STOP, now)
                    await faults.reinstate(tx, lane, now)
        self._wake()
        if undone:
            _log.info("phone_said_start")

    async def binds(self, number: str) -> bool:
        """Whether the phone said STOP, and not START since."""
        async with self._store.transaction() as tx:
            return await self.binds_in(tx, number)

    async def binds_in(self, tx: Transaction, number: str) -> bool:
        """The same, within a transaction that is open already."""
        return await tx.withdrawals.binds(self._marks.of(number))

    async def _stop(self, number: str, how: How) -> None:
        marks, now = self._marks.of(number), self._clock.now()
        async with self._store.transaction() as tx:
            known = await tx.withdrawals.binds(marks)
            if not known:
                await tx.withdrawals.note(marks[0], how, now)
            for lane in await self._lanes(tx, number):
                await faults.pause(tx, lane, REPLIED_STOP, now)
        self._wake()
        if not known:
            _log.info("phone_said_stop", how=how.value)

    async def _lanes(self, tx: Transaction, number: str) -> list[str]:
        """The lanes that lead to the phone: its member's, the operator's."""
        owners = [await tx.phones.owner_of(mark) for mark in self._marks.of(number)]
        lanes = [phone_of(owner).lane for owner in owners if owner is not None]
        if self._operator is not None and number == self._operators:
            lanes.append(self._operator.lane)
        return lanes
