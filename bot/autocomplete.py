"""Choices while somebody types: places, own routes, currencies, time zones. Local data, never the network."""

from typing import Final

from discord.app_commands import Choice

from bot.desk import Desk
from bot.present.carriers import named
from bot.present.cities import begun, label, zone_label, zones_begun
from bot.present.listing import by_closeness
from bot.present.route import choice, title
from bot.present.text import clip
from bot.visit import Visit
from engine.actions.shown import Shown
from engine.domain.typed import ANYWHERE_WORDS
from engine.domain.watch import WatchId
from engine.errors import InvalidInput
from engine.tongue import currency_names, language_name, say

MOST: Final = 25
_LONGEST: Final = 100
_FEW: Final = 4
# What most people ask for, first.
_COMMON: Final = ("EUR", "USD", "GBP", "INR", "JPY", "CHF", "AUD", "CAD", "SEK", "PLN", "AED", "SGD")


def places(desk: Desk, typed: str) -> list[Choice[str]]:
    """Airports and cities for what was typed so far, after those that stand there already: `LGW, STN`."""
    gazetteer = desk.gazetteer
    before, last = _last_of(typed)
    in_their_words = (hit for name in begun(last)[:_FEW] for hit in gazetteer.search(name, _FEW))
    hits = dict.fromkeys(hit.place for hit in (*in_their_words, *gazetteer.search(last, MOST)))
    codes = [gazetteer.code_of(place) for place in hits][:MOST]
    return [_added(before, code, label(gazetteer, code)) for code in codes]


def destinations(desk: Desk, typed: str) -> list[Choice[str]]:
    """The same for where to; anywhere comes first while what was typed may become that."""
    found = places(desk, typed)
    wanted = typed.strip().casefold()
    if not any(word.startswith(wanted) for word in ANYWHERE_WORDS):
        return found
    return [Choice(name=say("Anywhere: wherever it is cheap"), value="anywhere"), *found[: MOST - 1]]


def airlines(typed: str) -> list[Choice[str]]:
    """Airlines by code or by the beginning of their name, after those that stand there already."""
    before, last = _last_of(typed)
    return [_added(before, code, f"{name} · {code}") for code, name in named(last)[:MOST]]


def _last_of(typed: str) -> tuple[str, str]:
    """What stands before the last comma, and what is being typed behind it."""
    before, _, last = typed.rpartition(",")
    return before.strip(), last.strip()


def _added(before: str, code: str, label: str) -> Choice[str]:
    value = f"{before}, {code}" if before else code
    return Choice(name=clip(f"{before}, {label}" if before else label, _LONGEST), value=clip(value, _LONGEST))


def currencies(typed: str) -> list[Choice[str]]:
    """Currencies by code or by a part of the name."""
    wanted = typed.strip().casefold()
    names = currency_names()
    codes = dict.fromkeys((*_COMMON, *names))
    fitting = [
        code
        for code in codes
        if code.casefold().startswith(wanted) or wanted in names.get(code, "").casefold()
    ]
    fitting.sort(key=lambda code: not code.casefold().startswith(wanted))
    return [
        Choice(name=clip(f"{code} · {names.get(code, code)}", _LONGEST), value=code)
        for code in fitting[:MOST]
    ]


def timezones(desk: Desk, typed: str) -> list[Choice[str]]:
    """Time zones by city, country or abbreviation, each with what its clocks show now."""
    hits = desk.timezones.search(zones_begun(typed), MOST, desk.clock.now())
    return [Choice(name=clip(zone_label(hit), _LONGEST), value=hit.name) for hit in hits]


def languages(desk: Desk, typed: str) -> list[Choice[str]]:
    """The languages there are, each by its own name."""
    found = desk.tongues.search(typed)[:MOST]
    return [Choice(name=language_name(each.locale), value=each.locale) for each in found]


async def own_routes(visit: Visit, typed: str) -> list[Choice[str]]:
    """The routes that fit what was typed, the closest to their targets first."""
    routes = await visit.routes()
    fitting = [one for one in by_closeness(routes) if _fits(visit, one, typed)]
    return [
        Choice(name=clip(choice(one.route, one.watch, visit.scene.today), _LONGEST), value=one.watch.id)
        for one in fitting[:MOST]
    ]


async def chosen(visit: Visit, typed: str) -> WatchId:
    """The route meant by a choice, or by words where somebody did not pick one.

    Raises InvalidInput when none of the member's routes or several are meant.
    """
    routes = await visit.routes()
    if any(one.watch.id == typed for one in routes):
        return WatchId(typed)
    fitting = [one for one in routes if _fits(visit, one, typed)]
    if len(fitting) == 1:
        return fitting[0].watch.id
    if not fitting:
        raise InvalidInput(
            "route", "No route of yours is called so. Pick one from the list that opens while you type."
        )
    raise InvalidInput(
        "route",
        "{n} routes of yours fit that. Pick one from the list that opens while you type.",
        n=len(fitting),
    )


def _fits(visit: Visit, one: Shown, typed: str) -> bool:
    """Whether every word typed stands somewhere in the route's label or cities.

    Their English names too: those of a post in the channel, and of a file, may be such. Logs and texts
    join the ends (`LON-TYO`); other words have a hyphen of their own.
    """
    own, english = visit.scene.cities, visit.desk.gazetteer.city
    ends = " ".join(
        f"{place.code} {english(place.code)}" for place in (*one.route.origins, *one.route.destinations)
    )
    label = f"{choice(one.route, one.watch, visit.scene.today)} {title(one.route, own)} {ends}".casefold()
    wanted = typed.casefold().replace("->", " ").replace("→", " ").replace("·", " ").split()
    return all(word in label or all(part in label for part in word.split("-")) for word in wanted)
