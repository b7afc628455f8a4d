"""A visit to a route, for the recorder: what is read for it, how it is judged, what is kept."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from engine.announcing import Verdict
from engine.domain import judge
from engine.domain.alert import Reason
from engine.domain.calendars import Calendar, after_look, leaves_choice, replaces
from engine.domain.history import FEWEST_DAYS, LOOKED_BACK, DayLow, History
from engine.domain.judgement import Confirming, Judgement, Look, WatchState
from engine.domain.money import Money
from engine.domain.quote import Outcome, OutcomeKind, Quote
from engine.domain.route import RouteId
from engine.domain.watch import Watch, WatchStatus
from engine.store.database import Transaction
from engine.store.routes import LookRecord, RouteRow
from engine.sweeps import FindFacts, SweepJudged, find_facts, judge_sweep, keep_finds

_ALIVE: Final = timedelta(hours=24)  # how lately a source must have answered elsewhere (rule 7)


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """What a look brings home; `outcome` is None when nothing was fetched (departed).

    `lead` is the outcome that a confirmation was made for. Of a sweep to anywhere `live` is instead what
    live looks for single finds came to, by the codes of their places.
    """

    row: RouteRow
    outcome: Outcome | None
    at: datetime
    confirming: Confirming = Confirming.IMPOSSIBLE
    lead: Outcome | None = None
    live: Mapping[str, Outcome | None] | None = None


class VisitFacts(msgspec.Struct, frozen=True):
    """What the store knows that bears on a group of visits."""

    watches: Mapping[RouteId, Sequence[tuple[Watch, WatchState]]]
    histories: Mapping[RouteId, History]
    alive: frozenset[RouteId]
    finds: FindFacts
    calendars: Mapping[RouteId, Calendar]


class Judged(msgspec.Struct, frozen=True):
    """One visit after the judge: what is to be written of it."""

    visit: Visit
    history: History
    judgements: tuple[tuple[Watch, Judgement], ...]
    best: Quote | None
    counted: Quote | None
    next_look_at: datetime
    sweep: SweepJudged | None = None
    calendar: Calendar | None = None

    @property
    def waits(self) -> bool:
        """Whether a confirmation comes first: then nothing of it is written."""
        if self.sweep is not None and self.visit.live is None:
            return self.sweep.asks
        return any(judgement.reason is Reason.CONFIRM for _, judgement in self.judgements)


PlanLook = Callable[[Visit, Sequence[tuple[Watch, Judgement]]], datetime]
"""Gives the time of the next look, by what this one came to."""


async def read_facts(tx: Transaction, visits: Sequence[Visit], now: datetime) -> VisitFacts:
    """Read all of it for a group of visits, in a query for each kind."""
    ids = [visit.row.route.id for visit in visits]
    alive = await _with_alive_source(tx, visits, now)
    watches = await tx.watches.on_routes(ids)
    routes = [visit.row.route for visit in visits]
    return VisitFacts(
        watches=watches,
        histories=await tx.history.of_routes(ids, (now - LOOKED_BACK).date()),
        alive=frozenset(alive),
        finds=await find_facts(tx, routes, (watch for of in watches.values() for watch, _ in of), now),
        calendars=await tx.calendars.of_routes(
            visit.row.route.id
            for visit in visits
            if leaves_choice(visit.row.route) and not replaces(visit.lead or visit.outcome)
        ),
    )


async def _with_alive_source(tx: Transaction, visits: Sequence[Visit], now: datetime) -> list[RouteId]:
    """The routes without fares whose source gave quotes for another route lately (rule 7)."""
    empty: dict[str, list[RouteId]] = {}
    for visit in visits:
        if visit.outcome is not None and visit.outcome.kind is OutcomeKind.NO_FARES:
            empty.setdefault(visit.outcome.source, []).append(visit.row.route.id)
    alive: list[RouteId] = []
    for source, route_ids in empty.items():
        with_quotes = await tx.routes.with_quotes(source, now - _ALIVE, at_most=2)
        alive += [route_id for route_id in route_ids if with_quotes - {route_id}]
    return alive


async def judge_visit(visit: Visit, facts: VisitFacts, plan: PlanLook, now: datetime) -> Judged:
    """Hold a visit against the watches of its route as they stand."""
    route = visit.row.route
    history = facts.histories.get(route.id, History())
    look = Look(
        route=route,
        outcome=visit.outcome,
        at=visit.at,
        confirming=visit.confirming,
        source_alive=route.id in facts.alive,
        lead=visit.lead,
    )
    watches = facts.watches.get(route.id, ())
    sweep = None
    if route.to_anywhere:
        sweep = await judge_sweep(look, visit.live, watches, facts.finds, now)
        judgements = sweep.judgements
        look = msgspec.structs.replace(look, outcome=sweep.outcome)
    else:
        judgements = tuple((watch, judge.judge(watch, state, look, history, now)) for watch, state in watches)
    return Judged(
        visit=visit,
        history=history,
        judgements=judgements,
        best=judge.best_quote(look, now).quote,
        counted=judge.history_total(look, history, visit.row.last_quote, now),
        next_look_at=plan(visit, judgements),
        sweep=sweep,
        calendar=_calendar(visit, facts.calendars.get(route.id), now),
    )


async def write_judged(tx: Transaction, judged: Sequence[Judged], now: datetime) -> None:
    """Keep all that is known after these visits, but for what is to be told of them."""
    await tx.routes.record([_look_record(each) for each in judged])
    await tx.quotes.record([each.best for each in judged if each.best is not None])
    await tx.history.save([_day_low(each, each.counted) for each in judged if each.counted is not None])
    for each in judged:
        if each.sweep is not None:
            await keep_finds(tx, each.sweep, now)
    calendars = {each.visit.row.route.id: each.calendar for each in judged if each.calendar is not None}
    await tx.calendars.save(calendars, now)
    everything = [pair for each in judged for pair in each.judgements]
    await tx.watches.save_states({watch.id: judgement.state for watch, judgement in everything})
    for watch, judgement in everything:
        if judgement.reason is Reason.EXPIRED and watch.status is WatchStatus.ACTIVE:
            await tx.watches.update(msgspec.structs.replace(watch, status=WatchStatus.EXPIRED))


def _calendar(visit: Visit, known: Calendar | None, now: datetime) -> Calendar | None:
    """What each day costs after this look; None where it says nothing of that."""
    if visit.outcome is None or not visit.outcome.parsed or not leaves_choice(visit.row.route):
        return None
    outcomes = [outcome for outcome in (visit.lead, visit.outcome) if outcome is not None]
    return after_look(known or Calendar(), visit.row.route, outcomes, now)


def _look_record(judged: Judged) -> LookRecord:
    outcome = judged.visit.outcome
    return LookRecord(
        route_id=judged.visit.row.route.id,
        at=judged.visit.at,
        outcome_kind=outcome.kind if outcome else OutcomeKind.REJECTED,
        detail=outcome.detail if outcome else None,
        quote=judged.best,
        next_look_at=judged.next_look_at,
        # A confirmation asks for the days of a lead only; what is hidden was seen by the look before it.
        hidden=regular.hidden if (regular := judged.visit.lead or outcome) else None,
    )


def verdict_of(judged: Judged) -> Verdict:
    """What those who tell of it need to know."""
    visit = judged.visit
    median = judged.history.median(visit.at.date(), fewest=FEWEST_DAYS)
    return Verdict(
        route=visit.row.route,
        at=visit.at,
        judgements=judged.judgements,
        found=judged.sweep.found if judged.sweep is not None else (),
        median=None if median is None else Money(median, visit.row.route.currency),
    )


def _day_low(judged: Judged, counted: Quote) -> tuple[RouteId, DayLow]:
    today = judged.visit.at.date()
    row = judged.history.with_total(today, counted.kind, counted.total.minor)
    return judged.visit.row.route.id, row
