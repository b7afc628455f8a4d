"""Keeps the bot from Discord's ban: many refusals in a short time stop all posting for a while."""

from collections import deque
from datetime import timedelta
from typing import Final

from engine.clock import Clock

# Discord bans an address at 10,000 invalid answers in ten minutes; far below that something is wrong.
MOST_INVALID: Final = 500
WINDOW: Final = timedelta(minutes=10)
PAUSE: Final = timedelta(minutes=10)


class Brake:
    """Counts invalid answers (401, 403, 429) on the monotonic clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._invalid: deque[float] = deque()
        self._until: float | None = None

    def note_invalid(self) -> None:
        """One more refusal; at the five hundredth within ten minutes all posting stops for ten."""
        now = self._clock.monotonic()
        self._invalid.append(now)
        while self._invalid[0] <= now - WINDOW.total_seconds():
            self._invalid.popleft()
        if len(self._invalid) >= MOST_INVALID:
            self._until = now + PAUSE.total_seconds()
            self._invalid.clear()

    @property
    def wait(self) -> timedelta | None:
        """How long nothing may be posted yet; None when it may."""
        if self._until is None:
            return None
        left = self._until - self._clock.monotonic()
        if left <= 0:
            self._until = None
            return None
        return timedelta(seconds=left)
