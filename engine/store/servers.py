"""What was chosen for Discord servers."""

from collections.abc import Iterable

from sqlalchemy import delete, select

from engine.domain.server import Server
from engine.store.columns import insert_for
from engine.store.sql import Sql, chunks
from engine.store.tables import SERVERS


class Servers:
    """The repository of servers' settings; a server that was never set up has no row."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def of(self, server_id: str) -> Server:
        """A server's settings; nothing chosen, where there is no row."""
        return (await self.of_many([server_id])).get(server_id, Server(id=server_id))

    async def of_many(self, server_ids: Iterable[str]) -> dict[str, Server]:
        """Of these servers, those that were set up."""
        found: dict[str, Server] = {}
        for some in chunks(sorted(set(server_ids))):
            query = select(SERVERS).where(SERVERS.c.server_id.in_(some))
            found |= {row.server_id: row.server for row in await self._sql.rows(query)}
        return found

    async def save(self, server: Server) -> None:
        """Keep a server's settings in place of what was kept before."""
        new = insert_for(self._sql.dialect, SERVERS).values(server_id=server.id, server=server)
        changed = {"server": new.excluded.server}
        await self._sql.run(new.on_conflict_do_update(index_elements=["server_id"], set_=changed))

    async def known(self) -> list[Server]:
        """All of them."""
        return [row.server for row in await self._sql.rows(select(SERVERS))]

    async def forget(self, server_id: str) -> bool:
        """Delete a server's settings; whether there were any."""
        return bool(await self._sql.run(delete(SERVERS).where(SERVERS.c.server_id == server_id)))
