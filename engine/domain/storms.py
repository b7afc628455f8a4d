"""Many alerts for one place at once: a few are posted as they are, the rest share one list.

Pure. A list pings nobody. It is a notification of its own that carries the alerts which it tells, each
under the id of the post that it would have been; what changes for one of them changes its line.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from engine.domain.alert import Notification, NotificationId, NotificationKind
from engine.domain.announce import notification_id

# So many posts of its own a place gets within so long.
MOST_POSTS: Final = 5
WITHIN: Final = timedelta(seconds=60)


def list_of(posts: Sequence[Notification]) -> Notification:
    """The list of these posts, which are for one place. It is as old as the oldest of them."""
    first = posts[0]
    return Notification(
        id=notification_id(first.id, "list"),
        destination=first.destination,
        kind=NotificationKind.LIST,
        route=first.route,
        subjects=(),
        created_at=min(post.created_at for post in posts),
        gathered=tuple(_line(post) for post in posts),
    )


def with_lines(listed: Notification, news: Iterable[Notification]) -> Notification:
    """The list with further posts, and with what edits say of those that it has; the order stays."""
    lines = {line.id: line for line in listed.gathered}
    for notification in news:
        line = _line(notification)
        lines[line.id] = line
    return msgspec.structs.replace(listed, gathered=tuple(lines.values()))


def edit_of(
    listed: Notification, list_id: NotificationId, last: NotificationId, now: datetime
) -> Notification:
    """The edit that brings a posted list to that content; `last` is the newest row that it takes in."""
    return msgspec.structs.replace(
        listed,
        id=notification_id(list_id, last, "list"),
        kind=NotificationKind.EDIT,
        edits=list_id,
        created_at=now,
    )


def _line(notification: Notification) -> Notification:
    """As it is kept within a list: without the flights, which a line does not show."""
    quote = notification.quote
    return msgspec.structs.replace(
        notification,
        id=notification.edits or notification.id,
        kind=NotificationKind.POST,
        edits=None,
        quote=None if quote is None else msgspec.structs.replace(quote, slices=()),
    )
