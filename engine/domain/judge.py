"""The alert rule: holds a look against a watch. Pure; the rules are those of the design, section 5.

How `engine.look` uses it:

1. Every watch of the route is judged with `confirming` POSSIBLE (a live source could be asked) or
   IMPOSSIBLE.
2. If any judgement is CONFIRM, nothing of this round is written (a CONFIRM returns the state it was
   given, so writing it would change nothing), and one live look is fetched past the cache.
3. All watches, as they stand by then, are judged again: with THIS, the live outcome and the first
   one as `lead`; or, when there was no answer, with FAILED and the first outcome. A THIS whose
   outcome answers nothing (a failure, nothing usable) is taken as FAILED by itself.
   A second round never returns CONFIRM.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from engine.domain.alert import Reason
from engine.domain.history import History
from engine.domain.judgement import Judgement, Look, WatchState
from engine.domain.quote import Quote
from engine.domain.route import Route
from engine.domain.watch import Condition, Snooze, Watch


class BestQuote(msgspec.Struct, frozen=True, kw_only=True):
    """Rule 1 for a route: the cheapest usable quote, or why there is none.

    `set_aside` counts what was not usable by its UNUSABLE_* reason; `reason` is the most frequent
    of these, or UNUSABLE_OUTCOME, and None when there is a quote.
    """

    quote: Quote | None = None
    set_aside: Mapping[Reason, int] = {}
    reason: Reason | None = None


def judge(watch: Watch, state: WatchState, look: Look, history: History, now: datetime) -> Judgement:
    """Hold a look against a watch; see the module for the two rounds around a confirmation."""
    raise NotImplementedError


def seed(watch: Watch, state: WatchState, look: Look, history: History, now: datetime) -> Judgement:
    """Rule 9: begin from an existing look; SEEDED, or why the look could not be used."""
    raise NotImplementedError


def best_quote(look: Look, now: datetime) -> BestQuote:
    """Rule 1: the quote of a look that is judged."""
    raise NotImplementedError


def met_at(
    watch: Watch, state: WatchState, quote: Quote, history: History, now: datetime
) -> tuple[Condition, ...]:
    """Rule 4: the conditions that hold at a quote."""
    raise NotImplementedError


def history_total(look: Look, history: History, previous: Quote | None, now: datetime) -> Quote | None:
    """The quote whose total may enter the history, for `history.with_total(today, kind, minor)`.

    None where nothing is usable, or where the total is suspect (rule 3) and `previous`, the best
    quote of the look before, does not bear it out.
    """
    raise NotImplementedError


def expired(route: Route, now: datetime) -> bool:
    """Rule 12: whether its last departure is past, wherever it departs from."""
    raise NotImplementedError


def fresh_state(*, from_list: bool) -> WatchState:
    """The state of a new watch: armed for a row of a list, unseeded for Discord (rule 9)."""
    raise NotImplementedError


def reseeded(state: WatchState) -> WatchState:
    """Unseeded again, after an edit of its rules, a resume or a move (rule 9)."""
    raise NotImplementedError


def snoozed(state: WatchState, newest: Quote | None, until: datetime) -> Snooze:
    """Rule 10: the snooze to put into the watch, with the price of now."""
    raise NotImplementedError


def held(state: WatchState) -> WatchState:
    """Rule 11: its alert reached nobody; armed, and not judged until released."""
    raise NotImplementedError


def released(state: WatchState) -> WatchState:
    """Rule 11: a destination works again."""
    raise NotImplementedError
