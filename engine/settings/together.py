"""What must be set together, judged by presence only: so it is said beside the faults of single settings."""

from collections.abc import Collection, Mapping
from typing import Final

# The sources of this version, most wanted first (cached ones, then live ones), and what each needs.
# One that needs nothing is asked only where it is named.
CREDENTIALS: Final[Mapping[str, tuple[str, ...]]] = {
    "travelpayouts": ("TRAVELPAYOUTS_TOKEN",),
    "amadeus": ("AMADEUS_CLIENT_ID", "AMADEUS_CLIENT_SECRET"),
    "tequila": ("TEQUILA_API_KEY",),
    "duffel": ("DUFFEL_TOKEN",),
    "ignav": ("IGNAV_API_KEY",),
    "serpapi": ("SERPAPI_KEY",),
    "kiwi": (),
}
# Those that ask an airline now: only they can confirm what a cached one has.
LIVE: Final = ("amadeus", "tequila", "duffel", "ignav", "serpapi", "kiwi")
_SET_IT: Final = "set it in .env (`cp .env.example .env` makes one) or in the environment."
# What a newcomer sees first: one line, with everything in it.
_WHERE_FROM: Final[Mapping[str, str]] = {
    "DISCORD_TOKEN": " Get it at discord.com/developers/applications: New Application, Bot, Reset Token.",
}
_TWILIO: Final = (
    "TWILIO_SID",
    "TWILIO_AUTH_TOKEN",
    "FROM_NUMBER",
    "TWILIO_MESSAGING_SERVICE_SID",
    "TWILIO_VERIFY_SERVICE_SID",
    "TO_NUMBER",
)
_PHONE_KEYS: Final = ("PHONE_KEYS", "PHONE_HASH_KEY")
_SENDERS: Final = ("FROM_NUMBER", "TWILIO_MESSAGING_SERVICE_SID")


def faults_together(given: Mapping[str, str], required: Collection[str]) -> list[str]:
    """One line per setting that is missing although others need it."""
    missing = {name: f"{name}: is missing; {_SET_IT}{_WHERE_FROM.get(name, '')}" for name in required}
    missing |= _half_credentials(given) | _named_without_credentials(given)
    missing |= _half_twilio(given) | _half_phone_keys(given) | _half_sheety(given) | _half_webhooks(given)
    return [sentence for name, sentence in missing.items() if name not in given]


def _half_credentials(given: Mapping[str, str]) -> dict[str, str]:
    """A client id without its secret, or the other way round."""
    return {
        name: f"{name}: is missing, but {other} is set; {source} needs both."
        for source, names in CREDENTIALS.items()
        for name in names
        for other in names
        if other in given and name != other
    }


def _named_without_credentials(given: Mapping[str, str]) -> dict[str, str]:
    return {
        name: f"{name}: is missing, but {setting} names {source}."
        for setting in ("FARE_CONFIRM_SOURCES", "FARE_SOURCES")
        for source, names in CREDENTIALS.items()
        if source in {part.strip().lower() for part in given.get(setting, "").split(",")}
        for name in names
    }


def _half_phone_keys(given: Mapping[str, str]) -> dict[str, str]:
    return {
        name: f"{name}: is missing, but {other} is set; `fare-engine keys` makes both."
        for name in _PHONE_KEYS
        for other in _PHONE_KEYS
        if other in given and name != other
    }


def _half_webhooks(given: Mapping[str, str]) -> dict[str, str]:
    """Signatures are checked against the public address: without it nothing could be heard."""
    because = "is missing, but WEBHOOK_BIND is set; write the https:// address that Twilio calls."
    return {"PUBLIC_BASE_URL": f"PUBLIC_BASE_URL: {because}"} if "WEBHOOK_BIND" in given else {}


def _half_sheety(given: Mapping[str, str]) -> dict[str, str]:
    """Basic authentication takes both; what only goes with an endpoint or a key asks for it."""
    needs = {
        "SHEETY_USERNAME": "SHEETY_PASSWORD",
        "SHEETY_PASSWORD": "SHEETY_USERNAME",
        "SHEETY_TOKEN": "SHEETY_PRICES_ENDPOINT",
    }
    return {
        name: f"{name}: is missing, but {other} is set; Sheety needs both."
        for other, name in needs.items()
        if other in given
    }


def _half_twilio(given: Mapping[str, str]) -> dict[str, str]:
    """Any part of Twilio asks for the account, its token and somebody to send from."""
    present = [name for name in _TWILIO if name in given]
    if not present:
        return {}
    because = f"is missing, but {present[0]} is set; SMS needs it"
    faults = {name: f"{name}: {because}." for name in ("TWILIO_SID", "TWILIO_AUTH_TOKEN")}
    if not any(name in given for name in _SENDERS):
        faults["FROM_NUMBER"] = f"FROM_NUMBER: {because}; TWILIO_MESSAGING_SERVICE_SID may stand for it."
    return faults
