"""A pretend world on loopback that answers at once, and the sources that ask it."""

from collections.abc import AsyncIterator
from typing import Any, Protocol

import aiohttp
import pytest

from engine.fares.sources.amadeus import Amadeus
from engine.fares.sources.ignav import Ignav
from engine.fares.sources.kiwi import Kiwi
from engine.fares.sources.tequila import Tequila
from engine.fares.sources.travelpayouts import Travelpayouts
from engine.http import open_session
from sandbox.amadeus import CLIENT_ID, CLIENT_SECRET
from sandbox.ignav import API_KEY as IGNAV_KEY
from sandbox.tequila import API_KEY as TEQUILA_KEY
from sandbox.travelpayouts import TOKEN
from sandbox.world import World, open_world
from tests.support.clock import HandClock
from tests.support.gates import gate


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def world(clock: HandClock) -> AsyncIterator[World]:
    async with open_world(latency=(0, 0), clock=clock) as world:
        yield world


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with open_session(limit=50) as session:
        yield session


class MakeAmadeus(Protocol):
    """Builds the source for the pretend service; a test names only what it is about."""

    def __call__(self, **changes: Any) -> Amadeus: ...


@pytest.fixture
def make_amadeus(world: World, session: aiohttp.ClientSession, clock: HandClock) -> MakeAmadeus:
    def make(**changes: Any) -> Amadeus:
        settings: dict[str, Any] = {
            "session": session,
            "base_url": world.amadeus.base_url,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "gate": gate(clock=clock),
            "clock": clock,
            "timeout": 10,
        }
        return Amadeus(**(settings | changes))

    return make


@pytest.fixture
def amadeus(make_amadeus: MakeAmadeus) -> Amadeus:
    return make_amadeus()


class MakeTravelpayouts(Protocol):
    """Builds the source for the pretend service; a test names only what it is about."""

    def __call__(self, **changes: Any) -> Travelpayouts: ...


@pytest.fixture
def make_travelpayouts(world: World, session: aiohttp.ClientSession, clock: HandClock) -> MakeTravelpayouts:
    def make(**changes: Any) -> Travelpayouts:
        settings: dict[str, Any] = {
            "session": session,
            "base_url": world.travelpayouts.base_url,
            "token": TOKEN,
            "marker": None,
            "market_of": lambda _: "gb",
            "gate": gate(clock=clock),
            "clock": clock,
            "timeout": 10,
        }
        return Travelpayouts(**(settings | changes))

    return make


@pytest.fixture
def travelpayouts(make_travelpayouts: MakeTravelpayouts) -> Travelpayouts:
    return make_travelpayouts()


class MakeKiwi(Protocol):
    """Builds the source for the pretend service; a test names only what it is about."""

    def __call__(self, **changes: Any) -> Kiwi: ...


@pytest.fixture
def make_kiwi(world: World, session: aiohttp.ClientSession, clock: HandClock) -> MakeKiwi:
    def make(**changes: Any) -> Kiwi:
        settings: dict[str, Any] = {
            "session": session,
            "base_url": world.kiwi.base_url,
            "gate": gate(clock=clock),
            "clock": clock,
            "timeout": 10,
        }
        return Kiwi(**(settings | changes))

    return make


@pytest.fixture
def kiwi(make_kiwi: MakeKiwi) -> Kiwi:
    return make_kiwi()


class MakeTequila(Protocol):
    """Builds the source for the pretend service; a test names only what it is about."""

    def __call__(self, **changes: Any) -> Tequila: ...


@pytest.fixture
def make_tequila(world: World, session: aiohttp.ClientSession, clock: HandClock) -> MakeTequila:
    def make(**changes: Any) -> Tequila:
        settings: dict[str, Any] = {
            "session": session,
            "base_url": world.tequila.base_url,
            "api_key": TEQUILA_KEY,
            "gate": gate(clock=clock),
            "clock": clock,
            "timeout": 10,
        }
        return Tequila(**(settings | changes))

    return make


@pytest.fixture
def tequila(make_tequila: MakeTequila) -> Tequila:
    return make_tequila()


class MakeIgnav(Protocol):
    """Builds the source for the pretend service; a test names only what it is about."""

    def __call__(self, **changes: Any) -> Ignav: ...


@pytest.fixture
def make_ignav(world: World, session: aiohttp.ClientSession, clock: HandClock) -> MakeIgnav:
    airports = {"LON": ("LHR", "LGW", "STN"), "TYO": ("HND", "NRT"), "PAR": ("CDG",)}

    def make(**changes: Any) -> Ignav:
        settings: dict[str, Any] = {
            "session": session,
            "base_url": world.ignav.base_url,
            "api_key": IGNAV_KEY,
            "airports_of": lambda code: airports.get(code, ()),
            "gate": gate(clock=clock),
            "clock": clock,
            "timeout": 10,
        }
        return Ignav(**(settings | changes))

    return make


@pytest.fixture
def ignav(make_ignav: MakeIgnav) -> Ignav:
    return make_ignav()
