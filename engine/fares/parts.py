"""The searches of a look, and whether a source's budget has room for all of them."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from engine.clock import Clock
from engine.domain import details
from engine.domain.budget import Asker, calls_a_month, most_at_once, too_few
from engine.domain.places import PlaceKind
from engine.domain.quote import Outcome, OutcomeKind, SourceKind
from engine.domain.route import Route
from engine.fares.budget import Budgets, quota
from engine.fares.expansion import MOST_SEARCHES, searches
from engine.fares.ports import Source


class LookPrice(msgspec.Struct, frozen=True, kw_only=True):
    """What one look at a route takes from a source.

    `most_at_once` is how many calls its budget allows for one look, `looks_a_month` how many looks for this
    route alone; None where nothing is limited.
    """

    source: str
    kind: SourceKind
    searches: int
    calls: int
    most_at_once: int | None = None
    looks_a_month: int | None = None

    @property
    def possible(self) -> bool:
        """Whether the source can look at all. A spent or empty budget says nothing of a single search."""
        if self.searches == 1:
            return True
        within = self.most_at_once is None or self.calls <= self.most_at_once
        return 0 < self.searches <= MOST_SEARCHES and within


class Parts:
    """Takes routes apart into searches, and says where they would cost too much."""

    def __init__(self, budgets: Budgets, clock: Clock) -> None:
        self._budgets = budgets
        self._clock = clock

    def of(self, source: Source, route: Route) -> tuple[Route, ...]:
        """The searches that a look takes today."""
        return searches(route, source.abilities, self._clock.now().date())

    def price(self, source: Source, route: Route) -> LookPrice:
        """What a look takes."""
        parts = self.of(source, route)
        calls = sum(_calls(source, part) for part in parts)
        limits = self._budgets.of(source.name).limits
        a_month = calls_a_month(limits)
        return LookPrice(
            source=source.name,
            kind=source.kind,
            searches=len(parts),
            calls=calls,
            most_at_once=most_at_once(limits),
            looks_a_month=a_month // calls if a_month is not None and calls else None,
        )

    def kept_for_the_loop(self, source: Source, route: Route) -> bool:
        """Whether calls are left for a look, but not for members."""
        calls = sum(_calls(source, part) for part in self.of(source, route))
        return not self._affords(source, calls, Asker.MEMBER) and self._affords(source, calls, Asker.LOOP)

    def refusal(self, source: Source, parts: Sequence[Route], asker: Asker) -> Outcome | None:
        """Why a look of these searches is not begun; None when it may be."""
        if not parts:
            return self._refused(source, OutcomeKind.REJECTED, details.NO_DAY_LEFT)
        if len(parts) > MOST_SEARCHES:
            words = details.TOO_MANY_SEARCHES.format(searches=len(parts), most=MOST_SEARCHES)
            return self._refused(source, OutcomeKind.REJECTED, words)
        calls = sum(_calls(source, part) for part in parts)
        if self._affords(source, calls, asker):
            return None
        tomorrow = self._clock.now().date() + timedelta(days=1)
        spent = quota(self._budgets.of(source.name).spent(asker) or too_few(calls, tomorrow))
        refused = self._refused(source, spent.kind, spent.detail)
        return msgspec.structs.replace(refused, retry_at=spent.retry_at)

    def _affords(self, source: Source, calls: int, asker: Asker) -> bool:
        left = self._budgets.of(source.name).left(asker)
        return left is None or left >= calls

    def _refused(self, source: Source, kind: OutcomeKind, detail: str) -> Outcome:
        return Outcome(
            kind=kind,
            source=source.name,
            source_kind=source.kind,
            observed_at=self._clock.now(),
            detail=detail,
        )


def _calls(source: Source, part: Route) -> int:
    """The calls of one search: a source without codes of cities asks for their airports one by one."""
    cities = sum(place.kind is PlaceKind.METRO for place in (part.origin, part.destination))
    each = source.abilities.airports_each
    return int(each**cities)
