"""Rule 10: a snooze stops pings; a deeper drop breaks it, and its end reminds."""

from engine.domain.alert import Reason
from engine.domain.judge import fresh_state, open_snooze, reseeded, snoozed
from engine.domain.judgement import Confirming, Effect
from engine.domain.watch import Condition, Rules, Snooze
from tests.support import build
from tests.support.judging import Watching, history, hours, minutes


def asleep(watching: Watching, for_hours: float = 24, price: int | None = None) -> Watching:
    """Snoozed at the price of the last look, or at another one."""
    snooze = snoozed(watching.state, None, watching.now + hours(for_hours))
    if price is not None:
        snooze = Snooze(snooze.until, price * 100)
    watching.change(snooze=snooze)
    return watching


def told_and_asleep() -> Watching:
    watching = Watching()
    watching.see(400)
    return asleep(watching)


def armed_and_asleep() -> Watching:
    watching = Watching()
    watching.see(430)
    return asleep(watching)


def test_the_price_of_now_is_that_of_the_newest_quote() -> None:
    until = Watching().now + hours(1)

    assert snoozed(fresh_state(from_list=True), build.quote(410), until) == Snooze(until, 41000)
    assert snoozed(fresh_state(from_list=True), None, until) == Snooze(until, None)
    assert told_and_asleep().watch.snooze == Snooze(until + minutes(30) + hours(23), 40000)


def test_a_condition_met_while_armed_is_not_pinged_and_stays_armed() -> None:
    watching = armed_and_asleep()

    judgement = watching.see(420)

    assert (judgement.reason, judgement.effect) == (Reason.SNOOZED, Effect.NONE)
    assert watching.memory().armed


def test_edits_go_on() -> None:
    watching = told_and_asleep()

    assert watching.see(395).reason is Reason.LOWER
    assert watching.see(440).reason is Reason.ABOVE
    assert watching.see(440).reason is Reason.RECOVERED
    assert watching.see(400).reason is Reason.BACK


def test_a_ping_for_a_fall_since_the_last_ping_waits() -> None:
    watching = Watching()
    for total in (400, 396, 392, 388, 384):
        watching.see(total)
    asleep(watching)

    assert watching.see(383).reason is Reason.NO_CHANGE
    assert watching.see(380).reason is Reason.LOWER
    assert watching.see(380).reason is Reason.SNOOZED


def test_a_deeper_drop_breaks_through_and_ends_the_snooze() -> None:
    watching = told_and_asleep()

    judgement = watching.see(380)

    assert (judgement.reason, judgement.effect) == (Reason.LOWER_STILL, Effect.POST)
    assert open_snooze(watching.watch, watching.state) is None
    assert watching.see(361).reason is Reason.LOWER_STILL


def test_a_deeper_drop_that_meets_an_armed_condition_alerts() -> None:
    watching = armed_and_asleep()

    assert watching.see(409).reason is Reason.SNOOZED
    assert watching.see(408).reason is Reason.ALERT


def test_a_deeper_drop_that_meets_nothing_is_not_told() -> None:
    watching = Watching()
    watching.see(600)
    asleep(watching)

    assert watching.see(500).reason is Reason.NOT_MET
    assert open_snooze(watching.watch, watching.state) is not None


def test_a_fall_from_a_dearer_snooze_price_is_no_news_when_it_was_told_before() -> None:
    watching = Watching()
    watching.see(400)
    asleep(watching, price=450)

    assert watching.see(400).reason is Reason.NO_CHANGE
    assert watching.see(396).reason is Reason.LOWER_STILL


def test_without_a_known_price_nothing_breaks_through() -> None:
    watching = Watching()
    watching.change(snooze=Snooze(watching.now + hours(24), None))

    assert watching.see(1).reason is Reason.SNOOZED


def test_a_look_is_asked_for_at_the_end() -> None:
    watching = told_and_asleep()
    snooze = watching.watch.snooze
    assert snooze is not None

    assert watching.see(400).look_again_at == snooze.until
    assert watching.fail().look_again_at == snooze.until
    assert watching.see(400, after=hours(24)).look_again_at is None


def test_the_end_reminds_once_of_what_is_met() -> None:
    watching = told_and_asleep()

    judgement = watching.see(405, after=hours(24))

    assert (judgement.reason, judgement.effect) == (Reason.REMINDER, Effect.POST)
    assert watching.see(405).reason is Reason.NO_CHANGE


def test_the_end_tells_what_was_met_while_armed_and_disarms_it() -> None:
    watching = armed_and_asleep()
    watching.see(420)

    assert watching.see(420, after=hours(24)).reason is Reason.REMINDER
    assert not watching.memory().armed


def test_the_end_says_nothing_when_nothing_is_met() -> None:
    watching = told_and_asleep()

    assert watching.see(425, after=hours(24)).reason is Reason.NOT_MET
    assert watching.see(405).reason is Reason.NO_CHANGE


def test_a_failed_look_at_the_end_leaves_the_reminder_to_the_next() -> None:
    watching = told_and_asleep()
    failed = watching.fail(after=hours(24))

    assert failed.look_again_at is None
    assert watching.see(400).reason is Reason.REMINDER


def test_a_second_snooze_ends_with_a_reminder_of_its_own() -> None:
    watching = told_and_asleep()
    watching.see(400, after=hours(24))
    asleep(watching)

    assert watching.see(400, after=hours(24)).reason is Reason.REMINDER


def test_the_end_reminds_of_a_new_low_that_still_stands() -> None:
    watching = Watching(build.watch(rules=Rules(new_low_days=30)), past=history([400] * 10))
    watching.see(390)
    asleep(watching)
    watching.past = history([400] * 9 + [390])

    judgement = watching.see(390, after=hours(24))

    assert (judgement.reason, judgement.condition) == (Reason.REMINDER, Condition.NEW_LOW)


def waiting_for_a_low() -> Watching:
    """Asleep, with 400 as the lowest of ten days, so that 396 and less are news."""
    watching = Watching(build.watch(rules=Rules(new_low_days=30)), past=history([400] * 10))
    watching.see(405)
    return asleep(watching, for_hours=72)


def test_a_new_low_first_met_in_a_snooze_is_not_lost_in_the_history_that_it_makes() -> None:
    watching = waiting_for_a_low()
    assert watching.see(390).reason is Reason.SNOOZED
    watching.past = history([400] * 7 + [390, 390, 390])

    judgement = watching.see(390, after=hours(72))

    assert (judgement.reason, judgement.condition) == (Reason.REMINDER, Condition.NEW_LOW)
    assert watching.see(390).reason is Reason.NO_CHANGE


def test_what_would_have_been_a_new_low_before_the_snooze_is_one_at_its_end() -> None:
    watching = waiting_for_a_low()
    watching.see(390)
    watching.see(430)
    watching.past = history([400] * 9 + [390])

    assert watching.see(396, after=hours(72)).reason is Reason.REMINDER


def test_a_new_low_of_a_snooze_that_is_over_by_its_end_is_forgotten() -> None:
    watching = waiting_for_a_low()
    watching.see(390)
    watching.past = history([400] * 9 + [390])

    assert watching.see(397, after=hours(72)).reason is Reason.NOT_MET
    assert watching.see(395).reason is Reason.NOT_MET
    assert watching.see(386).reason is Reason.ALERT


def test_a_new_low_reached_in_small_steps_breaks_through_as_any_other() -> None:
    watching = waiting_for_a_low()
    for total in (396, 394, 392, 390, 388, 386):
        assert watching.see(total).reason is Reason.SNOOZED
        watching.past = history([400] * 9 + [total])

    assert watching.see(384).reason is Reason.ALERT


def test_a_new_low_met_beside_a_lower_target_is_told_when_the_snooze_ends() -> None:
    rules = Rules(target=build.eur(410), new_low_days=30)
    watching = Watching(build.watch(rules=rules), past=history([400] * 10))
    watching.see(405)
    asleep(watching)
    assert watching.see(395).reason is Reason.LOWER
    watching.past = history([400] * 9 + [395])

    assert watching.see(395, after=hours(24)).met == (Condition.TARGET, Condition.NEW_LOW)


def test_a_snooze_taken_back_leaves_a_new_low_to_be_told() -> None:
    watching = waiting_for_a_low()
    watching.see(390)
    watching.past = history([400] * 9 + [390])
    watching.change(snooze=None)

    assert watching.see(390).reason is Reason.ALERT


def test_a_lead_that_would_be_the_first_word_of_a_fare_is_confirmed_before_the_reminder() -> None:
    watching = armed_and_asleep()
    watching.confirming = Confirming.POSSIBLE

    assert watching.see(420, "cache", after=hours(24)).reason is Reason.CONFIRM


def test_a_snooze_that_was_broken_stays_so_after_an_edit() -> None:
    watching = told_and_asleep()
    watching.see(380)
    watching.state = reseeded(watching.state)
    for total in (380, 440, 440):
        watching.see(total)

    assert watching.see(400).reason is Reason.ALERT


def test_a_seed_at_the_end_leaves_nothing_to_remind_of() -> None:
    watching = told_and_asleep()
    watching.state = reseeded(watching.state)

    assert watching.see(400, after=hours(24)).reason is Reason.SEEDED
    assert watching.see(400).reason is Reason.NO_CHANGE


def test_a_reminder_of_what_was_told_needs_no_confirmation() -> None:
    watching = told_and_asleep()
    watching.confirming = Confirming.POSSIBLE

    assert watching.see(400, "cache", after=hours(24)).reason is Reason.REMINDER
