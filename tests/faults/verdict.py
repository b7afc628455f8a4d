"""What a run came to: every message that was owed against every message that was accepted."""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from engine.alerts.texts import reference
from engine.domain.alert import NotificationId
from tests.faults.world import LATEST, World

_OPEN: Final = "SELECT id FROM notifications WHERE status = 'pending'"
_NOT_DELIVERED: Final = (
    "SELECT lane || ' ' || status || ': ' || ifnull(why, 'not tried'), not_before FROM notifications "
    "WHERE status <> 'delivered' UNION ALL SELECT 'look', next_look_at FROM routes WHERE last_look_at IS NULL"
)


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The database as a death left it: whether it is sound, and which rows were not settled."""

    sound: bool
    pending: frozenset[NotificationId]


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The four counts, and how often a kill left the database unsound.

    lost: owed and never accepted. duplicated: accepted once more than owed. recovered: accepted for a
    process that died before it could write so, and settled by a later one. unexpected: owed by nobody.
    forced: killed at last, since the moment or step of its death did not come. `notes` name what went
    wrong.
    """

    kills: int
    lost: int
    duplicated: int
    recovered: int
    unexpected: int
    unsound: int
    forced: int = 0
    notes: tuple[str, ...] = ()

    @property
    def faults(self) -> int:
        """Everything that may not happen."""
        return self.lost + self.duplicated + self.unexpected + self.unsound


class Waiting(NamedTuple):
    """Something that is not done yet, and not to be done before that instant."""

    what: str
    not_before: datetime


class Grave(msgspec.Struct, frozen=True, kw_only=True):
    """One death: when, whether it had to be forced, and how it left the database."""

    died_at: datetime
    forced: bool
    found: Found


def examine(database: Path) -> Found:
    """Look at a copy: opening the file itself would repair what the next start has to."""
    copy = database.with_name("found.db")
    for ending in ("", "-wal"):
        if (part := database.with_name(database.name + ending)).exists():
            shutil.copyfile(part, copy.with_name(copy.name + ending))
    with closing(sqlite3.connect(copy)) as connection:
        verdict = connection.execute("PRAGMA integrity_check").fetchall()
        pending = frozenset(NotificationId(id_) for (id_,) in connection.execute(_OPEN))
    for ending in ("", "-wal", "-shm"):
        copy.with_name(copy.name + ending).unlink(missing_ok=True)
    return Found(sound=verdict == [("ok",)], pending=pending)


def waiting_in(database: Path) -> list[Waiting]:
    """What is left to do: rows that are anything but delivered, routes never looked at."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return [Waiting(what, _instant(at)) for what, at in connection.execute(_NOT_DELIVERED)]


def _instant(microseconds: int) -> datetime:
    """An instant as the store writes it."""
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)


def judge_run(world: World, graves: Sequence[Grave], left: Sequence[Waiting]) -> Verdict:
    """Count; `left` is what was still to be done when the last life ended."""
    owed = Counter(message for group in world.groups for message in group.owed)
    accepted = Counter(world.messages())
    return Verdict(
        kills=len(graves),
        lost=sum((owed - accepted).values()),
        duplicated=sum(count - 1 for message, count in accepted.items() if message in owed),
        recovered=len(_recovered(world, graves)),
        unexpected=sum(count for message, count in accepted.items() if message not in owed),
        unsound=sum(not grave.found.sound for grave in graves),
        forced=sum(grave.forced for grave in graves),
        notes=(
            *(f"lost {message}" for message in owed - accepted),
            *(f"too many {message}" for message in accepted - owed),
            *(f"left {waiting.what}" for waiting in left),
        ),
    )


def _recovered(world: World, graves: Sequence[Grave]) -> set[NotificationId]:
    """What stood at the provider and was still open in the database when a life ended."""
    accepted = {post.nonce: post.accepted_at for post in world.discord.posts}
    accepted |= {text.body.split()[-1]: text.accepted_at for text in world.twilio.messages}
    return {
        id_
        for grave in graves
        for id_ in grave.found.pending
        for at in (accepted.get(id_), accepted.get(reference(id_)))
        if at is not None and at <= grave.died_at + LATEST
    }
