"""Rule 8: a fare that comes back soon after its alert is edited, not pinged again."""

from engine.domain.alert import Reason
from engine.domain.judge import fresh_state
from engine.domain.judgement import Effect
from engine.domain.watch import Rules
from tests.support import build
from tests.support.build import eur
from tests.support.judging import Watching, hours, minutes


def recovered(rules: Rules | None = None) -> Watching:
    """Told 400 at target 420, armed again an hour after."""
    watching = Watching(build.watch(rules=rules or Rules(target=eur(420))))
    watching.see(400)
    watching.see(440)
    watching.see(440)
    return watching


def test_a_fare_that_is_back_is_edited_and_disarms() -> None:
    watching = recovered()

    judgement = watching.see(400)

    assert (judgement.reason, judgement.effect) == (Reason.BACK, Effect.EDIT)
    assert not watching.memory().armed
    assert watching.see(400).reason is Reason.NO_CHANGE


def test_a_fare_that_went_by_no_fares_is_back_too() -> None:
    watching = Watching()
    watching.see(400)
    for _ in range(3):
        watching.see_nothing(after=hours(3))

    assert watching.see(400).reason is Reason.BACK


def test_a_fare_a_step_under_the_old_one_is_news() -> None:
    assert recovered().see(396).reason is Reason.ALERT


def test_a_fare_less_than_a_step_under_the_old_one_is_back() -> None:
    assert recovered().see("396.01").reason is Reason.BACK


def test_after_twelve_hours_it_is_news() -> None:
    watching = recovered()

    assert watching.see(400, after=hours(11) + minutes(1)).reason is Reason.ALERT


def test_within_twelve_hours_of_the_ping_it_is_back() -> None:
    watching = recovered()

    assert watching.see(400, after=hours(11)).reason is Reason.BACK


def test_being_back_does_not_put_off_the_twelve_hours() -> None:
    watching = recovered()
    watching.see(400, after=hours(8))
    watching.see(440)
    watching.see(440)

    assert watching.see(400, after=hours(3)).reason is Reason.ALERT


def test_a_deep_fall_after_it_is_back_pings() -> None:
    watching = recovered()
    watching.see(400)

    assert watching.see(380).reason is Reason.LOWER_STILL


def test_what_would_be_lower_still_is_news_though_edits_had_come_close() -> None:
    watching = Watching()
    for total in (400, 381, 440, 440):
        watching.see(total)

    assert watching.see(378).reason is Reason.ALERT


def test_a_seed_is_no_ping() -> None:
    watching = Watching(state=fresh_state(from_list=False))
    for total in (400, 440, 440):
        watching.see(total)

    assert watching.see(400).reason is Reason.ALERT


def test_if_any_met_and_armed_condition_is_news_all_is() -> None:
    watching = recovered(Rules(target=eur(420), drop_percent=5))
    watching.see(440)

    # TARGET is back; DROP fell from 440 and was never told.
    assert watching.see(400).reason is Reason.ALERT
