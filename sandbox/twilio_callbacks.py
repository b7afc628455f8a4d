"""The other direction of the pretend Twilio: signed reports of what became of texts, and phones' replies.

It calls the public address that it was given; where that leads, as a reverse proxy would, `leads_to` says.
"""

import base64
import hashlib
import hmac
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import aiohttp

from engine.clock import Clock
from sandbox.errands import Errands

Form = Mapping[str, str]
Fate = Sequence[tuple[str, int | None]]

ARRIVES: Final[Fate] = (("sent", None), ("delivered", None))
_TIMEOUT: Final = aiohttp.ClientTimeout(total=15)  # as the real one


def vanishes(code: int, status: str = "undelivered") -> Fate:
    """A text that a carrier took and lost for that reason."""
    return (("sent", None), (status, code))


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How reports come: so many times each, in reverse order, late, before the create is answered, never."""

    times: int = 1
    reversed: bool = False
    late_s: float = 0.0
    early: bool = False
    lost: bool = False


class Callbacks:
    """Reports and replies. `manner` may be changed at any time, `fates` say what becomes of texts by number.

    `answers` are the statuses that came back, in order.
    """

    def __init__(self, *, account_sid: str, auth_token: str, clock: Clock) -> None:
        self.manner = Manner()
        self.fates: dict[str, Fate] = {}
        self.leads_to: dict[str, str] = {}
        self.answers: list[int] = []
        self._account_sid = account_sid
        self._auth_token = auth_token
        self._clock = clock
        self._errands = Errands()
        self._inbound = itertools.count(1)

    def fate_of(self, number: str) -> Fate:
        """What becomes of texts to that number."""
        return self.fates.get(number, ARRIVES)

    async def taken(self, sid: str, form: Form) -> None:
        """A text was taken whose sender may want to hear of it."""
        url = form.get("StatusCallback")
        if url is None or self.manner.lost:
            return
        reporting = self._report(url, sid, form)
        if self.manner.early:
            await reporting
            return
        self._errands.start(reporting)

    async def settled(self) -> None:
        """Wait until every report is told."""
        await self._errands.all_done()

    async def reply(
        self, number: str, body: str, url: str, *, opt_out: str | None = None, sid: str | None = None
    ) -> int:
        """A phone texts the sender, whose inbound webhook is `url`; the status that came back."""
        sid = sid or f"SM{next(self._inbound):032x}"
        form = {
            "ToCountry": "US",
            "SmsMessageSid": sid,
            "NumMedia": "0",
            "SmsSid": sid,
            "SmsStatus": "received",
            "Body": body,
            "To": "+15005550006",
            "NumSegments": "1",
            "MessageSid": sid,
            "AccountSid": self._account_sid,
            "From": number,
            "ApiVersion": "2010-04-01",
        }
        if opt_out is not None:
            form["OptOutType"] = opt_out
        return await self.send(url, form)

    async def send(self, url: str, form: Form, *, headers: Mapping[str, str] | None = None) -> int:
        """One signed POST to that public address; `headers` stand above the signature."""
        headers = {"X-Twilio-Signature": self.sign(url, form), **(headers or {})}
        try:
            async with (
                aiohttp.ClientSession(timeout=_TIMEOUT) as session,
                session.post(self._led(url), data=dict(form), headers=headers) as answer,
            ):
                status = answer.status
        except aiohttp.ClientError:
            status = 0  # nobody is there: reports are not told twice
        self.answers.append(status)
        return status

    def sign(self, url: str, form: Form, algorithm: str = "sha1") -> str:
        """The signature as docs/usage/security describes it: the address, then each field in order."""
        text = url + "".join(f"{name}{form[name]}" for name in sorted(form))
        mac = hmac.new(self._auth_token.encode(), text.encode(), getattr(hashlib, algorithm))
        return base64.b64encode(mac.digest()).decode()

    async def _report(self, url: str, sid: str, form: Form) -> None:
        manner = self.manner
        if manner.late_s:
            await self._clock.sleep(manner.late_s)
        fate = tuple(self.fate_of(form["To"]))
        for status, code in reversed(fate) if manner.reversed else fate:
            for _ in range(manner.times):
                await self.send(url, self._form(sid, form, status, code))

    def _form(self, sid: str, form: Form, status: str, code: int | None) -> dict[str, str]:
        told = {
            "SmsSid": sid,
            "SmsStatus": status,
            "MessageStatus": status,
            "To": form["To"],
            "MessageSid": sid,
            "AccountSid": self._account_sid,
            "ApiVersion": "2010-04-01",
        }
        sender = form.get("From") or form.get("MessagingServiceSid")
        return {**told, "From": sender or "", **({} if code is None else {"ErrorCode": str(code)})}

    def _led(self, url: str) -> str:
        parts = urlsplit(url)
        door = self.leads_to.get(f"{parts.scheme}://{parts.netloc}")
        return url if door is None else f"{door}{url.removeprefix(f'{parts.scheme}://{parts.netloc}')}"
