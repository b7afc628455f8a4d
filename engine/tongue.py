"""The language a message is written in: English sentences are the keys, catalogues hold the others.

`say` and `count` write in the tongue of the context, English by default. `speaking` sets it, once per
interaction and once per delivery, so that no function between there and a sentence has to hand it on
(docs/decisions/0009-tongues.md). Whoever composes hands the languages in; alone the engine speaks English.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

import msgspec
from babel import Locale
from babel.numbers import format_decimal

ENGLISH: Final = "en"


class Tongue(msgspec.Struct, frozen=True, kw_only=True):
    """A language by Babel's name (`en`, `de`), and how it says each English sentence.

    `texts` maps a sentence to its translation, or the one for a single thing to the forms for one and
    for many. What is missing is said in English. `currencies` names each currency by its code, `cities`
    those by their English names that are called otherwise; `spellings` gives the English name of such a
    city for each way to type it, as `engine.placenames.plain` writes it.
    """

    locale: str = ENGLISH
    texts: Mapping[str, str | tuple[str, ...]] = {}
    currencies: Mapping[str, str] = {}
    cities: Mapping[str, str] = {}
    spellings: Mapping[str, str] = {}


_current: ContextVar[Tongue] = ContextVar("tongue", default=Tongue())  # noqa: B039  frozen


def say(sentence: str, /, **facts: object) -> str:
    """The sentence in the tongue of the context and its `{facts}`, whole numbers as people read them."""
    text = _current.get().texts.get(sentence, sentence)
    return (text if isinstance(text, str) else text[0]).format(**_shown(facts))


def count(things: int, one: str, many: str, /, **facts: object) -> str:
    """The sentence for that many things, which is `{n}` in it."""
    texts = _current.get().texts.get(one, (one, many))
    forms = (texts, texts) if isinstance(texts, str) else texts
    return forms[0 if things == 1 else -1].format(**_shown({**facts, "n": things}))


def key(sentence: str, /) -> str:
    """A sentence that is kept as it is and said later: catalogues are held to it as to those in `say`."""
    return sentence


def keys(one: str, many: str, /) -> tuple[str, str]:
    """The same for what is counted later: the sentence for a single thing, and the one for many."""
    return one, many


def is_said(sentence: str) -> bool:
    """Whether the tongue of the context has that very sentence."""
    return sentence in _current.get().texts


def number(amount: float, pattern: str = "#,##0") -> str:
    """A number by a CLDR pattern: 1,234 or 1.234; with "0.0" 2.5 or 2,5."""
    return format_decimal(amount, format=pattern, locale=locale())


def _shown(facts: Mapping[str, object]) -> dict[str, object]:
    """Whole numbers with their thousands set apart; all else is words already."""
    return {
        name: number(fact) if isinstance(fact, int) and not isinstance(fact, bool) else fact
        for name, fact in facts.items()
    }


def locale() -> str:
    """Babel's name of the language of the context, for dates, numbers and money."""
    return _current.get().locale


def language_name(locale_name: str) -> str:
    """What a language calls itself: English, Deutsch."""
    name = Locale.parse(locale_name).get_display_name() or locale_name
    return name[:1].upper() + name[1:]


def city(english: str) -> str:
    """What a city is called in the tongue of the context, by its English name."""
    return _current.get().cities.get(english, english)


def city_spellings() -> Mapping[str, str]:
    """The English names of cities by what somebody may type for them in the tongue of the context."""
    return _current.get().spellings


def currency_names() -> Mapping[str, str]:
    """Every currency's name by its code, in the tongue of the context."""
    return _current.get().currencies


def speak(tongue: Tongue) -> None:
    """Write in that tongue for the rest of this task."""
    _current.set(tongue)


@contextmanager
def speaking(tongue: Tongue) -> Iterator[None]:
    """Write in that tongue until the block ends."""
    token = _current.set(tongue)
    try:
        yield
    finally:
        _current.reset(token)


class Tongues(msgspec.Struct, frozen=True):
    """All languages there are, by Babel's names."""

    known: Mapping[str, Tongue]

    def of(self, locale: str | None) -> Tongue:
        """The tongue for what Discord calls a locale (`de`, `en-GB`); English for any other."""
        return self.known.get((locale or ENGLISH).partition("-")[0], self.known[ENGLISH])

    def load(self) -> None:
        """Read what numbers need of each language. Blocks: call it in a thread, before anything is said."""
        for tongue in self.known.values():
            format_decimal(1234.5, locale=tongue.locale)

    def only(self, language: str) -> "Tongues":
        """That language for everybody, whatever Discord says: for pictures and rehearsals."""
        return Tongues({ENGLISH: self.known[language]})

    def search(self, typed: str) -> list[Tongue]:
        """The tongues whose own name or code begins so."""
        wanted = typed.strip().casefold()
        return [
            tongue
            for code, tongue in self.known.items()
            if code.startswith(wanted) or language_name(tongue.locale).casefold().startswith(wanted)
        ]


ENGLISH_ONLY: Final = Tongues({ENGLISH: Tongue()})
