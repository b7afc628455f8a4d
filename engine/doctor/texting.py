"""Twilio: whether it takes the account and its token, and whether the account can send from here."""

from typing import Annotated, Final, TypeVar

import aiohttp
import msgspec
from twilio.base.exceptions import TwilioException

from engine.alerts.channels.twilio_transport import DEADLINE_S, TwilioTransport
from engine.doctor.findings import Area, Finding, State
from engine.headless.words import detail
from engine.settings import Settings

_API: Final = "https://api.twilio.com/2010-04-01/Accounts"
_OK: Final = 200
_WRONG_TOKEN, _NOT_FOUND, _TEST_CREDENTIALS = 20003, 20404, 20008
_CONSOLE: Final = "console.twilio.com"
_NORTH_AMERICA: Final = "+1"

_Answer = TypeVar("_Answer")


class _Account(msgspec.Struct):
    status: Annotated[str, msgspec.Meta(max_length=40)]
    type: str = "Full"


class _Capabilities(msgspec.Struct):
    sms: bool = True


class _Number(msgspec.Struct):
    capabilities: _Capabilities = msgspec.field(default_factory=_Capabilities)


class _Numbers(msgspec.Struct):
    incoming_phone_numbers: list[_Number]


class _Refusal(msgspec.Struct):
    code: int = 0


class _Refused(Exception):
    """Twilio answered with anything but a yes."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


async def check_twilio(settings: Settings, session: aiohttp.ClientSession) -> list[Finding]:
    """Fetch the account and look for FROM_NUMBER among its numbers; no text is sent."""
    if not settings.can_text:
        return [_finding(State.UNSET, "No SMS: TWILIO_SID is not set. Alerts in Discord need none.")]
    try:
        account = await _get(settings, session, ".json", _Account)
        found = [_account(account), *await _sender(settings, session)]
    except _Refused as refused:
        return [_refusal(refused.code)]
    except (aiohttp.ClientError, TimeoutError):
        advice = "Check this machine's way to the internet and TWILIO_BASE_URL."
        return [_finding(State.WRONG, "Twilio cannot be reached.", advice, blocks=True)]
    except (TwilioException, msgspec.MsgspecError):
        advice = "Something else answers there: is TWILIO_BASE_URL right?"
        return [_finding(State.WRONG, "Twilio's answer cannot be read.", advice, blocks=True)]
    return [*found, *_operator(settings)]


async def _get(
    settings: Settings,
    session: aiohttp.ClientSession,
    path: str,
    form: type[_Answer],
    query: dict[str, str] | None = None,
) -> _Answer:
    """One resource of the account. Raises _Refused with Twilio's code, and what the transport raises."""
    token = settings.twilio_auth_token
    reply = await TwilioTransport(session, base_url=settings.twilio_base_url).request(
        "GET",
        f"{_API}/{settings.twilio_sid}{path}",
        params=query,
        auth=(settings.twilio_sid or "", token.get_secret_value() if token else ""),
        timeout=DEADLINE_S,
    )
    if reply.status_code != _OK:
        raise _Refused(_code(reply.status_code, reply.text))
    return msgspec.json.decode(reply.text, type=form)


def _code(status: int, body: str) -> int:
    """Twilio's own code, else the HTTP status."""
    try:
        return msgspec.json.decode(body, type=_Refusal).code or status
    except msgspec.MsgspecError:
        return status


def _refusal(code: int) -> Finding:
    if code == _TEST_CREDENTIALS:
        says = "These are test credentials: texts are accepted and never sent."
        return _finding(State.CAREFUL, says, f"For real texts take the live ones from {_CONSOLE}.")
    if code in (_WRONG_TOKEN, _NOT_FOUND, 401, 404):
        says = f"Twilio does not take TWILIO_SID with TWILIO_AUTH_TOKEN (Twilio {code})."
        advice = f"Copy both anew from the first page of {_CONSOLE}; an API key's pair (SK...) is not them."
        return _finding(State.WRONG, says, advice, blocks=True)
    advice = f"Its meaning: https://www.twilio.com/docs/errors/{code}"
    return _finding(State.WRONG, f"Twilio refuses (Twilio {code}).", advice, blocks=True)


def _account(account: _Account) -> Finding:
    if account.status != "active":
        says = f"Twilio takes the token, but the account is {detail(account.status)}: nothing is sent."
        return _finding(State.WRONG, says, f"{_CONSOLE} says why; most often it is billing.", blocks=True)
    if account.type.lower() == "trial":
        says = "Twilio takes the token. A trial account texts only numbers that are verified with it."
        return _finding(State.CAREFUL, says, f"Verify the numbers in {_CONSOLE}, or upgrade the account.")
    return _finding(State.OK, "Twilio takes the token; the account is active.")


async def _sender(settings: Settings, session: aiohttp.ClientSession) -> list[Finding]:
    """Whether FROM_NUMBER belongs to the account; a messaging service has senders of its own."""
    if settings.from_number is None:
        return []
    query = {"PhoneNumber": settings.from_number}
    owned = (
        await _get(settings, session, "/IncomingPhoneNumbers.json", _Numbers, query)
    ).incoming_phone_numbers
    if not owned:
        advice = f"Write one of the account's own numbers there ({_CONSOLE}, Phone Numbers)."
        return [_finding(State.WRONG, "FROM_NUMBER is no number of this account.", advice, blocks=True)]
    if not any(number.capabilities.sms for number in owned):
        advice = "Take a number that has the capability SMS."
        return [_finding(State.WRONG, "FROM_NUMBER cannot send texts.", advice, blocks=True)]
    return []


def _operator(settings: Settings) -> list[Finding]:
    if settings.to_number is None:
        return [_finding(State.UNSET, "TO_NUMBER is not set: `fare-engine run` texts nobody.")]
    says = "TO_NUMBER is texted once per drop; how many texts that makes a month is not capped yet."
    found = [_finding(State.CAREFUL, says, "Set an alert on spending in Twilio's console.")]
    if settings.to_number.startswith(_NORTH_AMERICA):
        says = "TO_NUMBER is in North America, where carriers block senders that are not registered."
        found.append(
            _finding(State.CAREFUL, says, "docs/operations.md, US numbers, says what Twilio asks for.")
        )
    return found


def _finding(state: State, says: str, advice: str | None = None, *, blocks: bool = False) -> Finding:
    return Finding(area=Area.TWILIO, name="twilio", state=state, says=says, advice=advice, blocks=blocks)
