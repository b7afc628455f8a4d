"""One look held against one seeded watch: rules 3 to 8 and 10 in their order, rule 2 left aside.

A weighing is what a look comes to, in both its versions: `telling.state` if its quote may be told,
`cleared.state` if it may not (a lead that is to be confirmed, or was refuted).
"""

from collections.abc import Callable, Collection
from datetime import datetime

import msgspec

from engine.domain.alert import Confirmation, Reason
from engine.domain.clearing import Sign, after_no_fares, after_quote, armed_again, doubtful, lived_s
from engine.domain.conditions import at_level, met, observed, sighting, stands
from engine.domain.history import History
from engine.domain.judgement import ConditionState, Effect, Judgement, WatchState
from engine.domain.quote import Outcome, Quote
from engine.domain.telling import Scene, Telling, tell
from engine.domain.watch import Condition, Watch


class Cleared(msgspec.Struct, frozen=True, kw_only=True):
    """What rule 7 makes of a look: ABOVE, RECOVERED, GONE or nothing, and the state after it.

    `doubts`: told conditions of which leads say that a firm quote's fare is over.
    """

    state: WatchState
    reason: Reason | None = None
    condition: Condition | None = None
    lived_s: int | None = None
    doubts: tuple[Condition, ...] = ()


class Weighing(msgspec.Struct, frozen=True, kw_only=True):
    """What a look comes to for a watch, before rule 2; `quote` is None for no_fares."""

    cleared: Cleared
    telling: Telling | None = None
    quote: Quote | None = None
    met: tuple[Condition, ...] = ()

    @property
    def told_anew(self) -> bool:
        """Whether rule 2 asks for a confirmation: something new would be told.

        These are ALERT, LOWER_STILL, LOWER and BACK; and a REMINDER that would be the first
        word of a fare met during the snooze. A REPEAT, or a REMINDER of what was told, is not new.
        """
        if self.telling is None:
            return False
        news = (Reason.ALERT, Reason.LOWER_STILL, Reason.LOWER, Reason.BACK)
        return self.telling.reason in news or (self.telling.reason is Reason.REMINDER and self.telling.first)


def weigh_quote(
    watch: Watch,
    state: WatchState,
    quote: Quote,
    at: datetime,
    history: History,
    now: datetime,
    *,
    settles: Collection[Condition] = (),
) -> Weighing:
    """Hold a usable quote that is not suspect against a watch.

    `settles`: the told conditions that were in doubt and that this quote decides: at or above its
    level, one is cleared at once.
    """
    state = observed(watch, state, sighting(quote, at))

    def sign(condition: Condition, memory: ConditionState) -> tuple[ConditionState, Sign]:
        after, said = after_quote(condition, memory, watch.rules, quote, at)
        if condition in settles and at_level(condition, memory, watch.rules, quote.total):
            return after, Sign.CLEARED
        return after, said

    cleared = _clear(watch, state, at, sign, Reason.RECOVERED)
    holds = met(watch, cleared.state, quote.total, history, now)
    scene = Scene(watch=watch, state=cleared.state, quote=quote, met=holds, history=history, at=at, now=now)
    return Weighing(cleared=cleared, telling=tell(scene), quote=quote, met=holds)


def weigh_no_fares(
    watch: Watch,
    state: WatchState,
    outcome: Outcome,
    at: datetime,
    *,
    alive: bool,
    settles: Collection[Condition] = (),
) -> Weighing:
    """Hold a no_fares against a watch: it can only say that a told fare is gone (rule 7)."""

    def sign(condition: Condition, memory: ConditionState) -> tuple[ConditionState, Sign]:
        after, said = after_no_fares(memory, outcome.source, at, alive=alive)
        return after, Sign.CLEARED if condition in settles else said

    return Weighing(cleared=_clear(watch, state, at, sign, Reason.GONE))


def give_up(watch: Watch, cleared: Cleared, at: datetime, reason: Reason) -> Cleared:
    """The leads decide: nobody could be asked about the conditions in doubt for 24 h (rule 7)."""

    def sign(condition: Condition, memory: ConditionState) -> tuple[ConditionState, Sign]:
        return memory, Sign.CLEARED if condition in cleared.doubts else Sign.QUIET

    return _clear(watch, msgspec.structs.replace(cleared.state, doubt=None), at, sign, reason)


def conclude(weighing: Weighing, *, confirmation: Confirmation) -> Judgement:
    """The judgement when the quote may be told: what is told comes first, then what cleared."""
    telling, cleared = weighing.telling, weighing.cleared
    state = telling.state if telling else cleared.state
    if telling and (telling.reason.pings or telling.reason.edits or cleared.reason is None):
        return Judgement(
            reason=telling.reason,
            state=state,
            effect=effect_of(telling.reason),
            quote=weighing.quote,
            condition=telling.condition,
            met=weighing.met,
            confirmation=confirmation,
            fell_from=telling.fell_from,
        )
    return conclude_quietly(weighing, Reason.UNUSABLE_OUTCOME, confirmation, state)


def conclude_quietly(
    weighing: Weighing, otherwise: Reason, confirmation: Confirmation, state: WatchState | None = None
) -> Judgement:
    """The judgement when nothing of the quote may be told: only what cleared, else `otherwise`."""
    cleared = weighing.cleared
    reason = cleared.reason or otherwise
    return Judgement(
        reason=reason,
        state=state or cleared.state,
        effect=effect_of(reason),
        quote=weighing.quote,
        condition=cleared.condition,
        met=weighing.met,
        confirmation=confirmation,
        lived_s=cleared.lived_s,
    )


def effect_of(reason: Reason) -> Effect:
    """What the outbox is asked for: pings are new posts, edits change the one that stands."""
    if reason.pings:
        return Effect.POST
    return Effect.EDIT if reason.edits else Effect.NONE


def _clear(
    watch: Watch,
    state: WatchState,
    at: datetime,
    sign: Callable[[Condition, ConditionState], tuple[ConditionState, Sign]],
    over: Reason,
) -> Cleared:
    """Ask every told condition for its sign, arm what cleared, and word it for the post.

    A post stands for all conditions that were told: it says `over` (RECOVERED or GONE) once the
    last of them has cleared; while another one stands it shows the price of now (ABOVE).
    """
    memories = dict(state.conditions)
    above: list[Condition] = []
    cleared: list[Condition] = []
    lived: list[int] = []
    for condition in watch.rules.conditions:
        memory = state.of(condition)
        if not stands(memory):
            continue
        memory, said = sign(condition, memory)
        if said is Sign.ABOVE:
            above.append(condition)
        if said is Sign.CLEARED:
            cleared.append(condition)
            lived.append(lived_s(memory, at))
            memory = armed_again(memory)
        memories[condition] = memory
    state = msgspec.structs.replace(state, conditions=memories)
    standing = [condition for condition in watch.rules.conditions if stands(state.of(condition))]
    doubts = tuple(condition for condition in standing if doubtful(state.of(condition)))
    if cleared and not standing:
        return Cleared(
            state=msgspec.structs.replace(state, doubt=None),
            reason=over,
            condition=cleared[0],
            lived_s=max(lived),
        )
    shown = (*cleared, *above) if over is Reason.RECOVERED else tuple(above)
    return Cleared(
        state=state,
        reason=Reason.ABOVE if shown else None,
        condition=shown[0] if shown else None,
        doubts=doubts,
    )
