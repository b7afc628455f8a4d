"""One request to a provider: a reply with its body, or the reason why there is none."""

import ssl
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

import aiohttp
import msgspec

from engine.domain import details
from engine.domain.quote import OutcomeKind
from engine.http import BodyTooLarge, read_capped, wait_of

# A provider that asks for more than this is asked again all the same: a typo must not silence it.
_LONGEST_WAIT: Final = timedelta(hours=1)


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider sent back, whatever its status.

    `retry_after` and `rate_reset` are the headers `Retry-After` and `ratelimit-reset` as they stood.
    """

    status: int
    body: bytes
    retry_after: str | None = None
    rate_reset: str | None = None

    def retry_at(self, now: datetime) -> datetime | None:
        """When the provider asks to come back: seconds or a date, an hour at most."""
        return _not_before(self.retry_after, now)

    def reset_at(self, now: datetime) -> datetime | None:
        """When its rate limit begins anew: seconds or a date, an hour at most. Good replies say it too."""
        return _not_before(self.rate_reset, now)


class Unanswered(Exception):
    """A search ended without an answer; becomes the outcome of that kind.

    `detail` is for people and logs: short words, no secrets. `dns` tells that the very name of
    the host is unknown.
    """

    def __init__(
        self,
        kind: OutcomeKind,
        detail: str,
        *,
        retry_at: datetime | None = None,
        dns: bool = False,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.retry_at = retry_at
        self.dns = dns


class Method(Enum):
    """The two ways in which sources ask."""

    GET = "GET"
    POST = "POST"


async def exchange(
    session: aiohttp.ClientSession,
    method: Method,
    url: str,
    *,
    timeout_s: float,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Reply:
    """Ask once, within a deadline for everything from connecting to the last byte.

    What is sent is a `form`, or a `body` as it is; the caller names its type in a header.

    Redirects are not followed: a key or token belongs to the host it was given for. aiohttp
    repeats a GET once by itself when its connection was lost before an answer.

    Raises:
        Unanswered: no whole reply came.
    """
    try:
        async with session.request(
            method.value,
            url,
            params=query,
            data=form if body is None else body,
            headers=headers,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=timeout_s),
        ) as response:
            body = await read_capped(response)
            return Reply(
                status=response.status,
                body=body,
                retry_after=response.headers.get("Retry-After"),
                rate_reset=response.headers.get("ratelimit-reset"),
            )
    except (aiohttp.ClientError, TimeoutError, BodyTooLarge) as error:
        raise _unanswered(error) from error


def _unanswered(error: Exception) -> Unanswered:
    """Sort what can go wrong on the wire into outcomes."""
    match error:
        case TimeoutError():
            return Unanswered(OutcomeKind.UNREACHABLE, details.TIMEOUT)
        case BodyTooLarge():
            return Unanswered(OutcomeKind.MALFORMED, "reply too large")
        case aiohttp.InvalidURL():
            return Unanswered(OutcomeKind.REJECTED, details.NO_ADDRESS)
        case aiohttp.ClientPayloadError():
            return Unanswered(OutcomeKind.MALFORMED, "reply cut short")
        case aiohttp.ClientConnectorDNSError():
            return Unanswered(OutcomeKind.UNREACHABLE, details.HOST_NOT_FOUND, dns=True)
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError() | ssl.SSLError():
            return Unanswered(OutcomeKind.UNREACHABLE, details.TLS_FAILURE)
        case aiohttp.ClientConnectorError():
            return Unanswered(OutcomeKind.UNREACHABLE, details.CONNECTION_REFUSED)
        case aiohttp.ClientResponseError():
            return Unanswered(OutcomeKind.MALFORMED, "unreadable HTTP reply")
        case _:
            return Unanswered(OutcomeKind.UNREACHABLE, details.CONNECTION_LOST)


def _not_before(header: str | None, now: datetime) -> datetime | None:
    """The instant that a header names, if it still lies ahead; an hour ahead at most."""
    wait = wait_of(header, now) if header else None
    if wait is None or wait <= timedelta():
        return None
    return now + min(wait, _LONGEST_WAIT)
