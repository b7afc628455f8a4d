"""What the pretend Twilio takes and refuses: parameters, magic numbers, the words of its errors."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from aiohttp import web

# Parameters of a create after the public description; a test holds them against it.
CREATE_PARAMETERS: Final = frozenset(
    (
        "To StatusCallback ApplicationSid MaxPrice ProvideFeedback Attempt ValidityPeriod ForceDelivery "
        "ContentRetention AddressRetention SmartEncoded PersistentAction TrafficType ShortenUrls "
        "ScheduleType SendAt SendAsMms ContentVariables RiskCheck From FallbackFrom MessagingServiceSid "
        "Body MediaUrl ContentSid"
    ).split()
)

E164: Final = re.compile(r"\+[1-9]\d{1,14}")
_SERVICE_SID: Final = re.compile(r"MG[0-9a-fA-F]{32}")
_LONGEST_BODY: Final = 1600
_LONGEST_VALIDITY_S: Final = 36_000

# docs/iam/test-credentials
_MAGIC_FROM: Final = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
MAGIC_TO: Final = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
_WORDS: Final = {
    20003: "Authenticate",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    21211: "The 'To' number {to} is not a valid phone number.",
    21212: "The 'From' number {sender} is not a valid phone number, shortcode, or alphanumeric sender ID.",
    21408: "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: "
    "{to}.",
    21602: "Message body is required.",
    21603: "A 'From' phone number is required.",
    21604: "A 'To' phone number is required.",
    21606: "The 'From' phone number {sender} is not a valid, SMS-capable inbound phone number "
    "for your account.",
    21610: "Attempt to send to unsubscribed recipient {to}",
    21611: "This 'From' number {sender} has exceeded the maximum number of queued messages.",
    21612: "The 'To' phone number {to} is not currently reachable using the 'From' phone number {sender}.",
    21614: "'To' number {to} is not a valid mobile number",
    21617: "The concatenated message body exceeds the 1600 character limit.",
    60200: "Invalid parameter",
    60202: "Max check attempts reached",
    60203: "Max send attempts reached",
    60205: "SMS is not supported by landline phone number",
    60212: "Too many concurrent requests for phone number",
    60410: "The destination phone number {to} has been temporarily blocked by Twilio due to fraudulent "
    "activities",
}


def fault_of(form: Mapping[str, str]) -> int | None:
    """The code with which Twilio refuses a create; None when it takes it."""
    to, sender, service = form.get("To"), form.get("From"), form.get("MessagingServiceSid")
    validity = form.get("ValidityPeriod", "1")
    if not CREATE_PARAMETERS.issuperset(form) or not _is_validity(validity):
        return 20001
    if not to:
        return 21604
    if not sender and not service:
        return 21603
    if not form.get("Body"):
        return 21602
    if len(form["Body"]) > _LONGEST_BODY:
        return 21617
    if service and not _SERVICE_SID.fullmatch(service):
        return 20001
    if sender in _MAGIC_FROM:
        return _MAGIC_FROM[sender]
    return MAGIC_TO.get(to, None if E164.fullmatch(to) else 21211)


def _is_validity(text: str) -> bool:
    return text.isdecimal() and 1 <= int(text) <= _LONGEST_VALIDITY_S


def refusal(status: int, code: int, asked: Mapping[str, str] | None = None) -> web.Response:
    """Twilio's form of an error; like the real one it quotes the numbers asked for."""
    asked = asked or {}
    words = _WORDS.get(code, "Bad request").format(
        to=asked.get("To", ""), sender=asked.get("From") or asked.get("MessagingServiceSid", "")
    )
    more = f"https://www.twilio.com/docs/errors/{code}"
    return web.json_response(
        {"code": code, "message": words, "more_info": more, "status": status}, status=HTTPStatus(status)
    )
