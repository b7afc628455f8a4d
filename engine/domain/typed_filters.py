"""Airlines, hours, bags and children as people type them. Raises InvalidInput with one sentence."""

import re
from typing import Final

from engine.domain.date_words import plain
from engine.domain.route import Hours
from engine.domain.said import said
from engine.domain.typed import MOST_ADULTS
from engine.errors import InvalidInput

MOST_BAGS: Final = 2
MOST_AIRLINES: Final = 10
_LAST_MINUTE: Final = Hours.LAST_MINUTE
_CODE: Final = re.compile(r"[A-Z0-9]{2}")
_BETWEEN: Final = re.compile(r"[,;/\s]+")
_CLOCK: Final = (
    r"(?P<{0}>[0-9]{{1,2}})(?:[:.](?P<{0}_minute>[0-9]{{2}}))? ?(?P<{0}_half>am|pm)?(?: ?(?:uhr|h))?"
)
_FROM_TO: Final = re.compile(
    rf"(?:from |between |von |zwischen )?{_CLOCK.format('first')}"
    rf"(?: ?- ?| to | and | bis | und ){_CLOCK.format('last')}"
)
_AFTER: Final = re.compile(rf"(?:after |from |nach |ab |>=? ?){_CLOCK.format('first')}(?: ?-)?")
_BEFORE: Final = re.compile(rf"(?:before |until |till |vor |bis |<=? ?|- ?){_CLOCK.format('last')}")
_NAMED: Final = {
    "morning": (5 * 60, 12 * 60),
    "morgens": (5 * 60, 12 * 60),
    "vormittags": (5 * 60, 12 * 60),
    "afternoon": (12 * 60, 18 * 60),
    "nachmittags": (12 * 60, 18 * 60),
    "evening": (18 * 60, _LAST_MINUTE),
    "abends": (18 * 60, _LAST_MINUTE),
}


def parse_airlines(text: str, *, field: str = "airlines") -> tuple[str, ...]:
    """IATA codes in order, each once: `BA, lh` is BA and LH."""
    codes = [code for code in _BETWEEN.split(text.strip().upper()) if code]
    for code in codes:
        if _CODE.fullmatch(code) is None or code.isdigit():
            raise InvalidInput(
                field,
                "{typed} is not an airline's code. Use two letters or digits each, like BA, LH.",
                typed=said(code),
            )
    if len(set(codes)) > MOST_AIRLINES:
        raise InvalidInput(
            field,
            "I take up to {most} airlines at once, not {given}.",
            most=MOST_AIRLINES,
            given=len(set(codes)),
        )
    return tuple(sorted(set(codes)))


def check_airlines(only: tuple[str, ...], never: tuple[str, ...]) -> None:
    """Refuse an airline that is to fly it and is not."""
    if both := sorted(set(only) & set(never)):
        raise InvalidInput(
            "avoid", "{airline} is among the airlines you want as well; leave it out of one.", airline=both[0]
        )


def parse_hours(text: str, *, field: str = "out_hours") -> Hours:
    """When a flight may leave: `6-12`, `18:30 - 23:00`, `after 18`, `before 9`, `10pm-5am`, `abends`."""
    words = plain(text)
    if words in _NAMED:
        return Hours(*_NAMED[words])
    for shape in (_FROM_TO, _AFTER, _BEFORE):
        found = shape.fullmatch(words)
        if found is None:
            continue
        parts = found.groupdict()
        first = _minute(parts, "first", field) if parts.get("first") else 0
        last = _minute(parts, "last", field) if parts.get("last") else _LAST_MINUTE
        return _hours(first, last, field)
    raise InvalidInput(
        field,
        "I cannot read {typed} as hours. Write them like 6-12, after 18 or before 9:30.",
        typed=said(text),
    )


def check_children(children: int, adults: int) -> int:
    """How many children of 2 to 11 travel with the adults."""
    if children < 0:
        raise InvalidInput("children", "Children must be a number from 0 on.")
    if adults + children > MOST_ADULTS:
        raise InvalidInput(
            "children",
            "A booking takes {most} people, not {given}. Split a larger party.",
            most=MOST_ADULTS,
            given=adults + children,
        )
    return children


def check_bags(bags: int) -> int:
    """How many checked bags of each adult the price must include."""
    if not 0 <= bags <= MOST_BAGS:
        raise InvalidInput(
            "bags",
            "Checked bags must be 0 to {most} for each adult, not {given}.",
            most=MOST_BAGS,
            given=bags,
        )
    return bags


def _hours(first: int, last: int, field: str) -> Hours:
    if first == last:
        raise InvalidInput(field, "Those hours begin and end at once; leave some between, like 6-12.")
    if first == 0 and last == _LAST_MINUTE:
        raise InvalidInput(field, "That is the whole day; leave the hours out.")
    return Hours(first, last)


def _minute(parts: dict[str, str | None], name: str, field: str) -> int:
    hour, minute, half = int(parts[name] or 0), int(parts[f"{name}_minute"] or 0), parts[f"{name}_half"]
    if half is not None:
        wrong = not 1 <= hour <= 12
        hour = hour % 12 + (12 if half == "pm" else 0)
    else:
        wrong = hour > 24 or (hour == 24 and minute > 0)
    if wrong or minute > 59:
        raise InvalidInput(field, "A day has the hours 0 to 24; write them like 6-12 or after 18:30.")
    return min(hour * 60 + minute, _LAST_MINUTE)
