"""What goes into the judge and what comes out of it: plain values, no decision.

`WatchState` is stored as one JSON value; fields that stand at their defaults are left out of it.
Amounts in it are minor units of the watch's currency.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
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
    `lead` belongs to a confirmation (THIS) only: the outcome that raised the question, so that
    the judge knows which total is confirmed or refuted.
    """

    route: Route
    outcome: Outcome | None
    at: datetime
    confirming: Confirming = Confirming.IMPOSSIBLE
    source_alive: bool = False
    lead: Outcome | None = None


class Effect(StrEnum):
    """What a judgement asks the outbox for."""

    NONE = "none"
    POST = "post"
    EDIT = "edit"
    NOTICE = "notice"


class Run(msgspec.Struct, frozen=True, omit_defaults=True):
    """Looks in a row that all say the same; the first, the latest, and how many there were."""

    first_at: datetime
    last_at: datetime
    looks: int = 1

    def spans(self, looks: int, span: timedelta) -> bool:
        """Whether at least that many looks say so, spread over at least that long."""
        return self.looks >= looks and self.last_at - self.first_at >= span


class High(msgspec.Struct, frozen=True):
    """The highest total of a day that held in two successive looks; what DROP falls from."""

    on: date
    minor: int


class ConditionState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One condition's memory (rule 5).

    `source` told it last, `firm` says whether a firm quote ever did since it was armed, and
    `heard_at` is when that source last gave quotes. `pinged` is the total of the last ping or of
    the seed, `pinged_at` the time of that ping (a seed leaves it None). `told` is the lowest total
    told since last armed; once rule 7 has armed the condition again both stay, as the old ones
    that rule 8 compares with. `since` is when the fare that stands was first told.

    The runs of rule 7: `above` its level, `over` the target, `empty` of fares; and among the leads
    about what a firm quote told: `leads_above` its level, `without` the fare. `shown_above`: the
    post shows a price above the level. `highs` is DROP's base (rule 4), newest last, falling. `untold`
    is the most at which a fare of which nobody was told is a new low: its own looks make it the low.
    """

    armed: bool = True
    source: str | None = None
    firm: bool = False
    heard_at: datetime | None = None
    pinged: int | None = None
    pinged_at: datetime | None = None
    told: int | None = None
    since: datetime | None = None
    shown_above: bool = False
    above: Run | None = None
    over: Run | None = None
    empty: Run | None = None
    leads_above: Run | None = None
    without: Run | None = None
    highs: tuple[High, ...] = ()
    untold: int | None = None


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """A total that a look came home with."""

    minor: int
    source: str
    at: datetime


class Suspicion(msgspec.Struct, frozen=True, kw_only=True):
    """A total far out of the ordinary (rule 3); `vouched` once another look came near it."""

    seen: Sighting
    vouched: bool = False


class Refuted(msgspec.Struct, frozen=True, kw_only=True):
    """A lead's total that a live look did not bear out (rule 2), and how often it did not."""

    minor: int
    at: datetime
    tries: int = 1
    found_at: datetime | None = None


class Doubt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Leads say that a firm alert is over, and a live look is wanted to settle it (rule 7).

    `asked_at` and `tries` pace the asking by the waits of rule 2; `wanted_since` is when a live
    look was first wanted and could not be had.
    """

    asked_at: datetime | None = None
    tries: int = 0
    wanted_since: datetime | None = None


class WatchState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything the judge remembers of a watch between looks; stored as one JSON value.

    `last` is the newest total judged. `snooze_over` is the `until` of a snooze that is done with:
    a deeper drop broke it, or its end was judged.
    """

    seeded: bool = False
    held: bool = False
    expired: bool = False
    conditions: Mapping[Condition, ConditionState] = {}
    last: Sighting | None = None
    suspicion: Suspicion | None = None
    refuted: Refuted | None = None
    doubt: Doubt | None = None
    snooze_over: datetime | None = None

    def of(self, condition: Condition) -> ConditionState:
        """The memory of one condition, armed and empty when there is none yet."""
        return self.conditions.get(condition) or ConditionState()


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """The reasoned result of holding a look against a watch.

    `state` is what to store. A CONFIRM returns the state it was given: writing it or not is the
    same, and whatever is judged after the live look starts from the rows as they stand then.
    `quote` is the best usable quote, `condition` the one an alert is named after, `met` all that
    hold now. `look_again_at` asks the planner for a look by then. `lived_s` is how long a fare
    stood that is now gone, in seconds. `fell_from` is the last ping's total that a LOWER_STILL
    lies under.
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
    fell_from: int | None = None
