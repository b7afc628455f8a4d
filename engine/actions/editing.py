"""What a member changes about a watch: what of it moves to another route, and how."""

from datetime import date, datetime
from typing import Final

import msgspec

from engine.actions.asking import Asked, rules
from engine.domain import judge, typed
from engine.domain.route import Route
from engine.domain.trip_words import TripWords
from engine.domain.typed_details import check_way_back, parse_details
from engine.domain.typed_trip import parse_trip
from engine.domain.watch import Rules, WatchStatus
from engine.errors import InvalidInput
from engine.store import leaving
from engine.store.database import Transaction
from engine.store.watches import WatchRow

_STANDS_IN_A_SHEET: Final = "It stands in the linked sheet: change it there."


class EditWatch(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody typed over, each as typed; None for what they left as it was.

    An empty target asks for new lows. `stops` is a number or `any`, `details` a line of `typed_details`.
    """

    target: str | None = None
    trip: TripWords | None = None
    stops: str | None = None
    details: str | None = None


def edited(edit: EditWatch, route: Route, held: Rules, today: date) -> Asked:
    """The route and the rules it means; raises InvalidInput at the first field that cannot be meant."""
    changes: dict[str, object] = {}
    if edit.trip is not None:
        changes["trip"] = parse_trip(edit.trip.out, today, back=edit.trip.back)
    if edit.stops is not None:
        changes["max_stops"] = typed.parse_max_stops(edit.stops)
    if edit.details is not None:
        changes |= msgspec.structs.asdict(parse_details(edit.details))
    route = msgspec.structs.replace(route, **changes)
    check_way_back(route.back_hours, round_trip=route.round_trip)
    return Asked(route=route, rules=held if edit.target is None else rules(edit.target, route))


async def reroute(tx: Transaction, row: WatchRow, asked: Asked, now: datetime) -> None:
    """Put a watch on another route: what was told of the old one stands still, and it begins unseeded.

    It keeps its id, owner and places; a snooze ends, since the price that it was for is another's. One
    whose departure has passed is watched again. Raises InvalidInput where it cannot be moved.
    """
    watch = row.watch
    if watch.listed_in is not None:
        raise InvalidInput("route", _STANDS_IN_A_SHEET)
    for place in watch.tell:
        if await tx.watches.find(watch.owner, asked.route.id, place) is not None:
            raise InvalidInput("depart", "You watch exactly that route there already.")
    await leaving.leave(tx, watch.id, now)
    await tx.routes.ensure(asked.route, now)
    departed = watch.status is WatchStatus.EXPIRED
    moved = msgspec.structs.replace(
        watch,
        route_id=asked.route.id,
        rules=asked.rules,
        snooze=None,
        status=WatchStatus.ACTIVE if departed else watch.status,
    )
    await tx.watches.update(moved)
    await tx.finds.forget_watch(watch.id)
    await tx.watches.save_states({watch.id: judge.fresh_state(from_list=False)})
