"""A pretend world that answers at once, and a plain client to ask it by hand."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.world import World, open_world
from tests.support.clock import HandClock


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world(latency=(0, 0), clock=HandClock()) as world:
        yield world


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as client:
        yield client
