"""What Discord's failures mean for a message: again later, never here, or never anywhere in this place."""

from datetime import timedelta
from typing import Final

import discord

from bot.network import NETWORK_FAULTS
from engine.alerts.ports import POST_GONE, Delivery, DeliveryKind

# Error codes of Discord's API that name the message, not the place.
_UNKNOWN_MESSAGE: Final = 10008
# Direct messages were opened too fast; nothing is wrong with this member.
_OPENING_TOO_FAST: Final = 40003
_ARCHIVED: Final = 50083
_CLOSED: Final = {
    10003: "the channel is gone",
    10004: "the server is gone",
    10013: "the member is gone",
    50001: "I may not see the channel",
    50007: "direct messages from me are closed",
    50013: "I may not write in the channel",
    _ARCHIVED: "the thread is archived",
    50278: "we share no server any more",
    160005: "the thread is locked",
}
_PAUSE_AT_CLOUDFLARE: Final = timedelta(minutes=10)
_PAUSE_WITHOUT_TOKEN: Final = timedelta(minutes=10)
_PAUSE_OPENING: Final = timedelta(minutes=1)
_UNAUTHORISED: Final = 401
_FORBIDDEN: Final = 403
_NOT_FOUND: Final = 404
_TOO_MANY: Final = 429
_SERVER_FAULT: Final = 500

# Besides what the network may raise: discord.py hands on a 200 whose body is no JSON as text, and then
# fails over its own reading of it with TypeError.
DELIVERY_FAULTS: Final = (*NETWORK_FAULTS, TypeError)


def delivery_of(fault: BaseException, *, edit: bool = False) -> Delivery:
    """What to do after a send or an edit failed so. Every answer but a refusal is tried again.

    An archived thread takes no edit and yet is no closed place: the next post opens it again.
    """
    if isinstance(fault, discord.RateLimited):
        return _later("rate limit", timedelta(seconds=fault.retry_after))
    if not isinstance(fault, discord.HTTPException):
        return _later(f"no answer from Discord ({type(fault).__name__})")
    if edit and fault.code == _ARCHIVED:
        return _never(_CLOSED[_ARCHIVED])
    if fault.code in _CLOSED:
        return _closed(_CLOSED[fault.code])
    if fault.code == _UNKNOWN_MESSAGE:
        return _never(POST_GONE)
    if fault.code == _OPENING_TOO_FAST:
        return _later("direct messages opened too fast", _PAUSE_OPENING)
    return _by_status(fault.status)


def counts_as_invalid(fault: BaseException) -> bool:
    """Whether Discord counts it towards the ban for invalid requests (10,000 in ten minutes)."""
    if isinstance(fault, discord.RateLimited):
        return True
    return isinstance(fault, discord.HTTPException) and fault.status in (
        _UNAUTHORISED,
        _FORBIDDEN,
        _TOO_MANY,
    )


def _by_status(status: int) -> Delivery:
    if status >= _SERVER_FAULT:
        return _later(f"Discord answered HTTP {status}")
    if status == _TOO_MANY:
        return _later("Discord refuses this address for a while (HTTP 429)", _PAUSE_AT_CLOUDFLARE)
    if status == _UNAUTHORISED:
        return _later("Discord does not know the token (HTTP 401)", _PAUSE_WITHOUT_TOKEN)
    if status in (_FORBIDDEN, _NOT_FOUND):
        return _closed(f"Discord refused (HTTP {status})")
    return _never(f"Discord could not take the message (HTTP {status})")


def _later(why: str, after: timedelta | None = None) -> Delivery:
    return Delivery(kind=DeliveryKind.RETRY, why=why, retry_after=after)


def _never(why: str) -> Delivery:
    return Delivery(kind=DeliveryKind.PERMANENT, why=why)


def _closed(why: str) -> Delivery:
    return Delivery(kind=DeliveryKind.PERMANENT, why=why, stop_lane=True)
