import asyncio
import itertools
import time

import pytest

from engine.fares.pacing import Pace, Pacer


@pytest.mark.parametrize(
    ("text", "pace"),
    [
        ("10/1s", Pace(10, 1_000)),
        ("10/s", Pace(10, 1_000)),
        (" 600 / 1m ", Pace(600, 60_000)),
        ("1/500ms", Pace(1, 500)),
        ("250/30d", Pace(250, 30 * 86_400_000)),
    ],
)
def test_a_pace_is_read_as_settings_write_it(text: str, pace: Pace) -> None:
    assert Pace.parse(text) == pace


@pytest.mark.parametrize("text", ["", "10", "0/1s", "10/0s", "-1/1s", "10/1w", "ten/1s", "1.5/1s", "10/1s!"])
def test_what_is_no_pace_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="for example 10/1s"):
        Pace.parse(text)


@pytest.mark.parametrize(
    ("text", "group"), [("10/1s", 1), ("200/1s", 1), ("250/1s", 2), ("1000/1s", 5), ("10000/1s", 50)]
)
def test_a_gap_finer_than_five_milliseconds_makes_groups_of_that_size(text: str, group: int) -> None:
    assert Pace.parse(text).group == group


async def stamps_of(pacer: Pacer, waiters: int) -> list[tuple[int, float]]:
    """Who went through when, in order of going."""
    gone: list[tuple[int, float]] = []

    async def wait(number: int) -> None:
        await pacer.acquire()
        gone.append((number, time.monotonic()))

    await asyncio.gather(*(wait(number) for number in range(waiters)))
    return gone


async def test_two_hundred_waiters_go_one_by_one_no_two_closer_than_the_gap() -> None:
    gone = await stamps_of(Pacer(Pace.parse("100/1s")), 200)

    times = [at for _, at in gone]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert times[-1] - times[0] >= 199 * 0.010 - 0.001
    # A stamp is taken just after the turn; where the machine pauses in between, the next gap
    # looks shorter than it was. One in fifty may, by more than a millisecond.
    assert sum(gap < 0.009 for gap in gaps) <= 4


async def test_first_come_first_served() -> None:
    gone = await stamps_of(Pacer(Pace.parse("200/1s")), 30)

    assert [number for number, _ in gone] == list(range(30))


async def test_a_fast_pace_keeps_its_rate_in_groups() -> None:
    gone = await stamps_of(Pacer(Pace.parse("2000/1s")), 410)

    assert gone[-1][1] - gone[0][1] >= 400 / 2000 - 0.002


async def test_who_gives_up_waiting_does_not_hold_up_the_queue() -> None:
    pacer = Pacer(Pace.parse("20/1s"))
    await pacer.acquire()
    impatient = asyncio.create_task(pacer.acquire())
    patient = asyncio.create_task(pacer.acquire())
    await asyncio.sleep(0)

    impatient.cancel()

    await asyncio.wait_for(patient, timeout=5)


async def test_a_call_that_must_not_wait_takes_a_turn_only_when_one_is_free() -> None:
    pacer = Pacer(Pace.parse("1/1h"))

    assert await pacer.take_if_free()
    assert not await pacer.take_if_free()
