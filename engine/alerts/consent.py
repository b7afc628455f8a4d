"""What a member agrees to before any text, and which numbers may be texted.

Pure, but for numbering plans and country names that are read from disk when first needed: whoever
is on the loop calls these in a thread. Nothing here repeats a number that was typed.
"""

import re
from collections.abc import Collection
from typing import Final

import msgspec
import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType

from engine.errors import InvalidInput
from engine.saying import Country, Listed, Saying, saying

# All of North America is the latter: its numbers do not tell mobile from fixed.
_CAN_RECEIVE: Final = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
_UNREADABLE: Final = saying(
    "I cannot read that as a phone number. Write it with its country code, like +49 151 23456789."
)


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """The sentence that is shown where a number is typed; its version is kept with the number."""

    version: str
    sentence: str


ONE_A_DAY: Final = (
    "Fare Engine texts you the fare alerts of your own routes, at most {n} text a day. "
    "Msg & data rates may apply. Reply STOP to end, HELP for help. "
    "By asking for the code you agree to this and say that the number is yours."
)
"""Program, frequency, cost, and how to end it (CTIA 5.1.2.1); `{n}` is the most texts a day, 1 here."""

MANY_A_DAY: Final = ONE_A_DAY.replace("text a day", "texts a day")
"""The same for more. Other words need another version below; what was agreed to before keeps its own."""

_VERSION: Final = 1


def version(most_a_day: int, language: str = "en") -> str:
    """What names a sentence: how it was worded, what it promised, and in which language."""
    words = f"{_VERSION}, at most {most_a_day} a day"
    return words if language == "en" else f"{words}, {language}"


def read_number(typed: str, countries: Collection[str]) -> str:
    """A typed number in E.164, if it may be texted; `countries` are ISO codes.

    With a single country its numbers may be typed without the country code. Raises InvalidInput
    in words.
    """
    home = next(iter(countries)) if len(countries) == 1 else None
    try:
        number = phonenumbers.parse(re.sub(r"^\s*00", "+", typed), home)
    except phonenumbers.NumberParseException:
        raise InvalidInput.of("number", _UNREADABLE) from None
    refused = _refused(number, countries)
    if refused is not None:
        raise InvalidInput.of("number", refused)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def may_be_texted(number: str, countries: Collection[str]) -> bool:
    """Whether a number in E.164 is (still) within what the operator allows."""
    try:
        return _refused(phonenumbers.parse(number), countries) is None
    except phonenumbers.NumberParseException:
        return False


def masked(number: str) -> str:
    """A number in E.164 as it may be shown to its owner: `+49…789`."""
    return f"+{phonenumbers.parse(number).country_code}…{number[-3:]}"


def _refused(number: PhoneNumber, countries: Collection[str]) -> Saying | None:
    # By region and not by prefix: two dozen countries share +1, and some of them cost ten times more.
    region = phonenumbers.region_code_for_number(number)
    if number.extension or region is None or not phonenumbers.is_valid_number(number):
        return _UNREADABLE
    if region not in countries:
        return _elsewhere(countries)
    if phonenumbers.number_type(number) not in _CAN_RECEIVE:
        return saying("That number cannot receive texts. Give me the number of a mobile phone.")
    return None


def _elsewhere(countries: Collection[str]) -> Saying:
    from babel import Locale

    if not countries:
        return saying("Texts go to numbers of no country; whoever runs me decides that.")
    names = Locale("en").territories
    allowed = Listed(tuple(Country(code, names.get(code, code)) for code in countries))
    return saying("Texts go to numbers of {countries} only; whoever runs me decides that.", countries=allowed)
