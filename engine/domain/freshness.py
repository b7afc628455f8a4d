"""How long what waits to be told may be told as it is (rule 11)."""

from datetime import datetime, timedelta
from typing import Final

from engine.domain.alert import Notification, NotificationKind
from engine.domain.watch import DestinationKind

# What is older is looked at again before it is told. A text that comes late is dearer and wakes
# somebody, so it goes stale sooner than a post.
OLD: Final = timedelta(hours=1)
OLD_SMS: Final = timedelta(minutes=15)


def is_old(notification: Notification, now: datetime) -> bool:
    """Whether it tells a fare that may have changed since; what waited for a morning always may."""
    if notification.kind in (NotificationKind.NOTICE, NotificationKind.DIGEST, NotificationKind.DRY_RUN):
        return False
    if notification.held_until is not None:
        return True
    limit = OLD_SMS if notification.destination.kind is DestinationKind.SMS else OLD
    # A clock that was set back makes it younger than it is, and what lies ahead cannot be told apart.
    return abs(now - notification.created_at) > limit
