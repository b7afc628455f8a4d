"""Who is not to be pinged now, and until when: members in their quiet hours."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, time, tzinfo
from typing import Final

import msgspec

from engine.domain.member import Member
from engine.domain.quiet import Quiet, release_at
from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind

Clocks = Callable[[str], tzinfo | None]
"""Gives the clocks of a time zone by its IANA name; None where it is not known."""

# Texts wake people: in many countries the law has them wait from 21:00 to 8:00 where they arrive.
TEXTS_BY_DEFAULT: Final = Quiet(time(21), time(8))


class Hush(msgspec.Struct, frozen=True, kw_only=True):
    """Members by their ids, each with the instant at which their quiet hours end.

    `posts` are those in channels and direct messages, `texts` those on phones. The `gathered` are not
    pinged at all: their digest tells them.
    """

    posts: Mapping[str, datetime] = {}
    texts: Mapping[str, datetime] = {}
    gathered: Collection[str] = frozenset()

    def gathers(self, owner: Owner, destination: Destination) -> bool:
        """Whether an alert for an owner there is left to their digest."""
        return owner.id in self.gathered and _is_own(owner, destination)

    def until(self, owner: Owner, destination: Destination) -> datetime | None:
        """Until when an owner is not to be told there; None: now.

        Copies for others (the operator, a server) do not wait for the owner's morning.
        """
        if not _is_own(owner, destination):
            return None
        asleep = self.texts if destination.kind is DestinationKind.SMS else self.posts
        return asleep.get(owner.id)


def _is_own(owner: Owner, destination: Destination) -> bool:
    """Whether a member is told there by their own wish; anything else is a copy."""
    if owner.kind is not OwnerKind.MEMBER:
        return False
    if destination.kind is DestinationKind.SMS:
        return destination.address == owner.id
    return destination.kind in (DestinationKind.CHANNEL, DestinationKind.DM)


def hush_of(members: Iterable[Member], clocks: Clocks, now: datetime) -> Hush:
    """Those of the members who are not to be pinged now."""
    members = list(members)
    posts: dict[str, datetime] = {}
    texts: dict[str, datetime] = {}
    for member in members:
        zone = None if member.timezone is None else clocks(member.timezone)
        if zone is None:
            continue
        for kind, quiet in ((posts, member.quiet), (texts, texts_quiet(member))):
            until = None if quiet is None else release_at(quiet, zone, now)
            if until is not None:
                kind[member.id] = until
    gathered = frozenset(member.id for member in members if member.digest and member.digest.gathers)
    return Hush(posts=posts, texts=texts, gathered=gathered)


def texts_quiet(member: Member) -> Quiet | None:
    """The quiet hours for texts: the member's own, else the usual ones; None without a time zone."""
    if member.timezone is None:
        return None
    return member.quiet or TEXTS_BY_DEFAULT
