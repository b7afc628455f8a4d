"""What members chose for themselves."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update

from engine.domain.member import Member
from engine.store.columns import Instant, insert_for
from engine.store.sql import Sql, chunks
from engine.store.tables import MEMBERS


class Members:
    """The repository of members' choices; who never chose anything has no row."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def of(self, member_id: str) -> Member:
        """What a member chose; nothing, where there is no row."""
        return (await self.of_many([member_id])).get(member_id, Member(id=member_id))

    async def of_many(self, member_ids: Iterable[str]) -> dict[str, Member]:
        """Of these members, those who chose something."""
        found: dict[str, Member] = {}
        for some in chunks(sorted(set(member_ids))):
            query = select(MEMBERS).where(MEMBERS.c.member_id.in_(some))
            found |= {row.member_id: row.member for row in await self._sql.rows(query)}
        return found

    async def save(self, member: Member) -> None:
        """Keep what a member chose, in place of what was kept before."""
        new = insert_for(self._sql.dialect, MEMBERS).values(member_id=member.id, member=member)
        changed = {"member": new.excluded.member}
        await self._sql.run(new.on_conflict_do_update(index_elements=["member_id"], set_=changed))

    async def schedule(self, member_id: str, digest_due_at: datetime | None) -> None:
        """When the member's next digest is due; None: never. The member's choices must be kept already."""
        this = MEMBERS.c.member_id == member_id
        await self._sql.run(update(MEMBERS).where(this).values(digest_due_at=digest_due_at))

    async def digest_due_at(self, member_id: str) -> datetime | None:
        """When the member's next digest is due."""
        row = await self._sql.first(select(MEMBERS.c.digest_due_at).where(MEMBERS.c.member_id == member_id))
        return None if row is None else row.digest_due_at

    async def with_due_digest(self, now: datetime, horizon: datetime) -> list[str]:
        """Members whose digest is due by now, or beyond the horizon, the longest due first.

        No digest is as far away as that: the wall clock was set back since it was reckoned.
        """
        at = MEMBERS.c.digest_due_at
        query = select(MEMBERS.c.member_id).where(or_(at <= now, at > horizon)).order_by(at)
        return [row.member_id for row in await self._sql.rows(query)]

    async def next_digest_at(self) -> datetime | None:
        """When the next digest of anybody is due."""
        query = select(func.min(MEMBERS.c.digest_due_at, type_=Instant()).label("at"))
        row = await self._sql.first(query)
        return None if row is None else row.at

    async def forget(self, member_id: str) -> bool:
        """Delete what a member chose; whether there was anything."""
        return bool(await self._sql.run(delete(MEMBERS).where(MEMBERS.c.member_id == member_id)))
