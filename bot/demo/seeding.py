"""What stands before the curtain rises: fifty routes watched, and forty days of what they used to cost."""

import random
import statistics
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

import msgspec

from engine.assembly import Engine
from engine.domain import judge
from engine.domain.history import DayLow
from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.quote import SourceKind
from engine.domain.route import FixedDates, Route
from engine.domain.watch import Destination, Owner, Rules, Watch, WatchId
from sandbox.market import Market

_DAYS: Final = 40
_LOOKS_A_DAY: Final = 8
_UNDER: Final = Decimal("0.93")  # targets lie a little under the usual fare and that of now


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """A route of the demo: its pair in the market, and the target somebody has for it."""

    pair: str
    route: Route
    target: Money
    depart_on: date


async def watch_the_market(
    engine: Engine, market: Market, owners: Sequence[Owner], tell: Destination, dice: random.Random
) -> list[Watched]:
    """One watch for each pair of the market, shared out among the owners, with history behind it."""
    now = engine.clock.now()
    watched = [_watched(engine, market, pair, now, dice) for pair in market.pairs]
    for number, each in enumerate(watched):
        lows = [(each.route.id, low) for low in _history(market, each, now)]
        watch = Watch(
            id=WatchId(f"demo{number:02}"),
            owner=owners[number % len(owners)],
            route_id=each.route.id,
            currency=each.route.currency,
            rules=Rules(target=each.target),
            tell=(tell,),
            created_at=now,
        )
        async with engine.store.transaction() as tx:
            await tx.routes.ensure(each.route, now)
            await tx.watches.add(watch, judge.fresh_state(from_list=False))
            await tx.history.save(lows)
    return watched


def _watched(engine: Engine, market: Market, pair: str, now: datetime, dice: random.Random) -> Watched:
    origin, destination = pair.split("-")
    depart_on = now.date() + timedelta(days=dice.randint(45, 150))
    route = Route(
        origin=_place(engine, origin),
        destination=_place(engine, destination),
        trip=FixedDates(depart_on, depart_on + timedelta(days=dice.choice((3, 7, 10, 14)))),
        currency="EUR",
    )
    fares = [market.price(pair, now - timedelta(days=age), depart_on) for age in range(_DAYS)]
    target = Money.of(Decimal(int(min(statistics.median(fares), fares[0]) * _UNDER)), route.currency)
    return Watched(pair=pair, route=route, target=target, depart_on=depart_on)


def _place(engine: Engine, code: str) -> Place:
    return engine.gazetteer.find(code) or Place.airport(code)


def _history(market: Market, of: Watched, now: datetime) -> list[DayLow]:
    """The market as it was, looked at eight times a day."""
    lows = []
    for age in range(_DAYS, 0, -1):
        morning = now - timedelta(days=age)
        step = timedelta(hours=24 / _LOOKS_A_DAY)
        looks = [morning + step * look for look in range(_LOOKS_A_DAY)]
        seen = [_minor(market.price(of.pair, at, of.depart_on)) for at in looks]
        lows.append(
            DayLow(
                day=morning.date(),
                kind=SourceKind.LIVE,
                low=min(seen),
                first=seen[0],
                last=seen[-1],
                looks=len(seen),
            )
        )
    return lows


def _minor(fare: Decimal) -> int:
    return Money.of(fare, "EUR").minor
