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


def _table() -> dict[int, Meaning]:
    words: dict[Then, dict[int, str]] = {
        Then.AGAIN: {
            _RATE_LIMITED: "too many requests",
            21611: "the sender's queue is full",
            30001: "the sender's queue is full",
        },
        Then.NUMBER_FAILS: {
            30003: "the phone cannot be reached",
            30005: "the phone is unknown to its carrier",
            30008: "the carrier did not deliver it and does not say why",
        },
        Then.NUMBER_STOPS: {
            21211: "the number is not valid",
            21614: "the number cannot receive texts",
            21635: "the number is a landline",
            30006: "the number is a landline or out of reach",
            REPLIED_STOP: "the recipient replied STOP; START undoes it",
        },
        Then.SENDER_STOPS: {
            20003: "the account SID or auth token is wrong",
            21212: "the sender number is not valid",
            21606: "the sender number cannot send texts from this account",
            21659: "the sender number is not one of this account",
            30002: "the account is suspended",
        },
        Then.HINT: {
            21408: "texts to that country are not enabled in the account",
            21608: "a trial account may only text verified numbers",
            CALLBACK_REFUSED: "PUBLIC_BASE_URL cannot be called by Twilio",
            21617: "the text is too long",
            30004: "the message was blocked",
            30007: "the carrier filtered the message",
        },
    }
    rests = {
        30022: ("the sender went over its rate", _RATE_WINDOW),
        30034: ("the sender is not registered for US numbers", None),
        60728: ("the account went over its hourly limit", _HOUR),
        63038: ("the account went over its daily limit", _DAY),
    }
    table = {
        code: Meaning(words=said, then=then, rests_for=_TRIED_EVERY if then is Then.SENDER_STOPS else None)
        for then, codes in words.items()
        for code, said in codes.items()
    }
    table |= {
        code: Meaning(words=said, then=Then.SENDER_RESTS, rests_for=span)
        for code, (said, span) in rests.items()
    }
    # The sender may be wrong for that number only. Both stop: whoever links a phone that cannot be
    # reached from here must not silence everybody again with each alert.
    table[21612] = Meaning(
        words="this sender cannot reach that number",
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
    return f"Twilio {code or 'without a code'}" + (f": {known.words}" if known else "")


def understand(status: int, code: int | None) -> Delivery:
    """What a refused create means for its text, by its HTTP status and Twilio's code."""
    code = code or status
    if status not in _CLIENT_FAULTS or code == _NOT_FOUND:
        return Delivery(kind=DeliveryKind.UNKNOWN, why=f"Twilio {code}")
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
