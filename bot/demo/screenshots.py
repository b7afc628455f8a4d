"""`make screenshots`: a picture of each kind of message, taken from the demo's page by a Chromium.

With `--language de` in that language, and none of them for the documents.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Final

import discord
from simcord import InteractionResult
from simcord.preview import Preview

from bot.demo.browser import Browser, NoBrowser, open_browser
from bot.demo.page import open_page
from bot.demo.stage import Stage
from bot.demo.story import let_fares_fall
from engine.domain.history import DayLow
from engine.domain.quote import SourceKind
from engine.domain.watch import Owner, OwnerKind
from engine.tongue import ENGLISH

# Those that documents show, and a place for the rest, to be looked at.
_IN_DOCUMENTS: Final = frozenset({"demo", "add", "history", "days", "finds", "setup"})
_DOCUMENTS: Final = Path("docs/images")
_TO_LOOK_AT: Final = Path("build/screenshots")
_ALERTS: Final = 3
_PATIENCE_S: Final = 90.0
_PAGE: Final = (1200, 1250)
_DRAWN_WITHIN_S: Final = 3.0  # the page asks for news twice a second, and fetches a picture in it
_CHEAP: Final = 45
_FALLING: Final = 7
_FARES: Final = (118, 121, 117, 109, 112, 126, 131, 128, 119, 114, 108, 97, 101, 113, 122, 125, 120, 116)
# The last message of the conversation: left, top, width and height in pixels.
_LAST_MESSAGE: Final = """
(() => {
  const last = [...document.querySelectorAll('.channel-message')].pop();
  if (last) last.scrollIntoView({block: 'end'});
  const box = last && last.getBoundingClientRect();
  return box ? [box.left, box.top, box.width, box.height].map(Math.round) : null;
})()
"""
_WIDE: Final = 680

Scene = Callable[[Stage], Awaitable[InteractionResult]]


async def take(language: str = ENGLISH) -> int:
    """Take all of them; 1 when there is no browser."""
    folders = _folders(language)
    try:
        async with open_page(language=language) as (stage, watched, page), open_browser() as browser:
            await browser.open(page.url, _PAGE)
            before = len(stage.channel.history())
            story = asyncio.create_task(let_fares_fall(stage, watched))
            await stage.until(lambda: len(stage.channel.history()) >= before + _ALERTS, _PATIENCE_S, "alerts")
            story.cancel()
            await asyncio.wait((story,))
            await _photograph(browser, stage, page, stage.channel.history()[-1], folders("demo"))
            await _with_a_past(stage)
            for name, scene in _SCENES.items():
                result = await stage.act(scene(stage))
                await _photograph(browser, stage, page, result, folders(name), closely=True)
            await _photograph(browser, stage, page, await _finds(stage), folders("finds"), closely=True)
    except NoBrowser:
        sys.stderr.write("No Chromium was found; on Debian and Ubuntu: apt install chromium\n")
        return 1
    return 0


async def _photograph(
    browser: Browser,
    stage: Stage,
    page: Preview,
    target: InteractionResult | discord.Message,
    file: Path,
    *,
    closely: bool = False,
) -> None:
    """The page with a message on it, or the message alone."""
    async with stage.turn:
        await page.refresh()
        await page.show(target)
    await asyncio.sleep(_DRAWN_WITHIN_S)
    clip = None
    if closely:
        left, top, _, height = await browser.numbers(_LAST_MESSAGE)
        clip = (left, top, _WIDE, height)
    picture = await browser.picture(clip)
    await asyncio.to_thread(file.parent.mkdir, parents=True, exist_ok=True)
    await asyncio.to_thread(file.write_bytes, picture)
    sys.stdout.write(f"{file}\n")


def _folders(language: str) -> Callable[[str], Path]:
    """Where the picture of that name goes."""

    def file(name: str) -> Path:
        if language != ENGLISH:
            return _TO_LOOK_AT / language / f"{name}.png"
        return (_DOCUMENTS if name in _IN_DOCUMENTS else _TO_LOOK_AT) / f"{name}.png"

    return file


async def _with_a_past(stage: Stage) -> None:
    """Give a route of Ada's daily lows to draw, the last of them yesterday's."""
    owner = Owner(OwnerKind.MEMBER, str(stage.ada.id), str(stage.guild.id))
    first = (await stage.engine.actions.watches.of_owner(owner))[1]
    usual = first.row.last_quote.total.minor if first.row.last_quote else 10_000
    async with stage.engine.store.transaction() as tx:
        await tx.history.save(
            [
                (
                    first.route.id,
                    _low(stage.engine.clock.now().date() - timedelta(days=ago), usual * fare // 110),
                )
                for ago, fare in zip(range(len(_FARES), 0, -1), _FARES, strict=True)
            ]
        )


def _low(day: date, minor: int) -> DayLow:
    return DayLow(day=day, kind=SourceKind.LIVE, low=minor, first=minor, last=minor)


async def _route(stage: Stage) -> str:
    owner = Owner(OwnerKind.MEMBER, str(stage.ada.id), str(stage.guild.id))
    return (await stage.engine.actions.watches.of_owner(owner))[1].watch.id


async def _add(stage: Stage) -> InteractionResult:
    depart_on = stage.engine.clock.now().date() + timedelta(days=96)
    return await stage.ada.slash(
        stage.channel,
        "route add",
        origin="LON",
        destination="VIE",
        depart=str(depart_on),
        **{"return": "+4"},
    )


async def _history(stage: Stage) -> InteractionResult:
    return await stage.ada.slash(stage.channel, "route history", route=await _route(stage))


async def _days(stage: Stage) -> InteractionResult:
    """A route with a choice of days, each of which costs something else."""
    first = stage.engine.clock.now().date().replace(day=1) + timedelta(days=100)
    options = {"depart": f"{first:%Y-%m}", "nights": "4", "target": "112"}
    await stage.ada.slash(stage.channel, "route add", origin="LON", destination="LIS", **options)
    owner = Owner(OwnerKind.MEMBER, str(stage.ada.id), str(stage.guild.id))
    route = (await stage.engine.actions.watches.of_owner(owner))[-1].watch.id
    return await stage.ada.slash(stage.channel, "route history", route=route)


async def _to_anywhere(stage: Stage) -> InteractionResult:
    """From London on any weekend of the next two months."""
    return await stage.ada.slash(
        stage.channel,
        "route add",
        origin="LON",
        destination="anywhere",
        depart="any Fri-Sun in the next 60 days",
        target=str(_CHEAP),
    )


async def _finds(stage: Stage) -> discord.Message:
    """The post of the places that became cheap since; routes of others to them are told as well."""
    market = stage.world.market
    for below, place in enumerate(market.destinations("LON")[:_FALLING], start=1):
        market.pin(f"LON-{place}", Decimal(_CHEAP - 2 * below))
    await stage.until(
        lambda: any(map(_tells_several, stage.channel.history())), _PATIENCE_S, "the post of finds"
    )
    return next(filter(_tells_several, stage.channel.history()))


def _tells_several(message: discord.Message) -> bool:
    """Whether each of its lines has a link of its own."""
    return any((each.description or "").count("](https:") > 1 for each in message.embeds)


async def _add_for_server(stage: Stage) -> InteractionResult:
    depart_on = stage.engine.clock.now().date() + timedelta(days=96)
    options = {"return": "+5", "for": "server", "target": "120"}
    return await stage.ada.slash(
        stage.channel, "route add", origin="LON", destination="HEL", depart=str(depart_on), **options
    )


async def _of_route(stage: Stage, name: str) -> InteractionResult:
    return await stage.ada.slash(stage.channel, name, route=await _route(stage))


def _command(name: str, **options: str) -> Scene:
    async def scene(stage: Stage) -> InteractionResult:
        return await stage.ada.slash(stage.channel, name, **options)

    return scene


_SCENES: Final[Mapping[str, Scene]] = MappingProxyType(
    {
        "add": _add,
        "history": _history,
        "days": _days,
        "show": lambda stage: _of_route(stage, "route show"),
        "check": lambda stage: _of_route(stage, "route check"),
        "anywhere": _to_anywhere,
        "list": _command("route list"),
        "recent": _command("alerts recent"),
        "test": _command("alerts test"),
        "quiet": _command("alerts quiet", to="7:00", timezone="Asia/Tokyo", **{"from": "22:00"}),
        "digest": _command("alerts digest", time="8:00", timezone="Asia/Tokyo"),
        "setup": _command("settings setup"),
        "settings": _command("settings show"),
        "routes": _command("settings routes"),
        "server-add": _add_for_server,
        "server-list": _command("route list", of="server"),
        "status": _command("status"),
        "privacy": _command("privacy"),
        "help": _command("help"),
        "sms": _command("sms status"),
    }
)


def _language(given: list[str]) -> str:
    return given[given.index("--language") + 1] if "--language" in given[:-1] else ENGLISH


if __name__ == "__main__":
    sys.exit(asyncio.run(take(_language(sys.argv[1:]))))
