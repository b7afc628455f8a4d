"""The bot put together: settings, engine, Discord; both run side by side on one loop and end together."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Final

import structlog

from bot.brake import Brake
from bot.buttons import presses
from bot.charts.studio import Studio, open_studio
from bot.client import FareBot
from bot.commands.groups import groups
from bot.connection import ConnectionRefused, connect
from bot.desk import Desk
from bot.drafts import Drafts
from bot.housekeeping import Attendance
from bot.lane import DiscordLane
from bot.languages import read_tongues
from bot.picks import PickMenu
from bot.present.cities import spoken
from bot.press import PressButton
from bot.readers import Readers
from engine.assembly import Engine
from engine.clock import Clock
from engine.domain.watch import DestinationKind
from engine.errors import SettingsFault, StoreUnusable
from engine.fastloop import run_fast
from engine.heap import freeze_heap
from engine.logs import configure_logging
from engine.look import LookReport
from engine.loops import BatchReport, supervise
from engine.settings import Settings
from engine.steps import AtStep, pass_by
from engine.tongue import Tongues
from engine.web.health import open_health

_log = structlog.get_logger(__name__)

DONE: Final = 0
OTHER: Final = 1
SETTINGS_WRONG: Final = 2
STORE_UNUSABLE: Final = 3
DISCORD_REFUSES: Final = 4
_REPEAT_EVERY_S: Final = 600.0
_COMMANDS: Final = "discord-commands"


def main(*, stay: bool = False, clock: Clock | None = None, at_step: AtStep = pass_by) -> int:
    """Run the bot until it is told to end; the exit code as the contract has it.

    With `stay`, a setting that makes running impossible keeps the process up, saying so every ten
    minutes: a container that restarts would burn Discord's thousand identifies a day. `clock` and
    `at_step` are for rigs, see `Engine.open`.
    """
    try:
        settings = Settings.load(required=("DISCORD_TOKEN",))
        configure_logging(settings)
        return run_fast(serve(settings, clock=clock, at_step=at_step))
    except SettingsFault as fault:
        return _refuse(fault.faults, SETTINGS_WRONG, stay=stay)
    except StoreUnusable as fault:
        return _refuse((str(fault),), STORE_UNUSABLE, stay=False)
    except ConnectionRefused as fault:
        return _refuse((str(fault),), DISCORD_REFUSES, stay=stay)


async def serve(settings: Settings, *, clock: Clock | None = None, at_step: AtStep = pass_by) -> int:
    """Open the engine, bring up Discord, run both until one ends or a signal comes.

    Raises StoreUnusable, SettingsFault or ConnectionRefused when there is no point in going on.
    """
    tongues = await asyncio.to_thread(read_tongues)
    async with (
        Engine.open(settings, clock=clock, members=True, tongues=tongues, at_step=at_step) as engine,
        open_studio() as studio,
        _signals() as told_to_end,
    ):
        bot = build_bot(engine, tongues, studio)
        register_lanes(engine, bot)
        freeze_heap()

        async def connected() -> str | None:
            return None if bot.is_ready() else "not connected"

        checks = {**engine.checks(), "discord": connected}
        token = settings.discord_token.get_secret_value() if settings.discord_token else ""
        async with open_health(settings.http_bind, checks), engine.hearing_twilio():
            return await _run_both(engine, bot, token, told_to_end)


def build_bot(engine: Engine, tongues: Tongues, studio: Studio) -> FareBot:
    """The Discord side over an opened engine. It starts nothing of the engine."""
    settings = engine.settings
    desk = Desk(
        actions=engine.actions,
        gazetteer=engine.gazetteer,
        timezones=engine.timezones,
        clock=engine.clock,
        check_interval=settings.check_interval,
        most_routes=settings.max_watches_per_member,
        tongues=tongues,
        readers=Readers(engine.store, tongues, lambda: bot),
        home_currency=settings.home_currency,
        studio=studio,
        drafts=Drafts(engine.clock.monotonic),
    )
    bot = FareBot(
        desk,
        commands=groups(),
        items=[PressButton, PickMenu],
        presses=presses(),
        memory=_Remembered(engine),
        dev_guild_id=settings.discord_dev_guild_id,
    )
    return bot


def register_lanes(engine: Engine, bot: FareBot) -> None:
    """Give the relay its ways into channels and direct messages."""
    brake = Brake(engine.clock)
    for kind in (DestinationKind.CHANNEL, DestinationKind.DM):
        engine.register_channel(make_lane(kind, engine, bot, brake))


def make_lane(kind: DestinationKind, engine: Engine, bot: FareBot, brake: Brake) -> DiscordLane:
    """The way into channels, or into direct messages."""
    return DiscordLane(
        kind,
        bot,
        cities=spoken(engine.gazetteer.city),
        clock=engine.clock,
        brake=brake,
        tongue_of=bot.desk.readers.tongue_of,
    )


class BatchLog:
    """Follows the batches in the log: one line for each that did something."""

    def dispatched(self, batch: int, count: int) -> None:
        """Nothing is said yet."""

    def looked(self, batch: int, report: LookReport) -> None:
        """Single looks are not logged."""

    def finished(self, report: BatchReport) -> None:
        """What came of the batch."""
        _log.info(
            "batch finished",
            batch=report.batch,
            dispatched=report.dispatched,
            parsed=report.parsed,
            failed=report.failed,
            alerts=report.alerts,
            elapsed_s=round(report.elapsed_s, 2),
        )


class _Remembered:
    """Keeps the fingerprint of the registered commands in the store; see `bot.sync.CommandMemory`."""

    def __init__(self, engine: Engine) -> None:
        self._store = engine.store
        self._clock = engine.clock

    async def registered(self) -> str | None:
        async with self._store.transaction() as tx:
            kept = await tx.lists.last(_COMMANDS)
        return kept[0].decode() if kept else None

    async def remember(self, fingerprint: str) -> None:
        async with self._store.transaction() as tx:
            await tx.lists.save(_COMMANDS, fingerprint.encode(), self._clock.now())


async def _run_both(engine: Engine, bot: FareBot, token: str, told_to_end: asyncio.Event) -> int:
    looking = asyncio.create_task(engine.run(BatchLog()), name="engine")
    talking = asyncio.create_task(connect(bot, token, engine.clock), name="discord")
    ending = asyncio.create_task(told_to_end.wait(), name="signal")
    attendance = Attendance(bot, engine.clock)
    attending = asyncio.create_task(supervise("attendance", attendance.run, engine.clock))
    try:
        await asyncio.wait({looking, talking, ending}, return_when=asyncio.FIRST_COMPLETED)
        asked = ending.done()
        failed = [task for task in (talking, looking) if task.done()]
    finally:
        # The engine first: what is being delivered still needs Discord.
        await _ended(looking)
        await _ended(attending)
        await bot.close()
        await _ended(talking)
        await _ended(ending)
    return _verdict(failed, asked=asked)


def _verdict(failed: Iterable[asyncio.Task[None]], *, asked: bool) -> int:
    """The exit code; what ended without being asked is raised or logged."""
    for task in failed:
        fault = None if task.cancelled() else task.exception()
        if isinstance(fault, ConnectionRefused):
            raise fault
        _log.error("ended unexpectedly", part=task.get_name(), exc_info=fault)
        asked = False
    return DONE if asked else OTHER


async def _ended(task: asyncio.Task[object]) -> None:
    """Cancel a task and wait until it has ended, however it ends."""
    task.cancel()
    await asyncio.wait({task})


@asynccontextmanager
async def _signals() -> AsyncIterator[asyncio.Event]:
    """An event that SIGTERM and SIGINT set, in place of ending the process at once."""
    told_to_end = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT) if sys.platform != "win32" else ()
    for each in signals:
        loop.add_signal_handler(each, told_to_end.set)
    try:
        yield told_to_end
    finally:
        for each in signals:
            loop.remove_signal_handler(each)


def _refuse(lines: Sequence[str], code: int, *, stay: bool) -> int:
    """Say why it cannot run; with `stay`, go on saying it until told to end."""
    _say(lines)
    if stay:
        asyncio.run(_repeat(lines))
    return code


async def _repeat(lines: Sequence[str]) -> None:
    async with _signals() as told_to_end:
        while True:
            try:
                await asyncio.wait_for(told_to_end.wait(), _REPEAT_EVERY_S)
            except TimeoutError:
                _say(lines)
            else:
                return


def _say(lines: Sequence[str]) -> None:
    for line in lines:
        sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
