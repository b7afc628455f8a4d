"""The simulated phones: alerts and codes as they arrive, drawn in the terminal."""

import asyncio
from datetime import datetime
from typing import Final

from rich import box
from rich.align import Align
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from sandbox.twilio import FakeTwilio
from sandbox.twilio_verify import FakeVerify

_WIDTH: Final = 46


async def show_texts(phones: FakeTwilio, console: Console) -> None:
    """Draw every text that arrives, until cancelled."""
    async with asyncio.TaskGroup() as both:
        both.create_task(_show_alerts(phones, console))
        both.create_task(_show_codes(phones.verify, console))


async def _show_alerts(phones: FakeTwilio, console: Console) -> None:
    shown = 0
    while True:
        await phones.until(lambda seen, after=shown: len(seen.messages) > after)  # type: ignore[misc]
        for message in phones.messages[shown:]:
            console.print(_bubble(message.to, message.body, message.accepted_at))
        shown = len(phones.messages)


async def _show_codes(verify: FakeVerify, console: Console) -> None:
    shown = 0
    while True:
        await verify.until(lambda seen, after=shown: len(seen.texts) > after)  # type: ignore[misc]
        for text in verify.texts[shown:]:
            console.print(_bubble(text.to, text.body, text.sent_at))
        shown = len(verify.texts)


def _bubble(to: str, body: str, at: datetime) -> Panel:
    return Panel(
        Align.left(Text(body)),
        title=f"SMS to {_masked(to)}",
        title_align="left",
        subtitle=at.strftime("%H:%M"),
        subtitle_align="right",
        box=box.ROUNDED,
        width=_WIDTH,
        border_style="green",
    )


def _masked(number: str) -> str:
    return f"{number[:3]}…{number[-3:]}"
