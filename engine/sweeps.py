"""A visit to a route to anywhere, for the recorder: what is read for it, how it is judged, what is kept."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from engine.domain import judge
from engine.domain.finds import by_place, to_place
from engine.domain.history import FEWEST_DAYS, LOOKED_BACK, History
from engine.domain.judgement import Judgement, Look, WatchState
from engine.domain.money import Money
from engine.domain.quote import Outcome, Quote
from engine.domain.route import Route, RouteId
from engine.domain.sweep import Found, Sweep, as_confirmed, look_at
from engine.domain.sweeping import FindsJudged, judge_finds, remembers
from engine.domain.watch import Watch, WatchId
from engine.store.database import Transaction
from engine.store.finds import Seen

# The finds of a route whose quotes and days are kept: those that anybody might look at.
_MOST_KEPT: Final = 50
_TURN: Final = 10  # watches held against a hundred finds before the rest of the loop gets its turn


class FindFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the store knows of the finds of some routes to anywhere and of their watches."""

    known: Mapping[RouteId, Mapping[str, Quote]] = {}
    histories: Mapping[RouteId, Mapping[str, History]] = {}
    memories: Mapping[WatchId, Mapping[str, WatchState]] = {}


class SweepJudged(msgspec.Struct, frozen=True, kw_only=True):
    """A sweep after the judge, for all watches of its route; `found` is the same find by find."""

    sweep: Sweep
    of: tuple[tuple[Watch, FindsJudged], ...]
    memories: Mapping[WatchId, Mapping[str, WatchState]]
    found: tuple[Found, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether finds are to be confirmed first."""
        return any(each.asks for _, each in self.of)

    @property
    def outcome(self) -> Outcome | None:
        """What it came to, with the word of live looks in the place of the leads that they answered."""
        return as_confirmed(self.sweep)

    @property
    def judgements(self) -> tuple[tuple[Watch, Judgement], ...]:
        """One judgement for each watch."""
        return tuple((watch, each.whole) for watch, each in self.of)


async def find_facts(
    tx: Transaction, routes: Iterable[Route], watches: Iterable[Watch], now: datetime
) -> FindFacts:
    """Read what bears on the routes to anywhere among these; asks nothing where there is none."""
    ids = [route.id for route in routes if route.to_anywhere]
    if not ids:
        return FindFacts()
    newest = await tx.finds.newest(ids)
    known = {
        route_id: {code: quotes[0] for code, quotes in by_place(quote for quote, _ in finds).items()}
        for route_id, finds in newest.items()
    }
    return FindFacts(
        known=known,
        histories=await tx.finds.histories(ids, (now - LOOKED_BACK).date()),
        memories=await tx.finds.states([watch.id for watch in watches if watch.route_id in set(ids)]),
    )


async def judge_sweep(
    look: Look,
    live: Mapping[str, Outcome | None] | None,
    watches: Sequence[tuple[Watch, WatchState]],
    facts: FindFacts,
    now: datetime,
) -> SweepJudged:
    """Hold a sweep against all watches of its route; the rest of the loop gets its turns."""
    route_id = look.route.id
    sweep = Sweep.of(
        look,
        histories=facts.histories.get(route_id, {}),
        known=facts.known.get(route_id, {}),
        live=live,
    )
    of: list[tuple[Watch, FindsJudged]] = []
    for watch, state in watches:
        of.append((watch, judge_finds(watch, state, facts.memories.get(watch.id, {}), sweep, now)))
        if len(of) % _TURN == 0:
            await asyncio.sleep(0)
    return SweepJudged(
        sweep=sweep,
        of=tuple(of),
        memories={watch.id: facts.memories.get(watch.id, {}) for watch, _ in watches},
        found=_by_find(sweep, of),
    )


def _by_find(sweep: Sweep, of: Sequence[tuple[Watch, FindsJudged]]) -> tuple[Found, ...]:
    judged: dict[str, list[tuple[Watch, Judgement]]] = {}
    for watch, each in of:
        for code, judgement in each.finds.items():
            judged.setdefault(code, []).append((watch, judgement))
    return tuple(_found(sweep, code, judgements) for code, judgements in judged.items())


def _found(sweep: Sweep, code: str, judgements: Sequence[tuple[Watch, Judgement]]) -> Found:
    route = sweep.look.route
    median = sweep.history(code).median(sweep.look.at.date(), fewest=FEWEST_DAYS)
    return Found(
        route=to_place(route, sweep.place(code)),
        judgements=tuple(judgements),
        median=None if median is None else Money(median, route.currency),
    )


async def keep_finds(tx: Transaction, judged: SweepJudged, now: datetime) -> None:
    """Write what the sweep saw and what the watches now remember; only what is worth a row."""
    seen = _seen(judged, now)
    if seen:
        await tx.finds.record(judged.sweep.look.route.id, seen, judged.sweep.look.at)
    kept: dict[tuple[WatchId, str], WatchState] = {}
    over: list[tuple[WatchId, str]] = []
    for watch, each in judged.of:
        known = judged.memories[watch.id]
        for code, judgement in each.finds.items():
            if remembers(judgement.state):
                kept[watch.id, code] = judgement.state
            elif code in known:
                over.append((watch.id, code))
    await tx.finds.save_states(kept, now)
    await tx.finds.forget_states(over)


def _seen(judged: SweepJudged, now: datetime) -> list[Seen]:
    """The cheapest finds, and all that a watch remembers something of, as they cost now."""
    outcome, sweep = judged.outcome, judged.sweep
    if outcome is None:
        return []
    found = by_place(outcome.quotes)
    remembered = {code for of in judged.memories.values() for code in of}
    remembered |= {code for _, each in judged.of for code in each.finds if remembers(each.finds[code].state)}
    cheapest = list(found)[:_MOST_KEPT]
    seen = []
    for code in dict.fromkeys((*cheapest, *(code for code in found if code in remembered))):
        look = look_at(sweep, code)
        best = None if look is None else judge.best_quote(look, now).quote
        if look is None or best is None or best.ends is None:
            continue
        history = sweep.history(code)
        counted = judge.history_total(look, history, sweep.known.get(code), now)
        day = None
        if counted is not None:
            day = history.with_total(look.at.date(), counted.kind, counted.total.minor)
        seen.append(Seen(place=code, quote=msgspec.structs.replace(best, slices=()), day=day))
    return seen
