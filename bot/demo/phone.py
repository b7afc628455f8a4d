"""The simulated phone: texts as they arrive, drawn in the terminal."""

from typing import Final

from rich import box
from rich.align import Align
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from sandbox.twilio import FakeTwilio, Message

_WIDTH: Final = 46


async def show_texts(phones: FakeTwilio, console: Console) -> None:
    """Draw every text that arrives, until cancelled."""
    shown = 0
    while True:
        await phones.until(lambda seen, after=shown: len(seen.messages) > after)  # type: ignore[misc]
        for message in phones.messages[shown:]:
            console.print(_bubble(message))
        shown = len(phones.messages)


def _bubble(message: Message) -> Panel:
    return Panel(
        Align.left(Text(message.body)),
        title=f"SMS to {_masked(message.to)}",
        title_align="left",
        subtitle=message.accepted_at.strftime("%H:%M"),
        subtitle_align="right",
        box=box.ROUNDED,
        width=_WIDTH,
        border_style="green",
    )


def _masked(number: str) -> str:
    return f"{number[:3]}…{number[-3:]}"
