"""Work that a service finishes whether or not its client still lives."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

_Result = TypeVar("_Result")


class Errands:
    """Holds on to what was begun: a handler is cancelled when its client goes away, an errand is not."""

    def __init__(self) -> None:
        self._under_way: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, _Result]) -> "asyncio.Task[_Result]":
        """Begin, and let nobody wait."""
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def run(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        """Begin and wait; who waits may be cancelled, the work goes on."""
        return await asyncio.shield(self.start(work))

    async def all_done(self) -> None:
        """Wait until nothing is under way."""
        while self._under_way:
            await asyncio.wait(tuple(self._under_way))
