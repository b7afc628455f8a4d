"""A Google service account: its key file, and the tokens that a signed JWT is traded for (RFC 7523)."""

import asyncio
import base64
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import aiohttp
import msgspec
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from yarl import URL

from engine.clock import Clock
from engine.errors import RouteListFault
from engine.routelists.wire import ask

READ: Final = "https://www.googleapis.com/auth/spreadsheets.readonly"
WRITE: Final = "https://www.googleapis.com/auth/spreadsheets"

_GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LIFETIME: Final = timedelta(hours=1)  # the longest that Google grants
_SPARE: Final = timedelta(minutes=2)


class _KeyFile(msgspec.Struct, frozen=True):
    """What is needed of the JSON that Google's console hands out."""

    client_email: str
    private_key: str
    token_uri: str = "https://oauth2.googleapis.com/token"  # noqa: S105  an address


class _Token(msgspec.Struct, frozen=True):
    access_token: str
    expires_in: int = 3599


class _Refusal(msgspec.Struct, frozen=True):
    error: str = ""


class _Held(msgspec.Struct, frozen=True):
    token: str
    until: datetime


class ServiceAccount:
    """Gets tokens for a key file, one per scope, and keeps each until shortly before it ends.

    A sheet is shared with the account's `client_email`, like with a person.
    """

    def __init__(self, path: Path, session: aiohttp.ClientSession, clock: Clock) -> None:
        self._path = path
        self._session = session
        self._clock = clock
        self._held: dict[str, _Held] = {}

    async def token(self, scope: str) -> str:
        """A token for that scope. Raises RouteListFault when the key or Google refuses."""
        now = self._clock.now()
        held = self._held.get(scope)
        if held is None or held.until <= now:
            held = await self._get(scope, now)
            self._held[scope] = held
        return held.token

    def forget(self) -> None:
        """Drop the tokens: one was refused."""
        self._held.clear()

    async def _get(self, scope: str, now: datetime) -> _Held:
        assertion, address = await asyncio.to_thread(_signed, self._path, scope, now)
        form = {"grant_type": _GRANT, "assertion": assertion}
        reply = await ask(self._session, "POST", address, form=form)
        if not reply.ok:
            raise _refused(reply.status, reply.body)
        try:
            token = msgspec.json.decode(reply.body, type=_Token)
        except msgspec.MsgspecError:
            raise RouteListFault("Google's reply to the service account holds no token") from None
        return _Held(token.access_token, now + timedelta(seconds=token.expires_in) - _SPARE)


def _refused(status: int, body: bytes) -> RouteListFault:
    try:
        error = msgspec.json.decode(body, type=_Refusal).error
    except msgspec.MsgspecError:
        error = ""
    if error == "invalid_grant":
        return RouteListFault(
            "Google refuses the service account (invalid_grant): a withdrawn key, or this clock is wrong"
        )
    return RouteListFault("Google gives the service account no token (HTTP {status})", status=str(status))


def _signed(path: Path, scope: str, now: datetime) -> tuple[str, URL]:
    """The signed request for a token, and where it goes. Blocking: reads a file, and signs."""
    try:
        file = msgspec.json.decode(path.read_bytes(), type=_KeyFile)
        key = serialization.load_pem_private_key(file.private_key.encode(), password=None)
    except OSError as error:
        raise RouteListFault(
            "GOOGLE_SERVICE_ACCOUNT_FILE cannot be read ({why})", why=error.strerror or ""
        ) from None
    except (msgspec.MsgspecError, ValueError, TypeError):
        raise RouteListFault("GOOGLE_SERVICE_ACCOUNT_FILE is not the JSON key of a service account") from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise RouteListFault("GOOGLE_SERVICE_ACCOUNT_FILE holds a key that is not RSA")
    issued = int(now.timestamp())
    claims = {
        "iss": file.client_email,
        "scope": scope,
        "aud": file.token_uri,
        "iat": issued,
        "exp": issued + int(_LIFETIME.total_seconds()),
    }
    head = _base64(msgspec.json.encode({"alg": "RS256", "typ": "JWT"}))
    message = f"{head}.{_base64(msgspec.json.encode(claims))}"
    signature = key.sign(message.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{message}.{_base64(signature)}", URL(file.token_uri)


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
