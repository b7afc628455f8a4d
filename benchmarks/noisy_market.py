"""A noisy market: how often the alert rule pings, against how often there was something to tell.

The fare is 400 e^x. About once a day x becomes 0.85 x + N(0, 0.06); about every ten days a sale of 12
to 35 % lasts 4 to 18 h. A look each 30 min; 3 % fail, 10 % come back 8 % higher; two sources
alternate, 3 % apart. The target is the 25th percentile of the fare; 60 days, 60 watches, seeded.

The true fare is that of the cheaper source; the other one asks 3 % more. Sales and moves come at
exponentially distributed times. A real episode is the true fare at or below the target for an hour or
more; it is late when it begins 24 h or more after the last one ended. A "gone" is false when the true
fare meets the target.

Both rules see the same looks: the engine's own judge with its history and planner, and the usual rule,
which alerts when the fare is below and re-arms when it is above.
"""

import random
from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from math import exp
from typing import Final

import msgspec

from benchmarks.rows import Row, at_most, for_comparison, table
from engine.domain.alert import Reason
from engine.domain.history import History
from engine.domain.judge import fresh_state, history_total, judge
from engine.domain.judgement import Effect, Judgement, Look, WatchState
from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.planner import Intervals, Plan
from engine.domain.quote import Outcome, OutcomeKind, Quote, SourceKind
from engine.domain.route import RollingDates, Route, RouteId
from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind, Rules, Watch, WatchId

SEED: Final = 20261122
_WATCHES: Final = 60
_DAYS: Final = 60
START: Final = datetime(2027, 1, 1, tzinfo=UTC)
END: Final = START + timedelta(days=_DAYS)
_HOUR: Final = timedelta(hours=1)
INTERVALS: Final = Intervals(live=timedelta(minutes=30), jitter=0.0)
_SOURCES: Final = (("amadeus", 1.0), ("duffel", 1.03))
_ROUTE: Final = Route(
    origin=Place.metro("LON"),
    destination=Place.metro("TYO"),
    trip=RollingDates(60, 14),
    currency="EUR",
)
_ROUTE_ID: Final = _ROUTE.id


class Market(msgspec.Struct, frozen=True):
    """The true fare: steps in time, each holding until the next."""

    changes: tuple[datetime, ...]
    fares: tuple[float, ...]

    def fare(self, at: datetime) -> float:
        """What the route truly costs at an instant."""
        return self.fares[bisect_right(self.changes, at) - 1]

    def percentile(self, q: float) -> float:
        """The fare that the market does not exceed for `q` per cent of the time."""
        ends = (*self.changes[1:], END)
        spans = sorted(
            zip(self.fares, (end - at for at, end in zip(self.changes, ends, strict=True)), strict=True)
        )
        below = timedelta()
        for fare, span in spans:
            below += span
            if below >= (END - START) * q / 100:
                return fare
        return spans[-1][0]

    def episodes(self, target: float) -> list[tuple[datetime, datetime]]:
        """When the fare stood at or below a target for an hour or more: begin and end."""
        found: list[tuple[datetime, datetime]] = []
        for (at, end), fare in zip(pairwise((*self.changes, END)), self.fares, strict=True):
            if fare > target:
                continue
            if found and found[-1][1] == at:
                found[-1] = (found[-1][0], end)
            else:
                found.append((at, end))
        return [(begin, end) for begin, end in found if end - begin >= _HOUR]


class Tally(msgspec.Struct):
    """What one watch came to."""

    episodes: int = 0
    pings: int = 0
    usual_pings: int = 0
    false_gone: int = 0
    usual_false_gone: int = 0
    late: int = 0
    late_unpinged: int = 0


class Watched:
    """One watch as the engine keeps it: its state and its route's history and plan."""

    def __init__(self, target: Money) -> None:
        self._watch = _watch(target)
        self._state: WatchState = fresh_state(from_list=True)
        self._history = History()
        self._newest: Quote | None = None

    def look(self, outcome: Outcome, at: datetime, dice: random.Random) -> tuple[Judgement, datetime]:
        """Judge one look, write its total into the history, plan the next."""
        look = Look(route=_ROUTE, outcome=outcome, at=at)
        judgement = judge(self._watch, self._state, look, self._history, at)
        self._state = judgement.state
        self._write(history_total(look, self._history, self._newest, at), at)
        self._newest = outcome.quotes[0] if outcome.quotes else self._newest
        again = () if judgement.look_again_at is None else (judgement.look_again_at,)
        plan = Plan(intervals=INTERVALS, kind=SourceKind.LIVE, look_again_at=again)
        return judgement, plan.next_look_at(at, dice)

    def _write(self, quote: Quote | None, at: datetime) -> None:
        if quote is None:
            return
        row = self._history.with_total(at.date(), quote.kind, quote.total.minor)
        days = self._history.days
        earlier = days[:-1] if days and days[-1].day == row.day else days[-90:]
        self._history = History((*earlier, row))


def run() -> list[Row]:
    """Simulate all watches and hold the figures against their goals."""
    tallies = [_simulate(random.Random(SEED + number)) for number in range(_WATCHES)]

    def mean(of: Callable[[Tally], int]) -> float:
        return sum(of(tally) for tally in tallies) / _WATCHES

    episodes, pings = mean(lambda t: t.episodes), mean(lambda t: t.pings)
    usual_pings, usual_gone = mean(lambda t: t.usual_pings), mean(lambda t: t.usual_false_gone)
    return [
        for_comparison("noisy_market_episodes", episodes, "per watch"),
        for_comparison("noisy_market_pings", pings, "per watch"),
        for_comparison("noisy_market_pings_usual_rule", usual_pings, "per watch"),
        at_most("noisy_market_pings_per_episode", pings / episodes, "pings", 2.0),
        at_most("noisy_market_false_gone", mean(lambda t: t.false_gone), "per watch", 3.0),
        for_comparison("noisy_market_false_gone_usual_rule", usual_gone, "per watch"),
        for_comparison("noisy_market_late_episodes", mean(lambda t: t.late), "per watch"),
        at_most("noisy_market_late_unpinged", mean(lambda t: t.late_unpinged), "per watch", 0.1),
    ]


def _simulate(dice: random.Random) -> Tally:
    market = make_market(dice)
    target = Money.of(Decimal(str(market.percentile(25))), _ROUTE.currency)
    limit = float(target.amount)
    watched, tally = Watched(target), Tally()
    pings: list[datetime] = []
    armed, at, number = True, START, 0
    while at < END:
        outcome = fetched(_ROUTE_ID, market.fare(at), number, at, dice)
        judgement, next_at = watched.look(outcome, at, dice)
        truly_there = market.fare(at) <= limit
        if judgement.effect is Effect.POST:
            pings.append(at)
        if judgement.reason in (Reason.RECOVERED, Reason.GONE) and truly_there:
            tally.false_gone += 1
        if outcome.quotes:
            below = outcome.quotes[0].total <= target
            if below and armed:
                tally.usual_pings += 1
            if not below and not armed and truly_there:
                tally.usual_false_gone += 1
            armed = not below
        at, number = next_at, number + 1
    return tallied(tally, market.episodes(limit), pings)


def tallied(tally: Tally, episodes: list[tuple[datetime, datetime]], pings: list[datetime]) -> Tally:
    """Hold the pings against the episodes."""
    tally.episodes, tally.pings = len(episodes), len(pings)
    before = None
    for begin, end in episodes:
        if before is None or begin - before >= timedelta(hours=24):
            tally.late += 1
            tally.late_unpinged += not any(begin <= ping < end for ping in pings)
        before = end
    return tally


def make_market(dice: random.Random) -> Market:
    """Moves and sales at exponentially distributed times; the base begins where it would settle."""
    x = dice.gauss(0, 0.06 / (1 - 0.85**2) ** 0.5)
    moves = [(START, x)]
    at = START
    while (at := at + timedelta(days=dice.expovariate(1))) < END:
        x = 0.85 * x + dice.gauss(0, 0.06)
        moves.append((at, x))
    sales = []
    at = START
    while (at := at + timedelta(days=dice.expovariate(0.1))) < END:
        begin, at = at, at + timedelta(hours=dice.uniform(4, 18))
        sales.append((begin, min(at, END), dice.uniform(0.12, 0.35)))
    changes = sorted({move for move, _ in moves} | {edge for sale in sales for edge in sale[:2]} - {END})
    return Market(tuple(changes), tuple(_fare(moves, sales, change) for change in changes))


def _fare(
    moves: list[tuple[datetime, float]], sales: list[tuple[datetime, datetime, float]], at: datetime
) -> float:
    x = next(value for moved_at, value in reversed(moves) if moved_at <= at)
    off = next((share for begin, end, share in sales if begin <= at < end), 0.0)
    return round(400 * exp(x) * (1 - off), 2)  # a fare is a number of cents, for the looks and for the truth


def fetched(route_id: RouteId, fare: float, number: int, at: datetime, dice: random.Random) -> Outcome:
    """What a look comes home with: failed, 8 % too high, or the fare as its source sells it."""
    source, factor = _SOURCES[number % 2]
    if dice.random() < 0.03:
        return Outcome(kind=OutcomeKind.UNREACHABLE, source=source, observed_at=at)
    noise = 1.08 if dice.random() < 0.1 else 1.0
    total = Money.of(Decimal(str(fare * factor * noise)), _ROUTE.currency)
    quote = Quote(route_id=route_id, total=total, source=source, kind=SourceKind.LIVE, observed_at=at)
    return Outcome(kind=OutcomeKind.QUOTES, source=source, observed_at=at, quotes=(quote,))


def _watch(target: Money) -> Watch:
    return Watch(
        id=WatchId("noisy"),
        owner=Owner(OwnerKind.LIST, "market"),
        route_id=_ROUTE_ID,
        currency=_ROUTE.currency,
        rules=Rules(target=target),
        tell=(Destination(DestinationKind.CONSOLE, "-"),),
        created_at=START,
    )


if __name__ == "__main__":
    print(table(run()))
