"""Judging a sweep to anywhere: every find is held against a watch as a series of its own. Pure.

The alert rule itself is `engine.domain.judge`, unchanged: here is decided which finds it is asked about and
with what. The state of the watch itself says whether it was seeded, held or is over; that of a find is kept
only while it remembers something, since a find that nobody was told of begins as a new one does: armed.

What a sweep says of a destination that is not in it: where the sweep has everything up to above the target,
that its fare is not to be had there now (a `no_fares` of its own, from a source that is alive, since it has
fares for others). Where it does not reach so far, or some of its searches failed: nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from engine.domain import judge
from engine.domain.alert import Reason
from engine.domain.conditions import stands
from engine.domain.finds import by_place, place_of, to_place
from engine.domain.history import History
from engine.domain.judgement import ConditionState, Confirming, Judgement, Look, WatchState
from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.quote import Outcome, OutcomeKind, Quote
from engine.domain.route import Route
from engine.domain.watch import Condition, Watch

# Live looks that one sweep may ask for, the cheapest finds first.
MOST_CONFIRMED: Final = 5
_CLEAR_PERCENT: Final = 102  # rule 7: the level at which a target clears
_ORDER: Final = tuple(Reason)
_NEW: Final = WatchState(seeded=True)


class Sweep(msgspec.Struct, frozen=True, kw_only=True):
    """One visit to a route to anywhere.

    `look` is of the route itself, `found` are its quotes by place, the cheapest first. `histories` and
    `known`, the newest quote, are those of its finds by the code of their places. `live` is what live looks
    for single finds came to, None where there was no answer; no mapping at all while none was asked for.
    """

    look: Look
    found: Mapping[str, Sequence[Quote]]
    histories: Mapping[str, History] = {}
    known: Mapping[str, Quote] = {}
    live: Mapping[str, Outcome | None] | None = None

    @classmethod
    def of(
        cls,
        look: Look,
        *,
        histories: Mapping[str, History] | None = None,
        known: Mapping[str, Quote] | None = None,
        live: Mapping[str, Outcome | None] | None = None,
    ) -> "Sweep":
        """The sweep that a look came home with."""
        found = by_place(look.outcome.quotes if look.outcome else ())
        return cls(look=look, found=found, histories=histories or {}, known=known or {}, live=live)

    def history(self, code: str) -> History:
        """What a find used to cost."""
        return self.histories.get(code, History())

    def place(self, code: str) -> Place:
        """The place of a find."""
        for quote in (*self.found.get(code, ()), *([self.known[code]] if code in self.known else [])):
            if (place := place_of(quote)) is not None:
                return place
        return Place.airport(code)


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One find, what it came to for each watch, and the 30-day median of its daily lows."""

    route: Route
    judgements: tuple[tuple[Watch, Judgement], ...]
    median: Money | None = None


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


def look_at(sweep: Sweep, code: str, watch: Watch | None = None) -> Look | None:
    """What a sweep, and the live look after it, say of one destination; None where they say nothing.

    That it is not there says something to a watch whose target the sweep reaches.
    """
    outcome, live = sweep.look.outcome, sweep.live or {}
    if outcome is None:
        return None
    found = sweep.found.get(code, ())
    if not found and code not in live and not (watch and _says_none(outcome, watch)):
        return None
    kind = OutcomeKind.QUOTES if found else OutcomeKind.NO_FARES
    own = msgspec.structs.replace(outcome, kind=kind, quotes=tuple(found), hidden=None, reaches=None)
    look = msgspec.structs.replace(
        sweep.look,
        route=to_place(sweep.look.route, sweep.place(code)),
        outcome=own,
        source_alive=sweep.look.source_alive or bool(outcome.quotes),
    )
    if code not in live:
        return look
    answer = live[code]
    if answer is None or not answer.parsed:
        return msgspec.structs.replace(look, confirming=Confirming.FAILED)
    return msgspec.structs.replace(
        look, outcome=answer, at=answer.observed_at, confirming=Confirming.THIS, source_alive=False, lead=own
    )


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


def lead_of(sweep: Sweep, code: str) -> Quote | None:
    """For which days a find is to be confirmed: its cheapest quote, else the newest that is known."""
    return next(iter(sweep.found.get(code, ())), sweep.known.get(code))


def as_confirmed(sweep: Sweep) -> Outcome | None:
    """The sweep with what live looks say in the place of the leads that they answered, cheapest first."""
    outcome = sweep.look.outcome
    if outcome is None or not sweep.live:
        return outcome
    answers = {code: each for code, each in sweep.live.items() if each is not None and each.parsed}
    quotes = [quote for code, each in sweep.found.items() if code not in answers for quote in each]
    quotes += [quote for each in answers.values() for quote in each.quotes]
    quotes.sort(key=lambda quote: (quote.total.currency != sweep.look.route.currency, quote.total.minor))
    kind = OutcomeKind.QUOTES if quotes else OutcomeKind.NO_FARES
    return msgspec.structs.replace(outcome, kind=kind, quotes=tuple(quotes))


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


def _says_none(outcome: Outcome, watch: Watch) -> bool:
    """Whether a destination that is not in a sweep has no fare that the watch waits for."""
    if outcome.partial:
        return False
    target = watch.rules.target
    if outcome.reaches is None:
        return True
    return target is not None and outcome.reaches.minor * 100 >= target.minor * _CLEAR_PERCENT


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
    if not judged:
        return Judgement(reason=Reason.NOT_MET, state=summed)
    first = _most_telling(judged)
    wakes = [each.look_again_at for each in judged.values() if each.look_again_at is not None]
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
        look_again_at=min(wakes, default=None),
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
