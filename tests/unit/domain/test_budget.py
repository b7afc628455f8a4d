from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.budget import Asker, CallLimits, CallsMade, budget_spent

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)


def called(times: int, on: date = TODAY, made: CallsMade | None = None) -> CallsMade:
    made = (made or CallsMade.none(on)).on(on)
    for _ in range(times):
        made = made.one_more()
    return made


def words(limits: CallLimits, made: CallsMade, today: date = TODAY) -> tuple[str, date] | None:
    spent = budget_spent(limits, made.on(today), today)
    return None if spent is None else (spent.words, spent.until)


def test_without_a_limit_nothing_is_ever_spent() -> None:
    assert not CallLimits().any
    assert words(CallLimits(), called(100_000)) is None


def test_a_daily_budget_is_spent_until_tomorrow() -> None:
    limits = CallLimits(per_day=3)

    assert words(limits, called(2)) is None
    assert words(limits, called(3)) == ("your budget of 3 calls a day is spent", TODAY + DAY)
    assert words(limits, called(3), TODAY + DAY) is None


@pytest.mark.parametrize(
    ("today", "until"),
    [
        (date(2026, 11, 22), date(2026, 12, 1)),
        (date(2026, 12, 31), date(2027, 1, 1)),
        (date(2027, 1, 31), date(2027, 2, 1)),
    ],
)
def test_a_monthly_budget_is_spent_until_the_first_of_the_next(today: date, until: date) -> None:
    limits = CallLimits(per_month=3, per_day=100)
    made = called(3, on=today)

    assert words(limits, made, today) == ("your budget of 3 calls a month is spent", until)
    assert words(limits, made, until) is None


def test_a_total_is_spent_for_good_and_asked_about_once_a_day() -> None:
    limits = CallLimits(in_total=3, per_day=3)
    made = called(3)

    for day in (TODAY, TODAY + DAY, TODAY + 400 * DAY):
        assert words(limits, made, day) == ("your budget of 3 calls in all is spent", day + DAY)


def test_a_budget_of_nothing_allows_nothing() -> None:
    assert words(CallLimits(per_day=0), CallsMade.none(TODAY)) == ("your budget allows no calls", TODAY + DAY)


def test_a_new_day_leaves_the_month_and_the_total() -> None:
    made = called(2, on=TODAY + DAY, made=called(5))

    assert (made.today, made.this_month, made.ever) == (2, 7, 7)


def test_a_new_month_leaves_the_total() -> None:
    made = called(2, on=date(2026, 12, 1), made=called(5))

    assert (made.today, made.this_month, made.ever) == (2, 2, 7)


@pytest.mark.parametrize("back", [1, 2, 30, 3650])
def test_a_clock_set_back_opens_no_new_day_or_month(back: int) -> None:
    limits = CallLimits(per_day=3, per_month=3)
    then = TODAY - back * DAY

    assert words(limits, called(3), then) is not None
    assert words(limits, called(1, on=then, made=called(2)), then) is not None


def test_a_clock_that_goes_back_and_forth_over_midnight_opens_one_day_once() -> None:
    limits = CallLimits(per_day=3)
    made = called(3)
    made = called(3, on=TODAY + DAY, made=made)

    for number in range(10):
        today = TODAY + number % 2 * DAY
        made = made.on(today)
        assert words(limits, made, today) is not None


def test_a_clock_that_once_ran_years_ahead_closes_a_source_until_tomorrow_only() -> None:
    limits = CallLimits(per_day=3, per_month=100)
    ahead = called(3, on=date(2031, 1, 1), made=called(3))

    today = ahead.on(TODAY)
    assert words(limits, today) is not None
    tomorrow = today.on(TODAY + DAY)
    assert words(limits, tomorrow, TODAY + DAY) is None
    assert (tomorrow.day, tomorrow.this_month) == (TODAY + DAY, 3)


days = st.integers(0, 90).map(lambda number: TODAY + number * DAY)


@settings(deadline=None)
@given(st.lists(days, max_size=200), st.integers(1, 5))
def test_however_the_clock_jumps_no_date_gets_more_than_its_budget_twice(
    clock: list[date], limit: int
) -> None:
    limits = CallLimits(per_day=limit)
    made = CallsMade.none(TODAY)
    calls = opened = 0
    for today in clock:
        before, made = made.day, made.on(today)
        opened += made.day != before
        if budget_spent(limits, made, today) is None:
            made = made.one_more()
            calls += 1

    assert calls <= limit * (opened + 1)
    assert opened <= len(set(clock)) * 2


@pytest.mark.parametrize(
    ("limits", "share"),
    [
        (CallLimits(per_day=300), 30),
        (CallLimits(per_day=20), 2),
        (CallLimits(per_day=5), 1),
        (CallLimits(per_day=2), 1),
        (CallLimits(per_day=1), 0),
        (CallLimits(per_month=250), 1),
        (CallLimits(per_month=9000), 30),
        (CallLimits(in_total=1000), 3),
        (CallLimits(per_day=500, per_month=3000), 10),
        (CallLimits(), None),
    ],
)
def test_a_tenth_of_a_days_calls_is_set_aside_for_members(limits: CallLimits, share: int | None) -> None:
    assert limits.shared_with_members().for_members == share


def test_a_members_share_begins_anew_with_the_day() -> None:
    limits = CallLimits(per_day=10).shared_with_members()
    made = CallsMade.none(TODAY).one_more(Asker.MEMBER)

    assert budget_spent(limits, made, TODAY, Asker.MEMBER) is not None
    tomorrow = TODAY + timedelta(days=1)
    assert budget_spent(limits, made.on(tomorrow), tomorrow, Asker.MEMBER) is None


@settings(deadline=None)
@given(st.integers(2, 60), st.lists(st.sampled_from(Asker), max_size=120))
def test_whoever_asks_first_the_budget_is_kept_and_nobody_is_starved(limit: int, askers: list[Asker]) -> None:
    limits = CallLimits(per_day=limit).shared_with_members()
    made, share = CallsMade.none(TODAY), limits.for_members or 0

    for asker in (*askers, *([Asker.LOOP] * limit), *([Asker.MEMBER] * limit)):
        if budget_spent(limits, made, TODAY, asker) is None:
            made = made.one_more(asker)

    assert (made.today, made.members_today) == (limit, share)
