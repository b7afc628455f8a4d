"""A lane: the rows in hand for one destination, in the order of the outbox."""

import asyncio
import heapq
from collections.abc import Sequence

from engine.alerts.ports import Leased
from engine.domain.alert import NotificationId


class Lane:
    """Rows waiting for their turn; a row that comes back from a retry takes its old place."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.task: asyncio.Task[None] | None = None
        self._rows: list[tuple[int, NotificationId, Leased]] = []

    def add(self, row: Leased) -> None:
        """Put a row into its place."""
        heapq.heappush(self._rows, (row.seq, row.notification.id, row))

    def next(self) -> Leased | None:
        """Take the oldest row."""
        return heapq.heappop(self._rows)[2] if self._rows else None

    def clear(self) -> Sequence[NotificationId]:
        """Let go of all rows that have not had their turn."""
        ids = [id_ for _, id_, _ in self._rows]
        self._rows.clear()
        return ids

    def cut(self) -> None:
        """Cancel what is in flight."""
        if self.task is not None:
            self.task.cancel()
