"""`fare-bot demo`: plays the scripted evening and prints what happened."""

import asyncio
import logging
import sys
import tempfile
from pathlib import Path

import msgspec
import structlog

from bot.demo.script import Evening, play


def main(*, as_json: bool) -> int:
    """Play the evening; 0 only if all of it happened."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory(prefix="fare-demo-") as folder:
        try:
            evening = asyncio.run(play(Path(folder)))
        except TimeoutError as fault:
            sys.stderr.write(f"The evening went wrong: {fault}.\n")
            return 1
    sys.stdout.write(f"{msgspec.json.encode(evening).decode() if as_json else _in_words(evening)}\n")
    return 0 if evening.ok else 1


def _in_words(evening: Evening) -> str:
    return (
        f"Two members added routes; a fare fell. Alerts in the channel: {evening.alerts_posted}. "
        f"Texts on the operator's phone: {evening.sms_sent}. Buttons pressed: {evening.buttons_pressed}."
    )
