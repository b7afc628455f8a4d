import asyncio

from engine.domain.budget import Asker
from engine.fares.breaker import Breakers
from engine.fares.budget import Budgets, NotCounted
from engine.fares.gate import Gate, Gates, asking_for
from engine.fares.pacing import Pace
from tests.support.clock import HandClock, settle
from tests.support.gates import FAST

SLOW = Pace.parse("1/1h")


def gates(concurrency: int) -> Gates:
    clock = HandClock()
    return Gates(Breakers(clock), Budgets({}, NotCounted("no limit"), clock), concurrency=concurrency)


class Calls:
    """Calls through gates that end when told to; counts how many are in flight."""

    def __init__(self) -> None:
        self.running = 0
        self.most_running = 0
        self.made = 0
        self.may_end = asyncio.Event()

    async def make(self, gate: Gate) -> None:
        async with gate.call():
            self.running += 1
            self.most_running = max(self.most_running, self.running)
            await self.may_end.wait()
            self.running -= 1
            self.made += 1


async def test_no_more_calls_are_in_flight_than_the_cap_allows_over_all_sources() -> None:
    every, calls = gates(7), Calls()
    doors = [every.of(name, FAST) for name in ("one", "two")]
    tasks = [asyncio.create_task(calls.make(doors[number % 2])) for number in range(40)]
    await asyncio.sleep(0.05)
    running = calls.running

    calls.may_end.set()
    await asyncio.gather(*tasks)

    assert (running, calls.most_running, calls.made) == (7, 7, 40)


async def test_those_who_wait_for_a_slow_source_keep_no_slot_from_a_quick_one() -> None:
    every, calls = gates(2), Calls()
    slow, quick = every.of("slow", SLOW), every.of("quick", FAST)
    calls.may_end.set()
    await calls.make(slow)  # the only turn of the hour
    waiting = [asyncio.create_task(calls.make(slow)) for _ in range(10)]
    await settle()

    async with asyncio.timeout(5):
        await asyncio.gather(*(calls.make(quick) for _ in range(50)))

    assert calls.made == 51
    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)


async def test_a_slot_comes_back_from_who_gave_up_waiting_for_a_turn() -> None:
    every, calls = gates(1), Calls()
    slow, quick = every.of("slow", SLOW), every.of("quick", FAST)
    calls.may_end.set()
    await calls.make(slow)
    impatient = asyncio.create_task(calls.make(slow))
    await settle()

    impatient.cancel()
    async with asyncio.timeout(5):
        await calls.make(quick)

    assert calls.made == 2


async def test_members_stand_in_a_line_of_their_own() -> None:
    door = gates(100).of("kiwi", Pace.parse("50/1s"))
    order: list[Asker] = []

    async def go(asker: Asker) -> None:
        with asking_for(asker):
            async with door.call():
                order.append(asker)

    await asyncio.gather(*(go(Asker.LOOP) for _ in range(15)), *(go(Asker.MEMBER) for _ in range(3)))

    # The loop's first call is through before anybody else came; after that the lines take turns.
    assert Asker.MEMBER not in order[-8:]
    assert order.count(Asker.LOOP) == 15
