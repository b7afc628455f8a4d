"""What is said to people, as a value: plain English with `{facts}` and the facts, not yet filled in.

The engine says everything in English and knows no language besides. A face that speaks another one looks
the template up in its catalogue and writes each fact as its readers do; logs and headless runs take
`str(...)`, the English sentence. Both can be stored: a saying is plain data.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from string import Formatter
from typing import Union

import msgspec


class Part(StrEnum):
    """What of a day is meant."""

    WHOLE = "day"
    WEEKDAY = "weekday"
    MONTH = "month"
    OF_A_YEAR = "day of a year"


class Day(msgspec.Struct, frozen=True, tag="day"):
    """A day of the calendar, or what of it is named."""

    on: date
    part: Part = Part.WHOLE

    def __str__(self) -> str:
        match self.part:
            case Part.WHOLE:
                return self.on.isoformat()
            case Part.WEEKDAY:
                return f"{self.on:%A}"
            case Part.MONTH:
                return f"{self.on:%B}"
            case Part.OF_A_YEAR:
                return f"{self.on.day} {self.on:%b}"


class Country(msgspec.Struct, frozen=True, tag="country"):
    """A country by its ISO code, with its English name."""

    code: str
    name: str

    def __str__(self) -> str:
        return self.name


class Listed(msgspec.Struct, frozen=True, tag="listed"):
    """Several facts in a row: `a, b and c`; with `either`: `a, b or c`."""

    of: tuple["Fact", ...]
    either: bool = False

    def __str__(self) -> str:
        words = [in_english(each) for each in self.of]
        last = " or " if self.either else " and "
        return last.join(filter(None, (", ".join(words[:-1]), *words[-1:])))


class Saying(msgspec.Struct, frozen=True, tag="saying"):
    """A sentence, or a phrase that is a fact of another one.

    `template` names its facts in braces. With `many` it is said of `n` things: `template` of one, `many`
    of any other number.
    """

    template: str
    facts: Mapping[str, "Fact"] = {}
    many: str | None = None

    def __hash__(self) -> int:
        """What is equal hashes equally, whatever the order of its facts."""
        return hash((self.template, frozenset(self.facts.items()), self.many))

    def __str__(self) -> str:
        template = self.template if self.many is None or self.facts["n"] == 1 else self.many
        return template.format(**{name: in_english(fact) for name, fact in self.facts.items()})


Fact = Union[str, int, Day, Country, Listed, Saying]  # noqa: UP007  its own parts name it before it is
"""What a face can write in the language of its reader. Text is shown as it stands."""


def saying(template: str, /, **facts: Fact | date) -> Saying:
    """A sentence with its facts. The template is a constant: catalogues are held complete by its text."""
    return Saying(template, {name: _fact(fact) for name, fact in facts.items()})


def counted(number: int, one: str, many: str, /, **facts: Fact | date) -> Saying:
    """The sentence for that many things; `{n}` in it is the number."""
    return Saying(one, {"n": number, **{name: _fact(fact) for name, fact in facts.items()}}, many)


def in_english(fact: Fact) -> str:
    """A fact as it stands in an English sentence: numbers with their thousands set apart, days as ISO."""
    return f"{fact:,}" if isinstance(fact, int) else str(fact)


def _fact(given: Fact | date) -> Fact:
    return Day(given) if isinstance(given, date) else given


Template = str | tuple[str, str]
"""A template; two where one and many are said apart."""


def recognised(text: str, templates: Iterable[Template]) -> Saying | None:
    """The saying that was filled in to give that English text; None where no template fits.

    Of several that fit the one that says most by itself is meant. Facts come back as text, or as what they
    say where they are sayings of these templates in turn; `n` of what is said of many is a number again.
    """
    known = tuple(templates)
    for form, one, many in sorted(_forms(known), key=lambda each: _own_words(each[0]), reverse=True):
        found = _shape(form).fullmatch(text)
        if found is None:
            continue
        facts: dict[str, Fact] = {
            name: recognised(each, known) or each for name, each in found.groupdict().items()
        }
        if many is not None:
            facts["n"] = int(found["n"].replace(",", "")) if "n" in facts else 1
        return Saying(one, facts, many)
    return None


def _forms(templates: Iterable[Template]) -> Iterator[tuple[str, str, str | None]]:
    for each in templates:
        if isinstance(each, str):
            yield each, each, None
        else:
            yield from ((form, *each) for form in each)


def _own_words(template: str) -> int:
    return sum(len(literal) for literal, *_ in Formatter().parse(template))


@cache
def _shape(template: str) -> re.Pattern[str]:
    pattern = ""
    for literal, name, *_ in Formatter().parse(template):
        pattern += re.escape(literal)
        if name:
            pattern += rf"(?P<{name}>{'[0-9,]+' if name == 'n' else '.+'})"
    return re.compile(pattern, re.DOTALL)
