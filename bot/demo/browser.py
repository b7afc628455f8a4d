"""A headless Chromium that takes pictures of pages, spoken to over its DevTools protocol.

Its own `--screenshot` takes the picture as soon as the page is loaded, which is before this page has
anything to show.
"""

import asyncio
import base64
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp
import msgspec

_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
_FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
)
_STARTS_WITHIN_S: Final = 30.0
_GLANCE_S: Final = 0.1
_SHARP: Final = 2  # dots per pixel: documents are read on good screens too


class NoBrowser(Exception):
    """There is no Chromium on this machine."""


class Browser:
    """One open page of a running browser."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._asked = 0

    async def open(self, url: str, size: tuple[int, int]) -> None:
        """Go to a page, in a window of that many pixels."""
        width, height = size
        metrics = {"width": width, "height": height, "deviceScaleFactor": _SHARP, "mobile": False}
        await self._ask("Emulation.setDeviceMetricsOverride", **metrics)
        await self._ask("Page.navigate", url=url)

    async def picture(self, clip: tuple[int, int, int, int] | None = None) -> bytes:
        """What the page shows now, as PNG; `clip` is left, top, width and height in pixels."""
        given: dict[str, Any] = {"format": "png"}
        if clip is not None:
            left, top, width, height = clip
            given["clip"] = {"x": left, "y": top, "width": width, "height": height, "scale": 1}
        answer = await self._ask("Page.captureScreenshot", **given)
        return base64.b64decode(answer["data"])

    async def numbers(self, expression: str) -> list[int]:
        """The whole numbers that a JavaScript expression comes to on the page."""
        answer = await self._ask("Runtime.evaluate", expression=expression, returnByValue=True)
        return msgspec.convert(answer["result"].get("value"), list[int])

    async def _ask(self, method: str, **params: object) -> dict[str, Any]:
        self._asked += 1
        await self._socket.send_json({"id": self._asked, "method": method, "params": params})
        while True:
            said: dict[str, Any] = await self._socket.receive_json()
            if said.get("id") == self._asked:
                result: dict[str, Any] = said["result"]
                return result


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """Start one and end it with the block. Raises NoBrowser, or TimeoutError when it does not start."""
    path = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if path is None:
        raise NoBrowser
    with tempfile.TemporaryDirectory(prefix="fare-browser-", ignore_cleanup_errors=True) as profile:
        quiet = asyncio.subprocess.DEVNULL
        running = await asyncio.create_subprocess_exec(
            path, *_FLAGS, f"--user-data-dir={profile}", "about:blank", stdout=quiet, stderr=quiet
        )
        try:
            port = await _port(Path(profile) / "DevToolsActivePort")
            async with (
                aiohttp.ClientSession() as session,
                session.get(f"http://127.0.0.1:{port}/json/list") as reply,
            ):
                pages = await reply.json()
                address = next(page["webSocketDebuggerUrl"] for page in pages if page["type"] == "page")
                async with session.ws_connect(address, max_msg_size=0) as socket:
                    yield Browser(socket)
        finally:
            running.kill()
            await running.wait()


async def _port(file: Path) -> int:
    """The port that it chose, which it writes into its profile once it listens."""
    async with asyncio.timeout(_STARTS_WITHIN_S):
        while not await asyncio.to_thread(file.exists):  # noqa: ASYNC110  nobody tells when it is there
            await asyncio.sleep(_GLANCE_S)
    return int((await asyncio.to_thread(file.read_text)).splitlines()[0])
