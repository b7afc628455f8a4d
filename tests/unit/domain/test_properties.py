"""What holds for every play of the judge (design, section 5, "Properties")."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.alert import Reason
from engine.domain.conditions import step
from engine.domain.history import History
from engine.domain.judge import fresh_state, judge
from engine.domain.judgement import Confirming, Effect, WatchState
from engine.domain.money import Money
from engine.domain.watch import Condition, Rules, Snooze
from tests.support.build import eur
from tests.support.clock import START
from tests.unit.domain.plays import (
    FIRM,
    GAPS,
    LEADS,
    PASTS,
    RULES,
    SNOOZES,
    STATES,
    TOTALS,
    Seen,
    Visit,
    play,
    visits,
    watching,
)

ARMED = fresh_state(from_list=True)
TARGET_ONLY = Rules(target=eur(420))
NEWS = (Reason.ALERT, Reason.LOWER_STILL)
TWELVE_HOURS = timedelta(hours=12)


@settings(deadline=None)
@given(RULES, SNOOZES, STATES, PASTS, visits())
def test_the_same_look_twice_is_once(
    rules: Rules, snooze: Snooze | None, state: WatchState, past: History, script: list[Visit]
) -> None:
    watch = watching(rules, snooze)
    for seen in play(watch, state, past, script):
        again = judge(watch, seen.judgement.state, seen.look, seen.past, seen.look.at)

        assert again.effect is Effect.NONE
        assert again.state == seen.judgement.state


@settings(deadline=None)
@given(st.lists(RULES, min_size=2, max_size=5), PASTS, visits(size=5), st.randoms(use_true_random=False))
def test_permuting_the_watches_of_a_route_changes_nothing(
    rules: list[Rules], past: History, script: list[Visit], dice: object
) -> None:
    watches = [watching(each) for each in rules]
    order = list(range(len(watches)))
    dice.shuffle(order)  # type: ignore[attr-defined]

    in_order = [play(watch, ARMED, past, script) for watch in watches]
    permuted = {index: play(watches[index], ARMED, past, script) for index in order}

    assert in_order == [permuted[index] for index in range(len(watches))]


@settings(deadline=None)
@given(RULES, PASTS, TOTALS, st.sampled_from((*FIRM, *LEADS)), st.lists(GAPS, min_size=2, max_size=6))
def test_a_seed_and_then_the_same_quote_pings_nobody(
    rules: Rules, past: History, total: int, source: str, gaps: list[int]
) -> None:
    script = [Visit(gap=gap, source=source, total=total) for gap in gaps]

    seen = play(watching(rules), fresh_state(from_list=False), past, script)

    assert not any(each.judgement.reason.pings for each in seen)


@settings(deadline=None)
@given(visits(sources=LEADS, confirming=(Confirming.POSSIBLE,), live=st.integers(38000, 42000), size=32))
def test_leads_alone_never_clear_a_firm_alert_while_a_live_look_can_be_had(script: list[Visit]) -> None:
    told = Visit(gap=30, source="amadeus", total=40000)

    for seen in play(watching(TARGET_ONLY), ARMED, History(), [told, *script]):
        assert seen.judgement.reason not in (Reason.RECOVERED, Reason.GONE)
        assert not seen.judgement.state.of(Condition.TARGET).armed


@settings(deadline=None)
@given(RULES, PASTS, visits(size=32))
def test_only_an_answered_live_look_or_a_day_without_one_clears_a_firm_alert_by_leads(
    rules: Rules, past: History, script: list[Visit]
) -> None:
    for seen in play(watching(rules), ARMED, past, script):
        gone = seen.judgement.reason in (Reason.RECOVERED, Reason.GONE)
        by_lead = seen.look.outcome is not None and seen.look.outcome.source in LEADS
        if gone and by_lead and any(memory.firm for memory in seen.before.conditions.values()):
            assert seen.look.confirming is not Confirming.POSSIBLE


@settings(deadline=None)
@given(RULES, PASTS, visits(confirming=(Confirming.IMPOSSIBLE,), size=28))
def test_where_a_target_alone_would_ping_more_rules_ping_or_have_pinged(
    rules: Rules, past: History, script: list[Visit]
) -> None:
    """Or has pinged: since its last clear, or within 12 h, at a total less than 5 % above.

    A clear that BACK took back is none: the alert went on.
    """
    more = msgspec.structs.replace(rules, target=eur(420))
    alone = play(watching(TARGET_ONLY), ARMED, past, script)
    together = play(watching(more), ARMED, past, script)

    for number, (one, other) in enumerate(zip(alone, together, strict=True)):
        if one.judgement.reason in NEWS and not other.judgement.reason.pings:
            assert _pinged_before(together[:number], one)


def _pinged_before(earlier: Sequence[Seen], now: Seen) -> bool:
    since = min(_last_clear(earlier), now.look.at - TWELVE_HOURS)
    return any(
        seen.judgement.reason.pings
        and seen.look.at >= since
        and seen.total is not None
        and now.total is not None
        and seen.total * 95 < now.total * 100
        for seen in earlier
    )


def _last_clear(earlier: Sequence[Seen]) -> datetime:
    last, open_clear = START, None
    for seen in earlier:
        was = seen.before.of(Condition.TARGET)
        armed = seen.judgement.state.of(Condition.TARGET).armed
        if not was.armed and armed:
            open_clear = seen.look.at
        elif was.armed and not armed:
            taken_back = seen.judgement.reason is Reason.BACK
            last, open_clear = last if taken_back else open_clear or last, None
    return open_clear or last


@settings(deadline=None)
@given(RULES, STATES, PASTS, visits(size=32))
def test_between_two_clears_a_condition_pings_only_for_falls_of_five_per_cent(
    rules: Rules, state: WatchState, past: History, script: list[Visit]
) -> None:
    """At most 1 + ceil(log(first told / lowest) / log(1 / 0.95)) pings named after it."""
    seen = play(watching(rules), state, past, script)
    for condition in rules.conditions:
        pings, first = 0, 0
        for each in seen:
            memory = each.judgement.state.of(condition)
            if memory.armed or memory.told is None:
                continue
            if memory.since != each.before.of(condition).since:  # told anew, after a clear or a seed
                pings, first = 0, memory.told
            pings += each.judgement.reason in NEWS and each.judgement.condition is condition

            falls = math.log(first / memory.told) / math.log(1 / 0.95)
            assert pings <= 1 + math.ceil(falls - 1e-9)


@settings(deadline=None)
@given(RULES, SNOOZES, STATES, PASTS, visits())
def test_the_reason_is_always_given_and_agrees_with_the_effect(
    rules: Rules, snooze: Snooze | None, state: WatchState, past: History, script: list[Visit]
) -> None:
    for seen in play(watching(rules, snooze), state, past, script):
        reason, effect = seen.judgement.reason, seen.judgement.effect

        assert (effect is Effect.POST) == reason.pings
        assert (effect is Effect.EDIT) == reason.edits
        assert not reason.pings or seen.judgement.condition in seen.judgement.met


@settings(deadline=None)
@given(RULES, SNOOZES, STATES, PASTS, visits())
def test_a_state_survives_its_json_at_every_step(
    rules: Rules, snooze: Snooze | None, state: WatchState, past: History, script: list[Visit]
) -> None:
    for seen in play(watching(rules, snooze), state, past, script):
        stored = msgspec.json.encode(seen.judgement.state)

        assert msgspec.json.decode(stored, type=WatchState) == seen.judgement.state


@settings(deadline=None)
@given(RULES, SNOOZES, STATES, PASTS, visits())
def test_a_failed_look_changes_nothing(
    rules: Rules, snooze: Snooze | None, state: WatchState, past: History, script: list[Visit]
) -> None:
    for seen in play(watching(rules, snooze), state, past, script):
        outcome = seen.look.outcome
        if outcome is not None and not outcome.parsed:
            assert seen.judgement.reason is Reason.UNUSABLE_OUTCOME
            assert seen.judgement.state == seen.before


@settings(deadline=None)
@given(RULES, PASTS, visits(sources=FIRM, size=28))
def test_no_drop_that_a_look_saw_is_lost(rules: Rules, past: History, script: list[Visit]) -> None:
    """After a firm look that meets the target its owner knows of a fare as low, to a step."""
    more = msgspec.structs.replace(rules, target=eur(420))
    for seen in play(watching(more), ARMED, past, script):
        memory = seen.judgement.state.of(Condition.TARGET)
        if seen.judgement.reason is Reason.SUSPECT or Condition.TARGET not in seen.judgement.met:
            continue
        assert seen.total is not None
        assert memory.told is not None
        assert memory.pinged is not None
        assert not memory.armed
        assert seen.total > memory.told - step(memory, Money(seen.total, "EUR"))
        assert seen.total * 100 > memory.pinged * 95


@settings(deadline=None)
@given(visits(confirming=(Confirming.POSSIBLE,), size=28))
def test_a_lead_tells_nothing_while_a_live_source_can_be_asked(script: list[Visit]) -> None:
    for seen in play(watching(TARGET_ONLY), ARMED, History(), script):
        quote = seen.judgement.quote
        if seen.judgement.reason in (*NEWS, Reason.LOWER, Reason.BACK):
            assert quote is not None
            assert quote.firm


@settings(deadline=None)
@given(RULES, PASTS, visits(size=28))
def test_a_second_round_never_asks_again(rules: Rules, past: History, script: list[Visit]) -> None:
    for seen in play(watching(rules), ARMED, past, script):
        assert seen.judgement.reason is not Reason.CONFIRM
