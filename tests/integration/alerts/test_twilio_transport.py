"""The transport: deadline, no repeats, no redirects, a cap, the caller's session, silence."""

import asyncio
import base64
import logging
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from engine.alerts.channels.twilio_transport import TwilioTransport, open_client
from sandbox.ledger import Ledger
from sandbox.server import serve
from tests.integration.alerts.conftest import Logs


class Echo:
    """Says what it was asked; `/hang`, `/away` and `/big` misbehave."""

    base_url = ""

    def __init__(self) -> None:
        self.hits: list[str] = []

    def routes(self) -> list[web.RouteDef]:
        return [web.route("*", "/{path:.*}", self._answer)]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.hits.append(request.path)
        match request.path:
            case "/hang":
                await asyncio.Event().wait()
            case "/away":
                raise web.HTTPFound("/elsewhere")
            case "/big":
                return web.Response(body=b"x" * (256 * 1024 + 1))
            case "/bytes":
                return web.Response(status=418, body=b"caf\xe9", headers={"X-Seen": "yes"})
        form = dict(await request.post())
        said = [request.method, request.path_qs, request.headers.get("Authorization"), form]
        return web.json_response(said)


@pytest.fixture
async def echo() -> AsyncIterator[Echo]:
    service = Echo()
    async with serve(service, "echo", Ledger()):
        yield service


@pytest.fixture
def transport(session: aiohttp.ClientSession, echo: Echo) -> TwilioTransport:
    return TwilioTransport(session, base_url=echo.base_url, deadline_s=10)


async def test_scheme_and_host_are_replaced_and_path_and_query_stay(transport: TwilioTransport) -> None:
    reply = await transport.request(
        "get", "https://verify.twilio.com/v2/Services?x=1#part", params={"To": "+1"}
    )
    assert reply.text == '["GET", "/v2/Services?x=1&To=%2B1", null, {}]'


async def test_without_a_base_url_the_address_is_used_unchanged(
    session: aiohttp.ClientSession, echo: Echo
) -> None:
    await TwilioTransport(session).request("GET", f"{echo.base_url}/here")
    assert echo.hits == ["/here"]


async def test_a_form_goes_out_as_a_form(transport: TwilioTransport) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    reply = await transport.request("POST", "https://x/y", data={"To": "+1", "Body": "a b"}, headers=headers)
    assert '{"To": "+1", "Body": "a b"}' in reply.text


async def test_credentials_become_a_header_and_the_given_headers_stay_untouched(
    transport: TwilioTransport,
) -> None:
    headers = {"Accept": "application/json"}
    reply = await transport.request("GET", "https://x/", headers=headers, auth=("user", "pässword"))
    expected = base64.b64encode("user:pässword".encode()).decode()
    assert f"Basic {expected}" in reply.text
    assert headers == {"Accept": "application/json"}


async def test_a_header_of_the_caller_stays_without_credentials(transport: TwilioTransport) -> None:
    reply = await transport.request("GET", "https://x/", headers={"Authorization": "Bearer t"})
    assert "Bearer t" in reply.text


async def test_a_hang_ends_at_the_deadline_of_the_transport(
    session: aiohttp.ClientSession, echo: Echo
) -> None:
    transport = TwilioTransport(session, base_url=echo.base_url, deadline_s=0.1)
    with pytest.raises(TimeoutError):
        await transport.request("POST", "https://x/hang")


async def test_a_hang_ends_at_the_deadline_of_the_call(session: aiohttp.ClientSession, echo: Echo) -> None:
    transport = TwilioTransport(session, base_url=echo.base_url, deadline_s=3600)
    with pytest.raises(TimeoutError):
        await transport.request("POST", "https://x/hang", timeout=0.1)


async def test_a_redirect_is_an_answer_not_a_way(transport: TwilioTransport, echo: Echo) -> None:
    reply = await transport.request("GET", "https://x/away", allow_redirects=True)
    assert (reply.status_code, echo.hits) == (302, ["/away"])


async def test_a_body_over_the_cap_is_refused(transport: TwilioTransport) -> None:
    with pytest.raises(TwilioException, match="response too large"):
        await transport.request("GET", "https://x/big")


async def test_status_text_and_headers_come_back(transport: TwilioTransport) -> None:
    reply = await transport.request("GET", "https://x/bytes")
    assert (reply.status_code, reply.text, reply.headers["X-Seen"]) == (418, "caf\ufffd", "yes")


async def test_the_callers_session_stays_open(
    transport: TwilioTransport, session: aiohttp.ClientSession
) -> None:
    await transport.request("GET", "https://x/")
    assert not session.closed


async def test_the_client_is_not_led_elsewhere_by_the_environment(
    session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWILIO_EDGE", "sydney")
    monkeypatch.setenv("TWILIO_REGION", "au1")
    client = await asyncio.to_thread(open_client, session, account_sid="AC1", auth_token="t")
    assert client.get_hostname("https://api.twilio.com/x") == "https://api.twilio.com/x"


async def test_the_library_may_not_log_below_warning(client: Client) -> None:
    assert isinstance(client, Client)
    assert logging.getLogger("twilio.http_client").getEffectiveLevel() == logging.WARNING


async def test_nothing_is_logged_even_by_a_logger_that_would_tell_all(
    transport: TwilioTransport, logs: Logs
) -> None:
    await transport.request(
        "POST", "https://x/", params={"To": "+15559870001"}, data={"Body": "secret"}, auth=("AC1", "secret")
    )
    said = logs.text()
    assert "15559870001" not in said
    assert "secret" not in said
