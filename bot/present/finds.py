"""Finds of a route to anywhere: the post that tells several, and lists of what is cheap today."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

import msgspec

from bot.present.carriers import carriers
from bot.present.embeds import Tone
from bot.present.fare import seen, stops
from bot.present.money import money
from bot.present.outcome import against, gone, score
from bot.present.route import title
from bot.present.scene import Cities, Scene
from bot.present.when import dates, own_days
from engine.actions.shown import Shown
from engine.domain.alert import OVER, Confirmation, Notification, Reason, Subject
from engine.domain.finds import as_found, place_of
from engine.domain.findtelling import is_good
from engine.domain.quote import Quote
from engine.domain.route import Route
from engine.fares.links import fare_page
from engine.tongue import count, say

# Lines of a post; the others are counted.
MOST: Final = 5
_MOST_SEEN: Final = 3
_LONGEST: Final = 3100  # of the 4,000 signs of an embed's text, with what stands around the lines

_Line = tuple[Notification, Sequence[Subject]]


class FindWords(NamedTuple):
    """The words of a post with finds; `short` is what a phone shows of it before it is opened."""

    headline: str
    short: str
    lines: list[str]
    tone: Tone


def find_words(notification: Notification, cities: Cities) -> FindWords | None:
    """The five cheapest finds and how many more there are, then what is over; None where it has no finds."""
    if not notification.finds:
        return None
    lines = [(line, [each for each in line.subjects if not each.left]) for line in notification.finds]
    lines = [(line, subjects) for line, subjects in lines if subjects]
    standing = [line for line in lines if not _is_over(line)]
    over = [line for line in lines if _is_over(line)]
    short = _short(notification, standing, cities)
    headline = short
    if standing and (quote := standing[0][0].quote) is not None:
        headline = f"{short}, {_held(standing[0][1], quote)}"
    words = [_days(notification), "", *_fitting(standing[:MOST], cities)]
    if (more := _good(standing) - MOST) > 0:
        words.append(_more(more))
    words += [_over(line, cities) for line in over[:MOST]]
    words += _seen(standing[:MOST])
    if not standing:
        words.append(say("I keep looking and say so when something is so cheap again."))
    return FindWords(headline, short, words, _tone(lines))


def left_words(notification: Notification, cities: Cities) -> FindWords | None:
    """The same of a post that nobody waits for any more: its finds, held against no target."""
    if not notification.finds:
        return None
    lines = [(line, line.subjects) for line in notification.finds]
    standing = [line for line in lines if not _is_over(line)]
    short = _short(notification, standing, cities)
    words = [_days(notification), "", *_fitting(standing[:MOST], cities, held=False)]
    if (more := _good(standing) - MOST) > 0:
        words.append(_more(more))
    words += [_over(line, cities) for line in lines if _is_over(line)][:MOST]
    words += _seen(standing[:MOST])
    return FindWords(short, short, words, Tone.PAST)


def cheapest(shown: Shown, scene: Scene, most: int) -> list[str]:
    """Today's cheapest finds, a line each: Faro £29 · 12-14 Mar · Ryanair, nonstop.

    Where one may begin in several places, with the one in which it does: London → Faro £29.
    """
    return [_today(shown.route, quote, scene) for quote in shown.finds[:most]]


def place(route: Route, quote: Quote, cities: Cities) -> str:
    """Where a find leads to; where one may begin in several places, from which as well."""
    if route.also_from and quote.ends is not None:
        return title(as_found(route, quote), cities)
    found = place_of(quote)
    return "" if found is None else cities(found.code)


def so_cheap(shown: Shown) -> str | None:
    """How many finds are what is waited for."""
    met, target = _met(shown), shown.watch.rules.target
    if target is None or not shown.finds:
        return None
    if not met:
        return say("None of them is at or under your {target} yet; I keep looking.", target=money(target))
    return count(
        met,
        "**{n} place is at or under your {target}.**",
        "**{n} places are at or under your {target}.**",
        target=money(target),
    )


def already(shown: Shown) -> str | None:
    """The same as a first look shows it, with what is told from then on."""
    met, target = _met(shown), shown.watch.rules.target
    if target is None or not met:
        return so_cheap(shown)
    return count(
        met,
        "**{n} of them is already at or under your {target}.** I do not ping for that one, only when it "
        "falls another 5 % or comes back after a rise, and for every other place that gets so cheap.",
        "**{n} of them are already at or under your {target}.** I do not ping for those, only when one falls "
        "another 5 % or comes back after a rise, and for every other place that gets so cheap.",
        target=money(target),
    )


def _met(shown: Shown) -> int:
    target = shown.watch.rules.target
    return 0 if target is None else sum(quote.total <= target for quote in shown.finds)


def _short(notification: Notification, standing: Sequence[_Line], cities: Cities) -> str:
    """London → Faro £29 and 3 more."""
    if not standing:
        return say("{route}: none is so cheap any more", route=title(notification.route, cities))
    told, _ = standing[0]
    price = f" {money(told.quote.total)}" if told.quote else ""
    best, rest = f"{_title(told, cities)}{price}", _good(standing) - 1
    return count(rest, "{best} and {n} more", "{best} and {n} more", best=best) if rest > 0 else best


def _good(standing: Sequence[_Line]) -> int:
    """How many are what is waited for; the others have risen and may yet fall again."""
    return sum(is_good(msgspec.structs.replace(told, subjects=tuple(left))) for told, left in standing)


def _days(notification: Notification) -> str:
    return f"**{dates(notification.route, notification.created_at.date())}**"


def _fitting(lines: Sequence[_Line], cities: Cities, *, held: bool = True) -> list[str]:
    """With their links, where there is room for all of these."""
    linked = [_standing(line, cities, held=held) for line in lines]
    if sum(map(len, linked)) <= _LONGEST:
        return linked
    return [_standing(line, cities, held=held, linked=False) for line in lines]


def _standing(line: _Line, cities: Cities, *, held: bool, linked: bool = True) -> str:
    """**London → Faro £29**, under your £40 · 12-14 Mar · Ryanair, nonstop · Book."""
    told, subjects = line
    quote = told.quote
    if quote is None:
        return f"**{_title(told, cities)}**"
    today = told.created_at.date()
    page = fare_page(told.route, quote, today)
    label = say("Book") if page.books else say("Search")
    unsure = say("⚠️ not confirmed") if told.confirmation is Confirmation.UNCONFIRMED else ""
    fare = f"**{_title(told, cities)} {money(quote.total)}**"
    parts = (
        f"{fare}, {_held(subjects, quote)}" if held else fare,
        *_flights(told.route, quote, today),
        unsure,
        f"[{label} ↗]({_in_markdown(page.url)})" if linked else "",
    )
    return " · ".join(filter(None, parts))


def _title(told: Notification, cities: Cities) -> str:
    """From where to where the fare of a line is."""
    return title(as_found(told.route, told.quote), cities)


def _seen(lines: Sequence[_Line]) -> list[str]:
    """Who says so and when, each sentence once; which line is not confirmed stands in it."""
    said = dict.fromkeys(seen(told.quote, told.confirmation) for told, _ in lines if told.quote is not None)
    return ["", *list(said)[:_MOST_SEEN]] if said else []


def _over(line: _Line, cities: Cities) -> str:
    told, subjects = line
    longest = max(subjects, key=lambda each: each.lived_s or 0)
    return gone(_title(told, cities), longest, told.quote.total if told.quote else None)


def _today(route: Route, quote: Quote, scene: Scene) -> str:
    own, name = as_found(route, quote), place(route, quote, scene.cities)
    parts = (f"**{name} {money(quote.total)}**", *_flights(own, quote, scene.today))
    return " · ".join(filter(None, parts))


def _flights(route: Route, quote: Quote, today: date) -> tuple[str, str]:
    """Its own days, where its route leaves a choice; who flies it with how many stops."""
    flown = ", ".join(filter(None, (carriers(quote.carriers), stops(quote.stops, route.directions))))
    return own_days(route, quote, today), flown


def _held(subjects: Sequence[Subject], quote: Quote) -> str:
    return against(subjects[0], quote.total) if len(subjects) == 1 else score(subjects, quote.total)


def _more(rest: int) -> str:
    return count(rest, "and {n} more: `/route show`", "and {n} more: `/route show`")


def _is_over(line: _Line) -> bool:
    told, subjects = line
    return told.quote is None or all(each.reason in OVER for each in subjects)


def _tone(lines: Sequence[_Line]) -> Tone:
    reasons = {each.reason for _, subjects in lines for each in subjects}
    if reasons <= OVER:
        return Tone.PAST
    return Tone.CARE if reasons <= OVER | {Reason.ABOVE} else Tone.GOOD


def _in_markdown(url: str) -> str:
    """A closing bracket would end the link."""
    return url.replace("(", "%28").replace(")", "%29")
