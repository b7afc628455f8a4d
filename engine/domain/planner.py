"""When a route is looked at next. Plain intervals; pure.

A next look is reckoned from the look that was made, never from the one that was due, so a route that
is overdue for hours is looked at once (design, section 6).
"""

from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from engine.domain.quote import SourceKind


class Dice(Protocol):
    """What is asked of a `random.Random`."""

    def uniform(self, a: float, b: float, /) -> float:
        """A number between the two."""
        ...


class Intervals(msgspec.Struct, frozen=True, kw_only=True):
    """How long to wait between two looks at a route: `live` is CHECK_INTERVAL.

    A cache is asked each `cached` at most, and never more often than a live source would be.
    `jitter` spreads the looks: 0.05 is up to 5 % sooner or later.
    """

    live: timedelta = timedelta(minutes=15)
    cached: timedelta = timedelta(hours=1)
    jitter: float = 0.05

    def of(self, kind: SourceKind) -> timedelta:
        """The interval after a look that a source of this kind answered."""
        return max(self.live, self.cached) if kind is SourceKind.CACHED else self.live


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is known after a look that bears on the next one.

    `look_again_at`: instants by which judgements want another look (a suspicion to settle, the
    end of a snooze). `retry_at`: the source asked not to come back before.
    """

    intervals: Intervals
    kind: SourceKind
    look_again_at: tuple[datetime, ...] = ()
    retry_at: datetime | None = None

    def next_look_at(self, now: datetime, dice: Dice) -> datetime:
        """The instant of the next look; never before `now` and never before `retry_at`."""
        spread = 1 + dice.uniform(-self.intervals.jitter, self.intervals.jitter)
        regular = now + self.intervals.of(self.kind) * spread
        wanted = min((regular, *self.look_again_at))
        return max(wanted, now, self.retry_at or now)
