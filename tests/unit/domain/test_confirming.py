"""Rule 2: a lead that would tell something is held against one live look first."""

from datetime import timedelta

import pytest

from engine.domain.alert import Confirmation, Reason
from engine.domain.judgement import Confirming, Effect, Judgement
from engine.domain.quote import OutcomeKind
from engine.domain.watch import Rules
from tests.support import build
from tests.support.build import eur
from tests.support.judging import HALF_HOUR, Watching, hours, minutes

FAILURES = [
    OutcomeKind.BLOCKED,
    OutcomeKind.QUOTA,
    OutcomeKind.MALFORMED,
    OutcomeKind.REJECTED,
    OutcomeKind.UNREACHABLE,
]


def confirmable() -> Watching:
    return Watching(confirming=Confirming.POSSIBLE)


def refuted(total: int = 400) -> Watching:
    """A lead at 400 whose live look came home dearer."""
    watching = confirmable()
    watching.see(total, "cache")
    answered(watching, total, 500)
    return watching


def answered(watching: Watching, lead: int, live: int) -> Judgement:
    return watching.answer(watching.quotes(live), watching.quotes(lead, "cache"))


def test_a_lead_that_would_alert_asks_for_a_confirmation() -> None:
    watching = confirmable()
    before = watching.state

    judgement = watching.see(400, "cache")

    assert (judgement.reason, judgement.effect) == (Reason.CONFIRM, Effect.NONE)
    assert watching.state == before


def test_a_live_quote_that_cannot_show_a_filter_is_a_lead_too() -> None:
    route = build.route(max_stops=1)
    watching = Watching(build.watch(route), route=route, confirming=Confirming.POSSIBLE)

    assert watching.see(400, stops=(), slices=()).reason is Reason.CONFIRM


def test_a_lead_that_changes_nothing_asks_nothing() -> None:
    watching = confirmable()

    assert watching.see(450, "cache").reason is Reason.NOT_MET


def test_a_lead_that_repeats_what_was_told_asks_nothing() -> None:
    watching = confirmable()
    watching.see(400)

    assert watching.see(400, "cache").reason is Reason.NO_CHANGE


@pytest.mark.parametrize("total", [396, 380])
def test_a_lead_that_is_lower_asks(total: int) -> None:
    watching = confirmable()
    watching.see(400)

    assert watching.see(total, "cache").reason is Reason.CONFIRM


def test_a_lead_that_is_back_asks() -> None:
    watching = confirmable()
    for total in (400, 440, 440):
        watching.see(total)

    assert watching.see(400, "cache").reason is Reason.CONFIRM


def test_a_reminder_that_was_asked_for_needs_no_confirmation() -> None:
    watching = confirmable()
    watching.change(rules=Rules(target=eur(420), remind_every=timedelta(days=1)))
    watching.see(400)

    judgement = watching.see(400, "cache", after=timedelta(days=1))

    assert (judgement.reason, judgement.confirmation) == (Reason.REPEAT, Confirmation.UNCONFIRMED)


def test_a_confirmed_lead_is_told_at_the_live_price() -> None:
    watching = confirmable()
    watching.see(400, "cache")

    judgement = answered(watching, 400, 398)

    assert (judgement.reason, judgement.confirmation) == (Reason.ALERT, Confirmation.CONFIRMED)
    assert judgement.quote is not None
    assert judgement.quote.total == eur(398)
    assert watching.memory().source == "amadeus"
    assert watching.memory().firm


def test_a_dearer_live_price_that_still_meets_the_target_is_told() -> None:
    watching = confirmable()
    watching.see(400, "cache")

    assert answered(watching, 400, 415).reason is Reason.ALERT
    assert watching.see(400, "cache").reason is Reason.REFUTED


def test_a_dearer_live_price_refutes_the_lead() -> None:
    watching = confirmable()
    watching.see(400, "cache")

    judgement = answered(watching, 400, 450)

    assert (judgement.reason, judgement.effect) == (Reason.REFUTED, Effect.NONE)
    assert watching.memory().armed


def test_no_fares_refute_the_lead() -> None:
    watching = confirmable()
    watching.see(400, "cache")

    judgement = watching.answer(watching.no_fares(), watching.quotes(400, "cache"))

    assert judgement.reason is Reason.REFUTED
    assert watching.see(400, "cache").reason is Reason.REFUTED


def test_a_refuted_total_is_asked_again_after_1_4_12_and_every_24_hours() -> None:
    watching = refuted()
    for wait in (1, 4, 12, 24, 24):
        assert watching.see(400, "cache", after=hours(wait) - minutes(1)).reason is Reason.REFUTED
        assert watching.see(400, "cache", after=minutes(1)).reason is Reason.CONFIRM
        answered(watching, 400, 500)


def test_a_total_lower_by_a_step_is_asked_at_once_and_starts_the_waits_anew() -> None:
    watching = refuted()
    watching.see(400, "cache", after=hours(1))
    answered(watching, 400, 500)

    assert watching.see(397, "cache").reason is Reason.REFUTED
    assert watching.see(396, "cache").reason is Reason.CONFIRM
    answered(watching, 396, 500)
    assert watching.see(396, "cache", after=hours(1)).reason is Reason.CONFIRM


def test_a_dearer_lead_than_the_refuted_one_waits_as_well() -> None:
    judgement = refuted().see(410, "cache")

    assert judgement.reason is Reason.REFUTED
    assert judgement.met == ()


def test_a_lead_found_later_is_asked_at_once() -> None:
    watching = confirmable()
    found_at = watching.now
    lead = watching.quotes(400, "cache", found_at=found_at)
    watching.answer(watching.quotes(500), lead)

    assert watching.see(400, "cache", found_at=found_at).reason is Reason.REFUTED
    assert watching.see(400, "cache", found_at=found_at + minutes(1)).reason is Reason.CONFIRM


def test_a_firm_quote_is_told_whatever_was_refuted() -> None:
    assert refuted().see(400).reason is Reason.ALERT


def test_a_refuted_total_is_not_told_unconfirmed_before_its_wait_is_over() -> None:
    watching = refuted()
    watching.confirming = Confirming.FAILED

    assert watching.see(400, "cache").reason is Reason.REFUTED
    assert watching.see(400, "cache", after=HALF_HOUR).reason is Reason.ALERT


@pytest.mark.parametrize("confirming", [Confirming.FAILED, Confirming.IMPOSSIBLE])
def test_where_nobody_can_be_asked_the_lead_is_told_unconfirmed(confirming: Confirming) -> None:
    watching = Watching(confirming=confirming)

    judgement = watching.see(400, "cache")

    assert (judgement.reason, judgement.confirmation) == (Reason.ALERT, Confirmation.UNCONFIRMED)
    assert not watching.memory().firm


@pytest.mark.parametrize("kind", FAILURES)
def test_a_confirmation_without_an_answer_leaves_the_lead_to_be_told(kind: OutcomeKind) -> None:
    watching = confirmable()
    watching.see(400, "cache")

    judgement = watching.answer(watching.failed(kind), watching.quotes(400, "cache"))

    assert (judgement.reason, judgement.confirmation) == (Reason.ALERT, Confirmation.UNCONFIRMED)
    assert judgement.quote is not None
    assert judgement.quote.source == "cache"


def test_a_live_reply_with_nothing_usable_is_no_answer() -> None:
    watching = confirmable()
    watching.see(400, "cache")

    judgement = watching.answer(watching.quotes(0), watching.quotes(400, "cache"))

    assert (judgement.reason, judgement.confirmation) == (Reason.ALERT, Confirmation.UNCONFIRMED)


def test_a_live_reply_that_is_only_a_lead_is_told_unconfirmed_at_its_own_price() -> None:
    watching = confirmable()
    watching.see(400, "cache")

    judgement = watching.answer(watching.quotes(410, estimated=True), watching.quotes(400, "cache"))

    assert (judgement.reason, judgement.confirmation) == (Reason.ALERT, Confirmation.UNCONFIRMED)
    assert judgement.quote is not None
    assert judgement.quote.total == eur(410)


def test_a_watch_that_asked_nothing_is_judged_by_the_live_look() -> None:
    watching = confirmable()
    watching.change(rules=Rules(target=eur(350)))
    watching.see(400, "cache")

    assert answered(watching, 400, 340).reason is Reason.ALERT


def test_what_a_live_look_refuted_every_watch_of_the_route_remembers() -> None:
    watching = confirmable()
    watching.change(rules=Rules(target=eur(350)))
    watching.see(400, "cache")

    assert answered(watching, 400, 450).reason is Reason.NOT_MET
    watching.change(rules=Rules(target=eur(420)))
    assert watching.see(400, "cache").reason is Reason.REFUTED


def test_a_target_lowered_during_the_live_look_counts() -> None:
    watching = confirmable()
    watching.see(400, "cache")
    watching.change(rules=Rules(target=eur(390)))

    assert answered(watching, 400, 400).reason is Reason.NOT_MET


def test_a_lead_that_is_borne_out_forgets_what_was_refuted() -> None:
    watching = refuted()
    watching.see(400, "cache", after=hours(1))
    answered(watching, 400, 400)

    assert watching.state.refuted is None
