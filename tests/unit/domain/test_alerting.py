"""Rules 5 and 6: one alert per fare, pings only for deeper drops, edits for the rest."""

from datetime import timedelta

from engine.domain.alert import Confirmation, Reason
from engine.domain.judgement import Effect
from engine.domain.quote import OutcomeKind
from engine.domain.watch import Condition, Rules
from tests.support import build
from tests.support.build import eur
from tests.support.judging import Watching, history, hours, minutes

TARGET_AND_DROP = Rules(target=eur(420), drop_percent=10)


def test_a_met_and_armed_condition_alerts_and_disarms() -> None:
    watching = Watching()

    judgement = watching.see(400)

    assert (judgement.reason, judgement.effect) == (Reason.ALERT, Effect.POST)
    assert judgement.quote is not None
    assert judgement.quote.total == eur(400)
    assert judgement.confirmation is Confirmation.FIRM
    assert not watching.memory().armed


def test_the_same_fare_is_not_pinged_again() -> None:
    watching = Watching()
    watching.see(400)

    judgement = watching.see(400)

    assert (judgement.reason, judgement.effect) == (Reason.NO_CHANGE, Effect.NONE)


def test_a_rise_that_still_meets_the_target_is_not_told() -> None:
    watching = Watching()
    watching.see(400)

    assert watching.see(415).reason is Reason.NO_CHANGE


def test_one_alert_disarms_all_met_conditions() -> None:
    watching = Watching(build.watch(rules=TARGET_AND_DROP))
    watching.see(500)
    watching.see(500)

    watching.see(400)

    assert not watching.memory(Condition.TARGET).armed
    assert not watching.memory(Condition.DROP).armed
    assert watching.see(400).reason is Reason.NO_CHANGE


def test_an_alert_is_named_after_the_first_condition_that_is_met_and_armed() -> None:
    watching = Watching(build.watch(rules=Rules(target=eur(460), drop_percent=20)))
    watching.see(500)
    watching.see(500)
    watching.see(450)

    judgement = watching.see(400)

    assert (judgement.reason, judgement.condition) == (Reason.ALERT, Condition.DROP)
    assert judgement.met == (Condition.TARGET, Condition.DROP)


def test_a_ping_lowers_pinged_of_every_met_condition() -> None:
    watching = Watching(build.watch(rules=Rules(target=eur(460), drop_percent=20)))
    watching.see(500)
    watching.see(500)
    watching.see(450)
    watching.see(400)

    assert watching.memory(Condition.TARGET).pinged == 40000
    assert watching.see(381).reason is Reason.LOWER


def test_a_ping_never_raises_pinged() -> None:
    watching = Watching(build.watch(rules=Rules(target=eur(460), remind_every=hours(2))))
    watching.see(400)

    assert watching.see(450, after=hours(2)).reason is Reason.REPEAT
    assert watching.memory().pinged == 40000


def test_a_fall_of_five_per_cent_since_the_last_ping_pings_again() -> None:
    watching = Watching()
    watching.see(400)

    judgement = watching.see(380)

    assert (judgement.reason, judgement.effect) == (Reason.LOWER_STILL, Effect.POST)
    assert watching.memory().pinged == 38000


def test_a_fall_of_a_step_edits_and_pings_nobody() -> None:
    watching = Watching()
    watching.see(400)

    judgement = watching.see(396)

    assert (judgement.reason, judgement.effect) == (Reason.LOWER, Effect.EDIT)
    assert watching.memory().told == 39600
    assert watching.memory().pinged == 40000


def test_a_fall_of_less_than_a_step_changes_nothing() -> None:
    watching = Watching()
    watching.see(400)

    assert watching.see("396.01").reason is Reason.NO_CHANGE


def test_many_small_falls_ping_once_they_add_up_to_five_per_cent() -> None:
    watching = Watching()
    reasons = [watching.see(total).reason for total in (400, 396, 392, 388, 384, 380)]

    assert reasons == [
        Reason.ALERT,
        Reason.LOWER,
        Reason.LOWER,
        Reason.LOWER,
        Reason.LOWER,
        Reason.LOWER_STILL,
    ]


def test_a_first_glance_above_edits_the_post_and_a_met_look_edits_it_back() -> None:
    watching = Watching()
    watching.see(400)

    above = watching.see(440)
    back = watching.see(405)

    assert (above.reason, above.effect) == (Reason.ABOVE, Effect.EDIT)
    assert (back.reason, back.effect) == (Reason.BACK, Effect.EDIT)
    assert back.quote is not None
    assert back.quote.total == eur(405)
    assert watching.see(405).reason is Reason.NO_CHANGE


def test_told_stays_the_lowest_when_the_post_shows_a_dearer_fare_again() -> None:
    watching = Watching()
    for total in (400, 390, 440, 405):
        watching.see(total)

    assert watching.see(388).reason is Reason.NO_CHANGE
    assert watching.see(386).reason is Reason.LOWER


def test_a_look_between_target_and_level_leaves_the_post_as_it_is() -> None:
    watching = Watching()
    watching.see(400)
    watching.see(440)

    assert watching.see(425).effect is Effect.NONE
    assert watching.see(400).reason is Reason.BACK


def test_a_reminder_comes_when_asked_for_and_only_then() -> None:
    watching = Watching(build.watch(rules=Rules(target=eur(420), remind_every=timedelta(days=1))))
    watching.see(400)

    assert watching.see(400, after=hours(23)).reason is Reason.NO_CHANGE
    repeat = watching.see(400, after=hours(1))
    assert (repeat.reason, repeat.effect) == (Reason.REPEAT, Effect.POST)
    assert watching.see(400).reason is Reason.NO_CHANGE


def test_a_reminder_needs_the_fare_to_be_met() -> None:
    watching = Watching(build.watch(rules=Rules(target=eur(420), remind_every=hours(1))))
    watching.see(400)

    assert watching.see(421, after=hours(2)).reason is Reason.NOT_MET


def test_any_ping_puts_a_reminder_off() -> None:
    watching = Watching(build.watch(rules=Rules(target=eur(420), remind_every=hours(4))))
    watching.see(400)
    watching.see(380, after=hours(3))

    assert watching.see(380, after=hours(2)).reason is Reason.NO_CHANGE


def test_a_lower_edit_comes_before_a_reminder() -> None:
    watching = Watching(build.watch(rules=Rules(target=eur(420), remind_every=hours(1))))
    watching.see(400)

    assert watching.see(395, after=hours(2)).reason is Reason.LOWER
    assert watching.see(395).reason is Reason.REPEAT


def test_a_new_low_is_told_once_a_day_or_not() -> None:
    watching = Watching(build.watch(rules=Rules(new_low_days=30)), past=history([400] * 10))

    assert watching.see(390).reason is Reason.ALERT
    assert watching.see(390).reason is Reason.NO_CHANGE
    assert watching.see(370).reason is Reason.LOWER_STILL


def test_failures_between_looks_lose_no_drop() -> None:
    watching = Watching()
    watching.see(400)
    for kind in OutcomeKind:
        if kind is not OutcomeKind.QUOTES:
            watching.fail(kind, after=minutes(1))

    assert watching.see(380).reason is Reason.LOWER_STILL
