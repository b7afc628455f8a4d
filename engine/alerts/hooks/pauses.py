"""Pauses that a webhook asked for: what comes next for it waits, so that no service is asked in vain.

Discord counts requests over its limits against the machine's address, from which the bot itself speaks.
"""

from datetime import datetime, timedelta

from engine.alerts.backoff import LONGEST_ASKED_WAIT
from engine.alerts.hooks.replies import Reply
from engine.clock import Clock
from engine.http import wait_of


class Pauses:
    """Remembers, per webhook, until when it is left alone; lost with the process, which costs one refusal."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def note(self, webhook: str, reply: Reply) -> None:
        """Take a reply's word for when to come back; one that says nothing ends the pause."""
        asked = _asked(reply, self._clock.now())
        if asked is None:
            self._until.pop(webhook, None)
        else:
            self._until[webhook] = self._clock.monotonic() + min(asked, LONGEST_ASKED_WAIT).total_seconds()

    def left(self, webhook: str) -> timedelta:
        """How long it still wants to be left alone."""
        left_s = self._until.get(webhook, 0.0) - self._clock.monotonic()
        if left_s <= 0:
            self._until.pop(webhook, None)
        return timedelta(seconds=max(left_s, 0.0))


def _asked(reply: Reply, now: datetime) -> timedelta | None:
    if reply.retry_after is not None:
        return wait_of(reply.retry_after, now)
    if reply.limit_left == "0" and reply.limit_anew is not None:  # the next one would be refused
        return wait_of(reply.limit_anew, now)
    return None
