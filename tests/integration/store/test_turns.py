"""Turns at the one connection: in order, but what somebody waits for first, and nobody never."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from engine.store.turns import Turns, put_first
from tests.support.clock import settle


async def _stand_in_line(turns: Turns, names: list[str], order: list[str]) -> list[asyncio.Task[None]]:
    """A task each, in this order; those in capitals are waited for by somebody."""

    async def take(name: str) -> None:
        if name.isupper():
            put_first()
        async with turns.turn():
            order.append(name)

    tasks = []
    for name in names:
        tasks.append(asyncio.create_task(take(name)))
        await asyncio.sleep(0)
    return tasks


async def test_what_somebody_waits_for_goes_before_all_that_stood_there_already() -> None:
    turns, order = Turns(), list[str]()
    async with turns.turn():
        tasks = await _stand_in_line(turns, list("abcXdYe"), order)
    await asyncio.gather(*tasks)
    assert order == list("XYabcde")


async def test_the_others_get_every_ninth_turn_whoever_asks() -> None:
    turns, order = Turns(), list[str]()
    async with turns.turn():
        tasks = await _stand_in_line(turns, ["a", "b", *("X" * 20)], order)
    await asyncio.gather(*tasks)
    assert order == [*("X" * 8), "a", *("X" * 8), "b", *("X" * 4)]


async def test_putting_oneself_first_is_for_this_task_and_those_it_starts() -> None:
    turns, order = Turns(), list[str]()

    async def take(name: str) -> None:
        async with turns.turn():
            order.append(name)

    async def asked() -> None:
        put_first()
        await asyncio.create_task(take("mine"))

    async with turns.turn():
        waiting = [asyncio.create_task(take("other")), asyncio.create_task(asked())]
        await settle()
    await asyncio.gather(*waiting)
    assert order == ["mine", "other"]


@given(st.text("abXY", min_size=1, max_size=12), st.data())
def test_whoever_gives_up_nobody_else_is_left_waiting(line: str, data: st.DataObject) -> None:
    gives_up = data.draw(st.sets(st.integers(0, len(line) - 1)))
    late = data.draw(st.booleans())

    async def scene() -> None:
        turns, order = Turns(), list[str]()
        async with turns.turn():
            tasks = await _stand_in_line(turns, list(line), order)
            if not late:
                _cancel(tasks, gives_up)
                await asyncio.sleep(0)
        if late:  # the first in line has been called by now
            _cancel(tasks, gives_up)
        await asyncio.wait(tasks)
        assert len(order) == len(line) - len(gives_up)
        async with asyncio.timeout(30), turns.turn():
            pass

    asyncio.run(scene())


def _cancel(tasks: list[asyncio.Task[None]], which: set[int]) -> None:
    for at in which:
        tasks[at].cancel()
