"""A single look from the command line: no watch, no alert, and nothing stored but the calls made."""

import asyncio

import msgspec

from engine.actions.asking import place
from engine.clock import Clock
from engine.domain import typed
from engine.domain.quote import Outcome
from engine.domain.route import Route
from engine.gazetteer import Gazetteer
from engine.settings import Settings
from engine.sourcing import open_fetcher


class QuoteRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed on the command line; `currency` None means HOME_CURRENCY."""

    origin: str
    destination: str
    depart: str
    return_: str | None = None
    adults: int = 1
    currency: str | None = None


class Quoted(msgspec.Struct, frozen=True, kw_only=True):
    """What was looked up, what came of it, and the body of the last reply, None when none came."""

    route: Route
    outcome: Outcome
    reply: bytes | None


async def quote(settings: Settings, request: QuoteRequest, clock: Clock) -> Quoted:
    """Look once. Raises InvalidInput for what cannot be looked up."""
    gazetteer = await asyncio.to_thread(Gazetteer.load)
    route = _route(request, settings, gazetteer, clock)
    replies: list[bytes] = []
    async with open_fetcher(settings, clock, gazetteer, reply_tap=replies.append) as fetcher:
        outcome = await fetcher.fetch(route)
    return Quoted(route=route, outcome=outcome, reply=replies[-1] if replies else None)


def _route(request: QuoteRequest, settings: Settings, gazetteer: Gazetteer, clock: Clock) -> Route:
    origin = place(gazetteer, "origin", request.origin)
    destination = place(gazetteer, "destination", request.destination)
    gazetteer.check_ends(origin, destination)
    today = clock.now().date()
    depart_on = typed.parse_date(request.depart, today)
    return_on = typed.parse_date(request.return_, today, field="return") if request.return_ else None
    return Route(
        origin=origin,
        destination=destination,
        trip=typed.check_trip(depart_on, return_on),
        currency=typed.parse_currency(request.currency) if request.currency else settings.home_currency,
        adults=typed.check_adults(request.adults),
    )
