"""The custom ids of buttons: a verb and what it is about; the same after a restart."""

import re
from collections.abc import Sequence
from typing import Final

from engine.domain.money import CURRENCIES, Money
from engine.domain.route import RouteId
from engine.domain.watch import Rules, WatchId

PATTERN: Final = re.compile(r"fare1:(?P<verb>[a-z-]+)(?P<words>(?::[A-Za-z0-9_-]*)*)")
_LONGEST: Final = 100


def custom_id(verb: str, *words: str) -> str:
    """`fare1:snooze:<route>`; the number is the version, so that a later form can be told apart."""
    made = ":".join(("fare1", verb, *words))
    if len(made) > _LONGEST or not PATTERN.fullmatch(made):
        raise ValueError("not a custom id")
    return made


def snooze(route_id: RouteId) -> str:
    """Under an alert: mute the presser's own watch of the route."""
    return custom_id("snooze", route_id)


def pause(route_id: RouteId) -> str:
    """Under an alert: pause the presser's own watch of the route."""
    return custom_id("pause", route_id)


def new_target(route_id: RouteId) -> str:
    """Under an alert: another target for the presser's own watch of the route."""
    return custom_id("target", route_id)


def chart(route_id: RouteId) -> str:
    """Under an alert: how the fare of the route went, for the presser alone."""
    return custom_id("chart", route_id)


def of_watch(verb: str, watch_id: WatchId) -> str:
    """In a member's own reply: act on one watch."""
    return custom_id(verb, watch_id)


def offer(watch_id: WatchId, rules: Rules) -> str:
    """Take one of the offered targets."""
    if rules.target is None:
        return custom_id("offer", watch_id, "low", str(rules.new_low_days))
    return custom_id("offer", watch_id, str(rules.target.minor), rules.target.currency)


def first(words: Sequence[str]) -> str:
    """The id that a custom id carries; the empty one, which nothing has, where it carries none."""
    return words[0] if words else ""


def read_rules(words: Sequence[str]) -> Rules:
    """The rules that an offer stands for. Raises ValueError for what is none."""
    match words:
        case ["low", days] if days.isdecimal() and int(days) > 0:
            return Rules(new_low_days=int(days))
        case [minor, currency] if minor.isdecimal() and int(minor) > 0 and currency in CURRENCIES:
            return Rules(target=Money(int(minor), currency))
    raise ValueError("not an offer")
