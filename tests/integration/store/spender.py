"""A process that spends calls without end, to be killed: `spender.py URL`. One line per call made."""

import asyncio
import sys

from engine.clock import SystemClock
from engine.domain.budget import CallLimits
from engine.store.database import Store
from tests.support.clock import START


async def main(url: str) -> None:
    async with Store.open(url, SystemClock()) as store:
        while True:
            await store.calls.take("kiwi", CallLimits(in_total=1_000_000), START.date())
            sys.stdout.write("called\n")
            sys.stdout.flush()


asyncio.run(main(sys.argv[1]))
