"""Judging a sweep to anywhere: every find is held against a watch as a series of its own. Pure.

The alert rule itself is `engine.domain.judge`, unchanged: here is decided which finds it is asked about and
with what. The state of the watch itself says whether it was seeded, held or is over; that of a find is kept
only while it remembers something, since a find that nobody was told of begins as a new one does: armed.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

import msgspec

from engine.domain import judge
from engine.domain.alert import Reason
from engine.domain.conditions import stands
from engine.domain.history import History
from engine.domain.judgement import ConditionState, Judgement, WatchState
from engine.domain.sweep import Sweep, lead_of, look_at
from engine.domain.watch import Condition, Watch

# Live looks that one sweep may ask for, the cheapest finds first.
MOST_CONFIRMED: Final = 5
_ORDER: Final = tuple(Reason)
_NEW: Final = WatchState(seeded=True)


class FindsJudged(msgspec.Struct, frozen=True, kw_only=True):
    """What a sweep came to for one watch.

    `whole` speaks for the watch: the most telling of its finds' judgements, with the state of the watch
    itself. `finds` are those that were judged, by the code of their places.
    """

    whole: Judgement
    finds: Mapping[str, Judgement] = {}

    @property
    def asks(self) -> bool:
        """Whether a find is to be confirmed first."""
        return any(each.reason is Reason.CONFIRM for each in self.finds.values())


def judge_finds(
    watch: Watch, state: WatchState, memories: Mapping[str, WatchState], sweep: Sweep, now: datetime
) -> FindsJudged:
    """Hold a sweep against a watch; `memories` is what it remembers of single finds.

    As `judge.judge` this goes in two rounds where a find is to be confirmed: while `sweep.live` is not there
    a find may be CONFIRM, and afterwards those that still are were not asked about and stay as they were.
    """
    settled = judge.judge(watch, state, msgspec.structs.replace(sweep.look, outcome=None), History(), now)
    outcome = sweep.look.outcome
    if settled.reason is not Reason.UNUSABLE_OUTCOME or outcome is None or not outcome.parsed:
        return FindsJudged(whole=settled)
    if not state.seeded:
        return _seeded(watch, state, memories, sweep, now)
    judged = {
        code: judge.judge(watch, _memory(state, memories.get(code, _NEW)), look, sweep.history(code), now)
        for code in dict.fromkeys((*_worth_judging(watch, sweep), *memories))
        if (look := look_at(sweep, code, watch)) is not None
    }
    if sweep.live is not None:
        judged = {code: each for code, each in judged.items() if each.reason is not Reason.CONFIRM}
    return FindsJudged(whole=_whole(watch, state, memories, judged, now), finds=judged)


def to_confirm(judged: Iterable[FindsJudged], sweep: Sweep) -> tuple[list[str], list[str]]:
    """The finds to ask live sources about, and those that would be told and must do without.

    First what would be told, the cheapest first, then told fares of which leads say that they are over. What
    is too much of these waits for the next sweep; what would be told is told as not confirmed.
    """
    wanted: dict[str, bool] = {}
    for each in judged:
        for code, judgement in each.finds.items():
            if judgement.reason is Reason.CONFIRM:
                wanted[code] = wanted.get(code, False) or bool(judgement.met)
    ranked = sorted(wanted, key=lambda code: (not wanted[code], _price(sweep, code), code))
    asked = ranked[:MOST_CONFIRMED]
    return asked, [code for code in ranked[MOST_CONFIRMED:] if wanted[code]]


def remembers(state: WatchState) -> bool:
    """Whether a find's state differs from that of a new one in more than the total that was last seen."""
    told = any(memory != ConditionState() for memory in state.conditions.values())
    return told or msgspec.structs.replace(state, conditions={}, last=None, snooze_over=None) != _NEW


def _memory(state: WatchState, find: WatchState) -> WatchState:
    """What is remembered of a find: a snooze of the watch that is over is over for all of them."""
    over = state.snooze_over
    return find if over is None else msgspec.structs.replace(find, snooze_over=over)


def _seeded(
    watch: Watch, state: WatchState, memories: Mapping[str, WatchState], sweep: Sweep, now: datetime
) -> FindsJudged:
    """Rule 9: each find is seeded; what is not in the sweep is news whenever it comes.

    A sweep of which searches failed is no seed: all that it lacks would be news the next time.
    """
    outcome = sweep.look.outcome
    best = judge.best_quote(sweep.look, now)
    if outcome is None or outcome.partial or best.quote is None:
        return FindsJudged(whole=Judgement(reason=best.reason or Reason.UNUSABLE_OUTCOME, state=state))
    judged = {}
    for code in _worth_judging(watch, sweep):
        look = look_at(sweep, code, watch)
        if look is not None:
            unseeded = judge.reseeded(memories.get(code, WatchState()))
            judged[code] = judge.seed(watch, unseeded, look, sweep.history(code), now)
    at_rest = {code: Judgement(reason=Reason.NOT_MET, state=_NEW) for code in memories if code not in judged}
    whole = _whole(watch, msgspec.structs.replace(state, seeded=True), {}, judged, now)
    whole = msgspec.structs.replace(whole, reason=Reason.SEEDED, quote=best.quote)
    return FindsJudged(whole=whole, finds={**judged, **at_rest})


def _worth_judging(watch: Watch, sweep: Sweep) -> Iterable[str]:
    """The finds that may be told. One that is dearer than the target, and was never told, says nothing."""
    target = watch.rules.target
    if target is None or watch.rules.conditions != (Condition.TARGET,):
        return sweep.found
    return [
        code
        for code, quotes in sweep.found.items()
        if any(quote.total.minor <= target.minor for quote in quotes)
    ]


def _whole(
    watch: Watch,
    state: WatchState,
    memories: Mapping[str, WatchState],
    judged: Mapping[str, Judgement],
    now: datetime,
) -> Judgement:
    """What speaks for the watch: the most telling judgement, of equals the cheapest fare."""
    after = {**memories, **{code: each.state for code, each in judged.items()}}
    summed = _summed_up(watch, state, after.values(), now)
    wakes = [each.look_again_at for each in judged.values() if each.look_again_at is not None]
    snooze = judge.open_snooze(watch, summed)
    if snooze is not None and snooze.until > now:
        wakes.append(snooze.until)
    again_at = min(wakes, default=None)
    if not judged:
        return Judgement(reason=Reason.NOT_MET, state=summed, look_again_at=again_at)
    first = _most_telling(judged)
    met = [
        condition
        for condition in watch.rules.conditions
        if any(condition in each.met for each in judged.values())
    ]
    return Judgement(
        reason=first.reason,
        state=summed,
        quote=first.quote,
        condition=first.condition,
        met=tuple(met),
        confirmation=first.confirmation,
        look_again_at=again_at,
    )


def _most_telling(judged: Mapping[str, Judgement]) -> Judgement:
    return judged[min(judged, key=lambda code: (_telling(judged[code]), code))]


def _telling(judgement: Judgement) -> tuple[bool, int, bool, int]:
    """That other finds are dear says nothing where one is what is waited for."""
    quote = judgement.quote
    nothing = judgement.reason is Reason.NOT_MET
    return nothing, _ORDER.index(judgement.reason), quote is None, quote.total.minor if quote else 0


def _summed_up(watch: Watch, state: WatchState, finds: Iterable[WatchState], now: datetime) -> WatchState:
    """The state of the watch itself: whether any find stands, and when somebody was last told of one."""
    finds = list(finds)
    conditions: dict[Condition, ConditionState] = {}
    for condition in watch.rules.conditions:
        memories = [find.of(condition) for find in finds]
        standing = [memory for memory in memories if stands(memory)]
        pings = [memory.pinged_at for memory in memories if memory.pinged_at is not None]
        begun = [memory.since for memory in standing if memory.since is not None]
        conditions[condition] = ConditionState(
            armed=not standing, pinged_at=max(pings, default=None), since=min(begun, default=None)
        )
    snooze = watch.snooze
    over = snooze.until if snooze is not None and snooze.until <= now else state.snooze_over
    return msgspec.structs.replace(state, conditions=conditions, snooze_over=over)


def _price(sweep: Sweep, code: str) -> int:
    lead = lead_of(sweep, code)
    return 0 if lead is None else lead.total.minor
