"""A process that writes without end, to be killed: `writer.py URL`.

Each transaction adds a route, a watch and a notification; its number goes to stdout once committed.
"""

import asyncio
import sys
from itertools import count

from engine.clock import SystemClock
from engine.domain.judgement import WatchState
from engine.domain.watch import WatchId
from engine.store.database import Store
from tests.contract.outbox.world import CHANNEL, post
from tests.support.build import route, watch
from tests.support.clock import START


async def main(url: str) -> None:
    async with Store.open(url, SystemClock()) as store:
        async with store.transaction() as tx:
            known = len(await tx.routes.watched())
        for number in count(known + 1):
            searched = route(adults=number)
            one = watch(searched, id=WatchId(f"w{number}"))
            async with store.transaction() as tx:
                await tx.routes.ensure(searched, START)
                await tx.watches.add(one, WatchState())
                await tx.notifications.enqueue([post(f"n{number}", CHANNEL, one, route=searched)])
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()


asyncio.run(main(sys.argv[1]))
