"""One request to where a route list is kept: a reply with its body, or a fault in words."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Literal

import aiohttp
import msgspec
from yarl import URL

from engine.errors import RouteListFault
from engine.http import BodyTooLarge, read_capped

Method = Literal["GET", "POST", "PUT"]

_DEADLINE_S: Final = 30.0
_LONGEST_WAIT: Final = timedelta(days=1)
_PAGE: Final = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml)", re.IGNORECASE)


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What came back. `location` is where a redirect points to, as an address of its own."""

    status: int
    body: bytes
    retry_after: str | None = None
    location: str | None = None

    @property
    def ok(self) -> bool:
        """Whether the request was granted."""
        return 200 <= self.status < 300

    @property
    def page(self) -> bool:
        """Whether the body is a web page: a login, or an apology."""
        return _PAGE.match(self.body) is not None

    def wait(self, now: datetime, otherwise: timedelta) -> timedelta:
        """How long the service asks to wait, a day at most."""
        text = (self.retry_after or "").strip()
        if text.isascii() and text.isdecimal():
            return min(timedelta(seconds=int(text[:9])), _LONGEST_WAIT)
        try:
            at = parsedate_to_datetime(text)
        except ValueError:
            return otherwise
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return min(max(at - now, timedelta()), _LONGEST_WAIT)


async def ask(
    session: aiohttp.ClientSession,
    method: Method,
    url: URL,
    *,
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Reply:
    """Ask once, without following redirects: a key belongs to the host it was given for.

    Raises RouteListFault when no whole reply came.
    """
    sent = {"Content-Type": "application/json"} if body is not None else {}
    try:
        async with session.request(
            method,
            url,
            data=form if body is None else body,
            headers={**sent, **(headers or {})},
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=_DEADLINE_S),
        ) as response:
            to = response.headers.get("Location")
            return Reply(
                status=response.status,
                body=await read_capped(response),
                retry_after=response.headers.get("Retry-After"),
                location=None if to is None else str(url.join(URL(to))),
            )
    except TimeoutError as error:
        raise RouteListFault("no answer within {deadline_s} s", deadline_s=f"{_DEADLINE_S:g}") from error
    except BodyTooLarge as error:
        raise RouteListFault("the reply is too large for a route list") from error
    except aiohttp.ClientConnectorDNSError as error:
        raise RouteListFault("its host is unknown, or there is no network") from error
    except (aiohttp.ClientError, ValueError) as error:
        # The error itself may hold the address, and that a key.
        raise RouteListFault("no whole answer came (connection refused, lost or unreadable)") from error
