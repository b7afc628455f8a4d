"""Use-cases on watches: add, show, change, pause, resume, remove, snooze, look now."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Final

import msgspec

from engine.actions.affording import looked_at_by
from engine.actions.asking import AddWatch, Asked, rules, understand
from engine.actions.editing import EditWatch, edited, reroute
from engine.actions.home import currency_of, today_of
from engine.actions.offers import offers
from engine.actions.room import Limits, room_of
from engine.actions.seeding import Seeding, as_judged
from engine.actions.showing import all_shown, is_gathered, waits_until
from engine.actions.shown import Added, Checked, Shown
from engine.clock import Clock
from engine.domain import judge
from engine.domain.pauses import BY_MANAGERS, CHANNEL_DELETED
from engine.domain.route import Route, RouteId
from engine.domain.server import NOBODY, Standing, acting_as
from engine.domain.watch import Destination, Owner, Rules, Watch, WatchId, WatchStatus
from engine.errors import InvalidInput
from engine.fares.certainty import Doubt
from engine.fares.parts import LookPrice
from engine.gazetteer import Gazetteer
from engine.look import LookReport
from engine.store import leaving
from engine.store.database import Store, Transaction
from engine.store.watches import WatchRow
from engine.timezones import TimeZones

UNDO: Final = timedelta(seconds=60)


class Watches:
    """Everything a face can do with watches. Each method is one use-case.

    Raises InvalidInput with one sentence for whatever a person can get wrong.
    """

    def __init__(
        self,
        store: Store,
        gazetteer: Gazetteer,
        timezones: TimeZones,
        *,
        look_now: Callable[[RouteId], Awaitable[LookReport]],
        prices_of: Callable[[Route], tuple[LookPrice, ...]],
        doubt_of: Callable[[Route], Doubt | None],
        clock: Clock,
        home_currency: str,
        limits: Limits,
        new_id: Callable[[], WatchId],
        poke: Callable[[], None],
        committed: Callable[[], None],
    ) -> None:
        self._store = store
        self._seeding = Seeding(store, look_now, clock)
        self._prices_of = prices_of
        self._doubt_of = doubt_of
        self._gazetteer = gazetteer
        self._timezones = timezones
        self._clock = clock
        self._home_currency = home_currency
        self._limits = limits
        self._new_id = new_id
        self._poke = poke
        self._committed = committed

    async def add(self, request: AddWatch) -> Added:
        """Watch a route; the reply carries today's fare, what is already met, targets on offer."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            currency = await currency_of(tx, request.owner, self._home_currency)
            today = await today_of(tx, request.owner, self._timezones, now)
        asked = understand(request, self._gazetteer, currency, today)
        price = looked_at_by(asked.route, self._prices_of(asked.route))
        watch = self._watch(request, asked)
        async with self._store.transaction() as tx:
            existing = await tx.watches.find(request.owner, asked.route.id, request.tell[0])
            if existing is None:
                await self._check_room(tx, request.owner, request.standing)
                await tx.routes.ensure(asked.route, now)
                await tx.watches.add(watch, judge.fresh_state(from_list=False))
        if existing is not None:
            return Added(shown=await self._shown(existing.watch.id), existed=True)
        added = await self._seeded(watch.id, asked.route)
        return msgspec.structs.replace(added, price=price, doubt=self._doubt_of(asked.route))

    async def change_target(self, watch_id: WatchId, actor: Owner, target: str) -> Added:
        """Another target as typed (`420`, `210 pp`), for the same route."""
        shown = await self.show(watch_id, actor)
        return await self.change_rules(watch_id, actor, rules(target, shown.route))

    async def change_rules(self, watch_id: WatchId, actor: Owner, new_rules: Rules) -> Added:
        """Other rules for the same route; the watch is seeded anew and the reply says what is met."""
        async with self._store.transaction() as tx:
            row = await self._own(tx, watch_id, actor)
            self._check_departure(row.route.route)
            await tx.watches.update(msgspec.structs.replace(row.watch, rules=new_rules))
            await tx.watches.save_states({watch_id: judge.reseeded(row.state)})
        if row.watch.status is WatchStatus.PAUSED:  # not looked at until it is resumed
            return Added(shown=await self._shown(watch_id))
        return await self._seeded(watch_id, row.route.route)

    async def edit(self, watch_id: WatchId, actor: Owner, edit: EditWatch) -> Added:
        """Other days, filters or rules; on another route it begins anew, and the reply says what is met."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            row = await self._own(tx, watch_id, actor)
            today = await today_of(tx, row.watch.owner, self._timezones, now)
            asked = edited(edit, row.route.route, row.watch.rules, today)
            self._check_departure(asked.route)
            is_moved = asked.route.id != row.watch.route_id
            price = looked_at_by(asked.route, self._prices_of(asked.route)) if is_moved else None
            if is_moved:
                await reroute(tx, row, asked, now)
        if not is_moved:
            return await self.change_rules(watch_id, actor, asked.rules)
        self._committed()
        if row.watch.status is WatchStatus.PAUSED:  # not looked at until it is resumed
            return Added(shown=await self._shown(watch_id), price=price)
        changed = await self._seeded(watch_id, asked.route)
        return msgspec.structs.replace(changed, price=price, doubt=self._doubt_of(asked.route))

    async def move(self, watch_id: WatchId, actor: Owner, tell: tuple[Destination, ...]) -> Added:
        """Tell of it elsewhere; seeded anew, so that what is met now is said here and not pinged."""
        async with self._store.transaction() as tx:
            row = await self._own(tx, watch_id, actor)
            self._check_departure(row.route.route)
            await tx.watches.update(await self._told_in(tx, row.watch, actor, tell))
            await tx.watches.save_states({watch_id: judge.reseeded(row.state)})
        self._committed()
        if row.watch.status is WatchStatus.PAUSED:  # not looked at until it is resumed
            return Added(shown=await self._shown(watch_id))
        return await self._seeded(watch_id, row.route.route)

    async def _told_in(
        self, tx: Transaction, watch: Watch, actor: Owner, tell: tuple[Destination, ...]
    ) -> Watch:
        """The watch as it tells there, once it has left where it told before."""
        for place in tell:
            other = await tx.watches.find(actor, watch.route_id, place)
            if other is not None and other.watch.id != watch.id:
                raise InvalidInput("where", "You watch this route there already.")
        await leaving.leave(tx, watch.id, self._clock.now(), staying_in={place.lane for place in tell})
        return msgspec.structs.replace(watch, tell=tell)

    async def pause(self, watch_id: WatchId, actor: Owner) -> Shown:
        """Stop looking at a route until it is resumed."""
        async with self._store.transaction() as tx:
            row = await self._own(tx, watch_id, actor)
            self._check_departure(row.route.route)
            paused = msgspec.structs.replace(row.watch, status=WatchStatus.PAUSED, paused_why="owner")
            await tx.watches.update(paused)
            await leaving.leave(tx, watch_id, self._clock.now())
        self._committed()
        return await self._shown(watch_id)

    async def resume(self, watch_id: WatchId, actor: Owner, here: Callable[[], Destination]) -> Added:
        """Look at it again; seeded anew, so that what is met now is said here and not pinged.

        Where its channel was deleted it tells `here`, which may raise InvalidInput.
        """
        async with self._store.transaction() as tx:
            row = await self._own(tx, watch_id, actor)
            self._check_departure(row.route.route)
            watch = row.watch
            if watch.paused_why == CHANNEL_DELETED:
                watch = await self._told_in(tx, watch, actor, (here(),))
            await tx.watches.update(
                msgspec.structs.replace(watch, status=WatchStatus.ACTIVE, paused_why=None)
            )
            await tx.watches.save_states({watch_id: judge.reseeded(row.state)})
        self._committed()
        return await self._seeded(watch_id, row.route.route)

    async def remove(self, watch_id: WatchId, actor: Owner) -> Shown:
        """Forget a watch; it can be restored for UNDO."""
        async with self._store.transaction() as tx:
            await self._own(tx, watch_id, actor)
        shown = await self._shown(watch_id)
        async with self._store.transaction() as tx:
            await tx.watches.remove(watch_id, self._clock.now())
            await leaving.leave(tx, watch_id, self._clock.now())
        self._committed()
        return shown

    async def restore(self, watch_id: WatchId, actor: Owner, standing: Standing = NOBODY) -> Shown:
        """Undo a removal, while there is time and room and nothing took its place."""
        async with self._store.transaction() as tx:
            row = await tx.watches.get(watch_id)
            if row is None or not _same_owner(row.watch.owner, actor) or self._is_too_late(row.watch):
                raise InvalidInput("route", "It is too late to undo that. Add the route again.")
            if row.watch.removed_at is not None:
                if await tx.watches.find(actor, row.watch.route_id, row.watch.tell[0]):
                    raise InvalidInput("route", "You have added this route again already.")
                await self._check_room(tx, row.watch.owner, standing)
                await tx.watches.restore(watch_id)
                await leaving.come_back(tx, watch_id, self._clock.now())
        self._committed()
        self._poke()
        return await self._shown(watch_id)

    def _is_too_late(self, watch: Watch) -> bool:
        late = watch.removed_at is not None and self._clock.now() - watch.removed_at > UNDO
        return late or watch.paused_why == BY_MANAGERS  # not the owner's to undo

    async def check(self, watch_id: WatchId, actor: Owner) -> Checked:
        """Look at a route now."""
        shown = await self.show(watch_id, actor)
        self._check_departure(shown.route)
        _check_not_paused(shown.watch)
        report = await self._seeding.look(shown.route.id)
        judgement = report.judgement_of(watch_id) if report else None
        shown = await self._shown(watch_id)
        async with self._store.transaction() as tx:
            until = await waits_until(tx, shown.watch)
            gathered = await is_gathered(tx, shown.watch.owner, shown.state)
        return Checked(
            shown=shown,
            outcome=as_judged(report) if report else None,
            judgement=judgement,
            waits_until=until,
            gathered=gathered,
        )

    async def show(self, watch_id: WatchId, actor: Owner) -> Shown:
        """One watch of the actor's."""
        async with self._store.transaction() as tx:
            row = await self._own(tx, watch_id, actor)
            return (await all_shown(tx, [row], self._clock.now()))[0]

    async def of_owner(self, *owners: Owner) -> list[Shown]:
        """All watches of an owner, then those of the next one."""
        async with self._store.transaction() as tx:
            rows = [row for owner in owners for row in await tx.watches.of_owner(owner)]
            return await all_shown(tx, rows, self._clock.now())

    async def snooze(self, watch_id: WatchId, actor: Owner, for_: timedelta) -> Shown:
        """No pings for a while; a deeper drop breaks through, and its end reminds."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            row = await self._own(tx, watch_id, actor)
            self._check_departure(row.route.route)
            _check_not_paused(row.watch)
            until = now + for_
            snooze = judge.snoozed(row.state, row.route.last_quote, until)
            await tx.watches.update(msgspec.structs.replace(row.watch, snooze=snooze))
            await tx.routes.look_by(row.watch.route_id, until)
        self._poke()
        return await self._shown(watch_id)

    async def acting_on(self, watch_id: WatchId, actor: Owner, standing: Standing) -> Owner:
        """As whom somebody acts on a watch: as themselves, or for the server that owns it."""
        async with self._store.transaction() as tx:
            row = await tx.watches.get(watch_id)
        return actor if row is None else acting_as(actor, standing, row.watch.owner)

    async def today(self, owner: Owner) -> date:
        """The day that is today where an owner lives, by which their words are read."""
        async with self._store.transaction() as tx:
            return await today_of(tx, owner, self._timezones, self._clock.now())

    async def on_route(self, owner: Owner, route_id: RouteId) -> list[WatchRow]:
        """An owner's watches of a route, for the buttons under an alert."""
        async with self._store.transaction() as tx:
            return await tx.watches.on_route_of(owner, route_id)

    def _watch(self, request: AddWatch, asked: Asked) -> Watch:
        return Watch(
            id=self._new_id(),
            owner=request.owner,
            route_id=asked.route.id,
            currency=asked.route.currency,
            rules=asked.rules,
            tell=request.tell,
            created_at=self._clock.now(),
            made_in=request.made_in,
        )

    async def _check_room(self, tx: Transaction, owner: Owner, standing: Standing) -> None:
        room = await room_of(tx, owner, self._limits, standing)
        if room.left == 0:
            raise InvalidInput.of("route", room.full)

    def _check_departure(self, route: Route) -> None:
        if judge.expired(route, self._clock.now()):
            raise InvalidInput("route", "This route has departed. Add one with new dates.")

    async def _seeded(self, watch_id: WatchId, route: Route) -> Added:
        """It begins with what is known, or with a look now; the reply carries both."""
        outcome = await self._seeding.seed(watch_id, route.id)
        self._poke()
        shown = await self._shown(watch_id)
        fare = shown.row.last_quote.total if shown.row.last_quote else None
        today = self._clock.now().date()
        on_offer = () if shown.watch.rules.target else offers(shown.history, fare, route.currency, today)
        return Added(shown=shown, outcome=outcome, offers=on_offer)

    async def _own(self, tx: Transaction, watch_id: WatchId, actor: Owner) -> WatchRow:
        row = await tx.watches.get(watch_id)
        if row is None or row.watch.removed_at is not None or not _same_owner(row.watch.owner, actor):
            raise InvalidInput("route", "That route is not on your list any more.")
        return row

    async def _shown(self, watch_id: WatchId) -> Shown:
        async with self._store.transaction() as tx:
            row = await tx.watches.get(watch_id)
            if row is None:
                raise InvalidInput("route", "That route is not on your list any more.")
            return (await all_shown(tx, [row], self._clock.now()))[0]


def _check_not_paused(watch: Watch) -> None:
    if watch.status is WatchStatus.PAUSED:
        raise InvalidInput("route", "This route is paused. Resume it first.")


def _same_owner(owner: Owner, actor: Owner) -> bool:
    return (owner.kind, owner.id) == (actor.kind, actor.id)
