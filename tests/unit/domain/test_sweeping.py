"""A sweep to anywhere is held against a watch find by find, each as a plain watch of that route would be."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from engine.domain import judge
from engine.domain.alert import Confirmation, Reason
from engine.domain.finds import to_place
from engine.domain.history import History
from engine.domain.judgement import Confirming, Look, WatchState
from engine.domain.places import ANYWHERE, Place
from engine.domain.quote import Outcome, OutcomeKind, Quote, SourceKind
from engine.domain.sweep import Sweep, as_confirmed
from engine.domain.sweeping import (
    MOST_CONFIRMED,
    FindsJudged,
    judge_finds,
    remembers,
    to_confirm,
)
from engine.domain.watch import Snooze, WatchStatus
from tests.support.build import eur, outcome, quote, route, watch
from tests.support.clock import START

SWEEP = route(destination=ANYWHERE)
WATCH = watch(of=SWEEP, target=40)
ARMED = WatchState(seeded=True)
HOUR = timedelta(hours=1)


def to(code: str, total: int, at: datetime = START, **changes: object) -> Quote:
    place = Place.airport(code)
    return quote(total, SWEEP, slices=(), ends=(SWEEP.origin, place), observed_at=at, **changes)


def lead(code: str, total: int, at: datetime = START) -> Quote:
    return to(code, total, at, kind=SourceKind.CACHED, source="travelpayouts")


def swept(*quotes: Quote, at: datetime = START, **changes: object) -> Sweep:
    confirming = changes.pop("confirming", Confirming.IMPOSSIBLE)
    live = changes.pop("live", None)
    found = outcome(*quotes, at=at, **changes)
    look = Look(route=SWEEP, outcome=found, at=at, confirming=confirming)  # type: ignore[arg-type]
    return Sweep.of(look, live=live)  # type: ignore[arg-type]


def judged(
    sweep: Sweep, state: WatchState = ARMED, memories: Mapping[str, WatchState] | None = None
) -> FindsJudged:
    return judge_finds(WATCH, state, memories or {}, sweep, sweep.look.at)


def reasons(of: FindsJudged) -> dict[str, Reason]:
    return {code: each.reason for code, each in of.finds.items()}


def test_each_destination_is_judged_on_its_own() -> None:
    got = judged(swept(to("FAO", 29), to("DUB", 40), to("OPO", 41)))

    assert reasons(got) == {"FAO": Reason.ALERT, "DUB": Reason.ALERT}  # what is too dear says nothing
    assert (got.whole.reason, got.whole.quote) == (Reason.ALERT, to("FAO", 29))


def test_a_first_sweep_seeds_and_what_comes_later_is_news() -> None:
    first = judged(swept(to("FAO", 29), to("OPO", 60)), WatchState())

    assert (reasons(first), first.whole.reason) == ({"FAO": Reason.SEEDED}, Reason.SEEDED)
    assert first.whole.state.seeded
    kept = {code: each.state for code, each in first.finds.items() if remembers(each.state)}
    assert list(kept) == ["FAO"]  # the other one is armed, as any that was never seen

    later = START + HOUR
    quotes = [to("FAO", 29, later), to("OPO", 35, later), to("DUB", 30, later)]
    second = judged(swept(*quotes, at=later), first.whole.state, kept)

    assert reasons(second) == {"FAO": Reason.NO_CHANGE, "OPO": Reason.ALERT, "DUB": Reason.ALERT}


def test_a_sweep_that_lacks_a_search_is_no_seed() -> None:
    got = judged(swept(to("FAO", 29), partial=True), WatchState())

    assert (got.whole.reason, got.whole.state.seeded, got.finds) == (Reason.UNUSABLE_OUTCOME, False, {})


def told(code: str = "FAO", total: int = 29) -> dict[str, WatchState]:
    return {code: judged(swept(to(code, total))).finds[code].state}


def test_what_is_missing_three_times_from_whole_sweeps_is_gone() -> None:
    memories, reason = told(), None
    for hours in (1, 4, 8):
        at = START + hours * HOUR
        got = judged(swept(to("DUB", 50, at), at=at), ARMED, memories)
        memories, reason = {"FAO": got.finds["FAO"].state}, got.finds["FAO"].reason

    assert reason is Reason.GONE


def test_a_sweep_that_does_not_reach_above_the_target_says_nothing_of_what_is_missing() -> None:
    at = START + HOUR

    assert "FAO" not in judged(swept(to("DUB", 39, at), at=at, reaches=eur(40)), ARMED, told()).finds
    assert "FAO" in judged(swept(to("DUB", 39, at), at=at, reaches=eur(41)), ARMED, told()).finds


def test_a_sweep_that_lacks_a_search_says_nothing_of_what_is_missing() -> None:
    at = START + HOUR

    assert "FAO" not in judged(swept(to("DUB", 39, at), at=at, partial=True), ARMED, told()).finds


def test_a_failed_sweep_changes_nothing() -> None:
    got = judged(swept(kind=OutcomeKind.UNREACHABLE), ARMED, told())

    assert (got.whole.reason, got.whole.state, got.finds) == (Reason.UNUSABLE_OUTCOME, ARMED, {})


def test_a_watch_that_rests_or_is_held_is_left_alone() -> None:
    paused = msgspec.structs.replace(WATCH, status=WatchStatus.PAUSED)

    assert judge_finds(paused, ARMED, {}, swept(to("FAO", 29)), START).finds == {}
    held = judged(swept(to("FAO", 29)), WatchState(seeded=True, held=True))
    assert (held.whole.reason, held.finds) == (Reason.HELD, {})


def test_a_snooze_that_is_over_reminds_once_and_of_nothing_that_comes_later() -> None:
    over = START + HOUR
    snoozed = msgspec.structs.replace(WATCH, snooze=Snooze(over, 2900))
    first = judge_finds(snoozed, ARMED, told(), swept(to("FAO", 29, over), at=over), over)
    later = over + HOUR

    second = judge_finds(snoozed, first.whole.state, {}, swept(to("DUB", 30, later), at=later), later)

    assert (first.finds["FAO"].reason, second.finds["DUB"].reason) == (Reason.REMINDER, Reason.ALERT)


def test_a_snoozed_watch_is_looked_at_when_its_snooze_ends() -> None:
    until = START + 5 * HOUR
    snoozed = msgspec.structs.replace(WATCH, snooze=Snooze(until, 2900))

    assert judge_finds(snoozed, ARMED, {}, swept(to("OPO", 60)), START).whole.look_again_at == until


def test_the_cheapest_leads_are_to_be_confirmed_and_the_others_told_without() -> None:
    codes = ["AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG"]
    sweep = swept(
        *(lead(code, 20 + place) for place, code in enumerate(codes)), confirming=Confirming.POSSIBLE
    )

    asked, without = to_confirm([judged(sweep)], sweep)

    assert asked == codes[:MOST_CONFIRMED]
    assert without == codes[MOST_CONFIRMED:]


def test_what_a_live_look_says_of_a_find_decides_it() -> None:
    sweep = swept(lead("FAO", 29), lead("DUB", 30), lead("OPO", 31), confirming=Confirming.POSSIBLE)
    live = {"FAO": outcome(to("FAO", 33)), "DUB": outcome(to("DUB", 70)), "OPO": None}

    answered = msgspec.structs.replace(sweep, live=live)
    got = judged(answered)

    assert reasons(judged(sweep)) == dict.fromkeys(("FAO", "DUB", "OPO"), Reason.CONFIRM)
    assert reasons(got) == {"FAO": Reason.ALERT, "DUB": Reason.REFUTED, "OPO": Reason.ALERT}
    assert got.finds["FAO"].quote == to("FAO", 33)
    assert [got.finds[code].confirmation for code in ("FAO", "OPO")] == [
        Confirmation.CONFIRMED,
        Confirmation.UNCONFIRMED,
    ]
    confirmed = as_confirmed(answered)
    assert confirmed is not None
    assert [each.total for each in confirmed.quotes] == [eur(31), eur(33), eur(70)]


FARES = st.dictionaries(
    st.sampled_from("FAO DUB OPO BGY".split()), st.sampled_from((25, 29, 37, 38, 40, 41, 42, 55)), max_size=4
)
PLAY = st.lists(st.tuples(st.sampled_from((0, 1, 20, 60, 180, 400, 1500)), FARES), min_size=1, max_size=8)


def plainly(code: str, fares: Sequence[tuple[datetime, dict[str, int]]]) -> list[Reason]:
    """What a watch of the one route, which begins armed, comes to over the same looks."""
    state, came = ARMED, []
    for at, found in fares:
        of = to_place(SWEEP, Place.airport(code))
        seen = outcome(to(code, found[code], at), at=at) if code in found else outcome(at=at)
        look = Look(route=of, outcome=seen, at=at, source_alive=bool(found))
        judgement = judge.judge(WATCH, state, look, History(), at)
        state = judgement.state
        came.append(judgement.reason)
    return came


def times(play: Sequence[tuple[int, dict[str, int]]]) -> list[tuple[datetime, dict[str, int]]]:
    at, looks = START, []
    for minutes, fares in play:
        at += timedelta(minutes=minutes)
        looks.append((at, fares))
    return looks


@given(PLAY)
def test_a_find_is_told_exactly_when_a_watch_of_its_own_route_would_be(
    play: list[tuple[int, dict[str, int]]],
) -> None:
    looks = times(play)
    state, memories = ARMED, dict[str, WatchState]()
    came: list[dict[str, Reason]] = []
    for at, fares in looks:
        got = judged(swept(*(to(code, total, at) for code, total in fares.items()), at=at), state, memories)
        state = got.whole.state
        memories |= {code: each.state for code, each in got.finds.items()}
        memories = {code: each for code, each in memories.items() if remembers(each)}
        came.append(reasons(got))

    for code in ("FAO", "DUB", "OPO", "BGY"):
        mine = [each.get(code) for each in came]
        alone = plainly(code, looks)
        telling = [reason if reason.pings or reason.edits else None for reason in alone]
        assert [reason if reason and (reason.pings or reason.edits) else None for reason in mine] == telling


@given(FARES, st.randoms())
def test_the_order_of_quotes_changes_nothing(fares: dict[str, int], chance: object) -> None:
    quotes = [to(code, total) for code, total in fares.items()]
    shuffled = list(quotes)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    one, other = judged(swept(*quotes)), judged(swept(*shuffled))

    assert (one.whole, dict(one.finds)) == (other.whole, dict(other.finds))


@given(FARES)
def test_the_same_sweep_twice_tells_once(fares: dict[str, int]) -> None:
    sweep = swept(*(to(code, total) for code, total in fares.items()))
    first = judged(sweep)

    memories = {code: each.state for code, each in first.finds.items()}
    again = judged(sweep, first.whole.state, memories)

    assert not any(reason.pings or reason.edits for reason in reasons(again).values())


def test_nothing_of_a_sweep_is_lost_where_live_looks_say_nothing() -> None:
    sweep = swept(lead("FAO", 29), live={"FAO": outcome(kind=OutcomeKind.BLOCKED)})

    assert as_confirmed(sweep) == sweep.look.outcome
    assert isinstance(as_confirmed(sweep), Outcome)
