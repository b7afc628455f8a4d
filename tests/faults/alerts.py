"""The alerts that a run triggers, one group of watches after the other, and what is owed for each.

A group is one route whose fare meets its watches at the first look, which is due at an instant of its
own; so the fares of a whole run are known before, and each message that may arrive, once.
"""

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Final

import msgspec

from engine.alerts.phones import PhoneVault
from engine.clock import Clock
from engine.domain import judge
from engine.domain.places import Place
from engine.domain.route import FixedDates, Route
from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind, Watch, WatchId
from engine.store.database import Store
from engine.store.phones import Phone
from sandbox.market import Market
from tests.support import build

FARE: Final = 400
OPERATORS_PHONE: Final = "+4915187659000"
PHONE_KEY: Final = "Y2FuYXJ5LXBob25lLWtleS0wMDAwMDAwMDAwMDAwMDA="
HASH_KEY: Final = "Y2FuYXJ5LWhhc2gta2V5LTAwMDAwMDAwMDAwMDAwMDA="
_SERVER: Final = "5001"
# How long after the group before it is due: most at once, some after the machine was off for a while,
# so that nonces run out, texts go stale, and alerts are looked at again before they are told.
_GAPS: Final = ((69, 0.5), (20, 10.0), (8, 100.0), (3, 1_000.0))

Owed = tuple[str, str, str]
"""A message: the way it goes (`discord` or `twilio`), the channel or number, and the pair it names."""


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """The watches of one route, when it is looked at, and every message that is owed for it."""

    route: Route
    due_at: datetime
    watches: tuple[Watch, ...]
    phones: tuple[tuple[str, str], ...]
    owed: tuple[Owed, ...]


def make_groups(count: int, begin: datetime, dice: random.Random) -> list[Group]:
    """So many groups; with the same dice the same ones."""
    weights, seconds = zip(*_GAPS, strict=True)
    gaps = dice.choices(seconds, weights, k=count)
    return [
        _group(number, begin + timedelta(seconds=after_s))
        for number, after_s in enumerate(accumulate(gaps), start=1)
    ]


async def keep(groups: Sequence[Group], url: str, clock: Clock) -> None:
    """Write them into a fresh database, as the importing of a list would."""
    vault = PhoneVault([PHONE_KEY], HASH_KEY)
    async with Store.open(url, clock) as store, store.transaction() as tx:
        for group in groups:
            await tx.routes.ensure(group.route, group.due_at)
            for watch in group.watches:
                await tx.watches.add(watch, judge.fresh_state(from_list=True))
            for member, number in group.phones:
                await tx.phones.keep(_phone(vault, member, number, clock.now()))


def _group(number: int, due_at: datetime) -> Group:
    origin, destination = _pair(number).split("-")
    route = Route(
        origin=Place.metro(origin),
        destination=Place.metro(destination),
        trip=FixedDates(date(2027, 3, 10), date(2027, 3, 24)),
        currency="EUR",
    )
    ada, ben = (Owner(OwnerKind.MEMBER, str(id_ + 2 * number), _SERVER) for id_ in (1_000_000, 1_000_001))
    channel = Destination(DestinationKind.CHANNEL, str(9_000_000 + number))
    dm = Destination(DestinationKind.DM, ada.id)
    posted, in_dm = ("discord", channel.address, route.pair), ("discord", f"8{ada.id}", route.pair)
    texted, copied = ("twilio", _phone_of(ada), route.pair), ("twilio", OPERATORS_PHONE, route.pair)
    phones = ((ada.id, _phone_of(ada)),)

    def watch(owner: Owner, *tell: Destination) -> Watch:
        return build.watch(route, FARE + 20, id=WatchId(f"w{owner.id}"), owner=owner, tell=tell)

    def group(watches: list[Watch], *owed: Owed) -> Group:
        linked = phones if texted in owed else ()
        return Group(route=route, due_at=due_at, watches=tuple(watches), phones=linked, owed=owed)

    match number % 4:
        case 0:  # a channel, and the operator's copy
            return group([watch(ada, channel)], posted, copied)
        case 1:  # two members in one message, one of whom is texted
            return group([watch(ada, channel), watch(ben, channel)], posted, copied, texted)
        case 2:  # between the bot and the member only
            return group([watch(ada, dm)], in_dm, texted)
        case _:
            return group([watch(ada, channel, dm)], posted, in_dm)


def _pair(number: int) -> str:
    """One of the fifty pairs of the market, or one of them turned round."""
    pairs = Market().pairs
    turned = ["-".join(reversed(pair.split("-"))) for pair in pairs]
    return [*pairs, *turned][number]


def _phone_of(owner: Owner) -> str:
    return f"+4915187{owner.id[-6:]}"


def _phone(vault: PhoneVault, member: str, number: str, now: datetime) -> Phone:
    return Phone(
        member_id=member,
        fingerprint=vault.fingerprint(number),
        sealed=vault.seal(number),
        consent_version="1, at most 1000 a day",
        consented_at=now,
        verification="VE0",
        verified_at=now,
    )


def database_in(folder: Path) -> str:
    """The address of a run's database."""
    return f"sqlite:///{folder / 'fares.db'}"
