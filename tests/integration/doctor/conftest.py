"""A clinic for every test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.doctor.clinic import Clinic, open_clinic


@pytest.fixture
async def clinic(tmp_path: Path) -> AsyncIterator[Clinic]:
    async with open_clinic(tmp_path) as clinic:
        yield clinic
