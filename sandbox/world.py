"""The whole pretend world: every service on loopback, one market, one ledger."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from engine.clock import Clock
from sandbox import amadeus, duffel, ignav, kiwi, serpapi, sheets, sheety, tequila, travelpayouts, twilio
from sandbox.amadeus import DEFAULT_LATENCY, FakeAmadeus
from sandbox.duffel import FakeDuffel
from sandbox.ignav import FakeIgnav
from sandbox.kiwi import FakeKiwi
from sandbox.ledger import Ledger
from sandbox.market import Market
from sandbox.serpapi import FakeSerpApi
from sandbox.server import serve
from sandbox.sheets import FakeSheets
from sandbox.sheety import FakeSheety
from sandbox.tequila import FakeTequila
from sandbox.travelpayouts import FakeTravelpayouts
from sandbox.twilio import FakeTwilio


@dataclass(frozen=True, kw_only=True)
class World:
    """What runs; each service knows its `base_url`."""

    ledger: Ledger
    market: Market
    amadeus: FakeAmadeus
    twilio: FakeTwilio
    travelpayouts: FakeTravelpayouts
    kiwi: FakeKiwi
    tequila: FakeTequila
    ignav: FakeIgnav
    duffel: FakeDuffel
    serpapi: FakeSerpApi
    sheets: FakeSheets
    sheety: FakeSheety


@asynccontextmanager
async def open_world(
    *,
    seed: int = 1,
    latency: tuple[float, float] = DEFAULT_LATENCY,
    clock: Clock | None = None,
    port: int = 0,
    by_day: bool = False,
) -> AsyncIterator[World]:
    """Serve everything until the block ends.

    `seed` decides fares and delays, `latency` is the range of seconds of a search reply, `clock`
    says which instant of the market it is (default: now). Each service listens on a free port of
    its own; with `port` the first on that one and the others above it. `by_day`: each day of departure
    has a fare of its own.
    """
    ledger = Ledger()
    market = Market(seed, by_day=by_day)
    fares = FakeAmadeus(ledger, market, seed=seed, latency=latency, clock=clock)
    phones = FakeTwilio(ledger, clock=clock)
    seen = FakeTravelpayouts(ledger, market, seed=seed, latency=latency, clock=clock)
    live = FakeKiwi(ledger, market, seed=seed, latency=latency, clock=clock)
    legacy = FakeTequila(ledger, market, seed=seed, latency=latency, clock=clock)
    verified = FakeIgnav(ledger, market, seed=seed, latency=latency, clock=clock)
    sold = FakeDuffel(ledger, market, seed=seed, latency=latency, clock=clock)
    shown = FakeSerpApi(ledger, market, seed=seed, latency=latency, clock=clock)
    sheet, plain_sheet = FakeSheets(ledger), FakeSheety(ledger)
    async with (
        serve(fares, amadeus.SERVICE, ledger, port=port),
        serve(phones, twilio.SERVICE, ledger, port=port and port + 1),
        serve(seen, travelpayouts.SERVICE, ledger, port=port and port + 2),
        serve(live, kiwi.SERVICE, ledger, port=port and port + 3),
        serve(legacy, tequila.SERVICE, ledger, port=port and port + 4),
        serve(verified, ignav.SERVICE, ledger, port=port and port + 5),
        serve(sold, duffel.SERVICE, ledger, port=port and port + 6),
        serve(shown, serpapi.SERVICE, ledger, port=port and port + 7),
        serve(sheet, sheets.SERVICE, ledger, port=port and port + 8),
        serve(plain_sheet, sheety.SERVICE, ledger, port=port and port + 9),
    ):
        yield World(
            ledger=ledger,
            market=market,
            amadeus=fares,
            twilio=phones,
            travelpayouts=seen,
            kiwi=live,
            tequila=legacy,
            ignav=verified,
            duffel=sold,
            serpapi=shown,
            sheets=sheet,
            sheety=plain_sheet,
        )
