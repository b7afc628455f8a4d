"""A process that opens a store and is killed before its n-th statement: `killed_migration.py URL N`."""

import asyncio
import os
import signal
import sys
from itertools import count

from sqlalchemy import Engine, event

from engine.clock import SystemClock
from engine.store.database import Store


async def main(url: str, last: int) -> None:
    statements = count(1)

    def kill_at_last(*_: object) -> None:
        if next(statements) == last:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", kill_at_last)
    async with Store.open(url, SystemClock()):
        pass


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
