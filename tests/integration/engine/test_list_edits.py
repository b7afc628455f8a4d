"""Whatever is edited in a list, and whatever goes wrong between two readings: no row is lost or doubled."""

import itertools
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.actions.routelists import owner_of
from engine.domain.watch import WatchStatus
from engine.errors import RouteListFault
from engine.gazetteer import Gazetteer
from engine.routelists.ports import Grid, ListRefused
from engine.store.database import Store
from tests.support.clock import START, HandClock
from tests.support.lists import Paper, desk

PLACES = ("PAR", "TYO", "ROM", "BER", "SYD", "NYC")
HEADER = ("iataCode", "lowestPrice")
BAD: tuple[Grid | RouteListFault, ...] = (
    (),
    (HEADER,),
    (("<!DOCTYPE html>",),),
    (("iataCode", "destination"), ("PAR", "TYO")),
    (HEADER, ("XQX", "5")),
    RouteListFault("no answer within 30 s"),
    ListRefused("used up", retry_at=START),
)

# An edit sets a place's row: to a target, to nonsense (None), or away (0).
EDITS = st.dictionaries(st.sampled_from(PLACES), st.sampled_from((None, 0, 54, 90, 120)), max_size=3)
Step = tuple[dict[str, int | None], str, Grid | RouteListFault]
STEPS = st.lists(
    st.tuples(EDITS, st.sampled_from(("good", "good", "good", "bad", "restart")), st.sampled_from(BAD)),
    min_size=1,
    max_size=10,
)


@dataclass
class Expected:
    """What must be in the store, kept by the simplest book-keeping there is."""

    rows: dict[str, int | None] = field(default_factory=dict)  # as they stand in the list
    targets: dict[str, int] = field(default_factory=dict)  # of every place that ever had a good row
    lacking: Counter[str] = field(default_factory=Counter)  # good readings in a row without it
    places: dict[str, int] = field(default_factory=dict)  # where it last stood

    def edit(self, changes: dict[str, int | None]) -> None:
        for place, target in changes.items():
            if target == 0:
                self.rows.pop(place, None)
            else:
                self.rows[place] = target

    def grid(self) -> Grid:
        rows = ((place, "cheap" if target is None else str(target)) for place, target in self.rows.items())
        return (HEADER, *rows)

    def read(self) -> None:
        """A good reading, if a single row of it is good."""
        good = {place: target for place, target in self.rows.items() if target is not None}
        if not good:
            return
        broken_at = {at for at, (_, target) in enumerate(self.rows.items(), start=2) if target is None}
        for place in self.targets:
            if place in good or self.places.get(place) in broken_at:
                self.lacking[place] = 0 if place in good or self.lacking[place] < 2 else 2
            else:
                self.lacking[place] += 1
        self.targets |= good
        self.places |= {place: at for at, place in enumerate(self.rows, start=2) if place in good}

    @property
    def active(self) -> set[str]:
        return {place for place in self.targets if self.lacking[place] < 2}


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture(scope="module")
def numbers() -> "itertools.count[int]":
    return itertools.count()


@given(steps=STEPS)
@settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))
async def test_no_row_is_lost_or_doubled(
    tmp_path: Path, gazetteer: Gazetteer, numbers: "itertools.count[int]", steps: list[Step]
) -> None:
    number, clock, expected = next(numbers), HandClock(), Expected()
    paper = Paper(name=f"paper{number}")
    async with Store.open(f"sqlite:///{tmp_path}/fares{number}.db", clock) as store:
        here = desk(store, clock, gazetteer, paper)
        for turn, (edits, how, bad) in enumerate(steps):
            expected.edit(edits)
            if how == "restart":
                here = desk(store, clock, gazetteer, paper, ids=f"again{turn}-")
            paper.grid = bad if how == "bad" else expected.grid()
            await here.keeper.refresh()
            if how != "bad":
                expected.read()
            async with store.transaction() as tx:
                kept = await tx.watches.of_owner(owner_of(paper.name))
            targets = {row.route.route.destination.code: row.watch.rules.target for row in kept}
            assert len(kept) == len(targets), "doubled"
            assert {place: money.minor for place, money in targets.items() if money} == {
                place: 100 * target for place, target in expected.targets.items()
            }
            active = {
                row.route.route.destination.code for row in kept if row.watch.status is WatchStatus.ACTIVE
            }
            assert active == expected.active
