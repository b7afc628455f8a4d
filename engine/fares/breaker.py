"""A source that fails, or that said when to come back, is left alone; then one search tries it again."""

from datetime import datetime, timedelta
from typing import Final

import msgspec
import structlog

from engine.clock import Clock
from engine.domain.planner import Dice
from engine.domain.quote import Outcome, OutcomeKind

_log = structlog.get_logger(__name__)

# So many failures in a row are no accident.
FAILURES: Final = 5
FIRST_WAIT: Final = timedelta(seconds=30)
# A source that is back goes unnoticed no longer than this; six hours of outage cost some forty calls.
LONGEST_WAIT: Final = timedelta(minutes=10)
_JITTER: Final = 0.2
# What says that the source itself is in trouble. A rejected question says nothing of the next one.
_FAILING: Final = frozenset(
    {OutcomeKind.UNREACHABLE, OutcomeKind.MALFORMED, OutcomeKind.BLOCKED, OutcomeKind.QUOTA}
)
_SECOND: Final = timedelta(seconds=1)


class Breaker:
    """Decides whether one source is asked.

    It closes the way (the source is *down*) after five failures in a row, or at once when an outcome
    says when to come back. That instant is honoured; after failures it is 30 seconds, doubling up to ten
    minutes as long as each try fails. Then one search is let through, the *probe*, while all others are
    still passed over; an answer opens the way again. Going down is one line in the log, coming back
    another, however long it lasts.
    """

    def __init__(self, source: str, clock: Clock, dice: Dice | None = None) -> None:
        """Without `dice` the waits are exact."""
        self._source = source
        self._clock = clock
        self._dice = dice
        self._failures = 0
        self._tries = 0
        self._last: Outcome | None = None
        self._down_since: datetime | None = None
        self._until: datetime | None = None
        self._until_monotonic = 0.0
        self._probing = False

    @property
    def down_since(self) -> datetime | None:
        """Since when it has given no answer; None while it is up."""
        return self._down_since

    @property
    def why(self) -> Outcome | None:
        """What it said last in place of an answer; None while it is up."""
        return self._last if self._down_since else None

    @property
    def until(self) -> datetime | None:
        """Until when nobody may ask it; None when somebody may.

        Ends by whichever clock gets there first: a wall clock set back must not prolong it, nor a
        monotonic clock that stood still while the machine slept.
        """
        over = self._until is None or (
            self._clock.monotonic() >= self._until_monotonic or self._clock.now() >= self._until
        )
        return None if over else self._until

    def passed_over(self) -> Outcome | None:
        """What to answer in place of asking; None when a search may ask."""
        until = self.until
        if self._last is None or (until is None and not self._probing):
            return None
        return msgspec.structs.replace(self._last, observed_at=self._clock.now(), retry_at=until)

    def begin(self) -> bool:
        """A search is let through; whether it is the probe. `end` must follow."""
        self._probing = self._probing or self._down_since is not None
        return self._probing

    def end(self, outcome: Outcome | None, *, probe: bool) -> None:
        """What the search came to; None when that says nothing of the source (broken off, no budget)."""
        if probe:
            self._probing = False
        if outcome is None:
            return
        if outcome.parsed:
            # What was on its way before the source went down does not bring it up.
            if (probe or self._down_since is None) and self.until is None:
                self._answered()
        elif outcome.retry_at is not None and outcome.retry_at > self._clock.now():
            self._refused(outcome, outcome.retry_at, probe=probe)
        elif outcome.kind in _FAILING:
            self._failed(outcome, probe=probe)

    def heed(self, kind: OutcomeKind, detail: str, retry_at: datetime) -> None:
        """One call of a search was told when to come back: nobody asks before that."""
        now = self._clock.now()
        if retry_at > now:
            told = Outcome(kind=kind, source=self._source, observed_at=now, detail=detail, retry_at=retry_at)
            self._refused(told, retry_at, probe=False)

    def _answered(self) -> None:
        if self._down_since is not None:
            lasted = self._clock.now() - self._down_since
            _log.info("source is back", source=self._source, after_s=round(lasted / _SECOND))
        self._failures = self._tries = 0
        self._last = self._down_since = self._until = None

    def _refused(self, outcome: Outcome, retry_at: datetime, *, probe: bool) -> None:
        """It named an instant; one that goes on refusing is asked ever more seldom all the same."""
        until = max(retry_at, self._until or retry_at)
        if probe:
            until = max(until, self._after_a_wait())
        self._go_down(outcome, until)

    def _failed(self, outcome: Outcome, *, probe: bool) -> None:
        self._failures += 1
        if probe or (self._down_since is None and self._failures >= FAILURES):
            self._go_down(outcome, self._after_a_wait())

    def _after_a_wait(self) -> datetime:
        self._tries += 1
        # The exponent is bounded: a source that is gone for years must not overflow it.
        wait = min(FIRST_WAIT * int(2 ** min(self._tries - 1, 10)), LONGEST_WAIT)
        return self._clock.now() + wait * (self._dice.uniform(1 - _JITTER, 1) if self._dice else 1)

    def _go_down(self, outcome: Outcome, until: datetime) -> None:
        now = self._clock.now()
        if self._down_since is None:
            self._down_since = now
            why = outcome.detail or outcome.kind.value
            _log.warning("source is down", source=self._source, why=why, until=until.isoformat())
        self._last = outcome
        self._until = until
        self._until_monotonic = self._clock.monotonic() + (until - now) / _SECOND


class Breakers:
    """One breaker per source, by name: the same for whoever asks for it."""

    def __init__(self, clock: Clock, dice: Dice | None = None) -> None:
        self._clock = clock
        self._dice = dice
        self._of: dict[str, Breaker] = {}

    def of(self, source: str) -> Breaker:
        """The breaker of a source."""
        if source not in self._of:
            self._of[source] = Breaker(source, self._clock, self._dice)
        return self._of[source]
