"""The daily digest: when it is due, and what it says of each route. Pure."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

import msgspec

from engine.domain.history import History
from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.quiet import exists, instant, local_day
from engine.domain.quote import SourceKind
from engine.domain.route import Route
from engine.domain.watch import Rules, WatchId

# A digest that could not be made or sent in time is of use for so long; then the next one is near.
LATE: Final = timedelta(hours=6)
_DAY: Final = timedelta(days=1)
_KINDS: Final = (SourceKind.LIVE, SourceKind.CACHED)  # whose fares are compared, the surest first


class Digest(msgspec.Struct, frozen=True, kw_only=True):
    """What a member chose: at which local time, and whether it gathers.

    A digest that gathers stands in for pings. `gathers_since` is the instant from which on nobody was
    pinged: when that was chosen, then that of each digest; None where alerts ping as ever.
    """

    at: time
    gathers_since: datetime | None = None

    @property
    def gathers(self) -> bool:
        """Whether alerts do not ping."""
        return self.gathers_since is not None


class Due(msgspec.Struct, frozen=True):
    """A digest of one local day, and the instant at which it is due."""

    day: date
    at: datetime


class Find(msgspec.Struct, frozen=True):
    """What a route to anywhere found: where to, for how much, and from which place where that is known."""

    place: Place
    fare: Money
    start: Place | None = None


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One route of a digest.

    `fare` is the newest seen, at `seen_at`; `yesterday` the last one of the day before, `low` the
    lowest since then where it was at the target and now is not. `told_at` is when its owner last
    heard of it since the digest before; `is_news` marks an alert that this digest stands in for.
    `finds` are those of a route to anywhere: the one that costs `fare`, then what else is news.
    """

    watch_id: WatchId
    route: Route
    rules: Rules
    fare: Money | None = None
    seen_at: datetime | None = None
    yesterday: Money | None = None
    low: Money | None = None
    told_at: datetime | None = None
    is_news: bool = False
    snoozed: bool = False
    finds: tuple[Find, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether the fare is at or under its target."""
        target = self.rules.target
        return self.fare is not None and target is not None and self.fare.minor <= target.minor


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """The digest of one local day, its lines sorted; it stands in for the pings `since` then, if any."""

    day: date
    lines: tuple[Line, ...]
    since: datetime | None = None


def next_due(at: time, zone: tzinfo, after: datetime) -> Due:
    """The first digest that is due after an instant; one for each day that the zone has."""
    day = local_day(after, zone) - _DAY
    while True:
        due = Due(day, instant(day, at, zone))
        if due.at > after and exists(day, zone):
            return due
        day += _DAY


def day_of(at: time, zone: tzinfo, due_at: datetime) -> date:
    """The local day of the digest that is due at that instant."""
    return next_due(at, zone, due_at - timedelta(microseconds=1)).day


def by_closeness(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The closest to its target first, then those without one, then those without a fare."""
    return tuple(sorted(lines, key=_closeness))


def yesterday(history: History, currency: str, today: date) -> Money | None:
    """The last total that was seen on the day before, of live sources where there are any."""
    for kind in _KINDS:
        for row in history.days:
            if row.day == today - _DAY and row.kind is kind:
                return Money(row.last, currency)
    return None


def lowest_since_yesterday(history: History, currency: str, today: date) -> Money | None:
    """The lowest total of the day before and of today."""
    low = history.low(today, 1)
    return None if low is None else Money(low, currency)


def _closeness(line: Line) -> tuple[bool, float, str]:
    target = line.rules.target
    if line.fare is None:
        return True, 0.0, line.watch_id
    if target is None or target.minor <= 0:
        return False, 1.0 if line.is_news else float("inf"), line.watch_id
    return False, line.fare.minor / target.minor, line.watch_id
