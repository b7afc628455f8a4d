"""A source that said when to come back is left alone until then."""

from datetime import timedelta

import msgspec

from engine.clock import Clock
from engine.domain.quote import Outcome


class Rest:
    """Remembers an outcome that told us to stay away, until its time is over."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._outcome: Outcome | None = None
        self._until_monotonic = 0.0

    def note(self, outcome: Outcome) -> None:
        """Begin to rest when an outcome names an instant to come back at."""
        now = self._clock.now()
        if outcome.retry_at is None or outcome.retry_at <= now:
            return
        self._outcome = outcome
        self._until_monotonic = self._clock.monotonic() + (outcome.retry_at - now) / timedelta(seconds=1)

    def current(self) -> Outcome | None:
        """What to answer instead of asking; None when the source may be asked.

        Ends by whichever clock gets there first: a wall clock set back must not prolong it,
        nor a monotonic clock that stood still while the machine slept.
        """
        outcome = self._outcome
        if outcome is None or outcome.retry_at is None:
            return None
        if self._clock.monotonic() >= self._until_monotonic or self._clock.now() >= outcome.retry_at:
            self._outcome = None
            return None
        return msgspec.structs.replace(outcome, observed_at=self._clock.now())
