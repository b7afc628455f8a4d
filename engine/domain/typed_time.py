"""Times of day as people type them: 22, 22:00, 10pm."""

import re
from datetime import time
from typing import Final

from engine.domain.said import said
from engine.errors import InvalidInput

_WORDS: Final = {
    **dict.fromkeys(("noon", "midday", "mittag", "mittags"), time(12)),
    **dict.fromkeys(("midnight", "mitternacht", "mitternachts"), time(0)),
}
_CLOCK: Final = re.compile(
    r"(?P<hour>[0-9]{1,2})(?:\s*[:.h]\s*(?P<minute>[0-9]{2})|(?P<packed>[0-9]{2}))?"
    r"(?:\s*(?P<half>[ap])\.?\s?m\.?|\s*(?:h|uhr|o'clock))?",
    re.ASCII,
)
_HOURS: Final = 24
_HALF: Final = 12
_MINUTES: Final = 60


def parse_time(typed: str, field: str) -> time:
    """The time of day that somebody typed, to the minute. Raises InvalidInput for the option `field`."""
    text = typed.strip().casefold()
    found = _WORDS.get(text) or _read(text)
    if found is None:
        raise InvalidInput(
            field, "I cannot read {typed} as a time. Write it like 22:00 or 10pm.", typed=said(typed)
        )
    return found


def _read(text: str) -> time | None:
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or match["packed"] or 0)
    if match["half"]:
        if not 1 <= hour <= _HALF:
            return None
        hour = hour % _HALF + (_HALF if match["half"] == "p" else 0)
    if (hour, minute) == (_HOURS, 0):
        return time(0)
    return time(hour, minute) if hour < _HOURS and minute < _MINUTES else None
