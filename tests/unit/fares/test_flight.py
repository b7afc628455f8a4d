import asyncio

import pytest

from engine.fares.flight import SingleFlight
from tests.support.clock import settle


class Work:
    """Work that ends when told to, and counts how often it was begun and broken off."""

    def __init__(self) -> None:
        self.begun = 0
        self.broken_off = 0
        self.may_end = asyncio.Event()

    async def __call__(self) -> int:
        self.begun += 1
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.broken_off += 1
            raise
        return self.begun


async def test_the_same_key_is_worked_on_once_for_everybody() -> None:
    flights: SingleFlight[str, int] = SingleFlight()
    work = Work()
    waiters = [asyncio.create_task(flights.join("a", work)) for _ in range(50)]
    await settle()

    work.may_end.set()

    assert await asyncio.gather(*waiters) == [1] * 50
    assert work.begun == 1


async def test_nothing_is_remembered_once_it_landed() -> None:
    flights: SingleFlight[str, int] = SingleFlight()
    work = Work()
    work.may_end.set()

    assert [await flights.join("a", work), await flights.join("a", work)] == [1, 2]


async def test_the_first_askers_cancellation_does_not_cancel_the_others() -> None:
    flights: SingleFlight[str, int] = SingleFlight()
    work = Work()
    first = asyncio.create_task(flights.join("a", work))
    second = asyncio.create_task(flights.join("a", work))
    await settle()

    first.cancel()
    await settle()
    work.may_end.set()

    assert await second == 1
    assert first.cancelled()


async def test_work_that_nobody_waits_for_any_more_is_broken_off() -> None:
    flights: SingleFlight[str, int] = SingleFlight()
    work = Work()
    waiters = [asyncio.create_task(flights.join("a", work)) for _ in range(2)]
    await settle()

    for waiter in waiters:
        waiter.cancel()
    await settle()

    assert work.broken_off == 1


async def test_whoever_asks_after_work_was_broken_off_gets_work_of_their_own() -> None:
    flights: SingleFlight[str, int] = SingleFlight()
    work = Work()
    gone = asyncio.create_task(flights.join("a", work))
    await settle()

    gone.cancel()
    late = asyncio.create_task(flights.join("a", work))
    await settle()
    work.may_end.set()

    assert await late == 2


async def test_a_failure_reaches_everybody() -> None:
    flights: SingleFlight[str, int] = SingleFlight()

    async def fail() -> int:
        await asyncio.sleep(0)
        raise LookupError("no")

    waiters = [asyncio.create_task(flights.join("a", fail)) for _ in range(2)]

    for waiter in waiters:
        with pytest.raises(LookupError):
            await waiter
