"""kill -9 at any point of a delivery: no alert is lost, none is told twice, the database stays sound.

How many random kills there are is for `--kills` to say; see `tests/faults/counting.py`.
"""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.counting import note
from tests.faults.deaths import named_deaths, random_death
from tests.faults.run import run
from tests.faults.verdict import Verdict

_KILLS_A_RUN = 30
# Of a whole rig so many lives begin in a process that has nothing loaded, one in a run.
_FRESH = 12
Record = Callable[[str, object], None]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Runs of thirty kills each, so that they can be spread over processes."""
    if "kills" in metafunc.fixturenames:
        runs, rest = divmod(metafunc.config.getoption("kills"), _KILLS_A_RUN)
        sizes = [_KILLS_A_RUN] * runs + [rest] * bool(rest)
        metafunc.parametrize(("seed", "kills"), list(enumerate(sizes)))


@pytest.mark.timeout(300)
async def test_killed_at_random_points_nothing_is_lost_or_told_twice(
    tmp_path: Path, record_property: Record, seed: int, kills: int
) -> None:
    dice = random.Random(seed)  # noqa: S311  no secret
    deaths = [random_death(dice) for _ in range(kills)]

    verdict = await run(tmp_path, deaths, seed=seed, fresh=int(seed < _FRESH))

    note(record_property, "random points", verdict)
    _must_be_flawless(verdict)
    assert verdict.forced <= kills // 2, "most lives were over before they came to anything"


@pytest.mark.timeout(300)
async def test_killed_at_each_step_of_a_delivery_nothing_is_lost_or_told_twice(
    tmp_path: Path, record_property: Record
) -> None:
    verdict = await run(tmp_path, named_deaths(), seed=0)

    note(record_property, "named steps", verdict)
    _must_be_flawless(verdict)
    assert not verdict.forced, "a step was not come to"


def _must_be_flawless(verdict: Verdict) -> None:
    assert not verdict.faults, verdict
