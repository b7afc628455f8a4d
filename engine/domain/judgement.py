"""What goes into the judge and what comes out of it: plain values, no decision."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from engine.domain.alert import Confirmation, Reason
from engine.domain.quote import Outcome, Quote
from engine.domain.route import Route
from engine.domain.watch import Condition


class Confirming(StrEnum):
    """What a look can do about a lead."""

    POSSIBLE = "possible"  # a live source could be asked now
    THIS = "this"  # this look is the confirmation
    FAILED = "failed"  # a confirmation was tried for this look and gave no answer
    IMPOSSIBLE = "impossible"  # no live source, or no budget


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One visit to a route, as the judge sees it.

    `source_alive`: the source of this outcome gave quotes for another route or date lately,
    so that its `no_fares` here says something (rule 7). `outcome` is None for a visit that
    fetched nothing (an expired route, the end of a snooze while every source is down).
    """

    route: Route
    outcome: Outcome | None
    at: datetime
    confirming: Confirming = Confirming.IMPOSSIBLE
    source_alive: bool = False


class Effect(StrEnum):
    """What a judgement asks the outbox for."""

    NONE = "none"
    POST = "post"
    EDIT = "edit"
    NOTICE = "notice"


class ConditionState(msgspec.Struct, frozen=True, kw_only=True):
    """One condition's memory (rule 5); amounts in minor units of the watch's currency."""

    armed: bool = True
    source: str | None = None
    pinged: int | None = None
    told: int | None = None
    pinged_at: datetime | None = None


class WatchState(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the judge remembers of a watch between looks; stored as one JSON value."""

    seeded: bool = False
    held: bool = False
    conditions: Mapping[Condition, ConditionState] = {}


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """The reasoned result of holding a look against a watch.

    `quote` is the best usable quote, `condition` the one an alert is named after, `met` all that
    hold now. `look_again_at` asks the planner for a look by then. `lived_s` is how long a fare
    stood that is now gone, in seconds.
    """

    reason: Reason
    state: WatchState
    effect: Effect = Effect.NONE
    quote: Quote | None = None
    condition: Condition | None = None
    met: tuple[Condition, ...] = ()
    confirmation: Confirmation = Confirmation.FIRM
    look_again_at: datetime | None = None
    lived_s: int | None = None
