"""What every test gets: a loop that must not be blocked by our code."""

from collections.abc import Iterator

import pytest
from blockbuster import BlockBuster, blockbuster_ctx


@pytest.fixture(autouse=True)
def _nothing_of_ours_blocks_the_loop() -> Iterator[BlockBuster]:
    with blockbuster_ctx(scanned_modules=["engine", "bot"]) as blockbuster:
        yield blockbuster
