"""`make screenshots`: the pictures of the documents, taken from the demo's page by a headless Chromium."""

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from simcord.preview import Preview

from bot.demo.page import open_page
from bot.demo.stage import Stage
from bot.demo.story import let_fares_fall

_TARGET: Final = Path("docs/images/demo.png")
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
_ALERTS: Final = 3
_PATIENCE_S: Final = 90.0
_FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1200,1250",
    "--virtual-time-budget=5000",
)


async def take() -> int:
    """Wait for a few alerts, then take the picture; 1 when there is no browser."""
    browser = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        sys.stderr.write("No Chromium was found; on Debian and Ubuntu: apt install chromium\n")
        return 1
    async with open_page() as (stage, watched, page):
        before = len(stage.channel.history())
        story = asyncio.create_task(let_fares_fall(stage, watched))
        try:
            await stage.until(lambda: len(stage.channel.history()) >= before + _ALERTS, _PATIENCE_S, "alerts")
            await _photograph(browser, stage, page)
        finally:
            story.cancel()
            await asyncio.wait((story,))
    return 0


async def _photograph(browser: str, stage: Stage, page: Preview) -> None:
    async with stage.turn:
        await page.refresh()
    with tempfile.TemporaryDirectory(prefix="fare-browser-") as profile:
        taking = await asyncio.create_subprocess_exec(
            browser,
            *_FLAGS,
            f"--user-data-dir={profile}",
            f"--screenshot={_TARGET}",
            page.url,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        await taking.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(take()))
