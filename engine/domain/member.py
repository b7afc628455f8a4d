"""What a member chose for themselves, wherever their watches were made."""

from datetime import datetime

import msgspec

from engine.domain.digest import Digest
from engine.domain.quiet import Quiet


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A member by their Discord id. What is None was never chosen.

    `timezone` is an IANA name (`Europe/Berlin`); `locale` the language their Discord speaks (`de`),
    as it was when they last used a command. `quiet` are the hours, in that zone, in which nothing
    pings or texts them. `private`: told by direct message unless a route says otherwise.
    `texts_paused_at`: since then their phone, which stays linked, is not texted. `digest` comes once
    a day in that zone, the last time at `digested_at`. `greeted`: a first direct message reached them.
    """

    id: str
    timezone: str | None = None
    locale: str | None = None
    quiet: Quiet | None = None
    private: bool | None = None
    texts_paused_at: datetime | None = None
    digest: Digest | None = None
    digested_at: datetime | None = None
    greeted: bool = False
