"""The calls that sources have had, counted before each is made."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import date

from sqlalchemy import select

from engine.domain.budget import Asker, BudgetSpent, CallLimits, CallsMade, budget_spent
from engine.store.columns import insert_for
from engine.store.sql import Sql
from engine.store.tables import CALLS
from engine.store.transaction import Transaction


class SqlCallCounts:
    """Implements `engine.fares.ports.CallCounts` on the store; each call is a transaction of its own."""

    def __init__(self, transaction: Callable[[], AbstractAsyncContextManager[Transaction]]) -> None:
        self._transaction = transaction

    async def made(self, source: str) -> CallsMade | None:
        """What was counted so far; None for a source never called."""
        async with self._transaction() as tx:
            return await _read(tx.sql, source)

    async def take(
        self, source: str, limits: CallLimits, today: date, asker: Asker = Asker.LOOP
    ) -> tuple[CallsMade, BudgetSpent | None]:
        """Count one more call, or say why there is none left; written and committed on return."""
        async with self._transaction() as tx:
            before = (await _read(tx.sql, source) or CallsMade.none(today)).on(today)
            refused = budget_spent(limits, before, today, asker)
            after = before if refused else before.one_more(asker)
            insert = insert_for(tx.sql.dialect, CALLS).values(source=source, made=after)
            await tx.sql.run(
                insert.on_conflict_do_update(index_elements=["source"], set_={"made": insert.excluded.made})
            )
        return after, refused


async def _read(sql: Sql, source: str) -> CallsMade | None:
    row = await sql.first(select(CALLS.c.made).where(CALLS.c.source == source))
    return None if row is None else row.made
