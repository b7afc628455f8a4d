"""What members chose for themselves."""

from collections.abc import Iterable

from sqlalchemy import delete, select

from engine.domain.member import Member
from engine.store.columns import insert_for
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

    async def forget(self, member_id: str) -> bool:
        """Delete what a member chose; whether there was anything."""
        return bool(await self._sql.run(delete(MEMBERS).where(MEMBERS.c.member_id == member_id)))
