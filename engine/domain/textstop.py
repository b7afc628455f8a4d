"""What stops all texts of an installation for a while. Pure."""

from datetime import datetime

import msgspec


class TextStop(msgspec.Struct, frozen=True, kw_only=True):
    """Since when, until when and for which of the provider's codes nothing is texted.

    `until` is None where only a new start helps. `by_status` says that the code came in the status of
    a text that had been taken: then only another text's status shows that it is over.
    """

    code: int
    since: datetime
    until: datetime | None
    by_status: bool = False

    def holds(self, now: datetime) -> bool:
        """Whether nothing may be sent yet; when its time is over, one text may try."""
        return self.until is None or now < self.until
