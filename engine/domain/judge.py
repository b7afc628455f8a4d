"""The alert rule: holds a look against a watch. Pure; the rules are those of the design, section 5.

    usable      1, 12         which quote is judged; when a route is past
    rounds      2             what a lead asks, and what a live look answers
    confirming  2             how often a live look may be asked for
    suspicion   3             totals too good, or too bad, to be believed at once
    conditions  4             TARGET, DROP, NEW_LOW; steps and levels
    telling     5, 6, 8, 10   what is pinged or edited
    clearing    7             when a told condition is armed again
    states      9, 10, 11     seeds, snoozes, held watches
    weighing                  3 to 8 and 10 in their order, for one quote or one no_fares

`look.at` is when a look was made, and what looks are counted and spaced by; `now` is when it is
judged, and what pings, snoozes and waits are counted by.

How `engine.look` uses it:

1. Every watch of the route is judged with `confirming` POSSIBLE (a live source could be asked) or
   IMPOSSIBLE.
2. If any judgement is CONFIRM, nothing of this round is written (a CONFIRM returns the state it was
   given, so writing that one would change nothing), and one live look is made past the cache.
3. All watches, as they stand by then, are judged again: with THIS, the live outcome and the first
   one as `lead`; or, when there was no answer, with FAILED and the first outcome. A THIS that
   answers nothing (a failure, nothing usable) is taken as FAILED by itself.
   A second round never returns CONFIRM.
"""

from datetime import datetime

import msgspec

from engine.domain.alert import Reason
from engine.domain.conditions import met
from engine.domain.history import History
from engine.domain.judgement import Confirming, Effect, Judgement, Look, WatchState
from engine.domain.quote import Quote
from engine.domain.rounds import first_round, second_round, seed_round
from engine.domain.states import fresh_state, held, released, reseeded, snoozed
from engine.domain.suspicion import history_total
from engine.domain.telling import open_snooze
from engine.domain.usable import BestQuote, best_quote, expired, usable_quotes
from engine.domain.watch import Condition, Watch, WatchStatus

__all__ = [
    "BestQuote",
    "best_quote",
    "expired",
    "fresh_state",
    "held",
    "history_total",
    "judge",
    "met_at",
    "open_snooze",
    "released",
    "reseeded",
    "seed",
    "snoozed",
    "usable_quotes",
]


def judge(watch: Watch, state: WatchState, look: Look, history: History, now: datetime) -> Judgement:
    """Hold a look against a watch; the module says how the two rounds of a confirmation go.

    `history` is the route's, as it stood before this look.
    """
    settled = _without_looking(watch, state, look, now)
    if settled is not None:
        return settled
    if look.confirming is Confirming.THIS:
        judgement = second_round(watch, state, look, history, now)
    else:
        judgement = first_round(watch, state, look, history, now)
    return _looked_at_again(watch, judgement, now)


def seed(watch: Watch, state: WatchState, look: Look, history: History, now: datetime) -> Judgement:
    """Rule 9: begin from an existing look; SEEDED, or why the look could not be used."""
    settled = _without_looking(watch, state, look, now)
    if settled is not None:
        return settled
    return seed_round(watch, state, look, history, now)


def met_at(
    watch: Watch, state: WatchState, quote: Quote, history: History, now: datetime
) -> tuple[Condition, ...]:
    """Rule 4: the conditions that hold at a quote; none where its currency is not the watch's."""
    if quote.total.currency != watch.currency:
        return ()
    return met(watch, state, quote.total, history, now)


def _without_looking(watch: Watch, state: WatchState, look: Look, now: datetime) -> Judgement | None:
    """What is settled whatever the look brought: past (rule 12), not active, held (rule 11).

    EXPIRED is told once. A watch that is paused or removed by now is left alone: NO_CHANGE.
    """
    if watch.status is WatchStatus.EXPIRED:
        return Judgement(reason=Reason.EXPIRED, state=state)
    if watch.status is WatchStatus.PAUSED or watch.removed_at is not None:
        return Judgement(reason=Reason.NO_CHANGE, state=state)
    if expired(look.route, now):
        effect = Effect.NONE if state.expired else Effect.NOTICE
        over = msgspec.structs.replace(state, expired=True)
        return Judgement(reason=Reason.EXPIRED, state=over, effect=effect)
    if state.held:
        return Judgement(reason=Reason.HELD, state=state)
    if watch.currency != look.route.currency:
        return Judgement(reason=Reason.UNUSABLE_CURRENCY, state=state)
    return None


def _looked_at_again(watch: Watch, judgement: Judgement, now: datetime) -> Judgement:
    """Rule 10: the route is looked at when a snooze ends; a suspicion is settled sooner."""
    snooze = open_snooze(watch, judgement.state)
    if snooze is None or snooze.until <= now:
        return judgement
    again_at = min(snooze.until, judgement.look_again_at or snooze.until)
    return msgspec.structs.replace(judgement, look_again_at=again_at)
