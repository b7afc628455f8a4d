"""Twilio: whether it takes the account and its token, who can be texted, and what a month costs at worst."""

from typing import Final

import aiohttp
import msgspec
from twilio.base.exceptions import TwilioException

from engine.doctor.findings import Area, Finding, State
from engine.doctor.texting_cost import worst_month
from engine.doctor.twilio_desk import Account, Refused, TwilioDesk
from engine.headless.words import detail
from engine.settings import Settings
from engine.web.webhooks import INBOUND_PATH

_WRONG_TOKEN, _NOT_FOUND, _TEST_CREDENTIALS = 20003, 20404, 20008
_CONSOLE: Final = "console.twilio.com"
_NORTH_AMERICA: Final = "+1"


async def check_twilio(settings: Settings, session: aiohttp.ClientSession) -> list[Finding]:
    """Ask for the account, its sender and its services; no text is sent."""
    if not settings.can_text:
        found = [_finding(State.UNSET, "No SMS: TWILIO_SID is not set. Alerts in Discord need none.")]
        if settings.webhook_bind is not None:
            says = "WEBHOOK_BIND is set, and nothing listens there without TWILIO_SID."
            found.append(_finding(State.CAREFUL, says))
        return found
    desk = TwilioDesk(settings, session)
    try:
        found = [
            _account(await desk.account()),
            *await _sender(settings, desk),
            *await _verify(settings, desk),
        ]
        month = await worst_month(settings, desk)
    except Refused as refused:
        return [_refusal(refused.code)]
    except (aiohttp.ClientError, TimeoutError):
        advice = "Check this machine's way to the internet and TWILIO_BASE_URL."
        return [_wrong("Twilio cannot be reached.", advice)]
    except (TwilioException, msgspec.MsgspecError):
        return [
            _wrong("Twilio's answer cannot be read.", "Something else answers: is TWILIO_BASE_URL right?")
        ]
    return [
        *found,
        _operator(settings),
        _members(settings),
        _finding(State.OK, month),
        _hearing(settings),
        *_america(settings),
    ]


def _refusal(code: int) -> Finding:
    if code == _TEST_CREDENTIALS:
        says = "These are test credentials: texts are accepted and never sent."
        return _finding(State.CAREFUL, says, f"For real texts take the live ones from {_CONSOLE}.")
    if code in (_WRONG_TOKEN, _NOT_FOUND, 401, 404):
        says = f"Twilio does not take TWILIO_SID with TWILIO_AUTH_TOKEN (Twilio {code})."
        advice = f"Copy both anew from the first page of {_CONSOLE}; an API key's pair (SK...) is not them."
        return _wrong(says, advice)
    return _wrong(
        f"Twilio refuses (Twilio {code}).", f"Its meaning: https://www.twilio.com/docs/errors/{code}"
    )


def _account(account: Account) -> Finding:
    if account.status != "active":
        says = f"Twilio takes the token, but the account is {detail(account.status)}: nothing is sent."
        return _wrong(says, f"{_CONSOLE} says why; most often it is billing.")
    if account.type.lower() == "trial":
        says = "Twilio takes the token. A trial account texts only numbers that are verified with it."
        return _finding(State.CAREFUL, says, f"Verify the numbers in {_CONSOLE}, or upgrade the account.")
    return _finding(State.OK, "Twilio takes the token; the account is active.")


async def _sender(settings: Settings, desk: TwilioDesk) -> list[Finding]:
    """Whether the account can send from what the settings name."""
    service, number = settings.twilio_messaging_service_sid, settings.from_number
    found = []
    if service is not None and not await desk.has_messaging_service(service):
        advice = f"Copy its id (MG...) from {_CONSOLE}, Messaging, Services."
        found.append(_wrong("TWILIO_MESSAGING_SERVICE_SID names no service of this account.", advice))
    if number is None:
        return found
    owned = await desk.numbers(number)
    if not owned:
        advice = f"Write one of the account's own numbers there ({_CONSOLE}, Phone Numbers)."
        found.append(_wrong("FROM_NUMBER is no number of this account.", advice))
    elif not any(each.capabilities.sms for each in owned):
        found.append(_wrong("FROM_NUMBER cannot send texts.", "Take a number with the capability SMS."))
    return found


async def _verify(settings: Settings, desk: TwilioDesk) -> list[Finding]:
    service = settings.twilio_verify_service_sid
    if service is None or await desk.has_verify_service(service):
        return []
    advice = f"Copy its id (VA...) from {_CONSOLE}, Verify, Services."
    return [_wrong("TWILIO_VERIFY_SERVICE_SID names no service of this account.", advice)]


def _operator(settings: Settings) -> Finding:
    if settings.to_number is None:
        return _finding(State.UNSET, "TO_NUMBER is not set: `fare-engine run` texts nobody.")
    return _finding(State.OK, "TO_NUMBER gets the alerts of `fare-engine run`.")


def _members(settings: Settings) -> Finding:
    """Members' texts need more than the operator's; what lacks is named."""
    lacks = settings.members_texts_lack
    if not lacks:
        countries = ", ".join(settings.sms_countries or ())
        codes = "by Twilio Verify" if settings.twilio_verify_service_sid else "as texts of your own sender"
        return _finding(
            State.OK, f"Members may link phones of {countries} by /sms link; codes go out {codes}."
        )
    advice = "`fare-engine keys` makes both keys." if "PHONE_KEYS" in lacks else None
    return _finding(State.UNSET, f"Members are not texted: without {', '.join(lacks)}.", advice)


def _hearing(settings: Settings) -> Finding:
    """Whether what Twilio tells of its own accord is heard."""
    bind, base_url = settings.webhook_bind, settings.public_base_url
    if bind is None or base_url is None:
        says = (
            "Twilio is not heard (WEBHOOK_BIND, PUBLIC_BASE_URL): what became of a text is asked for after "
            "15 minutes, and a STOP is noticed at the next text."
        )
        return _finding(State.UNSET, says, "docs/operations.md, Hearing Twilio, has a proxy for it.")
    says = f"Twilio is heard at {base_url}/twilio/, passed on to {bind.host}:{bind.port}."
    advice = (
        f"For replies such as STOP enter {base_url}{INBOUND_PATH} in {_CONSOLE} (A message comes in, POST)."
    )
    return _finding(State.OK, says, advice)


def _america(settings: Settings) -> list[Finding]:
    numbers = (settings.from_number, settings.to_number)
    if not any(number is not None and number.startswith(_NORTH_AMERICA) for number in numbers):
        return []
    says = "A North American number is set: carriers there block senders that are not registered."
    return [_finding(State.CAREFUL, says, "docs/operations.md, US numbers, says what Twilio asks for.")]


def _wrong(says: str, advice: str) -> Finding:
    return _finding(State.WRONG, says, advice, blocks=True)


def _finding(state: State, says: str, advice: str | None = None, *, blocks: bool = False) -> Finding:
    return Finding(area=Area.TWILIO, name="twilio", state=state, says=says, advice=advice, blocks=blocks)
