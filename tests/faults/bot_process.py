"""The bot as a process that may be killed at any time, pointed at a pretend Discord.

`bot_process.py LIFE` lives one life, given as JSON. `bot_process.py --warm` loads everything that a
start reads from disk, then forks: a life per line on stdin, answered by the process id; `reap` waits
for its end, answered by the exit code. A fork starts in a twentieth of the time of a fresh process.
"""

import gc
import importlib
import os
import signal
import sys
from typing import Final

import discord
import msgspec
from discord.gateway import DiscordWebSocket
from yarl import URL

from bot import app
from bot.languages import read_tongues
from engine.gazetteer import Gazetteer
from engine.steps import Step
from engine.store import migrate
from engine.timezones import TimeZones
from tests.faults.life import Life
from tests.support.scaled import ScaledClock

_IMPORTED_LATE: Final = (
    "aiosqlite",
    "cryptography.fernet",
    "phonenumbers.data.region_DE",
    "phonenumbers.data.region_US",
    "twilio.rest.api.v2010.account.message",
    "twilio.rest.verify.v2.service",
    "uvloop",
)


def live(life: Life) -> int:
    """Run the real bot; returns its exit code if it is not killed."""
    os.chdir(life.folder)
    log = os.open(life.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.environ.clear()
    os.environ.update(life.environ)
    discord.http.Route.BASE = life.discord_api
    DiscordWebSocket.DEFAULT_GATEWAY = URL(life.discord_gateway)
    return app.main(clock=ScaledClock(life.dial), at_step=_Death(life))


class _Death:
    """Ends the process at the step where its life is to end, as a kill from outside would."""

    def __init__(self, life: Life) -> None:
        self._at = life.dies_at
        self._left = life.passings

    def __call__(self, step: Step) -> None:
        if step is self._at:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def _warm() -> None:
    """Load what does not differ from life to life."""
    TimeZones.load(Gazetteer.load().cities())
    tongues = read_tongues()
    vars(app)["read_tongues"] = lambda: tongues
    migrate.load_revisions()
    for late in _IMPORTED_LATE:
        importlib.import_module(late)

    gc.collect()
    gc.freeze()


def _fork_as_told() -> None:
    """Lives, one at a time, until stdin ends; whoever lives then is killed."""
    pid = 0
    for line in sys.stdin.buffer:
        if line == b"reap\n":
            _, status = os.waitpid(pid, 0)
            pid, said = 0, os.waitstatus_to_exitcode(status)
        else:
            life = msgspec.json.decode(line, type=Life)
            pid = said = os.fork()
            if pid == 0:
                os._exit(live(life))
        os.write(1, f"{said}\n".encode())
    if pid:
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    if sys.argv[1] == "--warm":
        _warm()
        _fork_as_told()
    else:
        sys.exit(live(msgspec.json.decode(sys.argv[1], type=Life)))
