"""Keeping the store in step with a route list."""

from pathlib import Path

from engine.actions.routelists import Diff, ListedRoutes, owner_of
from engine.domain.alert import Reason
from engine.domain.route import Route
from engine.domain.watch import Destination, DestinationKind, WatchId, WatchStatus
from engine.routelists.rows import ListedRoute, RouteList, RowFault
from engine.saying import saying
from tests.support import build
from tests.support.rig import Rig, fares, open_rig

CONSOLE = Destination(DestinationKind.CONSOLE, "-")
TOKYO, PARIS = build.route(), build.route(adults=2)


def listing(rig: Rig) -> ListedRoutes:
    ids = iter(range(100))
    return ListedRoutes(
        rig.store,
        clock=rig.clock,
        tell=(CONSOLE,),
        sms_unconfirmed=False,
        new_id=lambda: WatchId(f"w{next(ids)}"),
        poke=rig.looks.poke,
    )


def rows(*listed: ListedRoute) -> RouteList:
    return RouteList(name="routes.csv", routes=listed)


def row(route: Route = TOKYO, target: int = 420) -> ListedRoute:
    return ListedRoute(row=2, route=route, target=build.eur(target))


async def test_new_rows_are_added_and_alert_from_their_first_fare(tmp_path: Path) -> None:
    async with open_rig(tmp_path, fares(400)) as rig:
        assert await listing(rig).keep(rows(row())) == Diff(added=1)

        report = await rig.looker.look(TOKYO.id)

        assert [judgement.reason for _, judgement in report.judgements] == [Reason.ALERT]


async def test_an_unchanged_list_changes_nothing(tmp_path: Path) -> None:
    async with open_rig(tmp_path, fares(400)) as rig:
        kept = listing(rig)
        await kept.keep(rows(row()))
        await rig.looker.look(TOKYO.id)

        assert await kept.keep(rows(row())) == Diff(same=1)
        report = await rig.looker.look(TOKYO.id)

        assert [judgement.reason for _, judgement in report.judgements] == [Reason.NO_CHANGE]


async def test_a_row_that_is_gone_pauses_and_alerts_anew_when_it_comes_back(tmp_path: Path) -> None:
    async with open_rig(tmp_path, fares(400)) as rig:
        kept = listing(rig)
        await kept.keep(rows(row(TOKYO), row(PARIS)))
        await rig.looker.look(TOKYO.id)
        assert await kept.keep(rows(row(PARIS))) == Diff(missing=1, same=1)
        assert await kept.keep(rows(row(PARIS))) == Diff(paused=1, same=1)
        async with rig.store.transaction() as tx:
            states = {shown.watch.status for shown in await tx.watches.of_owner(owner_of("routes.csv"))}
        assert states == {WatchStatus.ACTIVE, WatchStatus.PAUSED}

        assert await kept.keep(rows(row(TOKYO), row(PARIS))) == Diff(changed=1, same=1)
        report = await rig.looker.look(TOKYO.id)

        assert [judgement.reason for _, judgement in report.judgements] == [Reason.ALERT]


async def test_a_row_that_comes_back_in_between_was_never_gone(tmp_path: Path) -> None:
    async with open_rig(tmp_path) as rig:
        kept = listing(rig)
        await kept.keep(rows(row(TOKYO), row(PARIS)))
        await kept.keep(rows(row(PARIS)))
        assert await kept.keep(rows(row(TOKYO), row(PARIS))) == Diff(same=2)
        assert await kept.keep(rows(row(PARIS))) == Diff(missing=1, same=1)


async def test_the_count_of_readings_survives_a_restart(tmp_path: Path) -> None:
    async with open_rig(tmp_path) as rig:
        await listing(rig).keep(rows(row(TOKYO), row(PARIS)))
        await listing(rig).keep(rows(row(PARIS)))
    async with open_rig(tmp_path) as rig:
        assert await listing(rig).keep(rows(row(PARIS))) == Diff(paused=1, same=1)


async def test_a_row_that_became_unreadable_keeps_its_route(tmp_path: Path) -> None:
    fault = RowFault(row=3, column="target", saying=saying("What is cheap?"))
    async with open_rig(tmp_path) as rig:
        kept = listing(rig)
        await kept.keep(rows(row(TOKYO), ListedRoute(row=3, route=PARIS, target=build.eur(90))))
        for _ in range(3):
            reading = RouteList(name="routes.csv", routes=(row(TOKYO),), faults=(fault,))
            assert await kept.keep(reading) == Diff(same=1)


async def test_a_changed_target_is_armed_anew(tmp_path: Path) -> None:
    async with open_rig(tmp_path, fares(400)) as rig:
        kept = listing(rig)
        await kept.keep(rows(row(TOKYO, 420)))
        await rig.looker.look(TOKYO.id)
        assert await kept.keep(rows(row(TOKYO, 410))) == Diff(changed=1)
        report = await rig.looker.look(TOKYO.id)
        assert [judgement.reason for _, judgement in report.judgements] == [Reason.ALERT]


async def test_a_list_without_a_good_row_changes_nothing(tmp_path: Path) -> None:
    async with open_rig(tmp_path) as rig:
        kept = listing(rig)
        await kept.keep(rows(row()))

        assert await kept.keep(rows()) == Diff()
