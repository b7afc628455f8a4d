"""What became of a fare, in the words of a headline: its price held against what is waited for, or gone."""

from collections.abc import Sequence
from typing import Final

from bot.present.money import money
from bot.present.when import lasted
from engine.domain.alert import OVER, Reason, Subject
from engine.domain.money import Money
from engine.domain.watch import Condition, OwnerKind
from engine.tongue import key, say

FIRST: Final = key("{route} {price}, {held}")
NOW: Final = key("{route} now {price}, {held}")
_STILL: Final = key("{route} still {price}, {held}")
_BEGIN: Final = {
    Reason.LOWER_STILL: NOW,
    Reason.LOWER: NOW,
    Reason.ABOVE: NOW,
    Reason.REPEAT: _STILL,
    Reason.REMINDER: _STILL,
    Reason.BACK: key("{route} back at {price}, {held}"),
}


def outcome(route: str, subject: Subject, price: Money | None) -> str:
    """The headline for one owner."""
    if subject.reason in OVER:
        return gone(route, subject, price)
    if price is None:
        return say("{route} has changed", route=route)
    begin = _BEGIN.get(subject.reason, FIRST)
    return say(begin, route=route, price=money(price), held=against(subject, price))


def gone(route: str, subject: Subject, price: Money | None) -> str:
    """That its fare is over, how long it lived, and what it costs now."""
    if not subject.lived_s:
        return say("{route}: gone, now {price}", route=route, price=money(price)) if price else is_gone(route)
    lived = lasted(subject.lived_s)
    if price is None:
        return say("{route}: gone after {time}", route=route, time=lived)
    return say("{route}: gone after {time}, now {price}", route=route, time=lived, price=money(price))


def is_gone(route: str) -> str:
    """The same in the fewest words."""
    return say("{route}: gone", route=route)


def against(subject: Subject, price: Money) -> str:
    """The price held against what one owner waits for."""
    target = subject.target
    if target is not None and subject.condition in (None, Condition.TARGET):
        return _servers(price, target) if subject.owner.kind is OwnerKind.SERVER else _yours(price, target)
    if subject.reason is Reason.ABOVE:
        return say("up again")
    return say("a clear drop") if subject.condition is Condition.DROP else say("a new low")


def _yours(price: Money, target: Money) -> str:
    if price.minor == target.minor:
        return say("just your {target}", target=money(target))
    if price < target:
        return say("under your {target}", target=money(target))
    return say("above your {target}", target=money(target))


def _servers(price: Money, target: Money) -> str:
    if price.minor == target.minor:
        return say("just this server's {target}", target=money(target))
    if price < target:
        return say("under this server's {target}", target=money(target))
    return say("above this server's {target}", target=money(target))


def score(subjects: Sequence[Subject], price: Money) -> str:
    """How many of several owners it is good for."""
    good = sum(subject.target is None or price <= subject.target for subject in subjects)
    if any(subject.target is None for subject in subjects):
        return say("good for {good} of {all} members", good=good, all=len(subjects))
    if good == 0:
        return say("above every target")
    if good < len(subjects):
        return say("under {good} of {all} targets", good=good, all=len(subjects))
    return say("under both targets") if good == 2 else say("under all {good} targets", good=good)
