"""The log lines of a headless run: the original's and what was added. Pure; the text is the contract."""

from datetime import datetime

from engine.domain.money import Money
from engine.domain.quote import Outcome, OutcomeKind
from engine.headless.words import ago, amount, detail
from engine.look import LookReport
from engine.loops import BatchReport
from engine.store.routes import RouteRow

STARTING = "[INFO] Starting Async Orchestrator..."


def dispatched(count: int) -> str:
    """The first line: `[INFO] Dispatched 50 tasks to Event Loop.`."""
    return f"[INFO] Dispatched {count} tasks to Event Loop."


def looked(report: LookReport, city: str) -> str:
    """A look's line: `[SUCCESS] Parsed TYO (Tokyo): €450 [LOW FARE DETECTED]`, or a warning."""
    place = f"{'anywhere' if report.route.to_anywhere else report.route.destination.code} ({city})"
    if not report.parsed:
        return f"[WARNING] {place}: {_trouble(report.outcome)}{_last_seen(report.row, report.at)}"
    if report.best is None:
        nothing = "no fares" if report.outcome.kind is OutcomeKind.NO_FARES else "no usable fare"
        return f"[SUCCESS] Parsed {place}: {nothing}"
    mark = " [LOW FARE DETECTED]" if is_low(report, report.best.total) else ""
    return f"[SUCCESS] Parsed {place}: {amount(report.best.total)}{mark}"


def finished(report: BatchReport) -> str:
    """The last line: `... complete. Time elapsed: 1.3 seconds. 49 parsed, 1 failed, 3 alerts.`."""
    return (
        f"[INFO] Batch processing complete. Time elapsed: {report.elapsed_s:.1f} seconds. "
        f"{report.parsed} parsed, {report.failed} failed, {report.alerts} alerts."
    )


def is_low(report: LookReport, total: Money) -> bool:
    """Whether the total is at or below the target of any watch of the route, told or not."""
    targets = (watch.rules.target for watch, _ in report.judgements)
    return any(target and target.currency == total.currency and total <= target for target in targets)


def _trouble(outcome: Outcome) -> str:
    why = f" ({detail(outcome.detail)})" if outcome.detail else ""
    match outcome.kind:
        case OutcomeKind.UNREACHABLE:
            return f"no answer from {outcome.source}{why}"
        case OutcomeKind.BLOCKED:
            return f"{outcome.source} asks to slow down{why}"
        case OutcomeKind.QUOTA:
            return f"the quota of {outcome.source} is used up{why}"
        case OutcomeKind.MALFORMED:
            return f"the reply of {outcome.source} cannot be read{why}"
        case _:
            return f"not looked up{why}" if outcome.source == "none" else f"{outcome.source} refused{why}"


def _last_seen(row: RouteRow, now: datetime) -> str:
    if row.last_quote is None or row.last_quote_at is None:
        return "; never seen"
    return f"; last seen {amount(row.last_quote.total)}, {ago(now - row.last_quote_at)}"
