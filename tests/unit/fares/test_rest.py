from datetime import timedelta

from engine.domain.quote import Outcome, OutcomeKind
from engine.fares.rest import Rest
from tests.support.build import outcome
from tests.support.clock import START, HandClock


def blocked_for(seconds: float) -> Outcome:
    return outcome(kind=OutcomeKind.BLOCKED, retry_at=START + timedelta(seconds=seconds))


async def test_a_rest_lasts_as_long_as_the_source_said() -> None:
    clock = HandClock()
    rest = Rest(clock)
    rest.note(blocked_for(60))

    await clock.advance(59)
    resting = rest.current()
    await clock.advance(1)

    assert resting is not None
    assert resting.kind is OutcomeKind.BLOCKED
    assert resting.observed_at == START + timedelta(seconds=59)
    assert rest.current() is None


async def test_an_outcome_without_an_instant_starts_no_rest() -> None:
    rest = Rest(HandClock())

    rest.note(outcome(kind=OutcomeKind.BLOCKED))

    assert rest.current() is None


async def test_a_wall_clock_set_back_does_not_prolong_a_rest() -> None:
    clock = HandClock()
    rest = Rest(clock)
    rest.note(blocked_for(60))

    clock.step_wall(-86_400)
    await clock.advance(60)

    assert rest.current() is None


async def test_a_machine_that_slept_does_not_prolong_a_rest() -> None:
    clock = HandClock()
    rest = Rest(clock)
    rest.note(blocked_for(60))

    clock.step_wall(60)

    assert rest.current() is None
