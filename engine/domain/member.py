"""What a member chose for themselves, wherever their watches were made."""

import msgspec


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A member by their Discord id. What is None was never chosen.

    `timezone` is an IANA name (`Europe/Berlin`); `locale` the language their Discord speaks (`de`),
    as it was when they last used a command.
    """

    id: str
    timezone: str | None = None
    locale: str | None = None
