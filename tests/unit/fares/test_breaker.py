import asyncio
import random
from collections.abc import Sequence
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from engine.domain.quote import Outcome, OutcomeKind
from engine.fares.breaker import FAILURES, Breaker, Breakers
from engine.fares.fetcher import Fetcher
from tests.support.build import outcome, route
from tests.support.clock import START, HandClock, settle
from tests.unit.fares.test_fetcher import PlannedSource, failing, routes

SILENT = outcome(kind=OutcomeKind.UNREACHABLE, detail="timeout")
ANSWER = outcome()
HOUR_S = 3600


def blocked_for(seconds: float) -> Outcome:
    return outcome(kind=OutcomeKind.BLOCKED, retry_at=START + timedelta(seconds=seconds))


def search(breaker: Breaker, came: Outcome | None) -> Outcome | None:
    """One search: None when it was let through, else what it got in place of asking."""
    if (passed_over := breaker.passed_over()) is not None:
        return passed_over
    breaker.end(came, probe=breaker.begin())
    return None


def down(clock: HandClock) -> Breaker:
    breaker = Breaker("kiwi", clock)
    for _ in range(FAILURES):
        search(breaker, SILENT)
    return breaker


async def test_a_rest_lasts_as_long_as_the_source_said() -> None:
    clock = HandClock()
    breaker = Breaker("kiwi", clock)
    search(breaker, blocked_for(60))

    await clock.advance(59)
    resting = breaker.passed_over()
    await clock.advance(1)

    assert resting is not None
    assert resting.kind is OutcomeKind.BLOCKED
    assert (resting.observed_at, resting.retry_at) == (
        START + timedelta(seconds=59),
        START + timedelta(seconds=60),
    )
    assert breaker.passed_over() is None


async def test_a_wall_clock_set_back_does_not_prolong_a_rest() -> None:
    clock = HandClock()
    breaker = Breaker("kiwi", clock)
    search(breaker, blocked_for(60))

    clock.step_wall(-86_400)
    await clock.advance(60)

    assert breaker.passed_over() is None


async def test_a_machine_that_slept_does_not_prolong_a_rest() -> None:
    clock = HandClock()
    breaker = Breaker("kiwi", clock)
    search(breaker, blocked_for(60))

    clock.step_wall(60)

    assert breaker.passed_over() is None


@pytest.mark.parametrize(
    "kind", [OutcomeKind.UNREACHABLE, OutcomeKind.MALFORMED, OutcomeKind.BLOCKED, OutcomeKind.QUOTA]
)
def test_five_failures_in_a_row_take_a_source_down(kind: OutcomeKind) -> None:
    breaker = Breaker("kiwi", HandClock())
    failure = outcome(kind=kind)

    let_through = [search(breaker, failure) is None for _ in range(FAILURES + 1)]

    assert let_through == [True] * FAILURES + [False]
    assert breaker.down_since == START


def test_an_answer_in_between_begins_the_row_anew() -> None:
    breaker = Breaker("kiwi", HandClock())

    for came in (*[SILENT] * 4, ANSWER, *[SILENT] * 4):
        search(breaker, came)

    assert breaker.passed_over() is None


def test_a_rejected_question_says_nothing_of_the_source() -> None:
    breaker = Breaker("kiwi", HandClock())

    for _ in range(20):
        search(breaker, outcome(kind=OutcomeKind.REJECTED))

    assert breaker.down_since is None


async def test_one_search_tries_a_source_again_while_the_others_pass_it_over() -> None:
    clock = HandClock()
    breaker = down(clock)
    await clock.advance(30)

    probe = breaker.begin()
    others = [breaker.passed_over() for _ in range(10)]
    breaker.end(ANSWER, probe=probe)

    assert probe
    assert all(other is not None and other.detail == "timeout" for other in others)
    assert breaker.passed_over() is None


async def test_each_try_that_fails_doubles_the_wait_up_to_ten_minutes() -> None:
    clock = HandClock()
    breaker = down(clock)
    waits = []

    for _ in range(8):
        assert breaker.until is not None
        waits.append((breaker.until - clock.now()).total_seconds())
        await clock.advance(waits[-1])
        search(breaker, SILENT)

    assert waits == [30, 60, 120, 240, 480, 600, 600, 600]


async def test_waits_are_spread_so_that_not_everybody_tries_at_once() -> None:
    waits = set()
    for seed in range(20):
        clock = HandClock()
        breaker = Breaker("kiwi", clock, random.Random(seed))  # noqa: S311  no secret
        for _ in range(FAILURES):
            search(breaker, SILENT)
        assert breaker.until is not None
        waits.add((breaker.until - clock.now()).total_seconds())

    assert len(waits) == 20
    assert all(24 <= wait <= 30 for wait in waits)


async def test_a_source_that_goes_on_refusing_is_not_tried_at_each_second_that_it_names() -> None:
    clock = HandClock()
    breaker = Breaker("kiwi", clock)
    tries = 0

    for _ in range(HOUR_S):
        retry_at = clock.now() + timedelta(seconds=1)
        tries += search(breaker, outcome(kind=OutcomeKind.BLOCKED, retry_at=retry_at)) is None
        await clock.advance(1)

    assert tries <= 12


async def test_a_try_that_was_broken_off_leaves_the_next_search_to_try() -> None:
    clock = HandClock()
    breaker = down(clock)
    await clock.advance(30)

    search(breaker, None)

    assert breaker.passed_over() is None
    assert breaker.begin()


async def test_a_try_that_is_rejected_leaves_the_next_search_to_try() -> None:
    clock = HandClock()
    breaker = down(clock)
    await clock.advance(30)

    search(breaker, outcome(kind=OutcomeKind.REJECTED))

    assert breaker.passed_over() is None
    assert breaker.down_since == START


async def test_what_was_on_its_way_when_a_source_went_down_neither_lifts_nor_lengthens_the_wait() -> None:
    breaker = Breaker("kiwi", HandClock())
    under_way = [breaker.begin() for _ in range(20)]
    search(breaker, blocked_for(60))

    for probe, came in zip(under_way, [ANSWER, SILENT] * 10, strict=True):
        breaker.end(came, probe=probe)

    assert breaker.until == START + timedelta(seconds=60)


async def test_an_answer_beside_a_refusal_in_one_search_does_not_lift_the_rest() -> None:
    breaker = Breaker("ignav", HandClock())
    probe = breaker.begin()

    breaker.heed(OutcomeKind.BLOCKED, "HTTP 429", START + timedelta(seconds=60))
    breaker.end(ANSWER, probe=probe)

    assert breaker.until == START + timedelta(seconds=60)


class Outage:
    """A source that is silent between two instants, and says so each time anew."""

    name = "kiwi"

    def __init__(self, clock: HandClock, lasts_s: float, says: Sequence[Outcome]) -> None:
        self._clock = clock
        self._lasts_s = lasts_s
        self._says = says

    def __call__(self, _: object) -> Outcome:
        now = self._clock.monotonic()
        return self._says[int(now) % len(self._says)] if now < self._lasts_s else ANSWER


async def test_six_hours_of_outage_are_two_lines_and_few_calls() -> None:
    clock = HandClock()
    says = (SILENT, outcome(kind=OutcomeKind.MALFORMED, detail="no JSON"), outcome(kind=OutcomeKind.BLOCKED))
    first = PlannedSource("kiwi", Outage(clock, 6 * HOUR_S, says))
    second = PlannedSource("amadeus")
    breakers = Breakers(clock, random.Random(3))  # noqa: S311  no secret
    asked = Fetcher([first, second], confirm_sources=[], concurrency=10, clock=clock, breakers=breakers)

    during = 0
    with capture_logs() as logs:
        for _ in range(7 * 60):  # twenty routes a minute
            came = await asyncio.gather(*(asked.fetch(of) for of in routes(20)))
            assert all(one.parsed for one in came)
            if clock.monotonic() <= 6 * HOUR_S:
                during = len(first.asked)
            await clock.advance(60)

    assert [(line["event"], line["log_level"], line["source"]) for line in logs] == [
        ("source is down", "warning", "kiwi"),
        ("source is back", "info", "kiwi"),
    ]
    assert during <= 20 + 60
    assert len(first.asked) - during > 0


async def test_twenty_searches_under_way_when_it_fails_count_as_one_outage() -> None:
    clock = HandClock()
    source = PlannedSource("kiwi", failing(OutcomeKind.UNREACHABLE), waits=True)
    asked = Fetcher([source], confirm_sources=[], concurrency=50, clock=clock)
    searches = [asyncio.create_task(asked.fetch(of)) for of in routes(20)]
    await settle()

    with capture_logs() as logs:
        source.may_answer.set()
        await asyncio.gather(*searches)

    assert [line["event"] for line in logs] == ["source is down"]
    assert asked.standings()[0].until == START + timedelta(seconds=30)


async def test_a_search_that_is_given_up_on_does_not_block_the_next_try() -> None:
    clock = HandClock()
    source = PlannedSource("kiwi", lambda _: ANSWER, waits=True)
    breakers = Breakers(clock)
    asked = Fetcher([source], confirm_sources=[], concurrency=5, clock=clock, breakers=breakers)
    for _ in range(FAILURES):
        search(breakers.of("kiwi"), SILENT)
    await clock.advance(30)
    given_up = asyncio.create_task(asked.fetch(route()))
    await settle()

    given_up.cancel()
    await settle()
    source.may_answer.set()

    assert (await asked.fetch(route())).kind is OutcomeKind.NO_FARES
