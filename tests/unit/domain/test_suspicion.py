"""Rule 3: totals far out of the ordinary."""

import pytest

from engine.domain.alert import Reason
from engine.domain.history import History
from engine.domain.judge import history_total
from engine.domain.judgement import Effect, Look
from engine.domain.quote import Quote
from tests.support import build
from tests.support.clock import START
from tests.support.judging import Watching, history, minutes

ORDINARY = history([400] * 5)


def suspicious() -> Watching:
    return Watching(past=ORDINARY)


@pytest.mark.parametrize("total", [159, 1001])
def test_a_total_far_from_the_median_changes_nothing_at_first(total: int) -> None:
    watching = suspicious()

    judgement = watching.see(total)

    assert judgement.reason is Reason.SUSPECT
    assert judgement.effect is Effect.NONE
    assert watching.memory().armed


@pytest.mark.parametrize("total", [160, 1000])
def test_the_bounds_themselves_are_believed(total: int) -> None:
    assert suspicious().see(total).reason is not Reason.SUSPECT


def test_a_suspicion_asks_for_another_look_in_five_minutes() -> None:
    watching = suspicious()

    judgement = watching.see(100)

    assert judgement.look_again_at == watching.now + minutes(5)


def test_the_same_source_five_minutes_later_bears_it_out() -> None:
    watching = suspicious()
    watching.see(100)

    assert watching.see(108, after=minutes(5)).reason is Reason.ALERT


def test_the_same_source_sooner_does_not() -> None:
    watching = suspicious()
    watching.see(100)

    assert watching.see(100, after=minutes(4)).reason is Reason.SUSPECT
    assert watching.see(100, after=minutes(1)).reason is Reason.ALERT


def test_another_source_bears_it_out_at_once() -> None:
    watching = suspicious()
    watching.see(100)

    assert watching.see(100, "duffel", after=minutes(0)).reason is Reason.ALERT


def test_a_look_more_than_ten_per_cent_away_is_a_new_suspicion() -> None:
    watching = suspicious()
    watching.see(100)

    assert watching.see(111).reason is Reason.SUSPECT
    assert watching.see(111).reason is Reason.ALERT


def test_an_ordinary_total_of_the_same_source_takes_it_back() -> None:
    watching = suspicious()
    watching.see(100)
    watching.see(500)

    assert watching.see(100).reason is Reason.SUSPECT


def test_an_ordinary_total_of_another_source_does_not_take_it_back() -> None:
    watching = suspicious()
    watching.see(100)
    watching.see(500, "duffel")

    assert watching.see(100).reason is Reason.ALERT


def test_what_was_borne_out_once_is_believed_while_it_stays_near() -> None:
    watching = suspicious()
    watching.see(100)
    watching.see(100)

    assert watching.see(93, after=minutes(1)).reason is Reason.LOWER_STILL


def test_after_an_ordinary_total_it_has_to_be_borne_out_again() -> None:
    watching = suspicious()
    watching.see(100)
    watching.see(100)
    watching.see(500, "duffel")

    assert watching.see(100).reason is Reason.SUSPECT


def test_four_days_of_lows_are_too_few_to_suspect_anything() -> None:
    watching = Watching(past=history([400] * 4))

    assert watching.see(100).reason is Reason.ALERT


def test_a_suspect_total_does_not_clear_a_told_fare() -> None:
    watching = suspicious()
    watching.see(400)

    assert watching.see(1400).reason is Reason.SUSPECT
    assert watching.see(1200).reason is Reason.SUSPECT
    assert not watching.memory().armed


def counted(quote: Quote, past: History, previous: Quote | None) -> Quote | None:
    look = Look(route=build.route(), outcome=build.outcome(quote), at=START)
    return history_total(look, past, previous, START)


def test_an_ordinary_total_enters_the_history() -> None:
    assert counted(build.quote(390), ORDINARY, None) == build.quote(390)


def test_a_suspect_total_stays_out_of_the_history() -> None:
    assert counted(build.quote(100), ORDINARY, None) is None
    assert counted(build.quote(100), ORDINARY, build.quote(400)) is None


def test_a_suspect_total_enters_the_history_once_another_look_bore_it_out() -> None:
    quote = build.quote(100)
    before = build.quote(105, observed_at=START - minutes(5))

    assert counted(quote, ORDINARY, before) == quote
    assert counted(quote, ORDINARY, build.quote(105, source="duffel")) == quote


def test_what_is_unusable_never_enters_the_history() -> None:
    assert counted(build.quote(0), ORDINARY, None) is None
