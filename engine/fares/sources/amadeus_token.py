"""The access token of Amadeus: asked for once, shared, refreshed before it ends."""

from typing import Annotated, Final

import aiohttp
import msgspec

from engine.clock import Clock
from engine.domain.quote import OutcomeKind
from engine.fares.exchange import Method, Unanswered, exchange
from engine.fares.flight import SingleFlight
from engine.fares.gate import Gate
from engine.fares.sources.amadeus_errors import refusal

_PATH: Final = "/v1/security/oauth2/token"
# Tokens live 1799 s; refreshing at 85 % leaves four minutes for searches that began with the old one.
_REFRESH_AT: Final = 0.85
_OK: Final = 200


class _Granted(msgspec.Struct):
    """The token endpoint's 200; the token goes into a header, so it must fit into one."""

    access_token: Annotated[str, msgspec.Meta(pattern=r"^[\x21-\x7e]+$", max_length=4096)]
    expires_in: Annotated[float, msgspec.Meta(gt=0, le=86_400)]


_GRANTED: Final = msgspec.json.Decoder(_Granted)


class Tokens:
    """Keeps one valid token; however many searches need one, it is asked for once."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        base_url: str,
        client_id: str,
        client_secret: str,
        gate: Gate,
        clock: Clock,
        timeout_s: float,
    ) -> None:
        self._session = session
        self._url = base_url + _PATH
        self._form = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": client_secret,
        }
        self._gate = gate
        self._clock = clock
        self._timeout_s = timeout_s
        self._token: str | None = None
        self._refresh_at = 0.0
        self._flight: SingleFlight[str, str] = SingleFlight()

    async def current(self) -> str:
        """A token that is good for a while yet. Raises Unanswered when none can be had."""
        if self._token is not None and self._clock.monotonic() < self._refresh_at:
            return self._token
        return await self._flight.join("token", self._ask)

    def forget(self, token: str) -> None:
        """Drop a token that was refused; another one, got in the meantime, stays."""
        if self._token == token:
            self._token = None

    async def _ask(self) -> str:
        asked_at = self._clock.monotonic()
        # A token must not queue behind searches that wait for it.
        async with self._gate.call_aside():
            reply = await exchange(
                self._session, Method.POST, self._url, timeout_s=self._timeout_s, form=self._form
            )
            if reply.status != _OK:
                raise refusal(reply, self._clock.now())
        try:
            granted = _GRANTED.decode(reply.body)
        except (ValueError, RecursionError) as error:
            raise Unanswered(OutcomeKind.MALFORMED, "unreadable token reply") from error
        self._token = granted.access_token
        self._refresh_at = asked_at + granted.expires_in * _REFRESH_AT
        return self._token
