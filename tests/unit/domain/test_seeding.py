"""Rule 9: how a watch begins."""

from engine.domain.alert import Reason
from engine.domain.judge import fresh_state, reseeded, seed
from engine.domain.judgement import Effect, Look, WatchState
from engine.domain.watch import Condition, Rules
from tests.support import build
from tests.support.build import eur
from tests.support.clock import START
from tests.support.judging import Watching, history, hours


def unseeded(rules: Rules | None = None) -> Watching:
    watch = build.watch(rules=rules or Rules(target=eur(420)))
    return Watching(watch, state=fresh_state(from_list=False))


def test_a_watch_from_a_list_alerts_at_its_first_quote() -> None:
    assert Watching(state=fresh_state(from_list=True)).see(400).reason is Reason.ALERT


def test_the_first_usable_look_of_an_unseeded_watch_is_its_seed() -> None:
    watching = unseeded()
    assert watching.fail().reason is Reason.UNUSABLE_OUTCOME
    assert watching.see_nothing().reason is Reason.UNUSABLE_OUTCOME

    judgement = watching.see(400)

    assert (judgement.reason, judgement.effect) == (Reason.SEEDED, Effect.NONE)
    assert judgement.met == (Condition.TARGET,)


def test_what_a_seed_met_is_not_pinged_at_the_next_look() -> None:
    watching = unseeded()
    watching.see(400)

    assert watching.see(400).reason is Reason.NO_CHANGE


def test_what_a_seed_did_not_meet_is_armed() -> None:
    watching = unseeded()
    watching.see(450)

    assert watching.see(420).reason is Reason.ALERT


def test_the_total_of_a_seed_counts_as_pinged_and_told() -> None:
    watching = unseeded()
    watching.see(400)

    assert watching.see(396).reason is Reason.LOWER
    assert watching.see(380).reason is Reason.LOWER_STILL


def test_a_lead_seeds_without_asking_for_a_confirmation() -> None:
    assert unseeded().see(400, "cache").reason is Reason.SEEDED


def test_a_suspect_total_seeds_nothing() -> None:
    watching = unseeded()
    watching.past = history([400] * 5)

    assert watching.see(100).reason is Reason.SUSPECT
    assert not watching.state.seeded
    assert watching.see(100).reason is Reason.SEEDED


def test_a_drop_is_never_met_by_a_seed_and_counts_from_it() -> None:
    watching = unseeded(Rules(drop_percent=10))

    assert watching.see(500).met == ()
    watching.see(500)
    assert watching.see(450).reason is Reason.ALERT


def test_a_watch_is_seeded_from_an_existing_look() -> None:
    watching = unseeded()
    look = Look(route=watching.route, outcome=watching.quotes(400), at=START)

    judgement = seed(watching.watch, watching.state, look, watching.past, START + hours(1))

    assert judgement.reason is Reason.SEEDED
    assert judgement.met == (Condition.TARGET,)
    assert judgement.state.seeded


def test_a_look_that_cannot_be_used_seeds_nothing() -> None:
    watching = unseeded()
    look = Look(route=watching.route, outcome=watching.no_fares(), at=START)

    judgement = seed(watching.watch, watching.state, look, watching.past, START)

    assert judgement.reason is Reason.UNUSABLE_OUTCOME
    assert judgement.state == WatchState()


def test_after_an_edit_what_is_met_is_not_pinged() -> None:
    watching = Watching()
    watching.see(400)
    watching.change(rules=Rules(target=eur(410)))
    watching.state = reseeded(watching.state)

    assert watching.see(400).reason is Reason.SEEDED
    assert watching.see(400).reason is Reason.NO_CHANGE


def test_after_an_edit_a_fare_that_is_not_met_edits_no_post_to_gone() -> None:
    watching = Watching()
    watching.see(400)
    watching.change(rules=Rules(target=eur(350)))
    watching.state = reseeded(watching.state)

    judgements = [watching.see(400) for _ in range(5)]

    assert all(judgement.effect is Effect.NONE for judgement in judgements)
    assert watching.see(350).reason is Reason.ALERT


def test_a_fare_that_stood_before_an_edit_keeps_its_age() -> None:
    watching = Watching()
    watching.see(400)
    watching.state = reseeded(watching.state)
    watching.see(400, after=hours(1))
    watching.see(440, after=hours(1))

    assert watching.see(440).lived_s == 2 * 3600
