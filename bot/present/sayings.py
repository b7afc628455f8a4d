"""What the engine says, in the tongue of the context: its template from the catalogue, facts by locale."""

from typing import Final

from babel import Locale

from bot.present.days import DAY_MONTH, DAY_MONTH_YEAR, shown
from bot.present.text import listed
from engine.saying import Country, Day, Fact, Listed, Part, Saying
from engine.tongue import count, locale, number, say

_PATTERNS: Final = {
    Part.WHOLE: DAY_MONTH_YEAR,
    Part.WEEKDAY: "EEEE",
    Part.MONTH: "LLLL",
    Part.OF_A_YEAR: DAY_MONTH,
}


def said(words: Saying | str) -> str:
    """The sentence or phrase; text that an older version stored stands as it is."""
    if isinstance(words, str):
        return words
    facts = {name: _shown(fact) for name, fact in words.facts.items()}
    things = words.facts.get("n")
    if words.many is None or not isinstance(things, int):
        return say(words.template, **facts)
    del facts["n"]
    return count(things, words.template, words.many, **facts)


def _shown(fact: Fact) -> str:
    match fact:
        case str():
            return fact
        case int():
            return number(fact)
        case Day():
            return shown(fact.on, _PATTERNS[fact.part])
        case Country():
            return str(Locale.parse(locale()).territories.get(fact.code, fact.name))
        case Listed():
            return listed([_shown(each) for each in fact.of], say("or") if fact.either else say("and"))
        case Saying():
            return said(fact)
