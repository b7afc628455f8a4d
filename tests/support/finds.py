"""Posts that tell finds of a route to anywhere, as the engine makes them."""

from collections.abc import Mapping
from typing import Any

from engine.domain.alert import Notification, NotificationId, NotificationKind, Reason, Subject
from engine.domain.finds import to_place
from engine.domain.findtelling import with_lines
from engine.domain.places import ANYWHERE, Place
from engine.domain.watch import Condition, Destination, DestinationKind, Owner, OwnerKind, WatchId
from tests.support import build
from tests.support.clock import START

SWEEP = build.route(destination=ANYWHERE)
PLACE = Destination(DestinationKind.CHANNEL, "9001")


def subject(member: int = 1001, target: int = 40, **changes: Any) -> Subject:
    return Subject(
        **{
            "watch_id": WatchId(f"w{member}"),
            "owner": Owner(OwnerKind.MEMBER, str(member), "5001"),
            "reason": Reason.ALERT,
            "condition": Condition.TARGET,
            "target": build.eur(target),
            **changes,
        }
    )


def line(code: str, price: int | None, *subjects: Subject, **changes: Any) -> Notification:
    """One find; without a price its fare is gone."""
    of = to_place(SWEEP, Place.airport(code))
    quoted = changes.pop("quoted", {})
    quote = None if price is None else build.quote(price, SWEEP, slices=(), carriers=("FR",), **quoted)
    return Notification(
        **{
            "id": NotificationId(f"line-{code}".ljust(22, "0")),
            "destination": PLACE,
            "kind": NotificationKind.POST,
            "route": of,
            "subjects": subjects or (subject(),),
            "created_at": START,
            "quote": quote,
            **changes,
        }
    )


def post(fares: Mapping[str, int | None] | None = None, *lines: Notification, **changes: Any) -> Notification:
    """A post with these finds."""
    made = [line(code, price) for code, price in (fares or {}).items()]
    bare = Notification(
        **{
            "id": NotificationId("post".ljust(16, "0") + "a1B2c3"),
            "destination": PLACE,
            "kind": NotificationKind.POST,
            "route": SWEEP,
            "subjects": (),
            "created_at": START,
            **changes,
        }
    )
    return with_lines(bare, [*made, *lines])
