"""The states a watch is put into from outside a look: new, seeded, snoozed, held (rules 9 to 11)."""

from datetime import datetime

import msgspec

from engine.domain.conditions import forgotten, met, observed, sighting, stands
from engine.domain.history import History
from engine.domain.judgement import ConditionState, WatchState
from engine.domain.quote import Quote
from engine.domain.watch import Condition, Snooze, Watch


def fresh_state(*, from_list: bool) -> WatchState:
    """The state of a new watch: armed for a row of a list, unseeded for Discord (rule 9)."""
    return WatchState(seeded=from_list)


def reseeded(state: WatchState) -> WatchState:
    """Unseeded again, after an edit of its rules, a resume or a move of its place (rule 9).

    Keeps since when a told fare stands, so that an old post which is edited later gives its whole
    age; what was refuted; and that a snooze is over. Not for another route: that begins with
    `fresh_state`.
    """
    return WatchState(conditions=state.conditions, refuted=state.refuted, snooze_over=state.snooze_over)


def seeded(
    watch: Watch, state: WatchState, quote: Quote, at: datetime, history: History, now: datetime
) -> tuple[WatchState, tuple[Condition, ...]]:
    """Rule 9: what is met is shown by whoever asked and disarmed, the rest is armed.

    The total counts as pinged and told; a seed is no ping, so `pinged_at` stays empty. A DROP has
    no base yet and is never met by a seed. A snooze that has ended by then reminds of nothing more.
    """
    snooze = watch.snooze
    over = snooze.until if snooze is not None and snooze.until <= now else state.snooze_over
    begun = msgspec.structs.replace(state, seeded=True, conditions={}, snooze_over=over)
    blank = observed(watch, begun, sighting(quote, at))
    shown = met(watch, blank, quote.total, history, now)
    conditions = {
        condition: _shown(state.of(condition), quote, at, now) if condition in shown else ConditionState()
        for condition in watch.rules.conditions
    }
    return msgspec.structs.replace(blank, conditions=conditions), shown


def snoozed(state: WatchState, newest: Quote | None, until: datetime) -> Snooze:
    """Rule 10: the snooze to put into the watch, with the price of now.

    That is the newest usable quote of its route, else the last total judged; with neither, no drop
    can break the snooze.
    """
    if newest is not None:
        return Snooze(until, newest.total.minor)
    return Snooze(until, state.last.minor if state.last else None)


def held(state: WatchState) -> WatchState:
    """Rule 11: its alert reached nobody. What was told is armed again; not judged until released."""
    conditions = {
        condition: memory if memory.armed else forgotten(memory)
        for condition, memory in state.conditions.items()
    }
    return msgspec.structs.replace(state, held=True, conditions=conditions)


def released(state: WatchState) -> WatchState:
    """Rule 11: a destination works again; the next look that meets a condition alerts."""
    return msgspec.structs.replace(state, held=False)


def _shown(before: ConditionState, quote: Quote, at: datetime, now: datetime) -> ConditionState:
    return ConditionState(
        armed=False,
        source=quote.source,
        firm=quote.firm,
        heard_at=at,
        pinged=quote.total.minor,
        told=quote.total.minor,
        since=before.since if stands(before) else now,
    )
