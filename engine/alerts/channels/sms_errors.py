"""What Twilio's refusals mean for an alert (reliability 2.2).

A 2xx or 4xx is a known outcome, all else is unknown. A 429 is worth repeating only with code 20429:
Verify and account limits come as 429 too. Two answers break the rule: 20404, and a 201 that cannot
be read, leave open whether a message was made.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from engine.alerts.ports import Delivery, DeliveryKind

_TOO_MANY_REQUESTS: Final = 429
_CLIENT_FAULTS: Final = range(400, 500)
_RATE_LIMITED: Final = 20429
_NOT_FOUND: Final = 20404
REPLIED_STOP: Final = 21610

# Refused before anything was queued, for a reason that passes.
_PASSING: Final[Mapping[int, str]] = MappingProxyType(
    {
        21611: "the sender's queue is full",
        30001: "the sender's queue is full",
    }
)

# Nothing more will get through on this number until its owner acts.
_NUMBER_STOPS: Final[Mapping[int, str]] = MappingProxyType(
    {
        21211: "the number is not valid",
        21614: "the number cannot receive texts",
        21635: "the number is a landline",
        30006: "the number is a landline or out of reach",
        REPLIED_STOP: "the recipient replied STOP; START undoes it",
    }
)

# Nor from this sender, until the operator does.
_SENDER_STOPS: Final[Mapping[int, str]] = MappingProxyType(
    {
        20003: "the account SID or auth token is wrong",
        21212: "the sender number is not valid",
        21606: "the sender number cannot send texts from this account",
        21612: "this sender cannot reach that number",
        21659: "the sender number is not one of this account",
        30002: "the account is suspended",
        30034: "the sender is not registered for US numbers",
    }
)

_STOPS: Final[Mapping[int, str]] = MappingProxyType({**_NUMBER_STOPS, **_SENDER_STOPS})

_REFUSALS: Final[Mapping[int, str]] = MappingProxyType(
    {
        21408: "texts to that country are not enabled in the account",
        21608: "a trial account may only text verified numbers",
        21617: "the text is too long",
        30004: "the message was blocked",
        30007: "the carrier filtered the message",
        30022: "the sender went over its rate",
        60728: "the account went over its hourly limit",
        63038: "the account went over its daily limit",
    }
)


def understand(status: int, code: int | None) -> Delivery:
    """What a refused create means, by its HTTP status and Twilio's code."""
    code = code or status
    words = f"Twilio {code}"
    if status not in _CLIENT_FAULTS or code == _NOT_FOUND:
        return Delivery(kind=DeliveryKind.UNKNOWN, why=words)
    if code == _RATE_LIMITED:
        return Delivery(kind=DeliveryKind.RETRY, why=f"{words}: too many requests")
    if code in _STOPS:
        return Delivery(kind=DeliveryKind.PERMANENT, why=f"{words}: {_STOPS[code]}", stop_lane=True)
    if code in _PASSING and status != _TOO_MANY_REQUESTS:
        return Delivery(kind=DeliveryKind.RETRY, why=f"{words}: {_PASSING[code]}")
    if code in _REFUSALS:
        words = f"{words}: {_REFUSALS[code]}"
    return Delivery(kind=DeliveryKind.PERMANENT, why=words)


def is_about_the_number(why: str) -> bool:
    """Whether a lane that `understand` had stopped was stopped for the number, not for the sender."""
    return any(why.startswith(f"Twilio {code}:") for code in _NUMBER_STOPS)
