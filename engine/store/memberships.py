"""Which members with routes were last found in their servers, and which had left."""

from datetime import datetime

from sqlalchemy import and_, delete, exists, func, or_, select

from engine.domain.watch import OwnerKind, WatchStatus
from engine.store.columns import insert_for
from engine.store.sql import Sql
from engine.store.tables import MEMBERSHIPS, WATCHES


class Memberships:
    """The repository of memberships; who was never looked for has no row."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def due(self, checked_before: datetime, most: int) -> list[tuple[str, str]]:
        """Server and member of active watches that nobody looked for since then; who waits longest first."""
        seen = and_(
            MEMBERSHIPS.c.server_id == WATCHES.c.owner_server_id,
            MEMBERSHIPS.c.member_id == WATCHES.c.owner_id,
        )
        query = (
            select(WATCHES.c.owner_server_id, WATCHES.c.owner_id)
            .join(MEMBERSHIPS, seen, isouter=True)
            .where(
                WATCHES.c.owner_kind == OwnerKind.MEMBER.value,
                WATCHES.c.owner_server_id.is_not(None),
                WATCHES.c.status == WatchStatus.ACTIVE.value,
                WATCHES.c.removed_at.is_(None),
                or_(MEMBERSHIPS.c.checked_at.is_(None), MEMBERSHIPS.c.checked_at <= checked_before),
            )
            .group_by(WATCHES.c.owner_server_id, WATCHES.c.owner_id, MEMBERSHIPS.c.checked_at)
            .order_by(func.coalesce(MEMBERSHIPS.c.checked_at, 0), WATCHES.c.owner_id)
            .limit(most)
        )
        return [(row.owner_server_id, row.owner_id) for row in await self._sql.rows(query)]

    async def note(self, server_id: str, member_id: str, at: datetime, *, left: bool) -> None:
        """They were looked for; when they had left, since when that is known."""
        new = insert_for(self._sql.dialect, MEMBERSHIPS).values(
            server_id=server_id, member_id=member_id, checked_at=at, left_at=at if left else None
        )
        keep = func.coalesce(MEMBERSHIPS.c.left_at, new.excluded.left_at) if left else None
        await self._sql.run(
            new.on_conflict_do_update(
                index_elements=["server_id", "member_id"],
                set_={"checked_at": new.excluded.checked_at, "left_at": keep},
            )
        )

    async def left_before(self, instant: datetime) -> list[tuple[str, str]]:
        """Server and member of those who had left by then."""
        query = select(MEMBERSHIPS).where(MEMBERSHIPS.c.left_at < instant)
        return [(row.server_id, row.member_id) for row in await self._sql.rows(query)]

    async def prune(self) -> None:
        """Delete the rows of those who have no route there any more."""
        theirs = exists().where(
            WATCHES.c.owner_server_id == MEMBERSHIPS.c.server_id,
            WATCHES.c.owner_id == MEMBERSHIPS.c.member_id,
            WATCHES.c.owner_kind == OwnerKind.MEMBER.value,
        )
        await self._sql.run(delete(MEMBERSHIPS).where(~theirs))

    async def forget(self, server_id: str, member_id: str) -> None:
        """Delete the row of one who left."""
        await self._sql.run(
            delete(MEMBERSHIPS).where(
                MEMBERSHIPS.c.server_id == server_id, MEMBERSHIPS.c.member_id == member_id
            )
        )

    async def forget_server(self, server_id: str) -> None:
        """Delete all rows of a server."""
        await self._sql.run(delete(MEMBERSHIPS).where(MEMBERSHIPS.c.server_id == server_id))
