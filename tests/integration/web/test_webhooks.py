"""The webhook door on loopback: who is heard, who is refused, and that nothing else is served."""

import gzip
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import pytest
from multidict import CIMultiDict
from structlog.testing import capture_logs

from engine.actions.inbound import Inbound
from engine.domain.textstatus import TextNews, TextStatus
from engine.errors import StoreError
from engine.web.listening import Bind
from engine.web.signature import Signatures
from engine.web.webhooks import INBOUND_PATH, STATUS_PATH, open_webhooks, status_address
from sandbox.twilio import ACCOUNT_SID, AUTH_TOKEN
from sandbox.twilio_callbacks import Callbacks
from tests.support.clock import HandClock

PUBLIC = "https://fares.example.org"
STATUS = f"{PUBLIC}{STATUS_PATH}?k=a1B2c3"
INBOUND = f"{PUBLIC}{INBOUND_PATH}"
PHONE = "+15559870001"
SENT = {"MessageSid": "SM1", "MessageStatus": "sent", "To": PHONE, "From": "+15005550006"}


@dataclass
class Ears:
    """What came through the door; `fault` is raised instead of keeping it."""

    news: list[TextNews] = field(default_factory=list)
    texts: list[Inbound] = field(default_factory=list)
    fault: Exception | None = None

    async def status(self, news: TextNews) -> None:
        if self.fault:
            raise self.fault
        self.news.append(news)

    async def inbound(self, said: Inbound) -> None:
        if self.fault:
            raise self.fault
        self.texts.append(said)


@dataclass
class Door:
    port: int
    ears: Ears
    twilio: Callbacks

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def post(
        self,
        url: str = STATUS,
        form: Mapping[str, str] = SENT,
        *,
        signed: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> int:
        """A POST to the door as a proxy passes it on; signed over the form unless said otherwise."""
        signature = self.twilio.sign(url, form) if signed is None else signed
        given = CIMultiDict({"X-Twilio-Signature": signature, **(headers or {})})
        if not signature:
            del given["X-Twilio-Signature"]
        return await self.send("POST", url.removeprefix(PUBLIC), data=dict(form), headers=given)

    async def send(self, method: str, path: str, **more: object) -> int:
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, self.address + path, **more) as answer,  # type: ignore[arg-type]
        ):
            self.body = await answer.text()
            self.type = answer.content_type
            return answer.status


@asynccontextmanager
async def opened(ears: Ears) -> AsyncIterator[Door]:
    signatures = Signatures(AUTH_TOKEN, PUBLIC)
    async with open_webhooks(
        Bind("127.0.0.1", 0), signatures, status=ears.status, inbound=ears.inbound
    ) as port:
        assert port is not None
        twilio = Callbacks(account_sid=ACCOUNT_SID, auth_token=AUTH_TOKEN, clock=HandClock())
        yield Door(port, ears, twilio)


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    async with opened(Ears()) as door:
        yield door


async def test_a_signed_status_is_kept_with_its_key_and_its_code(door: Door) -> None:
    lost = {**SENT, "MessageStatus": "undelivered", "ErrorCode": "30003"}
    assert await door.post() == 204
    assert await door.post(form=lost) == 204
    first, second = door.ears.news
    assert (first.sid, first.status, first.code, first.notification_id) == (
        "SM1",
        TextStatus.SENT,
        None,
        "a1B2c3",
    )
    assert (second.status, second.code) == (TextStatus.UNDELIVERED, 30003)


async def test_the_address_given_to_twilio_is_the_one_that_is_heard(door: Door) -> None:
    assert await door.post(status_address(PUBLIC, "Xy9")) == 204
    assert door.ears.news[0].notification_id == "Xy9"


async def test_a_text_from_a_phone_is_kept_and_never_answered_by_a_text(door: Door) -> None:
    form = {"MessageSid": "SM2", "From": PHONE, "Body": "STOP", "OptOutType": "STOP", "Zip": ""}
    assert await door.post(INBOUND, form) == 200
    assert (door.type, door.body) == (
        "text/xml",
        '<?xml version="1.0" encoding="UTF-8"?><Response></Response>',
    )
    assert door.ears.texts == [Inbound(sid="SM2", sender=PHONE, body="STOP", opt_out="STOP")]


async def test_parameters_that_nobody_knows_yet_are_part_of_the_signature(door: Door) -> None:
    form = {**SENT, "RawDlrDoneDate": "2611221200", "Neu": "ä € 東", "Leer": ""}
    assert await door.post(form=form) == 204
    signature = door.twilio.sign(STATUS, SENT)
    assert await door.post(form=form, signed=signature) == 403


@pytest.mark.parametrize("signed", ["", "bm90IGl0", "ä", "None"])
async def test_without_the_right_signature_nothing_is_heard(door: Door, signed: str) -> None:
    with capture_logs() as logs:
        assert await door.post(signed=signed) == 403
        assert (
            await door.post(INBOUND, {"MessageSid": "1", "From": PHONE, "Body": "STOP"}, signed=signed) == 403
        )
    assert (door.ears.news, door.ears.texts) == ([], [])
    assert PHONE not in door.body
    assert PHONE not in str(logs)


async def test_what_a_request_says_of_its_host_is_not_believed(door: Door) -> None:
    internal = f"{door.address}{STATUS_PATH}?k=a1B2c3"
    signature = door.twilio.sign(internal, SENT)
    assert await door.post(signed=signature) == 403
    forged = {"X-Forwarded-Host": f"127.0.0.1:{door.port}", "X-Forwarded-Proto": "http"}
    assert await door.post(signed=signature, headers=forged) == 403
    assert await door.post(headers={"X-Forwarded-Host": "evil.example", "Host": "evil.example"}) == 204


async def test_a_signature_is_of_one_address(door: Door) -> None:
    signature = door.twilio.sign(STATUS, SENT)
    assert await door.post(f"{PUBLIC}{STATUS_PATH}?k=other", signed=signature) == 403
    assert await door.post(f"{PUBLIC}{STATUS_PATH}", signed=signature) == 403


@pytest.mark.parametrize(
    ("setting", "algorithm", "status"),
    [
        ("key=k1,algorithm=HMAC_SHA256", "sha256", 204),
        ("key=k1,algorithm=HMAC_SHA256", "sha1", 403),
        ("key=k1,algorithm=HMAC_SHA1", "sha1", 204),
        ("", "sha1", 204),
        ("key=k1,algorithm=NONE", "sha1", 403),
        ("algorithm=\tmd5", "sha1", 403),
    ],
)
async def test_the_algorithm_that_twilio_names_is_used(
    door: Door, setting: str, algorithm: str, status: int
) -> None:
    signature = door.twilio.sign(STATUS, SENT, algorithm)
    headers = {"X-Twilio-Webhooks-Signature-Settings": setting}
    assert await door.post(signed=signature, headers=headers) == status


async def test_a_strangers_word_for_an_algorithm_is_not_logged(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"X-Twilio-Webhooks-Signature-Settings": "algorithm=canary"}
    await door.post(headers=headers)
    assert "canary" not in caplog.text


async def test_many_unsigned_requests_leave_few_lines(door: Door) -> None:
    with capture_logs() as logs:
        for _ in range(40):
            await door.post(signed="bm90IGl0")
    assert [log["times"] for log in logs if "not signed" in log["event"]] == [1, 2, 4, 8, 16, 32]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
async def test_only_post_is_taken(door: Door, method: str) -> None:
    assert await door.send(method, STATUS_PATH) == 405


@pytest.mark.parametrize("path", ["/", "/healthz", "/metrics", "/twilio", "/twilio/", "/twilio/voice"])
async def test_nothing_else_is_served(door: Door, path: str) -> None:
    assert await door.send("GET", path) == 404
    assert await door.send("POST", path) == 404


async def test_a_body_over_the_cap_is_refused_unread(door: Door) -> None:
    just = {**SENT, "Body": "x" * 64_000}
    more = {**SENT, "Body": "x" * 66_000}
    assert await door.post(form=just) == 204
    assert await door.post(form=more) == 413
    assert len(door.ears.news) == 1


async def test_a_compressed_body_is_not_unpacked(door: Door) -> None:
    bomb = gzip.compress(b"a" * 20_000_000)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Encoding": "gzip",
        "X-Twilio-Signature": "bm90IGl0",
    }
    assert len(bomb) < 64_000
    assert await door.send("POST", STATUS_PATH, data=bomb, headers=headers) == 400


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 415),
        (b"a=1", "text/plain", 415),
        (b"a=%ff", "application/x-www-form-urlencoded", 400),
        (b"\xff", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"a=1" for _ in range(300)), "application/x-www-form-urlencoded", 400),
        (b"a=1", "application/x-www-form-urlencoded; charset=nothing-real", 403),
        (b"", "application/x-www-form-urlencoded", 403),
    ],
)
async def test_what_is_no_form_is_refused_in_peace(door: Door, body: bytes, kind: str, status: int) -> None:
    headers = {"Content-Type": kind, "X-Twilio-Signature": "bm90IGl0"}
    assert await door.send("POST", STATUS_PATH, data=body, headers=headers) == status


async def test_a_status_that_says_nothing_of_a_text_of_ours_is_heard_and_let_go(door: Door) -> None:
    for form in ({**SENT, "MessageStatus": "received"}, {**SENT, "MessageSid": ""}, {"SmsStatus": "sent"}):
        assert await door.post(form=form) == 204
    assert await door.post(form={**SENT, "ErrorCode": "30oo3"}) == 204
    assert [news.code for news in door.ears.news] == [None]


async def test_what_cannot_be_kept_is_not_said_to_be() -> None:
    async with opened(Ears(fault=StoreError("the disk is full"))) as door:
        assert await door.post() == 503
        assert await door.post(INBOUND, {"MessageSid": "1", "From": PHONE, "Body": "STOP"}) == 503


async def test_a_port_that_is_taken_stops_nothing() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        bind = Bind("127.0.0.1", taken.getsockname()[1])
        ears = Ears()
        with capture_logs() as logs:
            async with open_webhooks(
                bind, Signatures(AUTH_TOKEN, PUBLIC), status=ears.status, inbound=ears.inbound
            ) as port:
                assert port is None
    assert [log["event"] for log in logs] == ["Twilio is not heard"]
