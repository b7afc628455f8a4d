"""A store on a real file, and the clock that it reads."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from engine.store.database import Store
from tests.support.clock import HandClock


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "fares.db"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite:///{file}"


@pytest.fixture
async def store(url: str, clock: HandClock) -> AsyncIterator[Store]:
    async with Store.open(url, clock) as store:
        yield store
