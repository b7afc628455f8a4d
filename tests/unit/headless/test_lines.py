from datetime import timedelta

import pytest

from engine.domain.alert import Reason
from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.quote import OutcomeKind
from engine.domain.watch import Rules
from engine.headless import lines
from engine.look import LookReport
from tests.support import build
from tests.support.clock import START
from tests.unit.headless import looks

PARIS = build.route(destination=Place.airport("CDG"))


def failed(kind: OutcomeKind, detail: str | None, source: str = "amadeus") -> LookReport:
    return looks.look(build.outcome(kind=kind, detail=detail, source=source), of=PARIS)


def test_the_first_lines_are_the_originals() -> None:
    assert lines.STARTING == "[INFO] Starting Async Orchestrator..."
    assert lines.dispatched(50) == "[INFO] Dispatched 50 tasks to Event Loop."


def test_the_last_line_counts_the_batch() -> None:
    report = looks.batch(dispatched=50, parsed=49, failed=1, alerts=3)
    assert lines.finished(report) == (
        "[INFO] Batch processing complete. Time elapsed: 1.3 seconds. 49 parsed, 1 failed, 3 alerts."
    )


def test_a_fare_at_the_target_is_low_told_or_not() -> None:
    watch = build.watch(target=450)
    report = looks.look(build.outcome(build.quote(450)), (watch, looks.judgement(Reason.NO_CHANGE)))
    assert lines.looked(report, "Tokyo") == "[SUCCESS] Parsed TYO (Tokyo): €450 [LOW FARE DETECTED]"


def test_a_fare_above_every_target_is_not() -> None:
    watches = (build.watch(target=319), build.watch(target=None, rules=Rules(new_low_days=30)))
    report = looks.look(
        build.outcome(build.quote(320)), *((watch, looks.judgement(Reason.NOT_MET)) for watch in watches)
    )
    assert lines.looked(report, "Tokyo") == "[SUCCESS] Parsed TYO (Tokyo): €320"


def test_no_fares_is_parsed_and_said() -> None:
    assert lines.looked(looks.look(build.outcome()), "Tokyo") == "[SUCCESS] Parsed TYO (Tokyo): no fares"


def test_quotes_of_which_none_can_be_believed_are_said() -> None:
    outcome = build.outcome(build.quote(1), kind=OutcomeKind.QUOTES)
    report = looks.look(outcome)
    unusable = LookReport(row=report.row, outcome=outcome, at=report.at, next_look_at=report.next_look_at)
    assert lines.looked(unusable, "Tokyo") == "[SUCCESS] Parsed TYO (Tokyo): no usable fare"


def test_a_look_without_an_answer_says_what_was_last_seen() -> None:
    outcome = build.outcome(kind=OutcomeKind.UNREACHABLE, detail="timeout")
    seen_at = START - timedelta(hours=2, minutes=5)
    report = looks.look(outcome, of=PARIS, last_quote=build.quote(98), last_quote_at=seen_at)
    assert lines.looked(report, "Paris") == (
        "[WARNING] CDG (Paris): no answer from amadeus (timeout); last seen €98, 2 h ago"
    )


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (failed(OutcomeKind.BLOCKED, "38194 rate limit"), "amadeus asks to slow down (38194 rate limit)"),
        (
            failed(OutcomeKind.QUOTA, "38195 monthly quota"),
            "the quota of amadeus is used up (38195 monthly quota)",
        ),
        (failed(OutcomeKind.MALFORMED, None), "the reply of amadeus cannot be read"),
        (failed(OutcomeKind.REJECTED, "key refused"), "amadeus refused (key refused)"),
        (failed(OutcomeKind.REJECTED, "no source", source="none"), "not looked up (no source)"),
    ],
)
def test_each_trouble_has_its_words(report: LookReport, words: str) -> None:
    assert lines.looked(report, "Paris") == f"[WARNING] CDG (Paris): {words}; never seen"


def test_what_a_provider_said_cannot_forge_a_line() -> None:
    report = failed(OutcomeKind.REJECTED, "no\n[SUCCESS] Parsed\x1b[2J" + "x" * 999)
    line = lines.looked(report, "Paris")
    assert line.isprintable()
    assert len(line) < 250


@pytest.mark.parametrize(
    ("money", "shown"),
    [
        (Money(45000, "EUR"), "€450"),
        (Money(45050, "EUR"), "€450.50"),
        (Money(45000, "JPY"), "¥45,000"),
        (Money(4500000, "INR"), "₹45,000"),
        (Money(45000, "CHF"), "CHF 450"),
        (Money(120500, "KWD"), "KWD 120.500"),
    ],
)
def test_cents_are_shown_only_where_they_say_something(money: Money, shown: str) -> None:
    report = looks.look(build.outcome(build.quote(money)))
    assert lines.looked(report, "Tokyo") == f"[SUCCESS] Parsed TYO (Tokyo): {shown}"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=47), "47 h ago"),
        (timedelta(days=3, hours=5), "3 days ago"),
        (timedelta(seconds=-5), "just now"),
    ],
)
def test_how_long_ago_is_rounded_down(span: timedelta, words: str) -> None:
    outcome = build.outcome(kind=OutcomeKind.MALFORMED)
    report = looks.look(outcome, last_quote=build.quote(98), last_quote_at=START - span)
    assert lines.looked(report, "Tokyo").endswith(f"last seen €98, {words}")
