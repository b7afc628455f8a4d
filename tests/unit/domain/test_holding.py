"""Rules 11 and 12: alerts that reached nobody, routes that are past; and watches that are not looked at."""

from datetime import UTC, date, datetime

from engine.domain.alert import Reason
from engine.domain.judge import held, released
from engine.domain.judgement import Effect
from engine.domain.route import FixedDates, RollingDates
from engine.domain.watch import Rules, WatchStatus
from tests.support import build
from tests.support.judging import Watching, history, hours

DEPARTING = build.route(trip=FixedDates(date(2026, 11, 22), date(2026, 12, 1)))


def test_a_held_watch_is_not_judged() -> None:
    watching = Watching()
    watching.see(400)
    watching.state = held(watching.state)
    before = watching.state

    judgement = watching.see(300)

    assert (judgement.reason, judgement.effect) == (Reason.HELD, Effect.NONE)
    assert watching.state == before


def test_holding_arms_what_nobody_was_told() -> None:
    watching = Watching()
    watching.see(400)

    watching.state = held(watching.state)

    assert watching.memory().armed


def test_a_released_watch_alerts_when_the_fare_still_stands() -> None:
    watching = Watching()
    watching.see(400)
    watching.state = released(held(watching.state))

    assert watching.see(400).reason is Reason.ALERT


def test_a_new_low_that_reached_nobody_is_not_lost_in_the_history_that_it_made() -> None:
    watching = Watching(build.watch(rules=Rules(new_low_days=30)), past=history([400] * 10))
    assert watching.see(390).reason is Reason.ALERT
    watching.state = released(held(watching.state))
    watching.past = history([400] * 9 + [390])

    assert watching.see(390).reason is Reason.ALERT
    assert watching.see(390).reason is Reason.NO_CHANGE


def test_a_new_low_that_reached_nobody_and_is_over_is_forgotten() -> None:
    watching = Watching(build.watch(rules=Rules(new_low_days=30)), past=history([400] * 10))
    watching.see(390)
    watching.state = released(held(watching.state))
    watching.past = history([400] * 9 + [390])

    assert watching.see(395).reason is Reason.NOT_MET
    assert watching.see(390).reason is Reason.NOT_MET


def test_a_released_watch_is_quiet_when_the_fare_is_gone() -> None:
    watching = Watching()
    watching.see(400)
    watching.state = released(held(watching.state))

    assert watching.see(440).effect is Effect.NONE


def test_past_the_last_departure_there_is_one_notice() -> None:
    watching = Watching(build.watch(DEPARTING), route=DEPARTING)
    watching.now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    first = watching.judge(None)
    second = watching.judge(None)

    assert (first.reason, first.effect) == (Reason.EXPIRED, Effect.NOTICE)
    assert (second.reason, second.effect) == (Reason.EXPIRED, Effect.NONE)


def test_a_route_is_past_only_when_its_day_is_over_everywhere() -> None:
    watching = Watching(build.watch(DEPARTING), route=DEPARTING)
    watching.now = datetime(2026, 11, 23, 11, 59, tzinfo=UTC)

    assert watching.judge(None).reason is Reason.UNUSABLE_OUTCOME


def test_an_expired_watch_stays_quiet() -> None:
    watching = Watching(build.watch(status=WatchStatus.EXPIRED))

    judgement = watching.see(1)

    assert (judgement.reason, judgement.effect) == (Reason.EXPIRED, Effect.NONE)


def test_dates_that_roll_with_today_never_expire() -> None:
    route = build.route(trip=RollingDates(1, 30))
    watching = Watching(build.watch(route), route=route)

    assert watching.see(400, after=hours(24 * 1000), slices=()).reason is Reason.ALERT


def test_a_watch_paused_during_the_fetch_is_left_alone() -> None:
    watching = Watching(build.watch(status=WatchStatus.PAUSED))
    before = watching.state

    judgement = watching.see(1)

    assert (judgement.reason, judgement.effect) == (Reason.NO_CHANGE, Effect.NONE)
    assert watching.state == before


def test_a_watch_removed_during_the_fetch_is_left_alone() -> None:
    watching = Watching()
    watching.change(removed_at=watching.now)

    assert watching.see(1).effect is Effect.NONE
