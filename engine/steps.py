"""The steps of an alert's way out, each a place where a process may die and nothing may be lost.

A rig that ends the process at a step hands its own callable to `Engine.open`; the product passes by.
"""

from collections.abc import Callable
from enum import StrEnum


class Step(StrEnum):
    """Where the work stands when the step is called."""

    RECORDING = "recording"  # looks are judged and their rows written, not committed
    RECORDED = "recorded"  # committed, the relay not woken
    LEASED = "leased"  # rows are in hand, nothing tried
    BEGUN = "begun"  # it is committed that a POST begins whose repetition would cost
    TRIED = "tried"  # the channel answered, nothing written
    ASKED = "asked"  # the provider said what became of a POST, nothing written
    SETTLED = "settled"  # it is committed what became of a row


AtStep = Callable[[Step], None]
"""Called at each step; it must not wait."""


def pass_by(_step: Step) -> None:
    """What the product does at every step."""
