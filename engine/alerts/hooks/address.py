"""The address of a webhook as somebody typed it: which are taken, kind by kind.

What is refused here is refused again where it counts, at the moment of connecting
(`engine.http.public_only`); this is for the sentence. No sentence repeats the address.
"""

import re
from collections.abc import Callable, Collection, Mapping
from ipaddress import ip_address
from types import MappingProxyType
from typing import Final

from yarl import URL

from engine.domain.addresses import is_public
from engine.domain.webhook import WebhookKind
from engine.errors import InvalidInput

LONGEST_URL: Final = 1000
LONGEST_SECRET: Final = 200
_HTTPS: Final = 443
_FIRST_FREE_PORT: Final = 1024
# Names that lead nowhere outside of a network of one's own.
_INNER: Final = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "onion")
_DISCORD_HOSTS: Final = frozenset({"discord.com", "discordapp.com", "ptb.discord.com", "canary.discord.com"})
_DISCORD_PATH: Final = re.compile(r"/api/(?:v\d+/)?webhooks/(\d{15,20})/([\w-]{20,100})/?", re.ASCII)
_SLACK_HOSTS: Final = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
_SLACK_PATH: Final = re.compile(r"/services/\w+/\w+/\w+/?", re.ASCII)
_NTFY_PATH: Final = re.compile(r"/([-_A-Za-z0-9]{1,64})/?")
_NUMBER: Final = re.compile(r"\d+|0x[0-9a-f]*", re.ASCII | re.IGNORECASE)
_SNOWFLAKE: Final = re.compile(r"\d{15,20}", re.ASCII)


def read_address(kind: WebhookKind, typed: str, own_hosts: Collection[str] = ()) -> URL:
    """The address in the one form in which it is used. Raises InvalidInput.

    `own_hosts` are the names under which the bot itself can be reached: it must not call itself.
    """
    url = _parsed(typed)
    _check_host(url, own_hosts)
    return _READERS[kind](url)


def read_secret(kind: WebhookKind, typed: str) -> str | None:
    """A token or a key; None where nothing was typed. Raises InvalidInput."""
    secret = typed.strip()
    if not secret:
        return None
    if kind in (WebhookKind.DISCORD, WebhookKind.SLACK):
        raise InvalidInput("secret", "This kind of webhook has no secret but its address.")
    if len(secret) > LONGEST_SECRET or not (secret.isascii() and secret.isprintable()):
        raise InvalidInput(
            "secret", "A secret may have {most} letters, digits and signs, on one line.", most=LONGEST_SECRET
        )
    return secret


def _parsed(typed: str) -> URL:
    text = typed.strip().removeprefix("<").removesuffix(">")
    if len(text) > LONGEST_URL:
        raise InvalidInput("url", "The address is longer than {most} characters.", most=LONGEST_URL)
    if not text.lower().startswith("https://"):
        raise InvalidInput("url", "The address must begin with https:// so that nobody reads along.")
    if not text.isprintable() or any(sign in text for sign in " \\"):
        raise _unreadable()
    try:
        url = URL(text).with_fragment(None)
        port = url.port
    except ValueError:
        raise _unreadable() from None
    if url.user is not None or url.password is not None:
        raise InvalidInput("url", "Leave name and password out of the address.")
    if not url.raw_host:
        raise _unreadable()
    if port != _HTTPS and (port is None or port < _FIRST_FREE_PORT):
        raise InvalidInput("url", "Its port may be 443, which need not be written, or 1024 and above.")
    return url


def _check_host(url: URL, own_hosts: Collection[str]) -> None:
    host = (url.raw_host or "").rstrip(".").lower()
    try:
        ip_address(host)
    except ValueError:
        last = host.rpartition(".")[2]
        inner = "." not in host or last in _INNER
        if inner or _NUMBER.fullmatch(last):  # 127.1, 0x7f.1: addresses in disguise
            raise _not_public() from None
    else:
        if not is_public(host):
            raise _not_public()
    if host in {own.rstrip(".").lower() for own in own_hosts}:
        raise InvalidInput("url", "That is my own address; I do not call myself.")


def _discord(url: URL) -> URL:
    path = _DISCORD_PATH.fullmatch(url.path)
    if url.host not in _DISCORD_HOSTS or not path or url.port != _HTTPS:
        raise InvalidInput(
            "url",
            "That is no Discord webhook. Copy it in the channel's settings, under Integrations, Webhooks.",
        )
    made = URL("https://discord.com/api/v10/webhooks") / path[1] / path[2]
    thread = url.query.get("thread_id", "")
    return made.with_query(thread_id=thread) if _SNOWFLAKE.fullmatch(thread) else made


def _slack(url: URL) -> URL:
    if url.host not in _SLACK_HOSTS or not _SLACK_PATH.fullmatch(url.path) or url.port != _HTTPS:
        raise InvalidInput(
            "url",
            "That is no incoming webhook of Slack. It begins with https://hooks.slack.com/services/ and "
            "stands in your app's settings, under Incoming Webhooks.",
        )
    return url.with_query(None)


def _ntfy(url: URL) -> URL:
    if not _NTFY_PATH.fullmatch(url.path):
        raise InvalidInput(
            "url", "An ntfy address is a server and a topic, such as https://ntfy.sh/my-topic."
        )
    return url.with_query(None)


def _json(url: URL) -> URL:
    return url


_READERS: Final[Mapping[WebhookKind, Callable[[URL], URL]]] = MappingProxyType(
    {
        WebhookKind.DISCORD: _discord,
        WebhookKind.SLACK: _slack,
        WebhookKind.NTFY: _ntfy,
        WebhookKind.JSON: _json,
    }
)


def _unreadable() -> InvalidInput:
    return InvalidInput("url", "I cannot read that address. Copy it whole, from https:// on.")


def _not_public() -> InvalidInput:
    return InvalidInput(
        "url", "That host is not on the public internet; I only call hosts that everybody could call."
    )
