"""Rule 4: when a condition is met, what it compares with, and the level at which it clears."""

from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from engine.domain.history import History
from engine.domain.judgement import ConditionState, High, Sighting, WatchState
from engine.domain.money import Money
from engine.domain.quote import Quote
from engine.domain.watch import Condition, Rules, Watch

_BASE_DAYS: Final = timedelta(days=30)
_LEARNING_DAYS: Final = 7

CLEAR_PERCENT: Final = 102
"""Rule 7: of a target, the level at which it clears."""
DEEPER_PERCENT: Final = 95
"""Rule 6: of the last ping, the level at which another one is worth it."""


def stands(memory: ConditionState) -> bool:
    """Whether the condition was told and has not cleared: disarmed."""
    return not memory.armed and memory.told is not None


def alerted(state: WatchState, since: datetime) -> bool:
    """Whether an alert of since then stands."""
    return any(
        not memory.armed and memory.pinged_at is not None and memory.pinged_at >= since
        for memory in state.conditions.values()
    )


def step(memory: ConditionState, total: Money) -> int:
    """The smallest change worth words: 1 % of told (rounded up), at least one major unit.

    While nothing is told since last armed it is 1 % of the total itself.
    """
    told = memory.told if stands(memory) and memory.told is not None else total.minor
    return max(percent_up(told, 1), total.major_unit)


def percent_up(minor: int, percent: int) -> int:
    """That many per cent of an amount, rounded up to a whole minor unit."""
    return -(-minor * percent // 100)


def met(
    watch: Watch, state: WatchState, total: Money, history: History, now: datetime
) -> tuple[Condition, ...]:
    """The conditions that hold at a total, in the order in which an alert is named after them."""
    today = now.date()
    return tuple(
        condition
        for condition in watch.rules.conditions
        if _holds(condition, state.of(condition), watch.rules, total, history, today)
    )


def learning(rules: Rules, history: History, now: datetime) -> bool:
    """Whether NEW_LOW is asked for and fewer than 7 days before today had looks."""
    return rules.new_low_days is not None and history.days_of_looks(now.date()) < _LEARNING_DAYS


def _holds(
    condition: Condition, memory: ConditionState, rules: Rules, total: Money, history: History, today: date
) -> bool:
    match condition:
        case Condition.TARGET:
            return rules.target is not None and total.minor <= rules.target.minor
        case Condition.DROP:
            return _dropped(memory, rules, total, today)
        case Condition.NEW_LOW:
            return _new_low(memory, rules, total, history, today)


def _dropped(memory: ConditionState, rules: Rules, total: Money, today: date) -> bool:
    """At most base x (1 - drop).

    A told DROP whose fare has climbed to its level again (possible after a long fall, when the
    level lies under the base) no longer holds: rule 7 has the word on it.
    """
    base = drop_base(memory, today)
    if base is None or rules.drop_percent is None or at_level(Condition.DROP, memory, rules, total):
        return False
    return total.minor * 100 <= base * (100 - rules.drop_percent)


def _new_low(memory: ConditionState, rules: Rules, total: Money, history: History, today: date) -> bool:
    """A step under the low.

    A told NEW_LOW holds while the total is at or below what was told: that fare has become the
    low itself, and reminders (rules 6 and 10) are about just that fare. Just so one of which
    nobody was told holds while the total is as low as it had to be then.
    """
    if rules.new_low_days is None:
        return False
    if stands(memory) and memory.told is not None:
        return total.minor <= memory.told
    most = new_low_most(memory, rules, total, history, today)
    return most is not None and total.minor <= most


def new_low_most(
    memory: ConditionState, rules: Rules, total: Money, history: History, today: date
) -> int | None:
    """The most at which a total is a new low that nobody was told of; None while that is not known."""
    low = None if rules.new_low_days is None else history.low(today, rules.new_low_days)
    if low is None or history.days_of_looks(today) < _LEARNING_DAYS:
        return memory.untold
    return max(low - step(memory, total), memory.untold or 0)


def drop_base(memory: ConditionState, today: date) -> int | None:
    """What DROP falls from: the highest total held in two successive looks since last armed."""
    return max((high.minor for high in memory.highs if high.on >= today - _BASE_DAYS), default=None)


def at_level(condition: Condition, memory: ConditionState, rules: Rules, total: Money) -> bool:
    """Rule 7: whether a total stands at or above the level at which a told condition clears."""
    if not stands(memory) or memory.told is None:
        return False
    match condition:
        case Condition.TARGET:
            return rules.target is not None and total.minor * 100 >= rules.target.minor * CLEAR_PERCENT
        case Condition.DROP:
            return total.minor * 200 >= memory.told * (200 + (rules.drop_percent or 0))
        case Condition.NEW_LOW:
            return total.minor >= memory.told + 2 * step(memory, total)


def fare_missing(condition: Condition, memory: ConditionState, rules: Rules, total: Money) -> bool:
    """Whether the fare that was told is not to be had at a total: above the target, or at the level."""
    if condition is Condition.TARGET:
        return rules.target is not None and total.minor > rules.target.minor
    return at_level(condition, memory, rules, total)


def observed(watch: Watch, state: WatchState, seen: Sighting) -> WatchState:
    """Remember the total of a look, and for DROP what held in this look and the one before.

    The same look again (same instant, same source) teaches nothing.
    """
    before = state.last
    later = msgspec.structs.replace(state, last=seen)
    if (
        before is None
        or watch.rules.drop_percent is None
        or (before.at, before.source) == (seen.at, seen.source)
    ):
        return later
    memory = state.of(Condition.DROP)
    highs = _with_high(memory.highs, High(seen.at.date(), min(before.minor, seen.minor)))
    return with_memory(later, Condition.DROP, msgspec.structs.replace(memory, highs=highs))


def _with_high(highs: tuple[High, ...], new: High) -> tuple[High, ...]:
    """One entry a day at most; what is older and not higher can never be the base again."""
    kept = tuple(high for high in highs if high.on >= new.on - _BASE_DAYS and high.minor > new.minor)
    return kept if kept and kept[-1].on == new.on else (*kept, new)


def forgotten(memory: ConditionState) -> ConditionState:
    """Armed again because nobody heard of it; what was a new low is one until its fare is over."""
    return ConditionState(highs=memory.highs, untold=memory.told)


def with_memory(state: WatchState, condition: Condition, memory: ConditionState) -> WatchState:
    """The state with one condition's memory replaced."""
    return msgspec.structs.replace(state, conditions={**state.conditions, condition: memory})


def sighting(quote: Quote, at: datetime) -> Sighting:
    """What a look came home with, as it is remembered."""
    return Sighting(minor=quote.total.minor, source=quote.source, at=at)
