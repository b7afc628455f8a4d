"""Keeping what a member chose about when they are told, with all that follows from it."""

from datetime import datetime
from typing import Final

import msgspec

from engine.domain.alert import Notification, NotificationId
from engine.domain.announce import notification_id
from engine.domain.deferring import parted
from engine.domain.digest import Due, next_due
from engine.domain.hush import Hush, hush_of
from engine.domain.member import Member
from engine.saying import saying
from engine.store.database import Transaction
from engine.timezones import TimeZones

NO_ZONE: Final = saying(
    "I do not know your time zone yet. Choose it with the option timezone: a city will do, like Berlin. "
    "I remember it."
)


async def keep(tx: Transaction, member: Member, timezones: TimeZones, now: datetime) -> None:
    """Write a member's choices; what waits for them and their next digest move along."""
    await tx.members.save(member)
    due = await next_digest(tx, member, timezones, now)
    await tx.members.schedule(member.id, due.at if due else None)
    hush = hush_of([member], timezones.clock, now)
    for post in await tx.waiting.of_member(member.id):
        await _put_off(tx, post, member, hush, now)


async def next_digest(tx: Transaction, member: Member, timezones: TimeZones, after: datetime) -> Due | None:
    """The first digest after an instant, of a local day that had none; None where none was chosen."""
    zone = timezones.clock(member.timezone) if member.timezone else None
    if member.digest is None or zone is None:
        return None
    due = next_due(member.digest.at, zone, after)
    while await tx.notifications.get(digest_id(member, due)) is not None:
        due = next_due(member.digest.at, zone, due.at)
    return due


def digest_id(member: Member, due: Due) -> NotificationId:
    """One for each member and local day, so that no day has two."""
    return notification_id("digest", member.id, due.day.isoformat())


async def _put_off(tx: Transaction, post: Notification, member: Member, hush: Hush, now: datetime) -> None:
    """Give a member's part of a waiting post its new end; who shares the post keeps the old one."""
    theirs = {each.watch_id: each.owner for each in post.subjects if each.owner.id == member.id}
    ends = [hush.until(owner, post.destination) or now for owner in theirs.values()]
    if not ends or ends[0] == post.held_until:
        return
    rest, own = parted(post, theirs)
    own = msgspec.structs.replace(own, held_until=ends[0])
    if rest is None:
        await tx.waiting.put_off(own)
        return
    await tx.notifications.replace(rest)
    await tx.notifications.enqueue([own])
