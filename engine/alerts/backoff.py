"""How long a row waits before it is tried again."""

import random
from datetime import timedelta
from typing import Final

import msgspec

from engine.alerts.ports import Delivery, DeliveryKind

# Doubling from two seconds, a row reaches the cap after about eight tries; MOST_TRIES then span
# roughly a day, in which a service that is down comes back. What is told so late was looked at
# again before (rule 11).
FIRST_WAIT: Final = timedelta(seconds=2)
LONGEST_WAIT: Final = timedelta(minutes=5)
MOST_TRIES: Final = 300
# What is only a copy is given up after about an hour: it would be old news.
MOST_TRIES_OF_A_COPY: Final = 20
# A service may ask for more than our cap, but not park an alert for a day with one header.
LONGEST_ASKED_WAIT: Final = timedelta(hours=1)


def wait_before_retry(tries: int, asked: timedelta | None, chance: random.Random) -> timedelta:
    """The wait after `tries` failed tries (at least 1).

    Between half and all of an exponential step, so that rows which failed together do not come
    back together. `asked` (Retry-After) is never undercut, and exceeded by a tenth at most.
    """
    if asked is not None:
        return min(max(asked, timedelta()), LONGEST_ASKED_WAIT) * chance.uniform(1.0, 1.1)
    doublings = min(tries - 1, 16)  # beyond that the cap holds anyway
    return min(FIRST_WAIT * 2.0**doublings, LONGEST_WAIT) * chance.uniform(0.5, 1.0)


def bounded(answer: Delivery, attempts: int) -> Delivery:
    """The answer to a copy; a failure that was one too many is permanent. `attempts` were made before."""
    tries = attempts + 1
    if answer.kind in (DeliveryKind.DELIVERED, DeliveryKind.PERMANENT) or tries < MOST_TRIES_OF_A_COPY:
        return answer
    why = f"given up after {tries} tries: {answer.why}"
    return msgspec.structs.replace(answer, kind=DeliveryKind.PERMANENT, why=why)
