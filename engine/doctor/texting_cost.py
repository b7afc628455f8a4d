"""What a month of texts costs at worst: the caps, and Twilio's price of a segment where it says one."""

import asyncio
from decimal import Decimal
from typing import Final

import aiohttp
import msgspec
import phonenumbers
from twilio.base.exceptions import TwilioException

from engine.doctor.twilio_desk import Refused, TwilioDesk
from engine.settings import Settings

# A few countries are asked for; somebody who allows the world has to look the dearest up.
_MOST_COUNTRIES: Final = 10
_NO_PRICE: Final = (Refused, aiohttp.ClientError, TimeoutError, TwilioException, msgspec.MsgspecError)


async def worst_month(settings: Settings, desk: TwilioDesk) -> str:
    """The sentence about it. A price that cannot be had is no fault: the caps hold all the same."""
    most = (
        f"A month is at worst {settings.sms_monthly_cap:,} SMS segments, a day {settings.sms_daily_cap:,}, "
        "codes included"
    )
    countries = await asyncio.to_thread(_countries, settings)
    priced = await _dearest(desk, countries) if 0 < len(countries) <= _MOST_COUNTRIES else None
    if priced is None:
        return f"{most}; what one costs is not known here, Twilio's price list says it."
    price, unit, country = priced
    total = price * settings.sms_monthly_cap
    return (
        f"{most}: {total:,.2f} {unit} at {price.normalize():f} {unit} a segment, Twilio's dearest for "
        f"{country}. Carriers' and Verify's fees come on top."
    )


def _countries(settings: Settings) -> list[str]:
    """Where texts may go: to members' numbers and to TO_NUMBER."""
    found = dict.fromkeys(settings.sms_countries or ())
    if settings.to_number is not None:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(settings.to_number))
        found |= dict.fromkeys([region] if region else [])
    return list(found)


async def _dearest(desk: TwilioDesk, countries: list[str]) -> tuple[Decimal, str, str] | None:
    """The dearest price with its currency and country; None unless all are known and of one currency."""
    found = await asyncio.gather(*(_price(desk, country) for country in countries))
    known = [each for each in found if each is not None]
    if len(known) < len(countries) or len({unit for _, unit, _ in known}) != 1:
        return None
    return max(known)


async def _price(desk: TwilioDesk, country: str) -> tuple[Decimal, str, str] | None:
    try:
        prices = await desk.prices(country)
    except _NO_PRICE:
        return None
    dearest = prices.dearest
    return None if dearest is None else (dearest, prices.price_unit.upper(), country)
