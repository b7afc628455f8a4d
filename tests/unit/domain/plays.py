"""Random plays for the properties: a watch, the past of its route, and looks one after another."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from hypothesis import strategies as st

from engine.domain.alert import Reason
from engine.domain.history import History
from engine.domain.judge import fresh_state, history_total, judge
from engine.domain.judgement import Confirming, Judgement, Look, WatchState
from engine.domain.money import Money
from engine.domain.quote import Outcome, OutcomeKind, Quote, SourceKind
from engine.domain.route import RollingDates
from engine.domain.watch import Rules, Snooze, Watch
from tests.support import build
from tests.support.build import eur
from tests.support.clock import START
from tests.support.judging import history

# Rolling dates never expire, however long a play is.
ROUTE = build.route(trip=RollingDates(60, 14))
FIRM = ("amadeus", "duffel")
LEADS = ("cache", "cache2")

# Minutes between looks: the same instant, the edges of the rules' spans, and days.
GAPS = st.sampled_from((0, 1, 5, 19, 20, 30, 60, 180, 359, 360, 720, 1440, 2881))
# Fares on both sides of target, steps and levels; now and then any fare; a few beyond belief.
_LEVELS = (36100, 38000, 39600, 40000, 40400, 42000, 42001, 42840, 44000, 50000)
TOTALS = st.one_of(st.sampled_from((*_LEVELS * 2, 9000, 160000)), st.integers(30000, 60000))
_FAILED = tuple(kind for kind in OutcomeKind if kind not in (OutcomeKind.QUOTES, OutcomeKind.NO_FARES))
_ANY_LIVE = st.none() | TOTALS


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One look of a play; `total` None is no_fares, `failed` a failure; `live_total` answers a question."""

    gap: int
    source: str
    total: int | None
    failed: OutcomeKind | None = None
    alive: bool = True
    confirming: Confirming = Confirming.IMPOSSIBLE
    live_total: int | None = None


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one visit: the look that was judged last, what was known before, the judgement."""

    look: Look
    past: History
    before: WatchState
    judgement: Judgement

    @property
    def total(self) -> int | None:
        """The total that was judged."""
        quote = self.judgement.quote
        return None if quote is None else quote.total.minor


def outcome(source: str, total: int | None, at: datetime) -> Outcome:
    kind = SourceKind.CACHED if source.startswith("cache") else SourceKind.LIVE
    if total is None:
        return build.outcome(source=source, source_kind=kind, at=at)
    fare = build.quote(Money(total, "EUR"), ROUTE, source=source, kind=kind, observed_at=at, slices=())
    return build.outcome(fare, at=at)


def play(watch: Watch, state: WatchState, past: History, script: Sequence[Visit]) -> list[Seen]:
    """Judge all visits in turn, with a second round wherever one is asked for, and record them."""
    now, newest, seen = START, None, []
    for visit in script:
        now += timedelta(minutes=visit.gap)
        look = _look(watch, state, past, visit, now)
        judgement = judge(watch, state, look, past, now)
        seen.append(Seen(look=look, past=past, before=state, judgement=judgement))
        state = judgement.state
        counted = history_total(look, past, newest, now)
        newest = judgement.quote or newest
        if counted is not None:
            past = _recorded(past, counted, now)
    return seen


def _recorded(past: History, quote: Quote, now: datetime) -> History:
    row = past.with_total(now.date(), quote.kind, quote.total.minor)
    others = tuple(each for each in past.days if (each.day, each.kind) != (row.day, row.kind))
    return History((*others, row))


def _look(watch: Watch, state: WatchState, past: History, visit: Visit, now: datetime) -> Look:
    """What a visit brought; the live look that it asked for, where it asked for one."""
    brought = outcome(visit.source, visit.total, now)
    if visit.failed is not None:
        brought = build.outcome(source=visit.source, kind=visit.failed, at=now)
    look = Look(route=ROUTE, outcome=brought, at=now, confirming=visit.confirming, source_alive=visit.alive)
    if judge(watch, state, look, past, now).reason is not Reason.CONFIRM:
        return look
    live = outcome("amadeus", visit.live_total, now)
    return msgspec.structs.replace(look, outcome=live, lead=brought, confirming=Confirming.THIS)


RULES = st.builds(
    Rules,
    target=st.none() | st.just(eur(420)),
    drop_percent=st.none() | st.sampled_from((5, 10, 30)),
    new_low_days=st.none() | st.sampled_from((3, 30)),
)
PASTS = st.lists(st.integers(390, 480), max_size=10).map(history)
STATES = st.booleans().map(lambda listed: fresh_state(from_list=listed))
SNOOZES = st.none() | st.builds(
    lambda after, price: Snooze(START + timedelta(minutes=after), price),
    st.integers(0, 5000),
    st.none() | TOTALS,
)


def visits(
    *,
    sources: Sequence[str] = (*FIRM, *LEADS),
    confirming: Sequence[Confirming] = (Confirming.POSSIBLE, Confirming.FAILED, Confirming.IMPOSSIBLE),
    live: st.SearchStrategy[int | None] = _ANY_LIVE,
    size: int = 24,
) -> st.SearchStrategy[list[Visit]]:
    """Plays of quotes mostly, some no_fares, some failures."""
    one = st.builds(
        Visit,
        gap=GAPS,
        source=st.sampled_from(sources),
        total=st.one_of(st.sampled_from((*_LEVELS, None, None)), TOTALS),
        failed=st.sampled_from((*[None] * 45, *_FAILED)),
        alive=st.booleans(),
        confirming=st.sampled_from(confirming),
        live_total=live,
    )
    return st.lists(one, min_size=size // 2, max_size=size)


def watching(rules: Rules, snooze: Snooze | None = None) -> Watch:
    return build.watch(ROUTE, rules=rules, snooze=snooze)
