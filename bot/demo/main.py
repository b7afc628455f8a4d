"""`fare-bot demo`: the page to click on, or the scripted evening."""

import asyncio
import logging
import sys
import tempfile
from pathlib import Path

import msgspec
import structlog
from rich.console import Console
from simcord import SetupError

from bot.demo.page import show
from bot.demo.script import Evening, play


def page(*, port: int | None) -> int:
    """Show the page until Ctrl+C or until its session is ended there."""
    _quiet()
    try:
        asyncio.run(show(Console(highlight=False), port=port))
    except TimeoutError as fault:
        sys.stderr.write(f"The stage could not be set: {fault}.\n")
        return 1
    except SetupError as fault:
        sys.stderr.write(f"The page cannot be opened: {fault}.\n")
        return 1
    except KeyboardInterrupt:
        sys.stdout.write("\nThe demo is over; it left nothing behind.\n")
    return 0


def script(*, as_json: bool) -> int:
    """Play the scripted evening; 0 only if all of it happened."""
    _quiet()
    with tempfile.TemporaryDirectory(prefix="fare-demo-") as folder:
        try:
            evening = asyncio.run(play(Path(folder)))
        except TimeoutError as fault:
            sys.stderr.write(f"The evening went wrong: {fault}.\n")
            return 1
    sys.stdout.write(f"{msgspec.json.encode(evening).decode() if as_json else _in_words(evening)}\n")
    return 0 if evening.ok else 1


def _quiet() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def _in_words(evening: Evening) -> str:
    return (
        f"Two members added routes; a fare fell. Alerts in the channel: {evening.alerts_posted}. "
        f"Texts on phones: {evening.sms_sent}. Buttons pressed: {evening.buttons_pressed}."
    )
