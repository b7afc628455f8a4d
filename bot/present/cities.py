"""Cities and countries by the names that a language has for them, to be read and to be typed."""

from collections.abc import Mapping
from typing import Final

from babel import Locale

from bot.present.scene import Cities
from engine.gazetteer import Gazetteer
from engine.placenames import plain
from engine.timezones import ZoneHit
from engine.tongue import ENGLISH, city, city_spellings, key, locale, say

_SHORTEST: Final = 2
_ALL: Final = key("{city}, all airports")


def spoken(cities: Cities) -> Cities:
    """The same, each city as the tongue of the context calls it: Wien for VIE."""
    return lambda code: city(cities(code))


def label(gazetteer: Gazetteer, code: str) -> str:
    """How a place stands in lists: `München · MUC · Deutschland`."""
    english = gazetteer.label(code)
    name, _, rest = english.partition(" · ")
    bare, _, country = rest.partition(" · ")
    if locale() == ENGLISH or not country:
        return english
    own_country = _countries().get(gazetteer.country_code(code) or "", country)
    return f"{_named(name, gazetteer.city(code))} · {bare} · {own_country}"


def zone_label(zone: ZoneHit) -> str:
    """How a time zone stands in lists: `Europe/Berlin · Deutschland · jetzt 14:05`."""
    country = _countries().get(zone.country_code, "")
    shows = say("now {time}", time=zone.shows)
    return " · ".join(filter(None, (zone.name.replace("_", " "), country, shows)))


def zone_meant(typed: str) -> str:
    """A typed time zone, its city or country by the English name: Wien is Vienna, Österreich is Austria."""
    wanted = plain(typed)
    code = next((code for code, own in _countries().items() if plain(own) == wanted), None)
    return str(Locale(ENGLISH).territories[code]) if code else meant(typed)


def zones_begun(typed: str) -> str:
    """What to look for while a time zone is typed."""
    return next(iter(begun(typed)), zone_meant(typed))


def meant(typed: str) -> str:
    """Typed places, each city by its English name where the reader's language has another: `Wien, PRG`."""
    return ",".join(_meant(each) for each in typed.split(","))


def _countries() -> Mapping[str, str]:
    """The name of each country in the tongue of the context, by its code."""
    names: Mapping[str, str] = Locale.parse(locale()).territories
    return names


def _meant(typed: str) -> str:
    wanted = plain(typed)
    return next((name for own, name in city_spellings().items() if own == wanted), typed)


def begun(typed: str) -> list[str]:
    """The English names of cities whose name in the reader's language begins so; none for a single letter."""
    wanted = plain(typed)
    if len(wanted) < _SHORTEST:
        return []
    return list(dict.fromkeys(name for own, name in city_spellings().items() if own.startswith(wanted)))


def _named(name: str, english: str) -> str:
    """A place's name with the reader's word for its city in front."""
    if name == _ALL.format(city=english):
        return say(_ALL, city=city(english))
    return f"{city(english)}{name.removeprefix(english)}" if name.startswith(english) else name
