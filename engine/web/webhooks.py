"""The webhook door: what Twilio tells of our texts, and what phones reply. Nothing but `/twilio/*` is served.

Every request is signed or refused; what a good one says is kept within one short transaction before it
is answered, and never answered by a text: Twilio itself replies to STOP and HELP.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import parse_qsl

import structlog
from aiohttp import web
from multidict import MultiDict

from engine.actions.inbound import Inbound
from engine.domain.alert import NotificationId
from engine.domain.textstatus import TextNews, read_status
from engine.errors import StoreError
from engine.web.listening import Bind, listening
from engine.web.signature import Signatures

_log = structlog.get_logger(__name__)

STATUS_PATH: Final = "/twilio/status"
INBOUND_PATH: Final = "/twilio/inbound"

_BODY_CAP: Final = 64 * 1024
_MOST_FIELDS: Final = 200
_FORM: Final = "application/x-www-form-urlencoded"
# Twilio gives up after fifteen seconds, and a body of some hundred bytes takes none.
_PATIENCE_S: Final = 10.0
_KEY: Final = "k"
_NO_REPLY: Final = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'

Form = MultiDict[str]


HearStatus = Callable[[TextNews], Awaitable[None]]
HearInbound = Callable[[Inbound], Awaitable[None]]


def status_address(public_base_url: str, id_: str) -> str:
    """Where Twilio is to report of the text of an alert, whose id says nothing to anybody else."""
    return f"{public_base_url.rstrip('/')}{STATUS_PATH}?{_KEY}={id_}"


@asynccontextmanager
async def open_webhooks(
    bind: Bind, signatures: Signatures, *, status: HearStatus, inbound: HearInbound
) -> AsyncIterator[int | None]:
    """Hear Twilio until the block ends; yields the port, None when it could not be taken.

    `status` and `inbound` keep what they are given before they return, and may be given it twice. They
    raise StoreError when they could not: the request is then answered with 503.
    """
    door = _Door(signatures, status, inbound)
    app = web.Application(client_max_size=_BODY_CAP)
    app.add_routes([web.post(STATUS_PATH, door.status), web.post(INBOUND_PATH, door.inbound)])
    async with listening(app, bind, "Twilio is not heard") as port:
        if port is not None:
            _log.info("webhooks of Twilio are heard", host=bind.host, port=port)
        yield port


class _Door:
    def __init__(self, signatures: Signatures, status: HearStatus, inbound: HearInbound) -> None:
        self._signatures = signatures
        self._status = status
        self._inbound = inbound
        self._unsigned = 0

    async def status(self, request: web.Request) -> web.Response:
        """A text of ours got somewhere, or did not."""
        form = await self._signed(request, STATUS_PATH)
        status = read_status(form.get("MessageStatus", ""))
        sid = form.get("MessageSid", "")
        if status is None or not sid:
            return web.Response(status=204)  # a word that says nothing about a text of ours
        code = form.get("ErrorCode", "")
        key = request.query.get(_KEY)
        news = TextNews(
            sid=sid,
            status=status,
            code=int(code) if code.isascii() and code.isdecimal() else None,
            notification_id=NotificationId(key) if key else None,
        )
        await _kept(self._status(news))
        return web.Response(status=204)

    async def inbound(self, request: web.Request) -> web.Response:
        """A phone says something."""
        form = await self._signed(request, INBOUND_PATH)
        sid, sender = form.get("MessageSid", ""), form.get("From", "")
        if sid and sender:
            said = Inbound(
                sid=sid, sender=sender, body=form.get("Body", ""), opt_out=form.get("OptOutType") or None
            )
            await _kept(self._inbound(said))
        return web.Response(text=_NO_REPLY, content_type="text/xml")

    async def _signed(self, request: web.Request, path: str) -> Form:
        """The fields of a request that Twilio sent. Raises the refusal of any other."""
        if request.content_type != _FORM:
            raise web.HTTPUnsupportedMediaType
        try:
            async with asyncio.timeout(_PATIENCE_S):
                body = await request.read()
            fields = parse_qsl(
                body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
            )
        except TimeoutError:
            raise web.HTTPRequestTimeout from None
        except ValueError:
            raise web.HTTPBadRequest from None
        form: Form = MultiDict(fields)
        _, _, query = request.raw_path.partition("?")
        if not self._signatures.hold(path, query, form, request.headers):
            self._note_unsigned(path)
            raise web.HTTPForbidden
        return form

    def _note_unsigned(self, path: str) -> None:
        """Say it ever more seldom: a wrong PUBLIC_BASE_URL must show, and a stranger not fill the log."""
        self._unsigned += 1
        if self._unsigned.bit_count() == 1:  # the first, the second, the fourth, the eighth ...
            _log.warning("webhook not signed for PUBLIC_BASE_URL", path=path, times=self._unsigned)


async def _kept(keeping: Awaitable[None]) -> None:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await keeping
    except (StoreError, TimeoutError):
        _log.warning("webhook_not_kept")
        raise web.HTTPServiceUnavailable from None
