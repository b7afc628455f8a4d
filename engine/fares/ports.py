"""What the fares room asks of the outside: a source, implemented once per provider."""

from datetime import date
from typing import Protocol, runtime_checkable

from engine.domain.budget import Asker, BudgetSpent, CallLimits, CallsMade
from engine.domain.quote import Outcome, SourceKind
from engine.domain.route import Route
from engine.fares.abilities import Abilities


class Source(Protocol):
    """An adapter to one fare provider. `search` never raises for what a provider may do."""

    @property
    def name(self) -> str:
        """The word used in settings, logs and quotes: `amadeus`."""
        ...

    @property
    def kind(self) -> SourceKind:
        """Live, cached or test, as far as it is known before a reply."""
        ...

    @property
    def abilities(self) -> Abilities:
        """What one request of it takes."""
        ...

    async def search(self, route: Route) -> Outcome:
        """Ask for one route that is narrow enough for one request: quotes cheapest first, or an outcome."""
        ...


@runtime_checkable
class Checkable(Protocol):
    """A source that can tell by less than a search whether it is there and takes our credentials."""

    async def check(self) -> Outcome | None:
        """None when it does, else what came in place of a yes; never raises for what a provider may do."""
        ...


class CallCounts(Protocol):
    """How many calls a source has had, kept where a crash cannot lose it."""

    async def made(self, source: str) -> CallsMade | None:
        """What was counted so far; None for a source never called. Raises StoreError."""
        ...

    async def take(
        self, source: str, limits: CallLimits, today: date, asker: Asker
    ) -> tuple[CallsMade, BudgetSpent | None]:
        """Count one more call for good, or say why there is none left for this asker; the counts after that.

        Raises EngineError when it cannot be counted; then the call must not be made.
        """
        ...
