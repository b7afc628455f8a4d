"""Why something did not go out, rests or found no fare: the engine keeps it in English, here it is said.

It is recognised by the sentence it was made of; a service's own words are shown as they came.
"""

from collections.abc import Iterator
from types import ModuleType
from typing import Final

from bot import whys as discords
from bot.present.sayings import said
from engine.actions.listmemory import NOT_LISTED
from engine.domain import details, pauses, whys
from engine.saying import Template, recognised


def _named(book: ModuleType) -> Iterator[str]:
    """The texts to which a module gives names."""
    return (text for name, text in vars(book).items() if name.isupper() and isinstance(text, str))


_KNOWN: Final[tuple[Template, ...]] = (
    *whys.ALL,
    *_named(discords),
    *_named(pauses),
    *_named(details),
    NOT_LISTED,
)


def reason(why: str) -> str:
    """The same in the tongue of the context, where it is known there."""
    return said(recognised(why, _KNOWN) or why)
