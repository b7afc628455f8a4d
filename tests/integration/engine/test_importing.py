"""Importing on a real store: a thousand rows at once, armed as rows of a list are, all or nothing."""

import asyncio
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.actions.exporting import Exporting
from engine.actions.importing import OPEN_FOR, Importing
from engine.actions.room import Limits
from engine.domain.alert import Reason
from engine.domain.route import RouteId
from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind, WatchId
from engine.errors import InvalidInput, StoreError
from engine.gazetteer import Gazetteer
from engine.routelists.ports import ListSource
from engine.routelists.writing import HEADER
from tests.support.rig import Rig, fares, open_rig

ADA, BEN = (Owner(OwnerKind.MEMBER, number, "5001") for number in ("1001", "1002"))
HERE = (Destination(DestinationKind.CHANNEL, "9001"),)
ONE = f"{','.join(HEADER)}\nLON,TYO,,2027-03-10,2027-03-24,420,EUR,1,economy,\n"
GAZETTEER = Gazetteer.load()


def nowhere(link: str) -> ListSource:
    raise InvalidInput("sheet", "{link} leads nowhere.", link=link)


def importing(rig: Rig, *, per_member: int = 2000, same_ids: bool = False) -> Importing:
    ids = iter(range(100_000))
    return Importing(
        rig.store,
        GAZETTEER,
        clock=rig.clock,
        home_origin="HYD",
        home_currency="EUR",
        limits=Limits(per_member=per_member),
        linked=nowhere,
        new_id=lambda: WatchId("same" if same_ids else f"w{next(ids):05}"),
        poke=rig.looks.poke,
    )


def thousand(target: int = 420) -> str:
    days = [date(2027, 1, 1) + timedelta(days=number) for number in range(250)]
    rows = [
        f"LON,{to},,{day},,{target},EUR,1,economy," for to in ("TYO", "PAR", "ROM", "NYC") for day in days
    ]
    return "\n".join([",".join(HEADER), *rows])


async def longest_pause(stop: asyncio.Event) -> float:
    """The most that the loop computed between two turns, in seconds of its thread."""
    longest = 0.0
    while not stop.is_set():
        before = time.thread_time()
        await asyncio.sleep(0)
        longest = max(longest, time.thread_time() - before)
    return longest


async def test_a_thousand_rows_are_imported_in_under_two_seconds_beside_a_free_loop(tmp_path: Path) -> None:
    async with open_rig(tmp_path) as rig:
        action, stop = importing(rig), asyncio.Event()
        watching = asyncio.create_task(longest_pause(stop))
        begun = time.process_time()

        preview = await action.preview("routes.csv", thousand(), ADA, HERE)
        done = await action.carry_out(preview.key, ADA)

        busy = time.process_time() - begun
        stop.set()
        pause = await watching
        assert len(preview.plan.adding) == len(done.plan.adding) == 1000
        assert busy < 2  # seconds of one core; other work on the machine does not count
        assert pause < 0.05


async def test_a_thousand_targets_are_changed_and_exported_as_fast(tmp_path: Path) -> None:
    async with open_rig(tmp_path) as rig:
        action = importing(rig)
        await action.carry_out((await action.preview("a", thousand(), ADA, HERE)).key, ADA)

        begun = time.process_time()
        done = await action.carry_out((await action.preview("b", thousand(399), ADA, HERE)).key, ADA)
        exported = await Exporting(rig.store, GAZETTEER, rig.clock).of_owner(ADA)
        again = await action.preview("c", exported.content, ADA, HERE)

        assert time.process_time() - begun < 3
        assert (len(done.plan.changing), exported.routes) == (1000, 1000)
        assert len(again.plan.same) == 1000


async def test_a_row_is_told_from_its_first_fare_and_again_after_another_target(tmp_path: Path) -> None:
    async with open_rig(tmp_path, fares(400)) as rig:
        action = importing(rig)
        preview = await action.preview("routes.csv", ONE, ADA, HERE)
        route = preview.plan.adding[0].route
        await action.carry_out(preview.key, ADA)
        assert await reasons(rig, route.id) == [Reason.ALERT]

        lower = await action.preview("routes.csv", ONE.replace("420", "410"), ADA, HERE)
        await action.carry_out(lower.key, ADA)
        assert await reasons(rig, route.id) == [Reason.ALERT]

        same = await action.preview("routes.csv", ONE.replace("420", "410"), ADA, HERE)
        assert not same.plan.does_something
        assert await reasons(rig, route.id) == [Reason.NO_CHANGE]


async def reasons(rig: Rig, route_id: RouteId) -> list[Reason]:
    report = await rig.looker.look(route_id)
    return [judgement.reason for _, judgement in report.judgements]


async def test_a_refusal_of_the_database_stores_nothing_and_leaves_the_preview_open(tmp_path: Path) -> None:
    two = f"{ONE}LON,PAR,,2027-03-10,,98,EUR,1,economy,\n"
    async with open_rig(tmp_path) as rig:
        action = importing(rig, same_ids=True)
        preview = await action.preview("routes.csv", two, ADA, HERE)
        for _ in range(2):
            with pytest.raises(StoreError):
                await action.carry_out(preview.key, ADA)
        async with rig.store.transaction() as tx:
            assert await tx.watches.of_owner(ADA) == []
            assert await tx.routes.watched() == []


async def test_a_preview_is_its_members_own_and_is_carried_out_once(tmp_path: Path) -> None:
    async with open_rig(tmp_path) as rig:
        action = importing(rig)
        preview = await action.preview("routes.csv", ONE, ADA, HERE)
        with pytest.raises(InvalidInput, match="closed"):
            await action.carry_out(preview.key, BEN)
        action.cancel(preview.key, BEN)
        await action.carry_out(preview.key, ADA)
        with pytest.raises(InvalidInput, match="closed"):
            await action.carry_out(preview.key, ADA)


async def test_a_preview_is_forgotten_when_it_has_closed(tmp_path: Path) -> None:
    async with open_rig(tmp_path) as rig:
        action = importing(rig)
        await action.preview("routes.csv", ONE, ADA, HERE)
        await rig.clock.advance(OPEN_FOR.total_seconds() + 1)
        await action.preview("routes.csv", ONE, BEN, HERE)
        assert set(action._pending) == {BEN.id}


async def test_an_origin_that_is_missing_is_said_without_a_setting(tmp_path: Path) -> None:
    async with open_rig(tmp_path) as rig:
        action = importing(rig)
        action._home_origin = None
        preview = await action.preview("routes.csv", "destination\nPAR", ADA, HERE)
        assert str(preview.plan.refused[0]) == "row 2, origin: It is empty; say where the journey begins."


async def test_a_second_list_waits_for_its_members_first_and_for_nobody_elses(tmp_path: Path) -> None:
    async with open_rig(tmp_path) as rig:
        action = importing(rig)
        first = asyncio.create_task(action.preview("a", thousand(), ADA, HERE))
        await asyncio.sleep(0)
        with pytest.raises(InvalidInput, match="still reading your last list"):
            await action.preview("b", ONE, ADA, HERE)
        assert len((await action.preview("c", ONE, BEN, HERE)).plan.adding) == 1
        assert len((await first).plan.adding) == 1000
        assert len((await action.preview("b", ONE, ADA, HERE)).plan.adding) == 1


async def test_what_cannot_be_read_leaves_the_way_free_for_another(tmp_path: Path) -> None:
    async with open_rig(tmp_path) as rig:
        action = importing(rig)
        for _ in range(2):
            with pytest.raises(InvalidInput, match="it is empty"):
                await action.preview("a", "", ADA, HERE)
