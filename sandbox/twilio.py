"""A pretend Twilio: Messages create, list and fetch, strict about what it is asked.

It knows the magic numbers of Twilio's test credentials. `messages` is the truth: what a phone got.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Final

from aiohttp import web

from engine.alerts.gsm7 import segments
from engine.clock import Clock, SystemClock
from sandbox.errands import Errands
from sandbox.ledger import Ledger
from sandbox.moments import Moment, Watcher, at_once, nobody
from sandbox.twilio_account import Account
from sandbox.twilio_callbacks import Callbacks
from sandbox.twilio_faults import Reply, Trouble, TroublePlan
from sandbox.twilio_replies import authorized, troubled
from sandbox.twilio_rules import fault_of, refusal
from sandbox.twilio_verify import FakeVerify

SERVICE: Final = "twilio"
ACCOUNT_SID: Final = "AC00000000000000000000000000005a5a"
AUTH_TOKEN: Final = "sandbox-token"  # noqa: S105  opens nothing but this pretend world
FROM_NUMBER: Final = "+15005550006"
MESSAGES_PATH: Final = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"

# DateSent is not taken: a filter that silently does nothing would lie.
LIST_PARAMETERS: Final = frozenset(("To", "From", "PageSize", "Page", "PageToken"))

_PAGE_SIZE: Final = 50
_BIGGEST_PAGE: Final = 1000

Json = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message that was accepted."""

    sid: str
    to: str
    sender: str | None
    service_sid: str | None
    body: str
    accepted_at: datetime
    became: str = "delivered"
    code: int | None = None


class FakeTwilio:
    """The service; `faults` trouble creates, `list_faults` lists and fetches.

    Accepted messages are delivered at once, or what `callbacks` has for their number: the reply to a
    create still says `queued`, a list or fetch says what became of it, and who asked for it is told.
    `clock` dates them and measures late accepts: `late` gives how many of its seconds after its arrival
    a message is accepted, whether or not its sender still lives; `watcher` hears of both. `verify` sends
    codes, `account` is asked about itself. `stopped` are the phones that replied STOP: they get nothing.
    """

    def __init__(self, ledger: Ledger, *, clock: Clock | None = None) -> None:
        self.ledger = ledger
        self.messages: list[Message] = []
        self.stopped: set[str] = set()
        self.faults = TroublePlan()
        self.list_faults = TroublePlan()
        self.account = Account(_authorized, sid=ACCOUNT_SID, number=FROM_NUMBER)
        self.base_url = ""
        self._clock = clock or SystemClock()
        self._news = asyncio.Condition()
        self.late: Callable[[], float] = at_once
        self.watcher: Watcher = nobody
        self.errands = Errands()
        self.callbacks = Callbacks(account_sid=ACCOUNT_SID, auth_token=AUTH_TOKEN, clock=self._clock)
        self.verify = FakeVerify(_authorized, account_sid=ACCOUNT_SID, clock=self._clock)

    def routes(self) -> list[web.RouteDef]:
        """What the service answers to."""
        return [
            web.post("/2010-04-01/Accounts/{account}/Messages.json", self._create),
            web.get("/2010-04-01/Accounts/{account}/Messages.json", self._list),
            web.get("/2010-04-01/Accounts/{account}/Messages/{sid}.json", self._fetch),
            *self.account.routes(),
            *self.verify.routes(),
        ]

    async def until(self, holds: Callable[["FakeTwilio"], bool]) -> None:
        """Wait until the accepted messages are as asked."""
        async with self._news:
            await self._news.wait_for(lambda: holds(self))

    async def _create(self, request: web.Request) -> web.StreamResponse:
        if not _authorized(request):
            return refusal(401, 20003)
        posted = await request.post()
        form = {name: value for name, value in posted.items() if isinstance(value, str)}
        code = 21610 if form.get("To") in self.stopped else fault_of(form)
        if code is not None:
            return refusal(400, code, form)
        self.watcher(SERVICE, Moment.ARRIVED)
        trouble = self.faults.take()
        if trouble is None:
            message = await self.errands.run(self._accept_in(form, self.late()))
            return web.json_response(_as_json(message, delivered=False), status=201)
        return await self._create_badly(request, form, trouble)

    async def _create_badly(
        self, request: web.Request, form: Mapping[str, str], trouble: Trouble
    ) -> web.StreamResponse:
        made = trouble.accepted or trouble.reply in (Reply.HTML, Reply.CUT_JSON)
        message = await self._accept(form) if made else None
        try:
            body = {} if message is None else _as_json(message, delivered=False)
            return await troubled(request, trouble, form, web.json_response(body, status=201))
        finally:  # the client of a hanging request has gone away: the server cancelled it
            if trouble.late_s is not None:
                self.errands.start(self._accept_in(form, trouble.late_s))

    async def _list(self, request: web.Request) -> web.StreamResponse:
        if not _authorized(request):
            return refusal(401, 20003)
        query = request.query
        if not LIST_PARAMETERS.issuperset(query):
            return refusal(400, 20001)
        size = min(int(query.get("PageSize", _PAGE_SIZE)), _BIGGEST_PAGE)
        page = int(query.get("Page", 0))
        found = [
            message
            for message in reversed(self.messages)
            if query.get("To", message.to) == message.to
            and query.get("From", message.sender) == message.sender
        ]
        reply = web.json_response(_page(request, found, page, size))
        trouble = self.list_faults.take()
        return reply if trouble is None else await troubled(request, trouble, query, reply)

    async def _fetch(self, request: web.Request) -> web.StreamResponse:
        if not _authorized(request):
            return refusal(401, 20003)
        sid = request.match_info["sid"]
        found = next((message for message in self.messages if message.sid == sid), None)
        reply = refusal(404, 20404) if found is None else web.json_response(_as_json(found, delivered=True))
        trouble = self.list_faults.take()
        return reply if trouble is None else await troubled(request, trouble, request.query, reply)

    async def _accept(self, form: Mapping[str, str]) -> Message:
        became, code = self.callbacks.fate_of(form["To"])[-1]
        message = Message(
            sid=f"SM{len(self.messages) + 1:032x}",
            to=form["To"],
            sender=form.get("From"),
            service_sid=form.get("MessagingServiceSid"),
            body=form["Body"],
            accepted_at=self._clock.now(),
            became=became,
            code=code,
        )
        async with self._news:
            self.messages.append(message)
            self._news.notify_all()
        await self.callbacks.taken(message.sid, form)
        return message

    async def _accept_in(self, form: Mapping[str, str], after_s: float) -> Message:
        await self._clock.sleep(after_s)
        message = await self._accept(form)
        self.watcher(SERVICE, Moment.ACCEPTED)
        return message


def _authorized(request: web.Request) -> bool:
    return authorized(request, ACCOUNT_SID, AUTH_TOKEN)


def _as_json(message: Message, *, delivered: bool) -> Json:
    """The message resource; shape after the public description."""
    at = format_datetime(message.accepted_at)
    path = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{message.sid}"
    return {
        "account_sid": ACCOUNT_SID,
        "api_version": "2010-04-01",
        "body": message.body,
        "date_created": at,
        "date_sent": at if delivered else None,
        "date_updated": at,
        "direction": "outbound-api",
        "error_code": message.code if delivered else None,
        "error_message": None,
        "from": message.sender,
        "messaging_service_sid": message.service_sid,
        "num_media": "0",
        "num_segments": str(segments(message.body)),
        "price": "-0.00750" if delivered else None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.became if delivered else "accepted" if message.service_sid else "queued",
        "subresource_uris": {"media": f"{path}/Media.json"},
        "to": message.to,
        "uri": f"{path}.json",
    }


def _page(request: web.Request, found: list[Message], page: int, size: int) -> Json:
    first, end = page * size, (page + 1) * size
    shown = found[first:end]

    def address(number: int) -> str:
        query = {**request.query, "PageSize": str(size), "Page": str(number)}
        return str(request.rel_url.with_query(query))

    return {
        "end": first + len(shown) - 1 if shown else first,
        "first_page_uri": address(0),
        "next_page_uri": address(page + 1) if end < len(found) else None,
        "page": page,
        "page_size": size,
        "previous_page_uri": address(page - 1) if page else None,
        "start": first,
        "uri": str(request.rel_url),
        "messages": [_as_json(message, delivered=True) for message in shown],
    }
