"""What the faces present: a watch with everything known about it, and what an action came to."""

from datetime import datetime
from enum import StrEnum

import msgspec

from engine.domain.history import History
from engine.domain.judge import open_snooze
from engine.domain.judgement import Judgement, WatchState
from engine.domain.quote import Outcome, Quote
from engine.domain.route import Route
from engine.domain.watch import Condition, Rules, Snooze, Watch
from engine.fares.certainty import Doubt
from engine.fares.parts import LookPrice
from engine.store.routes import RouteRow


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A watch, its route's newest look, its history; `met` is what holds at the newest fare.

    `finds` are those of the newest sweep to anywhere, the cheapest first.
    """

    watch: Watch
    row: RouteRow
    state: WatchState
    history: History
    met: tuple[Condition, ...] = ()
    finds: tuple[Quote, ...] = ()

    @property
    def route(self) -> Route:
        """The route it watches."""
        return self.row.route

    @property
    def snooze(self) -> Snooze | None:
        """The snooze that is in force, None once a deeper drop broke it or its end was judged."""
        return open_snooze(self.watch, self.state)


class OfferKind(StrEnum):
    """The three targets offered to who named none."""

    PERCENTILE_25 = "percentile_25"
    TEN_BELOW = "ten_below"
    NEW_LOW = "new_low"


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """One of them; `rules` is None while it cannot be had, for want of fares."""

    kind: OfferKind
    rules: Rules | None


class Added(msgspec.Struct, frozen=True, kw_only=True):
    """What came of adding, changing or resuming a watch.

    `outcome` is today's look with the one quote that was judged, if it had any that could be used;
    None when its answer had not come in time (it goes on by itself).
    `existed`: the same member watched the same route in the same place already. `price` is what a look at
    a new route takes from the source that makes it, `doubt` what of it cannot be priced exactly.
    """

    shown: Shown
    existed: bool = False
    outcome: Outcome | None = None
    offers: tuple[Offer, ...] = ()
    price: LookPrice | None = None
    doubt: Doubt | None = None


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What a look asked for by a member came to, with the one quote that was judged.

    `outcome` and `judgement` are None when no answer came in time. `waits_until` is the end of the quiet
    hours for which its alert waits everywhere; `gathered`: the member's digest tells it in place of an alert.
    """

    shown: Shown
    outcome: Outcome | None
    judgement: Judgement | None
    waits_until: datetime | None = None
    gathered: bool = False
