"""Who travels and which flights will do, as one line that `typed_details.parse_details` reads back. Pure."""

from types import MappingProxyType
from typing import Final, NamedTuple

from engine.domain.route import Cabin, Hours
from engine.domain.typed_details import Details


class DetailPhrases(NamedTuple):
    """How one language says each part; where there are two, for one and for more."""

    adults: tuple[str, str]
    children: tuple[str, str]
    bags: tuple[str, str]
    only: str
    without: str
    out: str
    back: str
    after: str
    before: str


ENGLISH: Final = DetailPhrases(
    adults=("1 adult", "{n} adults"),
    children=("1 child", "{n} children"),
    bags=("1 bag", "{n} bags"),
    only="only {codes}",
    without="not {codes}",
    out="out {hours}",
    back="back {hours}",
    after="after {time}",
    before="before {time}",
)
GERMAN: Final = DetailPhrases(
    adults=("1 Erwachsener", "{n} Erwachsene"),
    children=("1 Kind", "{n} Kinder"),
    bags=("1 Koffer", "{n} Koffer"),
    only="nur {codes}",
    without="nicht {codes}",
    out="hin {hours}",
    back="zurück {hours}",
    after="nach {time}",
    before="vor {time}",
)
BY_LANGUAGE: Final = MappingProxyType({"en": ENGLISH, "de": GERMAN})
_CABINS: Final = {
    Cabin.ECONOMY: "economy",
    Cabin.PREMIUM_ECONOMY: "premium economy",
    Cabin.BUSINESS: "business",
    Cabin.FIRST: "first",
}


def detail_words(details: Details, phrases: DetailPhrases = ENGLISH) -> str:
    """2 adults, 1 child, business, only BA LH, out 06:00-12:00, 1 bag. Party and cabin always stand there."""
    parts = [
        _counted(details.adults, phrases.adults),
        _counted(details.children, phrases.children),
        _CABINS[details.cabin],
        _codes(details.airlines, phrases.only),
        _codes(details.not_airlines, phrases.without),
        _bounds(details.out_hours, phrases.out, phrases),
        _bounds(details.back_hours, phrases.back, phrases),
        _counted(details.bags, phrases.bags),
    ]
    return ", ".join(filter(None, parts))


def _counted(many: int, words: tuple[str, str]) -> str:
    return words[many > 1].format(n=many) if many else ""


def _codes(codes: tuple[str, ...], words: str) -> str:
    return words.format(codes=" ".join(codes)) if codes else ""


def _bounds(hours: Hours | None, words: str, phrases: DetailPhrases) -> str:
    if hours is None:
        return ""
    if hours.latest == Hours.LAST_MINUTE and hours.earliest:
        return words.format(hours=phrases.after.format(time=_clock(hours.earliest)))
    if hours.earliest == 0:
        return words.format(hours=phrases.before.format(time=_clock(hours.latest)))
    return words.format(hours=f"{_clock(hours.earliest)}-{_clock(hours.latest)}")


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
