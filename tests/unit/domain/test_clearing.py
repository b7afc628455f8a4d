"""Rule 7: when a told condition is armed again, and what its post says of that."""

from datetime import timedelta

import pytest

from engine.domain.alert import Confirmation, Reason
from engine.domain.judgement import Confirming, Effect
from engine.domain.watch import Condition, Rules
from tests.support import build
from tests.support.build import eur
from tests.support.judging import Watching, history, hours, minutes


def alerted(source: str = "amadeus") -> Watching:
    """Told 400 by a source, target 420, level 428.40."""
    watching = Watching()
    watching.see(400, source)
    return watching


def test_two_looks_at_the_level_twenty_minutes_apart_clear() -> None:
    watching = alerted()

    first = watching.see("428.40")
    second = watching.see("428.40", after=minutes(20))

    assert (first.reason, first.effect) == (Reason.ABOVE, Effect.EDIT)
    assert (second.reason, second.effect) == (Reason.RECOVERED, Effect.EDIT)
    assert watching.memory().armed


def test_two_looks_sooner_do_not_clear_but_a_third_does() -> None:
    watching = alerted()
    watching.see(440)

    assert watching.see(440, after=minutes(19)).reason is Reason.NOT_MET
    assert watching.see(440, after=minutes(1)).reason is Reason.RECOVERED


def test_a_look_under_the_level_interrupts() -> None:
    watching = alerted()
    watching.see(440)
    watching.see(425)

    assert watching.see(440).reason is Reason.ABOVE
    assert not watching.memory().armed


def test_a_failed_look_neither_counts_nor_interrupts() -> None:
    watching = alerted()
    watching.see(440)
    watching.fail()

    assert watching.see(440).reason is Reason.RECOVERED


def test_the_post_says_how_long_the_fare_lived() -> None:
    watching = alerted()
    watching.see(400, after=hours(2))
    watching.see(440, after=hours(1))

    assert watching.see(440).lived_s == 3 * 3600


def test_once_cleared_the_same_fare_alerts_anew_after_twelve_hours() -> None:
    watching = alerted()
    watching.see(440)
    watching.see(440)

    assert watching.see(400, after=hours(12)).reason is Reason.ALERT


def test_a_drop_clears_half_the_drop_above_what_was_told() -> None:
    watching = Watching(build.watch(rules=Rules(drop_percent=10)))
    for total in (500, 500, 450):
        watching.see(total)

    assert watching.see("472.49").reason is Reason.NOT_MET
    assert watching.see("472.50").reason is Reason.ABOVE
    assert watching.see("472.50").reason is Reason.RECOVERED


def test_a_cleared_drop_counts_from_a_new_base() -> None:
    watching = Watching(build.watch(rules=Rules(drop_percent=10)))
    for total in (500, 500, 450, 480, 480):
        watching.see(total)

    assert watching.see(440).reason is Reason.NOT_MET
    assert watching.see(480).reason is Reason.NOT_MET
    assert watching.see(480).reason is Reason.NOT_MET
    assert watching.see(432).reason is Reason.ALERT


def test_a_drop_whose_level_lies_under_its_base_clears_all_the_same() -> None:
    watching = Watching(build.watch(rules=Rules(drop_percent=10)))
    for total in (1000, 1000, 700):
        watching.see(total)

    assert watching.see(800).reason is Reason.ABOVE
    assert watching.see(800).reason is Reason.RECOVERED


def test_a_new_low_clears_two_steps_above_what_was_told() -> None:
    watching = Watching(build.watch(rules=Rules(new_low_days=30)), past=history([400] * 10))
    watching.see(390)

    assert watching.see("397.79").reason is Reason.NOT_MET
    assert watching.see("397.80").reason is Reason.ABOVE
    assert watching.see("397.80").reason is Reason.RECOVERED


def test_a_day_of_looks_above_the_target_clears_though_none_reached_the_level() -> None:
    watching = alerted()
    watching.see(421)

    assert watching.see(421, after=hours(23)).reason is Reason.NOT_MET
    assert watching.see(421, after=hours(1)).reason is Reason.RECOVERED


def test_a_met_look_within_that_day_starts_it_over() -> None:
    watching = alerted()
    watching.see(421)
    watching.see(420, after=hours(12))

    assert watching.see(421, after=hours(12)).reason is Reason.NOT_MET


def test_a_single_look_after_a_day_of_silence_does_not_clear() -> None:
    watching = alerted()

    assert watching.see(421, after=hours(48)).reason is Reason.NOT_MET
    assert not watching.memory().armed


def test_a_day_above_the_target_clears_no_drop() -> None:
    watching = Watching(build.watch(rules=Rules(drop_percent=10)))
    for total in (500, 500, 450):
        watching.see(total)
    watching.see(460)

    assert watching.see(460, after=hours(30)).reason is Reason.NOT_MET


def test_looks_of_another_source_do_not_count() -> None:
    watching = alerted()
    watching.see(440, "duffel")
    watching.see(440, "duffel")

    assert watching.see(440, "duffel").reason is Reason.NOT_MET
    assert not watching.memory().armed


def test_looks_of_another_source_do_not_interrupt() -> None:
    watching = alerted()
    watching.see(440)
    watching.see(425, "duffel")

    assert watching.see(440).reason is Reason.RECOVERED


def test_any_firm_source_counts_once_the_one_that_told_was_silent_for_six_hours() -> None:
    watching = alerted()

    assert watching.see(440, "duffel", after=hours(6)).reason is Reason.ABOVE
    assert watching.see(440, "duffel").reason is Reason.RECOVERED


def test_a_lead_of_another_source_never_stands_in_for_a_firm_one_that_told() -> None:
    watching = alerted()
    watching.see(440, "cache", after=hours(6))

    assert watching.see(440, "cache").reason is Reason.NOT_MET


def test_what_a_lead_told_its_own_source_clears() -> None:
    watching = alerted("cache")

    assert watching.see(440, "cache").reason is Reason.ABOVE
    gone = watching.see(440, "cache")
    assert (gone.reason, gone.confirmation) == (Reason.RECOVERED, Confirmation.UNCONFIRMED)


def test_what_a_lead_told_another_lead_clears_once_its_source_was_silent_for_a_day() -> None:
    watching = alerted("cache")
    watching.see(440, "cache2", after=hours(23))
    assert not watching.memory().armed

    watching.see(440, "cache2", after=hours(1))
    assert watching.see(440, "cache2").reason is Reason.RECOVERED


def test_three_times_no_fares_over_six_hours_is_gone() -> None:
    watching = alerted()

    assert watching.see_nothing().reason is Reason.UNUSABLE_OUTCOME
    assert watching.see_nothing(after=hours(3)).reason is Reason.UNUSABLE_OUTCOME
    gone = watching.see_nothing(after=hours(3))

    assert (gone.reason, gone.effect, gone.condition) == (Reason.GONE, Effect.EDIT, Condition.TARGET)
    assert gone.lived_s == 1800
    assert watching.memory().armed


def test_twice_no_fares_is_not_gone_however_long_between() -> None:
    watching = alerted()
    watching.see_nothing()

    assert watching.see_nothing(after=hours(48)).reason is Reason.UNUSABLE_OUTCOME


def test_no_fares_of_a_source_that_answers_nowhere_says_nothing() -> None:
    watching = alerted()
    for _ in range(5):
        watching.see_nothing(after=hours(3), alive=False)

    assert not watching.memory().armed


def test_no_fares_of_another_source_says_nothing() -> None:
    watching = alerted()
    for _ in range(5):
        watching.see_nothing("duffel", after=hours(3))

    assert not watching.memory().armed


def test_quotes_of_the_source_interrupt_its_no_fares() -> None:
    watching = alerted()
    watching.see_nothing()
    watching.see_nothing(after=hours(3))
    watching.see(400)

    assert watching.see_nothing(after=hours(3)).reason is Reason.UNUSABLE_OUTCOME


def test_a_fare_that_another_firm_source_shows_is_not_gone() -> None:
    watching = alerted()
    watching.see_nothing()
    watching.see_nothing(after=hours(3))
    watching.see(405, "duffel")

    assert watching.see_nothing(after=hours(3)).reason is Reason.UNUSABLE_OUTCOME


def test_nothing_clears_before_anything_was_told() -> None:
    watching = Watching()
    watching.see(500)

    assert watching.see(500).reason is Reason.NOT_MET
    assert watching.see_nothing(after=hours(7)).reason is Reason.UNUSABLE_OUTCOME


def test_while_another_told_condition_stands_the_post_does_not_say_gone() -> None:
    watching = Watching(build.watch(rules=Rules(target=eur(400), drop_percent=20)))
    for total in (500, 500, 395):
        watching.see(total)
    watching.see(410)

    judgement = watching.see(410)

    assert judgement.reason is Reason.ABOVE
    assert watching.memory(Condition.TARGET).armed
    assert not watching.memory(Condition.DROP).armed


def leads_about_a_firm_alert(confirming: Confirming = Confirming.POSSIBLE) -> Watching:
    watching = alerted()
    watching.confirming = confirming
    return watching


def test_two_leads_at_the_level_ask_for_a_live_look() -> None:
    watching = leads_about_a_firm_alert()

    assert watching.see(440, "cache").reason is Reason.NOT_MET
    assert watching.see(440, "cache").reason is Reason.CONFIRM


def test_a_live_look_at_the_level_settles_it() -> None:
    watching = leads_about_a_firm_alert()
    watching.see(440, "cache")
    watching.see(440, "cache")

    judgement = watching.answer(watching.quotes(430, "duffel"), watching.quotes(440, "cache"))

    assert (judgement.reason, judgement.confirmation) == (Reason.RECOVERED, Confirmation.CONFIRMED)
    assert watching.memory().armed


def test_a_live_look_without_fares_settles_it() -> None:
    watching = leads_about_a_firm_alert()
    watching.see(440, "cache")
    watching.see(440, "cache")

    judgement = watching.answer(watching.no_fares("duffel"), watching.quotes(440, "cache"))

    assert judgement.reason is Reason.GONE
    assert watching.memory().armed


def test_a_live_look_that_still_shows_the_fare_keeps_the_alert_and_the_waits() -> None:
    watching = leads_about_a_firm_alert()
    watching.see(440, "cache")
    watching.see(440, "cache")
    judgement = watching.answer(watching.quotes(400), watching.quotes(440, "cache"))
    assert judgement.reason is Reason.NO_CHANGE

    watching.see(440, "cache")
    assert watching.see(440, "cache", after=minutes(29)).reason is Reason.NOT_MET
    assert watching.see(440, "cache", after=minutes(1)).reason is Reason.CONFIRM


def test_six_hours_of_leads_without_the_fare_ask_for_a_live_look() -> None:
    watching = leads_about_a_firm_alert()
    watching.see(422, "cache")

    assert watching.see(422, "cache", after=hours(5)).reason is Reason.NOT_MET
    assert watching.see_nothing("cache", after=hours(1)).reason is Reason.CONFIRM


def test_a_lead_that_shows_the_fare_starts_the_six_hours_over() -> None:
    watching = leads_about_a_firm_alert()
    watching.see(422, "cache")
    watching.see(400, "cache", after=hours(3))

    assert watching.see(422, "cache", after=hours(3)).reason is Reason.NOT_MET


@pytest.mark.parametrize("confirming", [Confirming.FAILED, Confirming.IMPOSSIBLE])
def test_without_a_live_look_for_a_day_the_leads_clear(confirming: Confirming) -> None:
    watching = leads_about_a_firm_alert(confirming)
    watching.see(440, "cache")
    watching.see(440, "cache")
    assert watching.see(440, "cache", after=hours(23)).reason is Reason.NOT_MET

    gone = watching.see(440, "cache", after=hours(1))

    assert (gone.reason, gone.confirmation) == (Reason.RECOVERED, Confirmation.UNCONFIRMED)
    assert watching.memory().armed


def test_before_the_leads_decide_a_live_look_is_asked_for_once_more() -> None:
    watching = leads_about_a_firm_alert(Confirming.FAILED)
    for _ in range(2):
        watching.see(440, "cache")
    watching.see(440, "cache", after=hours(23))
    watching.confirming = Confirming.POSSIBLE

    assert watching.see(440, "cache", after=hours(1)).reason is Reason.CONFIRM


def test_no_fares_of_leads_alone_is_gone_when_nobody_could_be_asked_for_a_day() -> None:
    watching = leads_about_a_firm_alert(Confirming.IMPOSSIBLE)
    watching.see_nothing("cache")
    watching.see_nothing("cache", after=hours(6))

    assert watching.see_nothing("cache", after=hours(24)).reason is Reason.GONE


def test_the_day_without_a_live_look_starts_over_when_the_leads_show_the_fare() -> None:
    watching = leads_about_a_firm_alert(Confirming.IMPOSSIBLE)
    watching.see(440, "cache")
    watching.see(440, "cache")
    watching.see(400, "cache", after=hours(12))
    watching.see(440, "cache")

    assert watching.see(440, "cache", after=hours(12)).reason is Reason.NOT_MET


def test_a_lead_told_over_a_firm_alert_does_not_hand_it_to_the_leads() -> None:
    watching = leads_about_a_firm_alert(Confirming.IMPOSSIBLE)
    assert watching.see(390, "cache").reason is Reason.LOWER
    watching.see(440, "cache")

    assert watching.see(440, "cache").reason is Reason.NOT_MET


def test_a_firm_alert_that_a_lead_was_told_over_still_asks_for_a_live_look() -> None:
    watching = leads_about_a_firm_alert(Confirming.IMPOSSIBLE)
    watching.see(390, "cache")
    watching.confirming = Confirming.POSSIBLE
    watching.see(440, "cache")

    assert watching.see(440, "cache").reason is Reason.CONFIRM


def test_a_firm_alert_that_a_lead_was_told_over_is_cleared_by_its_own_source() -> None:
    watching = leads_about_a_firm_alert(Confirming.IMPOSSIBLE)
    watching.see(390, "cache")

    assert watching.see(440).reason is Reason.ABOVE
    assert watching.see(440).reason is Reason.RECOVERED


def test_a_firm_look_starts_the_hours_without_the_fare_over() -> None:
    watching = leads_about_a_firm_alert()
    watching.see(422, "cache")
    watching.see(422, "duffel", after=hours(3))

    assert watching.see(422, "cache", after=hours(3)).reason is Reason.NOT_MET


def test_a_week_of_noise_around_the_target_pings_once() -> None:
    watching = Watching()
    reasons = [watching.see(total).reason for total in (418, 422, 419, 430, 418, 421, 429, 417) * 42]

    assert sum(reason.pings for reason in reasons) == 1


def test_looks_a_day_apart_still_clear() -> None:
    watching = alerted()
    watching.see(421, after=timedelta(days=1))

    assert watching.see(421, after=timedelta(days=1)).reason is Reason.RECOVERED
