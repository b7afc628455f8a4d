import itertools
import statistics
from datetime import date, timedelta
from decimal import Decimal

import pytest

from sandbox.market import Market
from tests.support.clock import START

HOURS = [START + timedelta(hours=hour) for hour in range(24 * 90)]


def test_there_are_fifty_different_pairs() -> None:
    pairs = Market().pairs

    assert len(set(pairs)) == 50
    assert all(len(pair) == 7 and pair[:3] != pair[4:] for pair in pairs)


def test_the_same_seed_gives_the_same_fares_in_any_order() -> None:
    forward = [Market(7).price("HYD-PAR", at) for at in HOURS[:200]]
    backward = [Market(7).price("HYD-PAR", at) for at in reversed(HOURS[:200])]

    assert forward == backward[::-1]


def test_another_seed_gives_other_fares() -> None:
    assert Market(1).price("HYD-PAR", START) != Market(2).price("HYD-PAR", START)


def test_a_fare_moves_about_once_a_day_and_stays_in_between() -> None:
    market = Market(1)

    fares = [market.price("HYD-PAR", at) for at in HOURS]
    moves = sum(earlier != later for earlier, later in itertools.pairwise(fares))

    assert 80 <= moves <= 120  # 90 days: 90 moves, and two more for each sale


def test_a_fare_returns_to_what_is_usual() -> None:
    market = Market(1)

    usual = statistics.mean(float(market.price("HYD-PAR", at)) for at in HOURS)

    assert usual == pytest.approx(620, rel=0.15)


def test_sales_come_and_go_within_a_day() -> None:
    market = Market(1)
    fares = [float(market.price("LON-NYC", at)) for at in HOURS]

    drops = sum(later < earlier * 0.86 for earlier, later in itertools.pairwise(fares))
    rises = sum(later > earlier * 1.12 for earlier, later in itertools.pairwise(fares))

    assert 3 <= drops <= 12
    assert 3 <= rises <= 14


def test_a_pinned_fare_stays_until_it_is_let_go() -> None:
    market = Market(1)
    moving = market.price("HYD-PAR", START)

    market.pin("HYD-PAR", Decimal(99))
    pinned = market.price("HYD-PAR", START)
    market.pin("HYD-PAR", None)

    assert (pinned, market.price("HYD-PAR", START)) == (Decimal(99), moving)


def test_any_other_pair_has_a_fare_too() -> None:
    assert Market(1).price("OSL-GIG", START) == Market(1).price("OSL-GIG", START) > 0


def test_by_day_each_departure_has_a_fare_of_its_own_and_without_it_they_cost_the_same() -> None:
    days = [date(2027, 3, day) for day in range(1, 29)]
    flat = {Market(1).price("LON-TYO", START, day) for day in days}
    apart = [Market(1, by_day=True).price("LON-TYO", START, day) for day in days]

    assert len(flat) == 1
    assert len(set(apart)) > 20
    assert apart == [Market(1, by_day=True).price("LON-TYO", START, day) for day in days]
    assert sum(apart[4::7]) > sum(apart[1::7])  # Fridays are dear, Tuesdays cheap
