"""A headless run: the engine opened, its list read, batches printed until it is done or told to stop."""

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

import msgspec
import structlog

from engine.actions.listkeeper import ListKeeper
from engine.actions.routelists import owner_of
from engine.alerts.channels.console import ConsoleChannel
from engine.assembly import Engine
from engine.domain.watch import Owner
from engine.headless import lines
from engine.headless.observers import JsonLines, LogLines, Together, Write
from engine.headless.output import StandardOutput, bar_on_terminal, write_error
from engine.heap import freeze_heap
from engine.listing import configured_name
from engine.loops import Observer, supervise
from engine.settings import Settings

_log = structlog.get_logger(__name__)
_Result = TypeVar("_Result")


class RunOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How to run: once or until stopped, lines or JSON."""

    once: bool
    as_json: bool


async def run(settings: Settings, options: RunOptions) -> int:
    """Run the engine without Discord; gives the exit code.

    Raises StoreUnusable, and RouteListFault when the route list cannot be read and never could.
    """
    stop = asyncio.Event()
    _stop_on_signals(stop)
    output = StandardOutput(when_gone=stop.set)
    with bar_on_terminal(output.write) as (write, bar):
        if not options.as_json:
            write(lines.STARTING)
        _warn_of_missing_sources(settings)
        console = ConsoleChannel(write_error)
        name = configured_name(settings)
        only = None if name is None else owner_of(name)
        async with Engine.open(settings, channels=(console,), only=only) as engine, engine.hearing_twilio():
            keeper = await _begin_list(engine)
            await _warn_of_nothing_to_do(engine, only)
            freeze_heap()
            printing = _printing(options, write, engine)
            observer = Together([printing, bar] if bar else [printing])
            code = await (_once if options.once else _on_and_on)(engine, keeper, observer, stop)
            return 1 if output.failed else code


async def _on_and_on(
    engine: Engine, keeper: ListKeeper | None, observer: Observer, stop: asyncio.Event
) -> int:
    """Batch after batch until told to stop, and the list read again beside them."""
    keeping = None
    if keeper is not None:
        keeping = asyncio.create_task(supervise("route list", keeper.run, engine.clock))
    try:
        await _unless(stop, engine.run(observer))
    finally:
        if keeping is not None:
            keeping.cancel()
            await asyncio.wait((keeping,))
    return 0


async def _once(engine: Engine, keeper: ListKeeper | None, observer: Observer, stop: asyncio.Event) -> int:
    """One batch; 1 when every look of it failed."""
    report = await _unless(stop, engine.run_once(observer))
    if report is None:
        return 0
    if keeper is not None:
        await _unless(stop, keeper.write_back(look_again=True))
    return 1 if report.dispatched and not report.parsed else 0


async def _begin_list(engine: Engine) -> ListKeeper | None:
    """The list of the settings, read for the first time; None when they name none."""
    source = engine.listing.source()
    if source is None:
        return None
    keeper = engine.listing.keeper(source, write_error)
    await keeper.begin()
    return keeper


async def _warn_of_nothing_to_do(engine: Engine, only: Owner | None) -> None:
    async with engine.store.transaction() as tx:
        first = await tx.routes.next_due_at(engine.clock.now(), only)
    if first is None:
        _log.warning(
            "no routes to look at: give --routes FILE, set ROUTES_FILE or a sheet, or add some in Discord"
        )


def _printing(options: RunOptions, write: Write, engine: Engine) -> Observer:
    return JsonLines(write) if options.as_json else LogLines(write, engine.gazetteer.city)


def _warn_of_missing_sources(settings: Settings) -> None:
    if settings.sources:
        return
    _log.warning(
        "no fare source is set up: every look will be rejected; `fare-engine doctor` says how to get one"
    )


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, _Result]) -> _Result | None:
    """The result of the work, or None when it was told to stop first and has ended."""
    working = asyncio.create_task(work)
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
        return None
    finally:
        stopping.cancel()
        working.cancel()


def _stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Windows has no such handlers; there Ctrl+C arrives as KeyboardInterrupt.
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
