"""A pretend Amadeus: the token endpoint and Flight Offers Search v2, strict about what it is asked."""

import asyncio
import random
import re
import time
from collections import deque
from collections.abc import Mapping
from datetime import date
from typing import Final

import msgspec
from aiohttp import web

from engine.clock import Clock, SystemClock
from sandbox.broken import broken
from sandbox.faults import Fault, FaultPlan, Trouble
from sandbox.ledger import Ledger
from sandbox.market import Market
from sandbox.offers import Json, offers, reprice

SERVICE: Final = "amadeus"
TOKEN_PATH: Final = "/v1/security/oauth2/token"  # noqa: S105  a path
OFFERS_PATH: Final = "/v2/shopping/flight-offers"
CLIENT_ID: Final = "sandbox-id"
CLIENT_SECRET: Final = "sandbox-secret"  # noqa: S105  opens nothing but this pretend world
DEFAULT_LATENCY: Final = (0.9, 1.2)

# name: required, pattern; after the public description of the endpoint.
_PARAMETERS: Final = {
    "originLocationCode": (True, r"[A-Z]{3}"),
    "destinationLocationCode": (True, r"[A-Z]{3}"),
    "departureDate": (True, r"\d{4}-\d{2}-\d{2}"),
    "returnDate": (False, r"\d{4}-\d{2}-\d{2}"),
    "adults": (True, r"[1-9]"),
    "children": (False, r"[0-9]"),
    "infants": (False, r"[0-9]"),
    "travelClass": (False, r"ECONOMY|PREMIUM_ECONOMY|BUSINESS|FIRST"),
    "includedAirlineCodes": (False, r"[0-9A-Z]{2}(,[0-9A-Z]{2})*"),
    "excludedAirlineCodes": (False, r"[0-9A-Z]{2}(,[0-9A-Z]{2})*"),
    "nonStop": (False, r"true|false"),
    "currencyCode": (False, r"[A-Z]{3}"),
    "maxPrice": (False, r"[1-9]\d*"),
    "max": (False, r"[1-9]\d{0,2}"),
}
_REFUSALS: Final = {
    Fault.RATE_LIMIT: (429, 38194, "Too many requests", "The network rate limit is exceeded"),
    Fault.QUOTA: (429, 38195, "Quota limit exceeded", "The quota limit is exceeded."),
    Fault.TOKEN_EXPIRED: (401, 38192, "Access token expired", "The access token is expired"),
    Fault.KEY_REVOKED: (401, 39683, "API key revoked", "The API key is revoked"),
    Fault.SERVER_ERROR: (500, 38189, "Internal error", "An internal error occured"),
}
_PRICES: Final = {Fault.NAN: "NaN", Fault.ZERO: "0.00", Fault.NEGATIVE: "-120.00"}
_TOKEN_LIVES_S: Final = 1799


class FakeAmadeus:
    """The service; `faults` trouble searches, `token_faults` the token endpoint.

    `latency` is the range in seconds from which the delay of each search reply is drawn, seeded;
    tokens come without delay. With `per_second` set (also later), searches faster than that or closer than
    its even spacing get 429/38194, as the test environment does.
    """

    def __init__(
        self,
        ledger: Ledger,
        market: Market,
        *,
        seed: int = 1,
        latency: tuple[float, float] = DEFAULT_LATENCY,
        per_second: int | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.ledger = ledger
        self.market = market
        self.latency = latency
        self.per_second = per_second
        self.token_lives_s = _TOKEN_LIVES_S
        self.faults = FaultPlan()
        self.token_faults = FaultPlan()
        self.base_url = ""
        self._clock = clock or SystemClock()
        self._random = random.Random(seed)
        self._tokens: dict[str, float] = {}
        self._lately: deque[float] = deque()

    def routes(self) -> list[web.RouteDef]:
        """What the service answers to."""
        return [web.post(TOKEN_PATH, self._token), web.get(OFFERS_PATH, self._offers)]

    async def _token(self, request: web.Request) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        if (trouble := self.token_faults.take(form)) is not None:
            return await self._troubled(request, trouble, {})
        if form.get("grant_type") != "client_credentials":
            return _auth_refusal(400, "unsupported_grant_type", "Only client_credentials value is allowed")
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return _auth_refusal(401, "invalid_client", "Client credentials are invalid")
        token = f"{self._random.getrandbits(140):028x}"
        self._tokens[token] = time.monotonic() + self.token_lives_s
        return _json(
            200,
            {
                "type": "amadeusOAuth2Token",
                "username": "sandbox@example.com",
                "application_name": "Sandbox",
                "client_id": CLIENT_ID,
                "token_type": "Bearer",
                "access_token": token,
                "expires_in": self.token_lives_s,
                "state": "approved",
                "scope": "",
            },
        )

    async def _offers(self, request: web.Request) -> web.StreamResponse:
        query = dict(request.query)
        refused = self._unauthorized(request) or self._too_fast() or self._unacceptable(request)
        if refused is not None:
            return refused
        trouble = self.faults.take(query)
        if trouble is not None and trouble.fault in (Fault.RATE_LIMIT, Fault.TOKEN_EXPIRED, Fault.RESET):
            return await self._troubled(request, trouble, {})
        due = time.monotonic() + self._random.uniform(*self.latency)
        body = offers(self.market, query, self._clock.now())
        await asyncio.sleep(due - time.monotonic())  # the work counts as part of the delay
        return _json(200, body) if trouble is None else await self._troubled(request, trouble, body)

    def _unauthorized(self, request: web.Request) -> web.Response | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not token:
            return _refusal(401, 38191, "Invalid HTTP header", "Missing or invalid format for Authorization")
        ends_at = self._tokens.get(token)
        if ends_at is None:
            return _refusal(401, 38190, "Invalid access token", "The access token is invalid")
        if time.monotonic() >= ends_at:
            return _refusal(401, 38192, "Access token expired", "The access token is expired")
        return None

    def _too_fast(self) -> web.Response | None:
        """The network rate limit: neither too many in a second nor two too close to each other."""
        if self.per_second is None:
            return None
        now = time.monotonic()
        while self._lately and now - self._lately[0] >= 1:
            self._lately.popleft()
        crowded = len(self._lately) >= self.per_second
        # A tenth of tolerance: requests are stamped here, not where they were sent.
        close = bool(self._lately) and now - self._lately[-1] < 0.9 / self.per_second
        self._lately.append(now)
        return _refusal(*_REFUSALS[Fault.RATE_LIMIT]) if crowded or close else None

    def _unacceptable(self, request: web.Request) -> web.Response | None:
        query = request.query
        for name in query:
            if name not in _PARAMETERS or len(query.getall(name)) > 1:
                return _refusal(400, 477, "INVALID FORMAT", "unknown or repeated parameter", name)
        for name, (required, pattern) in _PARAMETERS.items():
            if required and name not in query:
                return _refusal(400, 32171, "MANDATORY DATA MISSING", "missing parameter", name)
            if name in query and re.fullmatch(pattern, query[name]) is None:
                return _refusal(400, 477, "INVALID FORMAT", "invalid format", name)
        return self._impossible(query)

    def _impossible(self, query: Mapping[str, str]) -> web.Response | None:
        """Well-formed parameters that make no trip."""
        if query["originLocationCode"] == query["destinationLocationCode"]:
            return _refusal(400, 2668, "PARAMETER COMBINATION INVALID/RESTRICTED", "same place twice")
        if int(query["adults"]) + int(query.get("children", "0")) > 9:
            return _refusal(400, 10661, "MAXIMUM NUMBER OF OCCURRENCES EXCEEDED", "more than 9 seats")
        try:
            out = date.fromisoformat(query["departureDate"])
            back = date.fromisoformat(query.get("returnDate", query["departureDate"]))
        except ValueError:
            return _refusal(400, 477, "INVALID FORMAT", "no such day", "departureDate")
        if out < self._clock.now().date() or back < out:
            return _refusal(400, 425, "INVALID DATE", "Date/Time is in the past or out of order")
        return None

    async def _troubled(self, request: web.Request, trouble: Trouble, body: Json) -> web.StreamResponse:
        """Answer as badly as was planned."""
        match trouble.fault:
            case (
                Fault.RATE_LIMIT | Fault.QUOTA | Fault.TOKEN_EXPIRED | Fault.KEY_REVOKED | Fault.SERVER_ERROR
            ):
                return _with_retry_after(_refusal(*_REFUSALS[trouble.fault]), trouble.retry_after)
            case Fault.EMPTY:
                return _json(200, {"meta": {"count": 0}, "data": []})
            case Fault.NAN | Fault.ZERO | Fault.NEGATIVE:
                reprice(body, _PRICES[trouble.fault])
                return _json(200, body)
            case Fault.OTHER_CURRENCY:
                asked = request.query.get("currencyCode", "EUR")
                other = {**request.query, "currencyCode": "USD" if asked != "USD" else "EUR"}
                return _json(200, offers(self.market, other, self._clock.now()))
            case _:
                return await broken(request, trouble.fault, msgspec.json.encode(body))


def _json(status: int, body: Json) -> web.Response:
    return web.Response(status=status, body=msgspec.json.encode(body), content_type="application/json")


def _refusal(status: int, code: int, title: str, detail: str, parameter: str | None = None) -> web.Response:
    fault: Json = {"status": status, "code": code, "title": title, "detail": detail}
    if parameter is not None:
        fault["source"] = {"parameter": parameter}
    return _json(status, {"errors": [fault]})


def _auth_refusal(status: int, error: str, description: str) -> web.Response:
    return _json(
        status,
        {"error": error, "error_description": description, "code": 38187, "title": "Invalid parameters"},
    )


def _with_retry_after(response: web.Response, retry_after: str | None) -> web.Response:
    if retry_after is not None:
        response.headers["Retry-After"] = retry_after
    return response
