"""Builders of look and batch reports."""

from datetime import timedelta
from typing import Any

from engine.domain.alert import Reason
from engine.domain.judgement import Judgement, WatchState
from engine.domain.quote import Outcome, Quote
from engine.domain.route import Route
from engine.domain.watch import Condition, Watch
from engine.look import LookReport
from engine.loops import BatchReport
from engine.store.routes import RouteRow
from tests.support import build
from tests.support.clock import START


def judgement(reason: Reason, condition: Condition | None = None) -> Judgement:
    return Judgement(reason=reason, state=WatchState(), condition=condition)


def look(
    outcome: Outcome,
    *judgements: tuple[Watch, Judgement],
    of: Route | None = None,
    best: Quote | None = None,
    **row: Any,
) -> LookReport:
    """The report of a look; of an outcome with quotes the cheapest is the best unless said otherwise."""
    return LookReport(
        row=RouteRow(route=of or build.route(), next_look_at=START, **row),
        outcome=outcome,
        at=START,
        next_look_at=START + timedelta(minutes=15),
        best=best or next(iter(outcome.quotes), None),
        judgements=judgements,
    )


def batch(*looks: LookReport, **changes: Any) -> BatchReport:
    parsed = sum(report.parsed for report in looks)
    return BatchReport(
        **{
            "batch": 1,
            "dispatched": len(looks),
            "parsed": parsed,
            "failed": len(looks) - parsed,
            "alerts": 0,
            "elapsed_s": 1.3123,
            "reports": looks,
            **changes,
        }
    )
