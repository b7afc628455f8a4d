"""What a service of the pretend world says of a message on its way, and to whom."""

from collections.abc import Callable
from enum import StrEnum


class Moment(StrEnum):
    """Where a message stands: at the door, or taken and not yet answered for."""

    ARRIVED = "arrived"
    ACCEPTED = "accepted"


Watcher = Callable[[str, Moment], None]
"""Hears of each moment as it passes: which service, and what. It must not wait."""


def nobody(_service: str, _moment: Moment) -> None:
    """A watcher that does not care."""


def at_once() -> float:
    """How late a message is taken where nothing is late: seconds of the service's clock."""
    return 0.0
