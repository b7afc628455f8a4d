"""`make bench`: every benchmark, one table, or one JSON object with --json."""

import logging
import os
import platform
import sys

import msgspec
import structlog

from benchmarks import (
    commands_under_load,
    decoding,
    fifty_routes,
    noisy_end_to_end,
    noisy_market,
    route_lists,
)
from benchmarks.rows import table
from engine.fastloop import run_fast


def main() -> int:
    """Measure, print, and give 1 when a goal was missed."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    rows = [
        *run_fast(fifty_routes.run()),
        *run_fast(route_lists.run()),
        *run_fast(commands_under_load.run()),
        *decoding.run(),
        *noisy_market.run(),
        *run_fast(noisy_end_to_end.run()),
    ]
    if "--json" in sys.argv[1:]:
        print(msgspec.json.encode({"machine": _machine(), "rows": rows}).decode())
    else:
        print(table(rows))
    return int(any(row.ok is False for row in rows))


def _machine() -> dict[str, str | int]:
    return {"python": platform.python_version(), "system": platform.system(), "cores": os.cpu_count() or 0}


if __name__ == "__main__":
    sys.exit(main())
