from datetime import date

import pytest

from engine.domain.budget import CallLimits, CallsMade
from engine.domain.money import Money
from engine.fares.prices import Cost, cost_of_month

TODAY = date(2026, 11, 22)


def made(this_month: int, before: int = 0) -> CallsMade:
    none = CallsMade.none(TODAY)
    return CallsMade(
        day=none.day,
        month=none.month,
        counted_on=TODAY,
        today=0,
        this_month=this_month,
        ever=this_month + before,
    )


def usd(cents: int) -> Money:
    return Money(cents, "USD")


FIVE_THOUSAND = CallLimits(per_month=5000)


@pytest.mark.parametrize(
    ("source", "calls", "limits", "cost"),
    [
        (
            "ignav",
            made(2050, before=1000),
            CallLimits(per_month=5000),
            Cost(so_far=usd(410), at_most=usd(1000)),
        ),
        ("ignav", made(1200), CallLimits(in_total=1000), Cost(so_far=usd(40), at_most=usd(0))),
        ("ignav", made(300), CallLimits(), Cost(so_far=usd(0), at_most=None)),
        ("duffel", made(7), CallLimits(per_day=20), Cost(so_far=usd(4), at_most=usd(310))),
        ("serpapi", made(250), CallLimits(per_month=250), Cost(so_far=usd(0), at_most=usd(0))),
        ("serpapi", made(300), CallLimits(per_month=1000), Cost(so_far=usd(125), at_most=usd(1875))),
        ("kiwi", made(300), CallLimits(per_day=300), None),
    ],
)
def test_a_month_costs_its_calls_but_for_the_free_ones(
    source: str, calls: CallsMade, limits: CallLimits, cost: Cost | None
) -> None:
    assert cost_of_month(source, calls, limits) == cost
