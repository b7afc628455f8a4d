"""What Twilio's codes mean for a text, for its number and for the sender (reliability 2.2).

A code comes in the refusal of a create, or later in the status of a text that had been taken. Of a
create, a 2xx or 4xx is a known outcome, all else is unknown. A 429 is worth repeating only with code
20429: Verify and account limits come as 429 too. Two answers break the rule: 20404, and a 201 that
cannot be read, leave open whether a message was made.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import msgspec

from engine.alerts.ports import Delivery, DeliveryKind
from engine.domain.whys import TWILIO, TWILIO_CODE, TWILIO_SAYS, TWILIO_WITHOUT_CODE

_TOO_MANY_REQUESTS: Final = 429
_CLIENT_FAULTS: Final = range(400, 500)
_RATE_LIMITED: Final = 20429
_NOT_FOUND: Final = 20404
REPLIED_STOP: Final = 21610
CALLBACK_REFUSED: Final = 21609


class Then(StrEnum):
    """What follows from a code, beside the end of the text that it came for."""

    HINT = "hint"  # whoever runs the bot hears of it
    AGAIN = "again"  # it passes: the text may go once more
    NUMBER_FAILS = "number fails"  # once more; three in a row and nothing more goes to this number
    NUMBER_STOPS = "number stops"  # nothing more to this number until its owner acts
    SENDER_RESTS = "sender rests"  # nothing to anybody until a window ends
    SENDER_STOPS = "sender stops"  # nothing to anybody until whoever runs the bot acts


class Meaning(msgspec.Struct, frozen=True, kw_only=True):
    """A code in words, what follows from it, and how long the sender rests (None: until a new start).

    `blames_number` says that the number of that text is at fault as well, whatever the sender does.
    """

    words: str
    then: Then
    rests_for: timedelta | None = None
    blames_number: bool = False


# A sender that was stopped is tried again so often: billing or a number can be mended in the console,
# and a refused create costs nothing.
_TRIED_EVERY: Final = timedelta(hours=1)
# "Minutes" in 30022's page; the pace of a campaign is counted by the minute.
_RATE_WINDOW: Final = timedelta(minutes=5)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(hours=24)  # rolling, not a day of the calendar


_FOLLOWS: Final[Mapping[Then, tuple[int, ...]]] = MappingProxyType(
    {
        Then.AGAIN: (_RATE_LIMITED, 21611, 30001),
        Then.NUMBER_FAILS: (30003, 30005, 30008),
        Then.NUMBER_STOPS: (21211, 21614, 21635, 30006, REPLIED_STOP),
        Then.SENDER_STOPS: (20003, 21212, 21606, 21659, 30002),
        Then.HINT: (21408, 21608, CALLBACK_REFUSED, 21617, 30004, 30007),
    }
)
_RESTS: Final[Mapping[int, timedelta | None]] = MappingProxyType(
    {30022: _RATE_WINDOW, 30034: None, 60728: _HOUR, 63038: _DAY}
)


def _table() -> dict[int, Meaning]:
    table = {
        code: Meaning(
            words=TWILIO[code], then=then, rests_for=_TRIED_EVERY if then is Then.SENDER_STOPS else None
        )
        for then, codes in _FOLLOWS.items()
        for code in codes
    }
    table |= {
        code: Meaning(words=TWILIO[code], then=Then.SENDER_RESTS, rests_for=span)
        for code, span in _RESTS.items()
    }
    # The sender may be wrong for that number only. Both stop: whoever links a phone that cannot be
    # reached from here must not silence everybody again with each alert.
    table[21612] = Meaning(
        words=TWILIO[21612],
        then=Then.SENDER_STOPS,
        rests_for=_TRIED_EVERY,
        blames_number=True,
    )
    return table


CODES: Final[Mapping[int, Meaning]] = MappingProxyType(_table())


def meaning_of(code: int | None) -> Meaning:
    """What a code means; one that is not known means that this text is lost, and somebody should look."""
    return CODES.get(code or 0, Meaning(words="not known to this version", then=Then.HINT))


def in_words(code: int | None) -> str:
    """A code as it stands in the outbox and in notices: `Twilio 30003: the phone cannot be reached`."""
    known = CODES.get(code or 0)
    if known is not None:
        return TWILIO_SAYS.format(code=code, meaning=known.words)
    return TWILIO_CODE.format(code=code) if code else TWILIO_WITHOUT_CODE


def understand(status: int, code: int | None) -> Delivery:
    """What a refused create means for its text, by its HTTP status and Twilio's code."""
    code = code or status
    if status not in _CLIENT_FAULTS or code == _NOT_FOUND:
        return Delivery(kind=DeliveryKind.UNKNOWN, why=TWILIO_CODE.format(code=code))
    meaning = meaning_of(code)
    if meaning.then is Then.AGAIN and (code == _RATE_LIMITED or status != _TOO_MANY_REQUESTS):
        return Delivery(kind=DeliveryKind.RETRY, why=in_words(code))
    return Delivery(kind=DeliveryKind.PERMANENT, why=in_words(code), stop_lane=stops_number(meaning))


def stops_number(meaning: Meaning) -> bool:
    """Whether nothing more goes to the number of that text."""
    return meaning.then is Then.NUMBER_STOPS or meaning.blames_number


def is_about_the_number(why: str) -> bool:
    """Whether a lane that was stopped with these words was stopped for the number, not for the sender."""
    about = (Then.NUMBER_STOPS, Then.NUMBER_FAILS)
    return any(why.startswith(f"Twilio {code}:") for code, known in CODES.items() if known.then in about)
