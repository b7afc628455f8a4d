"""Gates for sources, where a test is not about how fast they may be asked."""

from engine.clock import Clock
from engine.fares.breaker import Breaker
from engine.fares.budget import Budget
from engine.fares.gate import Gate
from engine.fares.pacing import Pace, Pacer

FAST = Pace.parse("10000/1s")


def gate(pace: Pace = FAST, *, clock: Clock | None = None, budget: Budget | None = None) -> Gate:
    """A door as fast as makes no difference; with a clock it stays shut as long as its source says."""
    return Gate(Pacer(pace), breaker=Breaker("one", clock) if clock else None, budget=budget)
