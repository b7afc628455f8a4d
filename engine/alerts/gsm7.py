"""What a text message costs: the GSM-7 alphabet and the counting of segments.

The alphabet is 3GPP TS 23.038, default alphabet and extension table. A message of other characters
travels as UCS-2 and holds less than half: one stray dash doubles the price (reliability 2.5).
"""

import unicodedata
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

# Septets of one message, and of each part when it needs several (a header takes the rest);
# the same in UTF-16 units for UCS-2.
ONE_SEGMENT: Final = 160
_PART: Final = 153
_UCS2_ONE_SEGMENT: Final = 70
_UCS2_PART: Final = 67

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION: Final = frozenset("\f^{}\\[~]|€")  # an escape and a septet each

# What neither decomposition (NFKD) nor its being a dash brings into the alphabet.
_PLAIN: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`", "'"),  # single quotes, prime, accents
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),  # double quotes, guillemets
        **dict.fromkeys("\u2022\u00b7", "*"),  # bullets
        "\u2212": "-",  # minus
        "\u00d7": "x",  # multiplication sign
        "\u0131": "i",  # dotless i
        "→": "->",
        "←": "<-",
        "Œ": "OE",
        "œ": "oe",
        "Ł": "L",
        "ł": "l",
        "Đ": "D",
        "đ": "d",
        "Ð": "D",
        "ð": "d",
        "Þ": "Th",
        "þ": "th",
    }
)


def septets(character: str) -> int:
    """What one character of the alphabet takes; 0 when it is not in the alphabet."""
    if character in _BASIC:
        return 1
    return 2 if character in _EXTENSION else 0


def length(text: str) -> int:
    """The septets of a text that is within the alphabet."""
    return sum(map(septets, text))


def segments(text: str) -> int:
    """How many messages a text is charged as."""
    if all(map(septets, text)):
        return _parts(map(septets, text), ONE_SEGMENT, _PART)
    units = (len(character.encode("utf-16-be")) // 2 for character in text)
    return _parts(units, _UCS2_ONE_SEGMENT, _UCS2_PART)


def into_alphabet(text: str) -> str:
    """The text in the alphabet: accents it lacks and pictograms are left out, `?` stands for the rest."""
    return "".join(map(_into_alphabet, unicodedata.normalize("NFC", text)))


def cut(text: str, limit: int) -> str:
    """The text within `limit` septets, ending in `...` where something is lost."""
    if length(text) <= limit:
        return text
    room, kept = limit - 3, ""
    for character in text:
        room -= septets(character)
        if room < 0:
            break
        kept += character
    return kept.rstrip() + "..."


def _into_alphabet(character: str) -> str:
    if septets(character):
        return character
    if character in _PLAIN:
        return _PLAIN[character]
    match unicodedata.category(character):
        case "Mn" | "Cf" | "So":  # an accent split off, an invisible mark, a pictogram
            return ""
        case "Pd":
            return "-"
    parts = unicodedata.normalize("NFKD", character)
    if parts == character:
        return "?"
    return "".join(map(_into_alphabet, parts))


def _parts(sizes: Iterable[int], alone: int, part: int) -> int:
    """Fill parts in turn; what takes two units is never torn apart."""
    units = list(sizes)
    if sum(units) <= alone:
        return 1
    count, used = 1, 0
    for size in units:
        if used + size > part:
            count, used = count + 1, 0
        used += size
    return count
