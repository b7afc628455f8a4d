"""twilio-python over the engine's own aiohttp session.

The library's async client has no deadline, can be told to repeat POSTs, and logs URLs with phone
numbers in them (reliability 2.4, measured with 9.13). This transport has a deadline on every call,
never repeats or redirects one, caps what it reads and logs nothing.
"""

import logging
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import aiohttp
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from engine.http import BodyTooLarge, read_capped

DEADLINE_S: Final = 10.0
_CONNECT_S: Final = 5.0
_BODY_CAP: Final = 256 * 1024

# A refusal in Twilio's own words. Their messages may quote a number: take the code only.
REFUSALS: Final = (TwilioRestException, TwilioServiceException)
# Before the connection stood nothing can have been sent.
NEVER_CONNECTED: Final = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
# What the network may do, and what the library makes of a body that is not what it expects
# (JSONDecodeError is a ValueError). Their messages may quote the URL with the number in it.
UNREADABLE: Final = (
    aiohttp.ClientError,
    TimeoutError,
    OSError,
    TwilioException,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    RecursionError,
)


def open_client(
    session: aiohttp.ClientSession,
    *,
    account_sid: str,
    auth_token: str,
    base_url: str | None = None,
    deadline_s: float = DEADLINE_S,
) -> Client:
    """A twilio client on the caller's session. It imports half the library: call it in a thread.

    `base_url` (scheme and host) sends every product of Twilio there, for a sandbox or a proxy.
    """
    # What the library would still log (its own transports do) has numbers in it.
    logging.getLogger("twilio").setLevel(logging.WARNING)
    client = Client(
        account_sid,
        auth_token,
        http_client=TwilioTransport(session, base_url=base_url, deadline_s=deadline_s),
        # Only settings read the environment; an empty mapping would make the library read it.
        environment={"TWILIO_EDGE": "", "TWILIO_REGION": ""},
    )
    client.messages  # noqa: B018  imported on first use, and not on the loop
    return client


def sender_fields(from_number: str | None, messaging_service_sid: str | None) -> dict[str, str]:
    """Who a text is from, for the library: a Messaging Service where one is named, else the number."""
    if messaging_service_sid:
        return {"messaging_service_sid": messaging_service_sid}
    return {"from_": from_number or ""}


class TwilioTransport(AsyncHttpClient):  # type: ignore[misc]
    """One call of the library is one request on the session, which stays the caller's to close."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        base_url: str | None = None,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        super().__init__(logging.getLogger(__name__), True, deadline_s)
        self._session = session
        self._base = urlsplit(base_url) if base_url else None
        self._deadline_s = deadline_s

    async def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  the library's signature
        allow_redirects: bool = False,  # noqa: ARG002  never, whatever the library says
    ) -> Response:
        """Send one request.

        Raises aiohttp.ClientError and TimeoutError as they come, and TwilioException for a reply
        that is longer than any of Twilio's.
        """
        sent_headers = dict(headers or {})
        if auth is not None:
            sent_headers["Authorization"] = aiohttp.encode_basic_auth(*auth)
        async with self._session.request(
            method.upper(),
            self._rebased(url),
            params=params,
            data=data,
            headers=sent_headers,
            timeout=aiohttp.ClientTimeout(total=timeout or self._deadline_s, sock_connect=_CONNECT_S),
            allow_redirects=False,
        ) as reply:
            try:
                body = await read_capped(reply, _BODY_CAP)
            except BodyTooLarge:
                raise TwilioException("response too large") from None
            return Response(reply.status, body.decode(errors="replace"), reply.headers)

    def _rebased(self, url: str) -> str:
        if self._base is None:
            return url
        asked = urlsplit(url)
        return urlunsplit((self._base.scheme, self._base.netloc, asked.path, asked.query, ""))
