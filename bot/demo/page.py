"""The demo's page: the bot in a browser, to click on; texts arrive in the terminal."""

import asyncio
import getpass
import random
import socket
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from rich.console import Console
from simcord import SetupError
from simcord.preview import Preview

from bot.demo.phone import show_texts
from bot.demo.seeding import Watched, watch_the_market
from bot.demo.settings import has_screen
from bot.demo.stage import Stage, open_stage
from bot.demo.story import destination_of, first_looks, let_fares_fall, tell_the_past
from engine.domain.watch import Owner, OwnerKind
from engine.tongue import ENGLISH

_INTERVAL: Final = timedelta(seconds=3)
_LATENCY: Final = (0.2, 0.5)
_PACE: Final = "100/1s"
_REFRESH_S: Final = 2.0  # a click made on an older publication is refused: no more often than needed
_SEED: Final = 7


async def show(console: Console, *, port: int | None = None) -> None:
    """Open the page and keep the story going until cancelled or the page's session is ended."""
    console.print("Setting the stage: a simulated Discord, fifty routes, simulated fares and a phone ...")
    async with open_page(port=port) as (stage, watched, page):
        _announce(console, page.url)
        going_on = [
            asyncio.create_task(let_fares_fall(stage, watched)),
            asyncio.create_task(_keep_fresh(stage, page)),
            asyncio.create_task(show_texts(stage.world.twilio, console)),
        ]
        try:
            ended = asyncio.create_task(page.wait_closed())
            await asyncio.wait((*going_on, ended), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (*going_on, ended):
                task.cancel()
            await asyncio.wait((*going_on, ended))
        for task in going_on:
            if not task.cancelled() and (fault := task.exception()):
                raise fault


@asynccontextmanager
async def open_page(
    *, port: int | None = None, language: str = ENGLISH
) -> AsyncIterator[tuple[Stage, list[Watched], Preview]]:
    """The stage with its past told and fifty routes looked at, and the page that shows it."""
    with tempfile.TemporaryDirectory(prefix="fare-demo-") as folder:
        async with open_stage(
            Path(folder), check_interval=_INTERVAL, latency=_LATENCY, pace=_PACE, language=language
        ) as stage:
            cleo = stage.guild.add_member(stage.env.create_user("cleo"))
            await tell_the_past(stage)
            viewers = [stage.ada, stage.ben, cleo]
            owners = [_member(stage, actor.id) for actor in viewers]
            dice = random.Random(_SEED)  # noqa: S311  the same demo every time
            market = stage.world.market
            watched = await watch_the_market(stage.engine, market, owners, destination_of(stage), dice)
            await first_looks(stage, len(watched))
            dice.shuffle(watched)
            async with stage.env.preview(
                stage.channel, viewers=viewers, layout="channel", port=port, locale=_discords(language)
            ) as page:
                _serve_presses_in_turn(stage, page)
                async with stage.turn:
                    await page.show(stage.channel.history()[-1])
                yield stage, watched, page


def _discords(language: str) -> str:
    return "en-US" if language == ENGLISH else language


def _serve_presses_in_turn(stage: Stage, page: Preview) -> None:
    """Let a press on the page wait for its turn: one that meets the driver would leave the page dead.

    The simulated Discord has no door for this, and its version is pinned.
    """
    served = page._action  # noqa: SLF001

    async def in_turn(context_id: str | None, body: Mapping[str, Any]) -> dict[str, Any]:
        async with stage.turn:
            return await served(context_id, body)

    page._action = in_turn  # type: ignore[method-assign]  # noqa: SLF001


def _member(stage: Stage, user_id: int) -> Owner:
    return Owner(OwnerKind.MEMBER, str(user_id), str(stage.guild.id))


async def _keep_fresh(stage: Stage, page: Preview) -> None:
    """Publish anew when something was posted or edited: the page itself asks all the time."""
    shown = _face(stage)
    while True:
        await asyncio.sleep(_REFRESH_S)
        now = _face(stage)
        if now == shown:
            continue
        async with stage.turn:
            with suppress(SetupError):  # a click is being served; the next beat catches up
                await page.refresh()
                await page.show(stage.channel.history()[-1])
                shown = now


def _face(stage: Stage) -> list[tuple[int, object]]:
    return [(message.id, message.edited_at) for message in stage.channel.history()]


def _announce(console: Console, url: str) -> None:
    port = urlsplit(url).port
    console.print()
    console.print("  The demo is on:", style="bold")
    console.print(f"  {url}", style="bold cyan", soft_wrap=True)
    console.print()
    console.print("  From another machine, first:")
    console.print(
        f"  ssh -L {port}:127.0.0.1:{port} {getpass.getuser()}@{socket.gethostname()}", soft_wrap=True
    )
    console.print()
    console.print(
        "  Type / in the page for the commands; act as ada (who runs the server), ben or cleo. Alerts"
    )
    console.print("  come by themselves, texts of the simulated phone appear below. Ctrl+C ends it.")
    console.print()
    if has_screen():
        webbrowser.open(url)
