"""Alerts as lines on the console of whoever runs the engine."""

from collections.abc import Callable

from engine.alerts.ports import Delivery, DeliveryKind, Leased
from engine.alerts.texts import console_text
from engine.domain.watch import DestinationKind


class ConsoleChannel:
    """Hands one line per notification to `write`, which must not block."""

    kind = DestinationKind.CONSOLE
    begins_with_commit = False

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    async def deliver(self, leased: Leased) -> Delivery:
        """Write the line."""
        self._write(console_text(leased.notification))
        return Delivery(kind=DeliveryKind.DELIVERED)

    async def reconcile(self, leased: Leased) -> Delivery:  # noqa: ARG002  nothing is ever unknown here
        """Nothing is written twice but after a crash; a line too many does no harm."""
        return Delivery(kind=DeliveryKind.RETRY)
