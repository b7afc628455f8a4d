"""The budget of a source: a call is counted in the store before it is made, or it is not made."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final

import structlog

from engine.clock import Clock
from engine.domain import details
from engine.domain.budget import Asker, BudgetSpent, CallLimits, CallsMade, budget_spent, calls_left
from engine.domain.quote import OutcomeKind
from engine.errors import EngineError
from engine.fares.exchange import Unanswered
from engine.fares.ports import CallCounts

_log = structlog.get_logger(__name__)
_NO_LIMITS: Final = CallLimits()
# Calls that cannot be counted are not made; the store is tried again after this.
_DOUBT: Final = timedelta(minutes=1)


class Budget:
    """What one source may still be asked; closed on doubt.

    `spent` answers at once from what was counted last. With no limit set calls are counted in memory
    only, to be shown; that a budget is spent is said once in the log, until another day begins.
    """

    def __init__(self, source: str, limits: CallLimits, counts: CallCounts, clock: Clock) -> None:
        self.source = source
        self.limits = limits
        self._counts = counts
        self._clock = clock
        self._made: CallsMade | None = None
        self._said: dict[Asker, date] = {}

    async def load(self) -> None:
        """Read what was counted before this process began. Raises StoreError when that cannot be read."""
        if self.limits.any:
            self._made = await self._counts.made(self.source)

    @property
    def made(self) -> CallsMade:
        """The calls counted so far, as they stand today."""
        today = self._clock.now().date()
        return CallsMade.none(today) if self._made is None else self._made.on(today)

    def spent(self, asker: Asker = Asker.LOOP) -> BudgetSpent | None:
        """Why the source must not be asked now on this behalf; None when it may be."""
        return budget_spent(self.limits, self.made, self._clock.now().date(), asker)

    def left(self, asker: Asker = Asker.LOOP) -> int | None:
        """How many calls may still be made today on this behalf; None where nothing is limited."""
        return calls_left(self.limits, self.made, asker)

    async def take(self, asker: Asker = Asker.LOOP) -> None:
        """Count a call that is about to be made. Raises Unanswered (QUOTA) when none may be."""
        if not self.limits.any:
            self._made = self.made.one_more(asker)
            return
        now = self._clock.now()
        try:
            self._made, refused = await self._counts.take(self.source, self.limits, now.date(), asker)
        except EngineError as error:
            _log.warning("calls cannot be counted, so none is made", source=self.source, why=str(error))
            raise Unanswered(OutcomeKind.QUOTA, details.NOT_COUNTED, retry_at=now + _DOUBT) from error
        if refused is not None:
            raise quota(refused)
        if (spent := self.spent(asker)) is not None:
            self._say(spent, asker)

    def _say(self, spent: BudgetSpent, asker: Asker) -> None:
        """Once per asker and day."""
        if self._said.get(asker) != spent.until:
            self._said[asker] = spent.until
            _log.info("budget spent", source=self.source, why=spent.words, until=spent.until.isoformat())


class Budgets:
    """The budgets of all sources, by name; a source without one may be asked without end."""

    def __init__(self, limits: Mapping[str, CallLimits], counts: CallCounts, clock: Clock) -> None:
        self._of = MappingProxyType(
            {source: Budget(source, each, counts, clock) for source, each in limits.items()}
        )
        self._none = Budget("none", _NO_LIMITS, counts, clock)

    async def load(self) -> None:
        """Read what was counted before. Raises StoreError when that cannot be read."""
        for budget in self._of.values():
            await budget.load()

    def of(self, source: str) -> Budget:
        """The budget of a source."""
        return self._of.get(source, self._none)

    def spent(self, source: str, asker: Asker = Asker.LOOP) -> bool:
        """Whether a source must not be asked now on this behalf."""
        return self.of(source).spent(asker) is not None


class NotCounted:
    """Counts where no database can be had: every limited source is refused, in words."""

    def __init__(self, why: str) -> None:
        self._why = why

    async def made(self, source: str) -> CallsMade | None:  # noqa: ARG002  whichever source
        """Nothing is known."""
        return None

    async def take(
        self,
        source: str,
        limits: CallLimits,  # noqa: ARG002
        today: date,  # noqa: ARG002
        asker: Asker,  # noqa: ARG002
    ) -> tuple[CallsMade, BudgetSpent | None]:
        """Raises EngineError."""
        raise EngineError(f"{source}: {self._why}")


def quota(spent: BudgetSpent) -> Unanswered:
    """A spent budget as the outcome of a search."""
    return Unanswered(OutcomeKind.QUOTA, spent.words, retry_at=datetime.combine(spent.until, time(), UTC))
