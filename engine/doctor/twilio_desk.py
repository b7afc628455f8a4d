"""Questions to Twilio about its own account; none of them sends a text or costs anything."""

from decimal import Decimal
from typing import Annotated, Final, TypeVar

import aiohttp
import msgspec

from engine.alerts.channels.twilio_transport import DEADLINE_S, TwilioTransport
from engine.settings import Settings

_API: Final = "https://api.twilio.com"
_MESSAGING: Final = "https://messaging.twilio.com/v1/Services"
_VERIFY: Final = "https://verify.twilio.com/v2/Services"
_PRICES: Final = "https://pricing.twilio.com/v1/Messaging/Countries"
_OK: Final = 200
_NOT_FOUND: Final = (404, 20404)

_Answer = TypeVar("_Answer")


class Account(msgspec.Struct):
    """The account: `status` is active, suspended or closed, `type` Trial or Full."""

    status: Annotated[str, msgspec.Meta(max_length=40)]
    type: str = "Full"


class Capabilities(msgspec.Struct):
    """What a number can do."""

    sms: bool = True


class Number(msgspec.Struct):
    """One of the account's own numbers."""

    capabilities: Capabilities = msgspec.field(default_factory=Capabilities)


class Price(msgspec.Struct):
    """What a segment costs from one type of number; text, in major units."""

    current_price: Decimal


class CarrierPrices(msgspec.Struct):
    """What a segment costs to one carrier."""

    prices: list[Price]


class CountryPrices(msgspec.Struct):
    """What segments to a country cost; `price_unit` is a currency code."""

    outbound_sms_prices: list[CarrierPrices]
    price_unit: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z]{3}$")]

    @property
    def dearest(self) -> Decimal | None:
        """The most that one segment costs there; None when nothing is said."""
        prices = [each.current_price for carrier in self.outbound_sms_prices for each in carrier.prices]
        return max((price for price in prices if price.is_finite()), default=None)


class _Numbers(msgspec.Struct):
    incoming_phone_numbers: list[Number]


class _Service(msgspec.Struct):
    sid: str


class _Refusal(msgspec.Struct):
    code: int = 0


class Refused(Exception):
    """Twilio answered with anything but a yes; `code` is its own, else the HTTP status."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class TwilioDesk:
    """Asks by the settings' credentials.

    Every method raises Refused, TwilioException or MsgspecError for an answer that cannot be read,
    and what the session raises when there is none.
    """

    def __init__(self, settings: Settings, session: aiohttp.ClientSession) -> None:
        token = settings.twilio_auth_token
        self._sid = settings.twilio_sid or ""
        self._auth = (self._sid, token.get_secret_value() if token else "")
        # Every product has a host of its own; only another address than the usual stands for all.
        base_url = None if settings.twilio_base_url == _API else settings.twilio_base_url
        self._transport = TwilioTransport(session, base_url=base_url)

    async def account(self) -> Account:
        """The account itself."""
        return await self._get(f"{_API}/2010-04-01/Accounts/{self._sid}.json", Account)

    async def numbers(self, number: str) -> list[Number]:
        """The account's own numbers that are this one: none or one."""
        address = f"{_API}/2010-04-01/Accounts/{self._sid}/IncomingPhoneNumbers.json"
        return (await self._get(address, _Numbers, {"PhoneNumber": number})).incoming_phone_numbers

    async def has_messaging_service(self, sid: str) -> bool:
        """Whether there is a messaging service of that id."""
        return await self._has(f"{_MESSAGING}/{sid}")

    async def has_verify_service(self, sid: str) -> bool:
        """Whether there is a Verify service of that id."""
        return await self._has(f"{_VERIFY}/{sid}")

    async def prices(self, country: str) -> CountryPrices:
        """What texts to a country cost this account, by its ISO code."""
        return await self._get(f"{_PRICES}/{country}", CountryPrices)

    async def _has(self, address: str) -> bool:
        try:
            await self._get(address, _Service)
        except Refused as refused:
            if refused.code in _NOT_FOUND:
                return False
            raise
        return True

    async def _get(self, address: str, form: type[_Answer], query: dict[str, str] | None = None) -> _Answer:
        reply = await self._transport.request(
            "GET", address, params=query, auth=self._auth, timeout=DEADLINE_S
        )
        if reply.status_code != _OK:
            raise Refused(_code(reply.status_code, reply.text))
        return msgspec.json.decode(reply.text, type=form)


def _code(status: int, body: str) -> int:
    try:
        return msgspec.json.decode(body, type=_Refusal).code or status
    except msgspec.MsgspecError:
        return status
