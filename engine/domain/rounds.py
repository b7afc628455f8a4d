"""Rule 2: the two rounds of a look, the second after a live look was asked for.

`first_round` judges what a look brought, and asks for a confirmation (CONFIRM) where a lead would tell
something new or says that a firm alert is over. `second_round` judges the live look that was asked for.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final

import msgspec

from engine.domain.alert import OVER, Confirmation, Reason
from engine.domain.conditions import sighting, step
from engine.domain.confirming import (
    asked,
    given_up,
    may_confirm,
    may_settle,
    no_longer_wanted,
    refutation,
    wanted,
)
from engine.domain.history import History
from engine.domain.judgement import ConditionState, Confirming, Doubt, Judgement, Look, Refuted, WatchState
from engine.domain.quote import OutcomeKind, Quote
from engine.domain.states import seeded
from engine.domain.suspicion import LOOK_AGAIN, doubted
from engine.domain.usable import best_quote
from engine.domain.watch import Condition, Watch
from engine.domain.weighing import (
    Weighing,
    conclude,
    conclude_quietly,
    give_up,
    weigh_no_fares,
    weigh_quote,
)

_NOTHING: Final = (Reason.NOT_MET, Reason.NO_CHANGE, Reason.LEARNING, Reason.UNUSABLE_OUTCOME)


def first_round(watch: Watch, state: WatchState, look: Look, history: History, now: datetime) -> Judgement:
    """Judge a look that is no confirmation, or whose confirmation gave no answer (FAILED).

    A total that was refuted and is not to be confirmed again yet stays REFUTED also where nobody
    can be asked: it is never told as unconfirmed before its wait is over.
    """
    weighing = _weigh(watch, state, look, history, now)
    if isinstance(weighing, Judgement):
        return weighing
    if weighing.quote is not None and weighing.quote.firm:
        return conclude(_with_doubt(weighing, no_longer_wanted(state.doubt)), confirmation=Confirmation.FIRM)
    doubts = weighing.cleared.doubts
    believed = weighing.told_anew and _may_confirm(weighing, state, now)
    if look.confirming is Confirming.POSSIBLE and (believed or (doubts and may_settle(state.doubt, now))):
        return Judgement(reason=Reason.CONFIRM, state=state, quote=weighing.quote, met=weighing.met)
    if not doubts:
        weighing = _with_doubt(weighing, no_longer_wanted(state.doubt))
    elif look.confirming is not Confirming.POSSIBLE:
        weighing = _undecided(watch, weighing, look, now)
    if weighing.told_anew and not believed:
        unmet = msgspec.structs.replace(weighing, met=())  # what is refuted holds for nobody
        return conclude_quietly(unmet, Reason.REFUTED, Confirmation.UNCONFIRMED)
    return conclude(weighing, confirmation=Confirmation.UNCONFIRMED)


def second_round(watch: Watch, state: WatchState, look: Look, history: History, now: datetime) -> Judgement:
    """Judge the live look that was asked for (THIS) at its own price, whatever the lead said.

    The lead (`look.lead`) is weighed first, to know again what was asked and of which total. A live
    look that only brings another lead confirms nothing: it is judged as FAILED at its own price;
    one that brings no answer leaves the lead to be judged so.
    """
    live = best_quote(look, now).quote
    if live is not None and not live.firm:
        return first_round(watch, state, _failed(look), history, now)
    if live is None and not _no_fares(look):
        return first_round(watch, state, _failed(_of_lead(look) or look), history, now)
    question = _question(watch, state, look, history, now)
    doubts = () if question is None else question.cleared.doubts
    answer = _weigh(watch, state, look, history, now, settles=doubts)
    if isinstance(answer, Judgement):
        judgement = answer
    else:
        judgement = conclude(answer, confirmation=Confirmation.CONFIRMED)
        if doubts and judgement.reason not in OVER:
            judgement = _changed(judgement, doubt=asked(state.doubt, look.at, answered=True))
    return judgement if question is None else _held_against(question, judgement, live, look.at)


def seed_round(watch: Watch, state: WatchState, look: Look, history: History, now: datetime) -> Judgement:
    """Rule 9: begin from a look, whatever was known before; SEEDED, or why it could not be used."""
    believed = _believed(state, look, history, now)
    if isinstance(believed, Judgement):
        return believed
    quote = believed.quote
    begun, met = seeded(watch, believed.state, quote, look.at, history, now)
    sure = Confirmation.FIRM if quote.firm else Confirmation.UNCONFIRMED
    return Judgement(reason=Reason.SEEDED, state=begun, quote=quote, met=met, confirmation=sure)


class _Believed(msgspec.Struct, frozen=True):
    """A quote that is usable and not suspect, and the state that remembers it was looked at so."""

    quote: Quote
    state: WatchState


def _believed(state: WatchState, look: Look, history: History, now: datetime) -> _Believed | Judgement:
    """Rules 1 and 3: the quote to judge, or UNUSABLE_* or SUSPECT."""
    best = best_quote(look, now)
    if best.quote is None or _says_nothing(best.quote, look, state):
        return Judgement(reason=best.reason or Reason.UNUSABLE_OUTCOME, state=state)
    suspect, state = doubted(state, sighting(best.quote, look.at), history, now)
    if suspect:
        again_at = now + LOOK_AGAIN
        return Judgement(reason=Reason.SUSPECT, state=state, quote=best.quote, look_again_at=again_at)
    return _Believed(best.quote, state)


def _says_nothing(quote: Quote, look: Look, state: WatchState) -> bool:
    """Whether a look that lacks some of its searches brings only a dearer fare than the last.

    The cheaper one may be behind the searches that failed: such a look can bring a price down, never up.
    """
    partial = look.outcome is not None and look.outcome.partial
    return partial and state.last is not None and quote.total.minor > state.last.minor


def _weigh(
    watch: Watch,
    state: WatchState,
    look: Look,
    history: History,
    now: datetime,
    *,
    settles: Collection[Condition] = (),
) -> Weighing | Judgement:
    """Weigh a look; a judgement where rule 1, 3 or 9 has the last word.

    `settles`: conditions in doubt that this look decides.
    """
    if not state.seeded:
        return seed_round(watch, state, look, history, now)
    if look.outcome is not None and _no_fares(look):
        alive = look.source_alive
        return weigh_no_fares(watch, state, look.outcome, look.at, alive=alive, settles=settles)
    believed = _believed(state, look, history, now)
    if isinstance(believed, Judgement):
        return believed
    return weigh_quote(watch, believed.state, believed.quote, look.at, history, now, settles=settles)


def _question(
    watch: Watch, state: WatchState, look: Look, history: History, now: datetime
) -> Weighing | None:
    """What the lead would have come to; None where it could not be weighed.

    Only the question is taken from it: what the lead itself teaches (a total, a look above the level)
    is left to the next look at its source, so that one judgement tells of one look.
    """
    lead = _of_lead(look)
    weighing = None if lead is None else _weigh(watch, state, lead, history, now)
    return weighing if isinstance(weighing, Weighing) else None


def _held_against(question: Weighing, judgement: Judgement, live: Quote | None, at: datetime) -> Judgement:
    """Remember a lead's total as refuted when the live look was dearer or empty, else forget it.

    Every watch of the route remembers it, for the live look was made for all of them; REFUTED is the
    reason for those to which the lead would have told something and the live look does not.
    """
    lead = question.quote
    if lead is None or judgement.reason is Reason.SUSPECT:
        return judgement
    if live is not None and live.total.minor <= lead.total.minor:
        return _changed(judgement, refuted=None)
    refuted = refutation(judgement.state.refuted, lead, _step(question, lead), at)
    if question.told_anew and judgement.reason in _NOTHING:
        judgement = msgspec.structs.replace(judgement, reason=Reason.REFUTED)
    return _changed(judgement, refuted=refuted)


def _undecided(watch: Watch, weighing: Weighing, look: Look, now: datetime) -> Weighing:
    """Leads say that a firm alert is over and no live look can be had: after 24 h they decide.

    News is told first; then they decide at the next look, which the same look judged again is not.
    """
    before = weighing.cleared.state.doubt
    failed = look.confirming is Confirming.FAILED
    doubt = asked(before, look.at, answered=False) if failed else wanted(before, look.at)
    weighing = _with_doubt(weighing, doubt)
    same_look = before is not None and before.asked_at == look.at
    if weighing.told_anew or same_look or not given_up(doubt, now):
        return weighing
    over = Reason.RECOVERED if weighing.quote is not None else Reason.GONE
    cleared = give_up(watch, weighing.cleared, look.at, over)
    return msgspec.structs.replace(weighing, cleared=cleared, telling=None)


def _with_doubt(weighing: Weighing, doubt: Doubt | None) -> Weighing:
    """The weighing with another doubt, in both its versions."""
    cleared, telling = weighing.cleared, weighing.telling
    if cleared.state.doubt == doubt:
        return weighing
    if telling is not None:
        told = msgspec.structs.replace(telling.state, doubt=doubt)
        telling = msgspec.structs.replace(telling, state=told)
    quiet = msgspec.structs.replace(cleared.state, doubt=doubt)
    return msgspec.structs.replace(
        weighing, cleared=msgspec.structs.replace(cleared, state=quiet), telling=telling
    )


def _changed(judgement: Judgement, **memory: Doubt | Refuted | None) -> Judgement:
    """The judgement with another doubt or refutation in its state."""
    return msgspec.structs.replace(judgement, state=msgspec.structs.replace(judgement.state, **memory))


def _may_confirm(weighing: Weighing, state: WatchState, now: datetime) -> bool:
    lead = weighing.quote
    return lead is not None and may_confirm(state.refuted, lead, _step(weighing, lead), now)


def _step(weighing: Weighing, lead: Quote) -> int:
    """The step of the condition that a lead would be told for; of its total where there is none."""
    named = None if weighing.telling is None else weighing.telling.condition
    memory = ConditionState() if named is None else weighing.cleared.state.of(named)
    return step(memory, lead.total)


def _of_lead(look: Look) -> Look | None:
    """The look that raised the question."""
    lead = look.lead
    return None if lead is None else msgspec.structs.replace(look, outcome=lead, at=lead.observed_at)


def _failed(look: Look) -> Look:
    return msgspec.structs.replace(look, confirming=Confirming.FAILED)


def _no_fares(look: Look) -> bool:
    return look.outcome is not None and look.outcome.kind is OutcomeKind.NO_FARES
