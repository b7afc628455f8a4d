"""The languages of the bot: catalogues, read once at start; `engine.tongue` speaks them."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from babel.dates import format_date
from babel.messages.catalog import Message
from babel.numbers import format_currency, get_currency_name

from engine.domain.money import CURRENCIES
from engine.placenames import plain
from engine.tongue import ENGLISH, Tongue, Tongues, language_name

CATALOGUES: Final = Path(__file__).parent / "catalogues"
CITY: Final = "city"
_WITHOUT_UMLAUTS: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
)


def read_tongues(folder: Path = CATALOGUES) -> Tongues:
    """Read every catalogue of a folder. Blocks: call it in a thread, once at start."""
    from babel.messages.pofile import read_po

    known = {ENGLISH: Tongue(currencies=_currencies(ENGLISH))}
    for file in sorted(folder.glob("*.po")):
        with file.open("rb") as stream:
            catalogue = read_po(stream, locale=file.stem)
        known[file.stem] = _tongue(file.stem, [one for one in catalogue if one.id and _is_done(one.string)])
    for tongue in known.values():  # what messages need of each language is read from disk now
        language_name(tongue.locale)
        format_currency(374.5, "EUR", locale=tongue.locale)
        format_date(date(2027, 3, 10), "EEE d MMMM yyyy", locale=tongue.locale)
    tongues = Tongues(known)
    tongues.load()
    return tongues


def _tongue(locale: str, entries: Sequence[Message]) -> Tongue:
    """What a catalogue says; entries of the context "city" are names of cities."""
    cities = {str(one.id): str(one.string) for one in entries if one.context == CITY}
    return Tongue(
        locale=locale,
        texts={_forms(one.id)[0]: _said(one.string) for one in entries if one.context is None},
        currencies=_currencies(locale),
        cities=cities,
        spellings={plain(own): name for name, each in cities.items() for own in _spellings(each)},
    )


def _spellings(own: str) -> tuple[str, str]:
    """München, and Muenchen for who has no such letter."""
    return own, own.translate(_WITHOUT_UMLAUTS)


def _currencies(locale: str) -> dict[str, str]:
    return {code: get_currency_name(code, locale=locale) for code in sorted(CURRENCIES)}


def _said(string: object) -> str | tuple[str, ...]:
    return string if isinstance(string, str) else _forms(string)


def _is_done(string: object) -> bool:
    return all(_forms(string))


def _forms(text: object) -> tuple[str, ...]:
    """A message's one form, or the form for one and the one for many."""
    return tuple(map(str, text)) if isinstance(text, (tuple, list)) else (str(text),)
