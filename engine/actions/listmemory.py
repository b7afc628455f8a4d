"""What is remembered of a route list between two readings, and what a reading changes by it. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec

from engine.domain.route import RouteId
from engine.domain.watch import Watch, WatchStatus
from engine.routelists.ports import Grid
from engine.routelists.rows import RouteList

NOT_LISTED: Final = "no longer in the list"

# One reading may catch a list half way through somebody's cut and paste.
_READINGS_UNTIL_GONE = 2


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """The last good copy of a list, kept in the store so that a restart forgets nothing.

    `rows` is where each route stood, `missing` how many good readings in a row each was not there.
    `not_before` is when the list's service may be asked again.
    """

    grid: Grid = ()
    read_at: datetime | None = None
    rows: dict[RouteId, int] = {}
    missing: dict[RouteId, int] = {}
    not_before: datetime | None = None


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a good reading says of the routes watched for the list: those gone, and how long others lack."""

    gone: frozenset[RouteId]
    rows: dict[RouteId, int]
    missing: dict[RouteId, int]


def compare(listed: RouteList, watched: Mapping[RouteId, Watch], before: Memory) -> Reading:
    """Hold a good reading against what is watched.

    A route is gone once it was missing twice in a row. A row that has become unreadable is not missing:
    the route that stood there stays, since its owner is still busy with it.
    """
    rows = {row.route.id: row.row for row in listed.routes}
    faulty = {fault.row for fault in listed.faults}
    missing: dict[RouteId, int] = {}
    gone: set[RouteId] = set()
    for route_id, watch in watched.items():
        if route_id in rows:
            continue
        stood_at = before.rows.get(route_id)
        if stood_at in faulty:
            rows[route_id] = stood_at
            continue
        count = before.missing.get(route_id, 0) + 1
        if count >= _READINGS_UNTIL_GONE:
            gone.add(route_id)
        elif watch.status is WatchStatus.ACTIVE:
            missing[route_id] = count
            if stood_at is not None:
                rows[route_id] = stood_at
    return Reading(gone=frozenset(gone), rows=rows, missing=missing)
