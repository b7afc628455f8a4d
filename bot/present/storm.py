"""The list in which many alerts at once are told: a line each, the farthest under its target first."""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.present.embeds import Tone, embed
from bot.present.message import Told, reference
from bot.present.money import money
from bot.present.route import title
from bot.present.scene import Cities
from bot.present.when import lasted, own_days, short_dates
from engine.alerts.words import further, leading
from engine.domain.alert import OVER, Notification, Reason, Subject
from engine.domain.money import Money
from engine.domain.watch import Condition, OwnerKind
from engine.tongue import count, say

_LONGEST: Final = 3900  # of the 4,096 signs of an embed's text


def storm_list(notification: Notification, cities: Cities) -> Told:
    """All lines that have room, and how many more there are. It pings nobody."""
    lines = sorted(_watched(notification), key=_merit)
    headline = count(len(lines), "{n} more fare is low now", "{n} more fares are low now")
    if not any(_is_good(line) for line in lines):
        headline = say("These fares were low")
    why = say("So much came at once that it comes as one list, without a ping.")
    if not lines:
        why = say("Nobody waits for these routes here any more.")
    words = (_line(line, cities) for line in lines)  # written as far as there is room
    return Told(
        content=_foremost(lines, cities) or headline,
        embed=embed(
            headline,
            [why, "", *_fitting(words, len(lines), len(why))],
            Tone.GOOD if any(_is_good(line) for line in lines) else Tone.PAST,
            footer=reference(notification),
        ),
        pinged=(),
        link=None,
        followed=False,
    )


def _watched(notification: Notification) -> list[tuple[Notification, list[Subject]]]:
    """Its lines with those who still wait for them."""
    lines = [(line, [each for each in line.subjects if not each.left]) for line in notification.gathered]
    return [(line, subjects) for line, subjects in lines if subjects]


def _is_good(line: tuple[Notification, list[Subject]]) -> bool:
    told, subjects = line
    return told.quote is not None and any(
        each.reason not in OVER and each.reason is not Reason.ABOVE for each in subjects
    )


def _merit(line: tuple[Notification, list[Subject]]) -> tuple[int, float, str]:
    """Good fares by how far they are under target, then those without a target, then what has passed."""
    told, subjects = line
    target = _highest_target(subjects)
    if told.quote is None or not _is_good(line):
        return 2, 0.0, told.id
    if target is None:
        return 1, 0.0, told.id
    return 0, told.quote.total.minor / target.minor, told.id


def _foremost(lines: Sequence[tuple[Notification, list[Subject]]], cities: Cities) -> str:
    """London → Tokyo €374 and 24 more: what a phone shows of the message before it is opened."""
    if not lines or not _is_good(lines[0]):
        return ""
    told, subjects = lines[0]
    best = _best(told, subjects, cities)
    rest = len(lines) - 1
    return count(rest, "{best} and {n} more", "{best} and {n} more", best=best) if rest else best


def _line(line: tuple[Notification, list[Subject]], cities: Cities) -> str:
    """Nobody is named: a mention in an embed is a number to whoever's Discord does not know the member."""
    told, subjects = line
    route = f"**{_fare(told, subjects, cities)}**, {_against(told, subjects)}"
    today = told.created_at.date()
    own = own_days(told.route, told.quote, today) if told.quote is not None else ""
    parts = (route, own or short_dates(told.route, today), _how_many(subjects))
    return " · ".join(filter(None, parts))


def _fare(told: Notification, subjects: Sequence[Subject], cities: Cities) -> str:
    """London → Tokyo €374; of finds of a route to anywhere the cheapest, and how many more there are."""
    best, rest = _best(told, subjects, cities), len(further(told)) if told.quote is not None else 0
    return count(rest, "{best} and {n} more", "{best} and {n} more", best=best) if rest else best


def _best(told: Notification, subjects: Sequence[Subject], cities: Cities) -> str:
    route = told.route if told.quote is None else leading(told).route
    return f"{title(route, cities)}{_price(told, subjects)}"


def _price(told: Notification, subjects: Sequence[Subject]) -> str:
    if told.quote is None or all(each.reason in OVER for each in subjects):
        return ""
    return f" {money(told.quote.total)}"


def _against(told: Notification, subjects: Sequence[Subject]) -> str:
    if told.quote is None or all(each.reason in OVER for each in subjects):
        lived = max((each.lived_s or 0 for each in subjects), default=0)
        return say("gone after {time}", time=lasted(lived)) if lived else say("gone")
    total, target = told.quote.total, _highest_target(subjects)
    if target is None:
        drop = any(each.condition is Condition.DROP for each in subjects)
        return say("a clear drop") if drop else say("a new low")
    if total.minor == target.minor:
        return say("just {target}", target=money(target))
    if total > target:
        return say("above {target}", target=money(target))
    return say("under {target}", target=money(target))


def _highest_target(subjects: Sequence[Subject]) -> Money | None:
    return max((each.target for each in subjects if each.target is not None), default=None)


def _how_many(subjects: Sequence[Subject]) -> str:
    """For how many members it is, where it is for several."""
    members = {each.owner.id for each in subjects if each.owner.kind is OwnerKind.MEMBER}
    return count(len(members), "{n} member", "{n} members") if len(members) > 1 else ""


def _fitting(lines: Iterable[str], number: int, used: int) -> list[str]:
    """As many of that number of lines as there is room for, and a last one that counts the others."""
    room = _LONGEST - used
    kept: list[str] = []
    for line in lines:
        left = number - len(kept)
        more = count(left, "and {n} more: `/route list`", "and {n} more: `/route list`")
        if len(line) + 1 > room - (len(more) + 1 if left > 1 else 0):
            return [*kept, more]
        kept.append(line)
        room -= len(line) + 1
    return kept
