"""A run: groups of alerts come due, the bot is killed and started again, and at last left in peace."""

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

from sandbox.amadeus import OFFERS_PATH
from sandbox.ledger import Entry
from sandbox.moments import Moment, nobody
from tests.faults.alerts import Group, database_in, keep, make_groups
from tests.faults.deaths import Death, Since
from tests.faults.verdict import Grave, Verdict, Waiting, examine, judge_run, waiting_in
from tests.faults.victim import Victim, WarmParent, open_warm_parent, start_fresh
from tests.faults.world import World, open_world
from tests.support.clock import START
from tests.support.scaled import Dial, StoppableClock

# Slow enough that an accept two seconds late may land after the next life has asked for it.
SPEED: Final = 4.0
_FIRST_DUE: Final = timedelta(seconds=5)
_LONG: Final = timedelta(seconds=8)
_MOST_PEACEFUL: Final = 12
_PEACE_S: Final = 15.0
_PEEK_S: Final = 0.05


async def run(folder: Path, deaths: Sequence[Death], *, seed: int, fresh: int = 0) -> Verdict:
    """As many lives as deaths, each with a group of alerts that comes due in it, and the count of all.

    The first `fresh` lives are processes with nothing loaded, the others are forked.
    """
    dice = random.Random(seed)  # noqa: S311  no secret
    clock = StoppableClock(START, SPEED)
    groups = make_groups(len(deaths), START + _FIRST_DUE, dice)
    await keep(groups, database_in(folder), clock)
    async with open_warm_parent(folder) as parent, open_world(folder, clock, groups, dice) as world:
        lives = _Lives(world, parent)
        for number, (group, death) in enumerate(zip(groups, deaths, strict=True)):
            await lives.one(group, death, fresh=number < fresh)
        left = await lives.in_peace()
        return judge_run(world, lives.graves, left)


class _Lives:
    """Begins and ends them, and remembers how each left the database."""

    def __init__(self, world: World, parent: WarmParent) -> None:
        self.graves: list[Grave] = []
        self._world = world
        self._parent = parent
        self._database = world.folder / "fares.db"

    async def one(self, group: Group, death: Death, *, fresh: bool) -> None:
        """A life in which a group comes due, killed as it is to die."""
        off_until = self._world.clock.now() + timedelta(seconds=death.off_s)
        await self._world.leap_to(max(group.due_at, off_until))
        life = self._world.life(dies_at=death.step, passings=death.nth)
        victim = await (start_fresh(life) if fresh else self._parent.start(life))
        reaper = _Reaper(self._world, death, victim, life.dial)
        code = await victim.over()
        self._world.clock.stop()
        assert code == -signal.SIGKILL, f"it ended by itself: {code}\n{self._log()}"
        found = await asyncio.to_thread(examine, self._database)
        self.graves.append(Grave(died_at=self._world.clock.now(), forced=reaper.forced, found=found))

    async def in_peace(self) -> list[Waiting]:
        """Lives that deliver whatever is owed yet and end when they are asked to; what is left after them.

        While a row waits for long (a text of unknown outcome), the machine is off.
        """
        self._world.watch(nobody, lambda _: None)
        waiting: list[Waiting] = []
        for _ in range(_MOST_PEACEFUL):
            waiting = await self._one_in_peace()
            later = min((row.not_before for row in waiting), default=None)
            if later is None or later < self._world.clock.now():  # done, or due and yet not done
                return waiting
            await self._world.leap_to(later)
        return waiting

    async def _one_in_peace(self) -> list[Waiting]:
        """One of them; what it leaves, because it is not to be tried for some time, or because of a fault."""
        gateway = self._world.discord.gateway
        sessions = gateway.identified
        life = self._world.life()
        victim = await self._parent.start(life)
        self._world.clock.go_by(life.dial)
        waiting: list[Waiting] = []
        with suppress(TimeoutError):
            async with asyncio.timeout(_PEACE_S):
                await gateway.until(sessions + 1)  # it has come up, and knows how to end
                while waiting := await self._waiting():
                    if min(row.not_before for row in waiting) > self._world.clock.now() + _LONG:
                        break
                    await asyncio.sleep(_PEEK_S)
        victim.ask_to_end()
        code = await victim.over()
        self._world.clock.stop()
        assert code == 0, f"it did not end well: {code}\n{self._log()}"
        return waiting

    async def _waiting(self) -> list[Waiting]:
        """The rows that are not delivered, and the looks that are due."""
        return await asyncio.to_thread(waiting_in, self._database)

    def _log(self) -> str:
        return (self._world.folder / "victim.log").read_text()[-5_000:]


class _Reaper:
    """Kills a victim when its time has come; at a step it kills itself. `forced` when it never came.

    The clock outside stands still until the victim's first sign of life: however long a start takes on
    this machine, what its predecessor sent may land after it has begun to ask.
    """

    def __init__(self, world: World, death: Death, victim: Victim, dial: Dial) -> None:
        self.forced = False
        self._world = world
        self._dial = dial
        self._death = death
        self._victim = victim
        self._loop = asyncio.get_running_loop()
        self._seen: Counter[Moment] = Counter()
        self._lives = False
        world.watch(self._at_moment, self._at_request)
        if death.since is Since.START:
            self._loop.call_later(death.after_s, victim.kill)

    def _at_moment(self, _service: str, moment: Moment) -> None:
        self._seen[moment] += 1
        if moment is self._death.moment and self._seen[moment] == self._death.nth:
            self._victim.kill()

    def _at_request(self, entry: Entry) -> None:
        if not self._lives:
            self._lives = True
            self._world.clock.go_by(self._dial)
            self._loop.call_later(self._death.longest_s, self._force)
        if entry.path == OFFERS_PATH and self._death.since is Since.FARE:
            self._loop.call_later(self._death.after_s, self._victim.kill)

    def _force(self) -> None:
        self.forced = self._victim.kill()
