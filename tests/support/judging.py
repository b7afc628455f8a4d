"""One watch driven through looks: `watching.see(400)`, half an hour apart unless a test says otherwise."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from engine.domain.history import DayLow, History
from engine.domain.judge import fresh_state, judge
from engine.domain.judgement import ConditionState, Confirming, Judgement, Look, WatchState
from engine.domain.quote import Outcome, OutcomeKind, SourceKind
from engine.domain.route import Route
from engine.domain.watch import Condition, Watch
from tests.support import build
from tests.support.clock import START

HALF_HOUR = timedelta(minutes=30)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def history(lows: Iterable[int], *, kind: SourceKind = SourceKind.LIVE) -> History:
    """Daily lows in major units, the last one of the day before START."""
    lows = list(lows)
    return History(
        tuple(
            DayLow(
                day=START.date() - timedelta(days=len(lows) - number),
                kind=kind,
                low=low * 100,
                first=low * 100,
                last=low * 100,
            )
            for number, low in enumerate(lows)
        )
    )


class Watching:
    """A watch that came from a list (armed), its state, the time, and the history of its route.

    Every look passes `after` first. Sources named `cache...` give leads, all others firm quotes.
    """

    def __init__(
        self,
        watch: Watch | None = None,
        *,
        state: WatchState | None = None,
        past: History | None = None,
        route: Route | None = None,
        confirming: Confirming = Confirming.IMPOSSIBLE,
    ) -> None:
        self.route = route or build.route()
        self.watch = watch or build.watch(self.route)
        self.state = state or fresh_state(from_list=True)
        self.past = past or History()
        self.confirming = confirming
        self.now: datetime = START

    def memory(self, condition: Condition = Condition.TARGET) -> ConditionState:
        return self.state.of(condition)

    def quotes(self, total: int | str, source: str = "amadeus", **changes: Any) -> Outcome:
        kind = SourceKind.CACHED if source.startswith("cache") else SourceKind.LIVE
        fare = build.quote(total, self.route, source=source, kind=kind, observed_at=self.now, **changes)
        return build.outcome(fare, at=self.now)

    def no_fares(self, source: str = "amadeus") -> Outcome:
        kind = SourceKind.CACHED if source.startswith("cache") else SourceKind.LIVE
        return build.outcome(source=source, source_kind=kind, at=self.now)

    def failed(self, kind: OutcomeKind, source: str = "amadeus") -> Outcome:
        return build.outcome(source=source, kind=kind, at=self.now)

    def judge(self, outcome: Outcome | None, **changes: Any) -> Judgement:
        """Hold an outcome against the watch, now, and keep the state."""
        fields = {"route": self.route, "outcome": outcome, "at": self.now, "confirming": self.confirming}
        judgement = judge(self.watch, self.state, Look(**{**fields, **changes}), self.past, self.now)
        self.state = judgement.state
        return judgement

    def see(
        self, total: int | str, source: str = "amadeus", *, after: timedelta = HALF_HOUR, **changes: Any
    ) -> Judgement:
        """A look that comes home with one quote."""
        self.now += after
        return self.judge(self.quotes(total, source, **changes))

    def see_nothing(
        self, source: str = "amadeus", *, after: timedelta = HALF_HOUR, alive: bool = True
    ) -> Judgement:
        """A look that comes home with no_fares."""
        self.now += after
        return self.judge(self.no_fares(source), source_alive=alive)

    def fail(self, kind: OutcomeKind = OutcomeKind.UNREACHABLE, *, after: timedelta = HALF_HOUR) -> Judgement:
        """A look that fails."""
        self.now += after
        return self.judge(self.failed(kind))

    def answer(self, live: Outcome, lead: Outcome) -> Judgement:
        """The second round: a live look that a lead asked for."""
        return self.judge(live, confirming=Confirming.THIS, lead=lead)

    def change(self, **changes: Any) -> None:
        """Change the watch itself."""
        self.watch = msgspec.structs.replace(self.watch, **changes)
