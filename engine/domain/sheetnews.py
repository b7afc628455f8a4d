"""What is news about a server's linked sheet: told once, whatever happens between two readings. Pure."""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from engine.domain.news import SheetTrouble
from engine.domain.server import Sheet

# A sheet that fails for a moment is nobody's news.
UNREAD_FOR: Final = timedelta(minutes=30)
_MOST_NAMED: Final = 10


def sheet_news(before: Sheet, now: Sheet, at: datetime) -> tuple[Sheet, SheetTrouble | None]:
    """A sheet as a reading left it, and what its server should know; `now.why` says why it failed."""
    if now.why is not None:
        since = before.unread_since or at
        failing = msgspec.structs.replace(now, unread_since=since, said_so=before.said_so)
        if before.said_so or at - since < UNREAD_FOR:
            return failing, None
        return msgspec.structs.replace(failing, said_so=True), SheetTrouble(unread=now.why)
    read = msgspec.structs.replace(now, unread_since=None, said_so=False)
    known = {str(fault) for fault in before.faults}
    new = [fault for fault in now.faults if str(fault) not in known]
    if new:
        return read, SheetTrouble(faults=tuple(new[:_MOST_NAMED]), more=max(len(new) - _MOST_NAMED, 0))
    return read, SheetTrouble() if before.said_so else None
