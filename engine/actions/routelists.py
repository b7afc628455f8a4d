"""Route lists: the rows of a list become watches of that list, one for one."""

from collections.abc import Callable, Sequence

import msgspec

from engine.actions.asking import DEFAULT_LOW_DAYS
from engine.clock import Clock
from engine.domain import judge
from engine.domain.route import RouteId
from engine.domain.watch import Destination, Owner, OwnerKind, Rules, Watch, WatchId, WatchStatus
from engine.routelists.rows import ListedRoute, RouteList
from engine.store.database import Store, Transaction
from engine.store.watches import WatchRow

_NOT_LISTED = "no longer in the list"


def owner_of(name: str) -> Owner:
    """Who stands behind the watches of a list."""
    return Owner(OwnerKind.LIST, name)


class Diff(msgspec.Struct, frozen=True, kw_only=True):
    """How many watches a list added, changed, paused because their row is gone, and left alone."""

    added: int = 0
    changed: int = 0
    paused: int = 0
    same: int = 0


class ListedRoutes:
    """Keeps the store in step with a list. Its rows start armed: their first fare alerts like any other."""

    def __init__(
        self,
        store: Store,
        *,
        clock: Clock,
        tell: Sequence[Destination],
        sms_unconfirmed: bool,
        new_id: Callable[[], WatchId],
        poke: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._tell = tuple(tell)
        self._sms_unconfirmed = sms_unconfirmed
        self._new_id = new_id
        self._poke = poke

    async def keep(self, listed: RouteList) -> Diff:
        """Add new rows, take over changed targets, pause watches whose row is gone.

        A list without a single good row changes nothing: it says more of the reading than of
        what is wanted.
        """
        if not listed.routes:
            return Diff()
        owner = owner_of(listed.name)
        counts = dict.fromkeys(Diff.__struct_fields__, 0)
        async with self._store.transaction() as tx:
            known = {row.watch.route_id: row for row in await tx.watches.of_owner(owner)}
            for row in listed.routes:
                counts[await self._keep_row(tx, owner, row, known.pop(row.route.id, None))] += 1
            counts["paused"] = await _pause(tx, known)
        self._poke()
        return Diff(**counts)

    async def _keep_row(self, tx: Transaction, owner: Owner, row: ListedRoute, known: WatchRow | None) -> str:
        rules = _rules(row)
        if known is None:
            await tx.routes.ensure(row.route, self._clock.now())
            await tx.watches.add(self._watch(owner, row, rules), judge.fresh_state(from_list=True))
            return "added"
        wanted = msgspec.structs.replace(
            known.watch, rules=rules, tell=self._tell, status=WatchStatus.ACTIVE, paused_why=None
        )
        if wanted == known.watch:
            return "same"
        await tx.watches.update(wanted)
        # A row that comes back is as good as new: whatever it told stood in another list.
        if rules != known.watch.rules or known.watch.status is not WatchStatus.ACTIVE:
            await tx.watches.save_states({wanted.id: judge.fresh_state(from_list=True)})
        return "changed"

    def _watch(self, owner: Owner, row: ListedRoute, rules: Rules) -> Watch:
        return Watch(
            id=self._new_id(),
            owner=owner,
            route_id=row.route.id,
            currency=row.route.currency,
            rules=rules,
            tell=self._tell,
            created_at=self._clock.now(),
            sms_unconfirmed=self._sms_unconfirmed,
        )


def _rules(row: ListedRoute) -> Rules:
    return Rules(target=row.target) if row.target else Rules(new_low_days=DEFAULT_LOW_DAYS)


async def _pause(tx: Transaction, gone: dict[RouteId, WatchRow]) -> int:
    active = [row.watch for row in gone.values() if row.watch.status is WatchStatus.ACTIVE]
    for watch in active:
        paused = msgspec.structs.replace(watch, status=WatchStatus.PAUSED, paused_why=_NOT_LISTED)
        await tx.watches.update(paused)
    return len(active)
