"""What the pretend Twilio says of its account: its state, its numbers, its services."""

from collections.abc import Callable, Sequence
from typing import Final

from aiohttp import web

from sandbox.twilio_faults import TroublePlan
from sandbox.twilio_replies import troubled
from sandbox.twilio_rules import refusal
from sandbox.twilio_verify import VERIFY_SERVICE_SID

MESSAGING_SERVICE_SID: Final = "MG00000000000000000000000000005a5a"
_ACCOUNT: Final = "/2010-04-01/Accounts/{account}"


class Account:
    """The account behind the service; `status`, `type`, `numbers` and `services` may be changed.

    `prices` are those of a segment by country, one per carrier. `faults` trouble its own resource,
    `price_faults` the prices. Shapes after the public documentation, as much as is read.
    """

    def __init__(self, authorized: Callable[[web.Request], bool], *, sid: str, number: str) -> None:
        self.status = "active"
        self.type = "Full"
        self.numbers = [number]
        self.services = {VERIFY_SERVICE_SID, MESSAGING_SERVICE_SID}
        self.prices: dict[str, Sequence[str]] = {"DE": ("0.0950", "0.1120"), "US": ("0.0083",)}
        self.faults = TroublePlan()
        self.price_faults = TroublePlan()
        self._authorized = authorized
        self._sid = sid

    def routes(self) -> list[web.RouteDef]:
        """What it answers to; the services of Messaging are v1, those of Verify v2."""
        return [
            web.get(f"{_ACCOUNT}.json", self._itself),
            web.get(f"{_ACCOUNT}/IncomingPhoneNumbers.json", self._owned),
            web.get("/{version:v[12]}/Services/{service}", self._service),
            web.get("/v1/Messaging/Countries/{country}", self._priced),
        ]

    async def _itself(self, request: web.Request) -> web.StreamResponse:
        if not self._authorized(request):
            return refusal(401, 20003)
        reply = web.json_response(
            {"sid": self._sid, "friendly_name": "Sandbox", "status": self.status, "type": self.type}
        )
        trouble = self.faults.take()
        return reply if trouble is None else await troubled(request, trouble, request.query, reply)

    async def _owned(self, request: web.Request) -> web.StreamResponse:
        if not self._authorized(request):
            return refusal(401, 20003)
        wanted = request.query.get("PhoneNumber")
        found = [
            {"phone_number": number, "capabilities": {"sms": True, "mms": False, "voice": True}}
            for number in self.numbers
            if wanted in (None, number)
        ]
        return web.json_response({"incoming_phone_numbers": found, "page": 0, "page_size": 50})

    async def _service(self, request: web.Request) -> web.StreamResponse:
        if not self._authorized(request):
            return refusal(401, 20003)
        sid = request.match_info["service"]
        if sid not in self.services:
            return refusal(404, 20404)
        return web.json_response({"sid": sid, "account_sid": self._sid, "friendly_name": "Sandbox"})

    async def _priced(self, request: web.Request) -> web.StreamResponse:
        if not self._authorized(request):
            return refusal(401, 20003)
        country = request.match_info["country"]
        if country not in self.prices:
            return refusal(404, 20404)
        carriers = [
            {
                "carrier": f"Carrier {number}",
                "mcc": "262",
                "mnc": f"{number:02}",
                "prices": [{"number_type": "mobile", "base_price": price, "current_price": price}],
            }
            for number, price in enumerate(self.prices[country])
        ]
        reply = web.json_response(
            {
                "country": country,
                "iso_country": country,
                "url": f"https://pricing.twilio.com/v1/Messaging/Countries/{country}",
                "outbound_sms_prices": carriers,
                "inbound_sms_prices": [],
                "price_unit": "USD",
            }
        )
        trouble = self.price_faults.take()
        return reply if trouble is None else await troubled(request, trouble, request.query, reply)
