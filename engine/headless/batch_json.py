"""The JSON of a batch: one object on one line. Pure; its keys are the contract."""

from typing import Final

import msgspec

from engine.domain.alert import Reason
from engine.domain.judgement import Judgement
from engine.headless.words import detail
from engine.look import LookReport
from engine.loops import BatchReport

_TELLING_ORDER: Final = {reason: place for place, reason in enumerate(Reason)}


def batch_json(report: BatchReport) -> str:
    """The line: `{"dispatched":50,"parsed":50,"failed":0,"alerts":3,"elapsed_s":1.31,"routes":[...]}`."""
    return msgspec.json.encode(
        {
            "dispatched": report.dispatched,
            "parsed": report.parsed,
            "failed": report.failed,
            "alerts": report.alerts,
            "elapsed_s": round(report.elapsed_s, 2),
            "routes": [_route(look) for look in report.reports],
        }
    ).decode()


def _route(look: LookReport) -> dict[str, str | None]:
    best = look.best
    judgement = _most_telling(look)
    return {
        "route": look.route.pair,
        "outcome": look.outcome.kind.value,
        "total": best.total.fixed() if best else None,
        "currency": best.total.currency if best else look.route.currency,
        "source": best.source if best else look.outcome.source,
        "kind": (best.kind if best else look.outcome.source_kind).value,
        "alert": _alert(judgement),
        "reason": _reason(look, judgement),
    }


def _most_telling(look: LookReport) -> Judgement | None:
    """Of several watches the one whose reason stands first in the list of reasons."""
    judgements = [judgement for _, judgement in look.judgements]
    return min(judgements, key=lambda judgement: _TELLING_ORDER[judgement.reason], default=None)


def _alert(judgement: Judgement | None) -> str | None:
    if judgement is None:
        return None
    if judgement.reason is Reason.LOWER_STILL:
        return Reason.LOWER_STILL.value
    if judgement.reason is Reason.ALERT and judgement.condition is not None:
        return judgement.condition.value
    return None


def _reason(look: LookReport, judgement: Judgement | None) -> str | None:
    """The judgement's reason; of a look without an answer, what the source gave as its own."""
    if judgement is not None and look.parsed:
        return judgement.reason.value
    return detail(look.outcome.detail) if look.outcome.detail else None
