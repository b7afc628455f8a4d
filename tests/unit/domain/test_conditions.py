"""Rule 4: TARGET, DROP and NEW_LOW."""

from datetime import timedelta

import pytest

from engine.domain.alert import Reason
from engine.domain.conditions import step
from engine.domain.history import DayLow, History
from engine.domain.judge import met_at
from engine.domain.judgement import ConditionState
from engine.domain.money import Money
from engine.domain.quote import SourceKind
from engine.domain.watch import Condition, Rules
from tests.support import build
from tests.support.build import eur
from tests.support.clock import START
from tests.support.judging import Watching, history, hours

WEEK = history([400, 410, 420, 430, 440, 450, 460])


def dropping(percent: int = 10) -> Watching:
    return Watching(build.watch(rules=Rules(drop_percent=percent)))


def new_low(past: History = WEEK, days: int = 30) -> Watching:
    return Watching(build.watch(rules=Rules(new_low_days=days)), past=past)


def test_a_total_at_the_target_meets_it() -> None:
    judgement = Watching().see(420)

    assert (judgement.reason, judgement.condition) == (Reason.ALERT, Condition.TARGET)


def test_a_cent_above_the_target_does_not() -> None:
    assert Watching().see("420.01").reason is Reason.NOT_MET


def test_without_conditions_nothing_is_ever_met() -> None:
    assert Watching(build.watch(rules=Rules())).see(1).reason is Reason.NOT_MET


def test_a_drop_is_measured_from_what_held_in_two_successive_looks() -> None:
    watching = dropping()
    watching.see(500)
    watching.see(500)

    judgement = watching.see(450)

    assert (judgement.reason, judgement.condition) == (Reason.ALERT, Condition.DROP)


def test_a_peak_of_a_single_look_is_no_base() -> None:
    watching = dropping()
    watching.see(450)
    watching.see(900)

    assert watching.see(450).reason is Reason.NOT_MET


def test_a_slow_slide_counts_from_the_top() -> None:
    watching = dropping()
    reasons = [watching.see(total).reason for total in (500, 500, 490, 480, 470, 460, 450)]

    assert reasons == [Reason.NOT_MET] * 6 + [Reason.ALERT]


def test_a_base_older_than_thirty_days_is_forgotten() -> None:
    watching = dropping()
    watching.see(500)
    watching.see(500)
    watching.see(460, after=timedelta(days=15))
    watching.see(460)

    assert watching.see(450, after=timedelta(days=17)).reason is Reason.NOT_MET


def test_a_base_thirty_days_old_still_counts() -> None:
    watching = dropping()
    watching.see(500)
    watching.see(500)

    assert watching.see(450, after=timedelta(days=30)).reason is Reason.ALERT


def test_a_failed_look_does_not_interrupt_two_successive_looks() -> None:
    watching = dropping()
    watching.see(500)
    watching.fail()
    watching.see(500)

    assert watching.see(450).reason is Reason.ALERT


def test_a_new_low_is_a_step_under_the_lows_of_the_days_before() -> None:
    assert new_low().see(396).reason is Reason.ALERT


def test_less_than_a_step_under_is_no_new_low() -> None:
    assert new_low().see("396.50").reason is Reason.NOT_MET


def test_a_flat_fare_is_no_new_low() -> None:
    watching = new_low(history([400] * 10))

    assert watching.see(400).reason is Reason.NOT_MET


def test_todays_earlier_looks_count_for_the_low() -> None:
    today = DayLow(day=START.date(), kind=SourceKind.LIVE, low=39000, first=41000, last=41000)
    watching = new_low(History((*WEEK.days, today)))

    assert watching.see(390).reason is Reason.NOT_MET
    assert watching.see(386).reason is Reason.ALERT


def test_only_the_days_asked_for_count() -> None:
    watching = new_low(days=3)

    assert watching.see(435).reason is Reason.ALERT


def test_fewer_than_seven_days_of_looks_is_learning() -> None:
    watching = new_low(history([400] * 6))

    assert watching.see(390).reason is Reason.LEARNING


def test_todays_looks_do_not_make_a_day() -> None:
    today = DayLow(day=START.date(), kind=SourceKind.LIVE, low=50000, first=50000, last=50000)
    watching = new_low(History((*history([400] * 6).days, today)))

    assert watching.see(390).reason is Reason.LEARNING


def test_a_met_target_is_told_while_new_low_is_learning() -> None:
    watching = Watching(build.watch(rules=Rules(target=eur(420), new_low_days=30)))

    assert watching.see(400).reason is Reason.ALERT


def test_a_told_new_low_holds_for_reminders_while_the_fare_stays() -> None:
    watching = new_low()
    watching.see(390)
    quote = build.quote(390)

    assert met_at(watching.watch, watching.state, quote, WEEK, START + hours(1)) == (Condition.NEW_LOW,)


def test_met_conditions_come_in_the_order_in_which_alerts_are_named() -> None:
    rules = Rules(target=eur(420), drop_percent=10, new_low_days=30)
    watching = Watching(build.watch(rules=rules), past=WEEK)
    watching.see(500)
    watching.see(500)

    judgement = watching.see(390)

    assert judgement.met == (Condition.TARGET, Condition.DROP, Condition.NEW_LOW)
    assert judgement.condition is Condition.TARGET


def test_a_quote_in_another_currency_meets_nothing() -> None:
    watching = Watching()

    assert met_at(watching.watch, watching.state, build.quote(Money(1, "USD")), WEEK, START) == ()


@pytest.mark.parametrize(
    ("told", "total", "expected"),
    [
        (None, eur(450), 450),
        (None, eur(50), 100),
        (40001, eur(450), 401),
        (None, Money(50_000, "JPY"), 500),
        (None, Money(50, "JPY"), 1),
    ],
)
def test_a_step_is_one_per_cent_and_at_least_one_major_unit(
    told: int | None, total: Money, expected: int
) -> None:
    assert step(ConditionState(armed=told is None, told=told), total) == expected
