"""When a life ends: after a while, at a message, at a step; drawn at random, or named."""

import random
from enum import StrEnum
from typing import Final

import msgspec

from engine.steps import Step
from sandbox.moments import Moment

# Long enough for a delivery on a busy machine; a life in which its death does not come is killed then.
_LONGEST_S: Final = 1.5
_AS_LONG_AS_IT_TAKES_S: Final = 20.0
_AFTER_START_S: Final = 0.5
_AFTER_FARE_S: Final = 0.2
# A text whose sending began and was never answered for is asked about after half a minute.
_UNTIL_ASKED_S: Final = 31.0


class Since(StrEnum):
    """What a while is counted from."""

    START = "start"
    FARE = "fare"  # the first search of this life


class Death(msgspec.Struct, frozen=True, kw_only=True):
    """How one life ends. One of the three is set: a while, the n-th moment of a message, the n-th step.

    `off_s` is how long, at least, the machine is off before that life. `longest_s` after its first
    sign of life it is killed in any case.
    """

    since: Since | None = None
    after_s: float = 0.0
    moment: Moment | None = None
    step: Step | None = None
    nth: int = 1
    off_s: float = 0.0
    longest_s: float = _LONGEST_S


def random_death(dice: random.Random) -> Death:
    """Most of them while something is being delivered."""
    draw = dice.random()
    if draw < 0.4:
        return Death(since=Since.FARE, after_s=dice.uniform(0, _AFTER_FARE_S))
    if draw < 0.6:
        return Death(moment=Moment.ARRIVED, nth=dice.randint(1, 3))
    if draw < 0.8:
        return Death(moment=Moment.ACCEPTED, nth=dice.randint(1, 3))
    if draw < 0.9:
        return Death(since=Since.START, after_s=dice.uniform(0, _AFTER_START_S))
    return Death(step=dice.choice(list(Step)), nth=dice.randint(1, 2))


def named_deaths() -> list[Death]:
    """One at each step of a delivery, and one at each moment of a message."""
    off_before = {Step.ASKED: _UNTIL_ASKED_S}
    return [
        Death(step=Step.BEGUN),
        *(
            Death(step=step, off_s=off_before.get(step, 0.0), longest_s=_AS_LONG_AS_IT_TAKES_S)
            for step in Step
        ),
        *(Death(moment=moment, longest_s=_AS_LONG_AS_IT_TAKES_S) for moment in Moment),
    ]
