"""The Verify product of the pretend Twilio: codes sent to phones, and checked.

`texts` is the truth: what a phone got. They do not stand in the account's list of messages, as the
real ones do not.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web

from engine.clock import Clock
from sandbox.twilio_faults import TroublePlan
from sandbox.twilio_replies import troubled
from sandbox.twilio_rules import E164, MAGIC_TO, refusal

VERIFY_SERVICE_SID: Final = "VA00000000000000000000000000005a5a"
# Parameters after the public description; a test holds them against it.
VERIFY_PARAMETERS: Final = frozenset(
    (
        "To Channel CustomFriendlyName CustomMessage SendDigits Locale CustomCode Amount Payee RateLimits "
        "ChannelConfiguration AppHash TemplateSid TemplateCustomSubstitutions DeviceIp EnableSnaClientToken "
        "RiskCheck Tags"
    ).split()
)
CHECK_PARAMETERS: Final = frozenset("Code To VerificationSid Amount Payee SnaClientToken".split())

_LIVES: Final = timedelta(minutes=10)
_MOST_SENDS: Final = 5
_MOST_CHECKS: Final = 5

Json = dict[str, object]
Form = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class CodeText:
    """A text with a code, as it stands on a phone."""

    to: str
    code: str
    body: str
    sent_at: datetime


@dataclass(kw_only=True)
class _Verification:
    sid: str
    to: str
    code: str
    began_at: datetime
    updated_at: datetime
    sends: list[datetime] = field(default_factory=list)
    checks: int = 0
    status: str = "pending"


class FakeVerify:
    """One service; `faults` trouble sends, `check_faults` checks, `fetch_faults` fetches.

    A verification lives ten minutes, is sent five times and checked five times at most; asked for
    again while it lives, the same code is sent again.
    """

    def __init__(
        self, authorized: Callable[[web.Request], bool], *, account_sid: str, clock: Clock, seed: int = 1
    ) -> None:
        self.texts: list[CodeText] = []
        self.faults = TroublePlan()
        self.check_faults = TroublePlan()
        self.fetch_faults = TroublePlan()
        self._authorized = authorized
        self._account_sid = account_sid
        self._clock = clock
        self._dice = random.Random(seed)
        self._made: dict[str, _Verification] = {}
        self._news = asyncio.Condition()

    def routes(self) -> list[web.RouteDef]:
        """What the service answers to."""
        service = "/v2/Services/{service}"
        return [
            web.post(f"{service}/Verifications", self._send),
            web.get(f"{service}/Verifications/{{sid}}", self._fetch),
            web.post(f"{service}/VerificationCheck", self._check),
        ]

    @property
    def checks(self) -> list[int]:
        """How often a code was held against each verification, the oldest first."""
        return [each.checks for each in self._made.values()]

    def code_on(self, number: str) -> str:
        """The newest code on a phone. Raises LookupError when it got none."""
        found = next((text.code for text in reversed(self.texts) if text.to == number), None)
        if found is None:
            raise LookupError("no code on that phone")
        return found

    async def until(self, holds: Callable[["FakeVerify"], bool]) -> None:
        """Wait until the texts are as asked."""
        async with self._news:
            await self._news.wait_for(lambda: holds(self))

    async def _send(self, request: web.Request) -> web.StreamResponse:
        refused = self._refused(request)
        if refused is not None:
            return refused
        form = await _form(request)
        fault = _send_fault(form)
        if fault is not None:
            return refusal(400, fault, form)
        trouble = self.faults.take()
        if trouble is not None and not trouble.accepted:
            return await troubled(request, trouble, form, web.json_response({}, status=201))
        found = self._living(lambda each: each.to == form["To"]) or self._begin(form["To"])
        if len(found.sends) >= _MOST_SENDS:
            return refusal(429, 60203, form)
        await self._text(found)
        reply = web.json_response(self._as_json(found), status=201)
        return reply if trouble is None else await troubled(request, trouble, form, reply)

    async def _fetch(self, request: web.Request) -> web.StreamResponse:
        refused = self._refused(request)
        if refused is not None:
            return refused
        found = self._living(lambda each: each.sid == request.match_info["sid"])
        reply = refusal(404, 20404) if found is None else web.json_response(self._as_json(found))
        trouble = self.fetch_faults.take()
        return reply if trouble is None else await troubled(request, trouble, {}, reply)

    async def _check(self, request: web.Request) -> web.StreamResponse:
        refused = self._refused(request)
        if refused is not None:
            return refused
        form = await _form(request)
        if not CHECK_PARAMETERS.issuperset(form) or not form.get("Code"):
            return refusal(400, 60200, form)
        trouble = self.check_faults.take()
        if trouble is not None and not trouble.accepted:
            return await troubled(request, trouble, form, web.json_response({}, status=201))
        found = self._living(lambda each: form.get("VerificationSid", form.get("To")) in (each.sid, each.to))
        if found is None:
            return refusal(404, 20404)
        if found.checks >= _MOST_CHECKS:
            return refusal(429, 60202, form)
        found.checks += 1
        found.updated_at = self._clock.now()
        if form["Code"] == found.code:
            found.status = "approved"
        reply = web.json_response(self._checked_json(found), status=201)
        return reply if trouble is None else await troubled(request, trouble, form, reply)

    def _refused(self, request: web.Request) -> web.Response | None:
        if not self._authorized(request):
            return refusal(401, 20003)
        known = request.match_info["service"] == VERIFY_SERVICE_SID
        return None if known else refusal(404, 20404)

    def _living(self, fits: Callable[[_Verification], bool]) -> _Verification | None:
        now = self._clock.now()
        return next(
            (
                each
                for each in self._made.values()
                if fits(each) and each.status == "pending" and now - each.began_at < _LIVES
            ),
            None,
        )

    def _begin(self, to: str) -> _Verification:
        now = self._clock.now()
        sid = f"VE{len(self._made) + 1:032x}"
        code = f"{self._dice.randrange(1_000_000):06}"
        self._made[sid] = _Verification(sid=sid, to=to, code=code, began_at=now, updated_at=now)
        return self._made[sid]

    async def _text(self, found: _Verification) -> None:
        found.updated_at = self._clock.now()
        found.sends.append(found.updated_at)
        body = f"Your Fare Engine verification code is: {found.code}"
        async with self._news:
            self.texts.append(CodeText(to=found.to, code=found.code, body=body, sent_at=found.updated_at))
            self._news.notify_all()

    def _as_json(self, found: _Verification) -> Json:
        """The verification resource; shape after the public description."""
        return {
            **self._common(found),
            "lookup": {},
            "send_code_attempts": [
                {"time": _stamp(at), "channel": "SMS", "attempt_sid": f"VL{number:032x}"}
                for number, at in enumerate(found.sends, start=1)
            ],
            "sna": None,
            "url": f"https://verify.twilio.com/v2/Services/{VERIFY_SERVICE_SID}/Verifications/{found.sid}",
        }

    def _checked_json(self, found: _Verification) -> Json:
        """The check resource; shape after the public description."""
        return {**self._common(found), "sna_attempts_error_codes": []}

    def _common(self, found: _Verification) -> Json:
        return {
            "sid": found.sid,
            "service_sid": VERIFY_SERVICE_SID,
            "account_sid": self._account_sid,
            "to": found.to,
            "channel": "sms",
            "status": found.status,
            "valid": found.status == "approved",
            "amount": None,
            "payee": None,
            "date_created": _stamp(found.began_at),
            "date_updated": _stamp(found.updated_at),
        }


def _send_fault(form: Form) -> int | None:
    if not VERIFY_PARAMETERS.issuperset(form) or form.get("Channel") != "sms":
        return 60200
    to = form.get("To", "")
    if not E164.fullmatch(to):
        return 60200
    return 60205 if MAGIC_TO.get(to) is not None else None


async def _form(request: web.Request) -> Form:
    return {name: value for name, value in (await request.post()).items() if isinstance(value, str)}


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
