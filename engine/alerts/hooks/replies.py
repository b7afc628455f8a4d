"""What a webhook's answer, or its silence, means for a copy. No word of it comes from the other side."""

from datetime import datetime, timedelta
from typing import Final

import aiohttp
import msgspec

from engine.alerts.ports import Delivery, DeliveryKind
from engine.domain import whys
from engine.domain.webhook import WebhookKind
from engine.http import AddressRefused, BodyTooLarge, wait_of

# Discord's code for a message that is gone; the webhook itself still works.
_UNKNOWN_MESSAGE: Final = 10008
# The address is wrong, gone, or closed to us: nothing else would be answered there either.
_CLOSED: Final = frozenset({401, 403, 404, 410})
_LATER: Final = frozenset({408, 425, 429})
_OK, _REDIRECT, _CLIENT_FAULT, _SERVER_FAULT = 200, 300, 400, 500
_PRIVATE: Final = whys.NOT_PUBLIC

# What the network may do. Some of their messages quote the address: only their kind is told.
NETWORK_FAULTS: Final = (aiohttp.ClientError, TimeoutError, OSError, BodyTooLarge)


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """A reply: its body only where one is of use.

    `retry_after`, `limit_left` and `limit_anew` are the headers `Retry-After`, `X-RateLimit-Remaining`
    and `X-RateLimit-Reset-After` as they stood.
    """

    status: int
    retry_after: str | None = None
    limit_left: str | None = None
    limit_anew: str | None = None
    body: bytes = b""


class _DiscordBody(msgspec.Struct, frozen=True):
    id: str | None = None
    code: int | None = None


def delivery_of(kind: WebhookKind, reply: Reply, sent_id: str, now: datetime) -> Delivery:
    """What became of a copy; `sent_id` stands for the message where the service names none of its own."""
    said = _discord(reply) if kind is WebhookKind.DISCORD else _DiscordBody()
    if _OK <= reply.status < _REDIRECT:
        return Delivery(kind=DeliveryKind.DELIVERED, ref=said.id if kind.edits else sent_id)
    why = whys.ANSWERED.format(status=reply.status)
    if said.code == _UNKNOWN_MESSAGE:
        return Delivery(kind=DeliveryKind.PERMANENT, why=whys.POST_GONE)
    if reply.status in _LATER or reply.status >= _SERVER_FAULT:
        return Delivery(kind=DeliveryKind.RETRY, why=why, retry_after=_wait(reply, now))
    if _REDIRECT <= reply.status < _CLIENT_FAULT:
        return _closed(whys.REDIRECTED.format(status=reply.status))
    return _closed(why) if reply.status in _CLOSED else Delivery(kind=DeliveryKind.PERMANENT, why=why)


def failure_of(fault: BaseException) -> Delivery:
    """What to do when there was no reply."""
    match fault:
        case aiohttp.ClientConnectorError(os_error=AddressRefused()):
            return _closed(_PRIVATE)
        case aiohttp.InvalidURL():
            return _closed(whys.BAD_ADDRESS)
        case aiohttp.ClientConnectorDNSError():
            return _later(whys.NO_HOST)
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError():
            return _later(whys.NOT_TRUSTED)
        case aiohttp.ClientConnectorError():
            return _later(whys.NOT_REACHED)
        case TimeoutError():
            return Delivery(kind=DeliveryKind.UNKNOWN, why=whys.NOT_IN_TIME)
        case _:
            return Delivery(kind=DeliveryKind.UNKNOWN, why=whys.LOST)


def _discord(reply: Reply) -> _DiscordBody:
    try:
        return msgspec.json.decode(reply.body, type=_DiscordBody)
    except msgspec.MsgspecError:
        return _DiscordBody()


def _wait(reply: Reply, now: datetime) -> timedelta | None:
    return wait_of(reply.retry_after, now) if reply.retry_after else None


def _closed(why: str) -> Delivery:
    return Delivery(kind=DeliveryKind.PERMANENT, why=why, stop_lane=True)


def _later(why: str) -> Delivery:
    return Delivery(kind=DeliveryKind.RETRY, why=why)
