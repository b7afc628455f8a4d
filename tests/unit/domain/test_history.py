"""Statistics over what a route used to cost."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.history import DayLow, History
from engine.domain.quote import SourceKind
from tests.support.clock import START
from tests.support.judging import history

TODAY = START.date()


def day(ago: int, low: int, kind: SourceKind = SourceKind.LIVE) -> DayLow:
    return DayLow(day=TODAY - timedelta(days=ago), kind=kind, low=low, first=low, last=low)


def test_without_days_there_are_no_statistics() -> None:
    empty = History()

    assert (empty.median(TODAY), empty.percentile(25, TODAY), empty.low(TODAY, 30)) == (None, None, None)
    assert empty.days_of_looks(TODAY) == 0


def test_the_median_leaves_today_out() -> None:
    past = History((day(3, 100), day(2, 200), day(1, 300), day(0, 1)))

    assert past.median(TODAY) == 200


def test_the_median_of_an_even_number_of_days_lies_between() -> None:
    assert History((day(2, 100), day(1, 201))).median(TODAY) == 150


def test_days_before_the_window_do_not_count() -> None:
    past = History((day(31, 1), day(30, 200), day(1, 300)))

    assert past.median(TODAY, days=30) == 250
    assert past.low(TODAY, days=30) == 200


def test_the_low_counts_todays_earlier_looks() -> None:
    assert History((day(1, 300), day(0, 250))).low(TODAY, days=30) == 250


def test_source_kinds_of_a_day_are_one_day() -> None:
    past = History((day(1, 300), day(1, 280, SourceKind.CACHED)))

    assert past.daily_lows(TODAY, 30) == [280]
    assert past.days_of_looks(TODAY) == 1


def test_a_statistic_of_too_few_days_is_refused() -> None:
    past = history([100, 200, 300])

    assert past.median(TODAY, fewest=3) == 20000
    assert past.median(TODAY, fewest=4) is None
    assert past.percentile(25, TODAY, fewest=4) is None


def test_the_ends_of_the_percentile_are_the_lowest_and_the_highest() -> None:
    past = history([300, 100, 200])

    assert past.percentile(0, TODAY) == 10000
    assert past.percentile(100, TODAY) == 30000


def test_the_25th_percentile_is_the_fare_a_quarter_of_the_days_do_not_exceed() -> None:
    past = history(range(101, 109))

    assert past.percentile(25, TODAY) == 10200


@settings(deadline=None)
@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=30), st.floats(0, 100), st.floats(0, 100))
def test_a_higher_percentile_is_never_a_lower_fare(lows: list[int], q: float, other: float) -> None:
    past = history(lows)
    low, high = sorted((q, other))

    smaller, greater = past.percentile(low, TODAY), past.percentile(high, TODAY)

    assert smaller is not None
    assert greater is not None
    assert min(lows) * 100 <= smaller <= greater <= max(lows) * 100


def test_the_first_total_of_a_day_opens_its_row() -> None:
    row = History((day(1, 300),)).with_total(TODAY, SourceKind.LIVE, 280)

    assert row == day(0, 280)


def test_later_totals_keep_the_lowest_and_the_last() -> None:
    past = History((day(0, 280),))

    row = past.with_total(TODAY, SourceKind.LIVE, 310)

    assert (row.low, row.first, row.last, row.looks) == (280, 280, 310, 2)


def test_each_source_kind_has_a_row_of_its_own() -> None:
    row = History((day(0, 280),)).with_total(TODAY, SourceKind.CACHED, 200)

    assert row == day(0, 200, SourceKind.CACHED)
