"""The event loop that the product runs on: uvloop, where there is one."""

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

_Result = TypeVar("_Result")


def run_fast(work: Coroutine[Any, Any, _Result]) -> _Result:
    """Run to the end on a loop of its own; Windows has no uvloop and takes asyncio's."""
    if sys.platform == "win32":
        return asyncio.run(work)
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)
