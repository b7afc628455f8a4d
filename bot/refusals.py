"""What Discord's failures mean for a message: again later, never here, or never anywhere in this place."""

from datetime import timedelta
from typing import Final

import discord

from bot import whys
from bot.network import NETWORK_FAULTS
from engine.alerts.ports import POST_GONE, Delivery, DeliveryKind

# Error codes of Discord's API that name the message, not the place.
_UNKNOWN_MESSAGE: Final = 10008
# Direct messages were opened too fast; nothing is wrong with this member.
_OPENING_TOO_FAST: Final = 40003
_ARCHIVED: Final = 50083
_CLOSED: Final = {
    10003: whys.CHANNEL_GONE,
    10004: whys.SERVER_GONE,
    10013: whys.MEMBER_GONE,
    50001: whys.NOT_SEEN,
    50007: whys.DIRECT_CLOSED,
    50013: whys.NO_WRITING,
    _ARCHIVED: whys.ARCHIVED,
    50278: whys.NO_SERVER_SHARED,
    160005: whys.LOCKED,
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
        return _later(whys.RATE_LIMIT, timedelta(seconds=fault.retry_after))
    if not isinstance(fault, discord.HTTPException):
        return _later(whys.NO_ANSWER.format(fault=type(fault).__name__))
    if edit and fault.code == _ARCHIVED:
        return _never(_CLOSED[_ARCHIVED])
    if fault.code in _CLOSED:
        return _closed(_CLOSED[fault.code])
    if fault.code == _UNKNOWN_MESSAGE:
        return _never(POST_GONE)
    if fault.code == _OPENING_TOO_FAST:
        return _later(whys.OPENED_TOO_FAST, _PAUSE_OPENING)
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
        return _later(whys.ANSWERED.format(status=status))
    if status == _TOO_MANY:
        return _later(whys.ADDRESS_REFUSED, _PAUSE_AT_CLOUDFLARE)
    if status == _UNAUTHORISED:
        return _later(whys.NO_SUCH_TOKEN, _PAUSE_WITHOUT_TOKEN)
    if status in (_FORBIDDEN, _NOT_FOUND):
        return _closed(whys.REFUSED.format(status=status))
    return _never(whys.NOT_TAKEN.format(status=status))


def _later(why: str, after: timedelta | None = None) -> Delivery:
    return Delivery(kind=DeliveryKind.RETRY, why=why, retry_after=after)


def _never(why: str) -> Delivery:
    return Delivery(kind=DeliveryKind.PERMANENT, why=why)


def _closed(why: str) -> Delivery:
    return Delivery(kind=DeliveryKind.PERMANENT, why=why, stop_lane=True)
