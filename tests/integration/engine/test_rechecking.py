"""Looking again at an alert that waited too long (rule 11)."""

from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from engine.actions.rechecking import Rechecker
from engine.domain.alert import Confirmation, Notification
from engine.domain.quote import Outcome, OutcomeKind
from engine.domain.route import Route
from engine.domain.watch import Condition, Destination, DestinationKind, Owner, OwnerKind, Watch, WatchId
from tests.support import build
from tests.support.clock import HandClock
from tests.support.rig import Answer, Rig, fails, fares, open_rig

PHONE = Destination(DestinationKind.SMS, "1001")
CHEAP = build.watch(target=450)
DEAR = build.watch(target=430, id=WatchId("w2"), owner=Owner(OwnerKind.MEMBER, "1002", "5001"))


def rechecker(rig: Rig) -> Rechecker:
    return Rechecker(rig.store, rig.looker.look, clocks=ZoneInfo, clock=rig.clock)


async def told_late(rig: Rig, *watches: Watch) -> Notification:
    """What the first look announced, two hours later."""
    await rig.watch(*watches)
    await rig.looker.look(build.route().id)
    (post,) = await rig.outbox()
    await rig.clock.advance(7200)
    return post


def one_after_the_other(*answers: Answer) -> Answer:
    left = list(answers)

    def answer(route: Route, clock: HandClock) -> Outcome:
        return (left.pop(0) if len(left) > 1 else left[0])(route, clock)

    return answer


def lead(route: Route, clock: HandClock) -> Outcome:
    guess = build.quote(420, of=route, observed_at=clock.now(), estimated=True)
    return build.outcome(guess, at=clock.now())


async def test_what_is_still_true_is_told_at_the_price_of_now(tmp_path: Path) -> None:
    async with open_rig(tmp_path, fares(425, 428)) as rig:
        late = await told_late(rig, CHEAP, DEAR)

        fresh = await rechecker(rig)(late)

        assert fresh is not None
        assert fresh.quote is not None
        assert (fresh.id, fresh.quote.total) == (late.id, build.eur(428))
        assert [subject.watch_id for subject in fresh.subjects] == [DEAR.id, CHEAP.id]


async def test_an_owner_whom_the_alert_no_longer_names_is_told_of_the_next_one(tmp_path: Path) -> None:
    async with open_rig(tmp_path, fares(425, 440)) as rig:
        late = await told_late(rig, CHEAP, DEAR)

        fresh = await rechecker(rig)(late)

        assert fresh is not None
        assert [subject.watch_id for subject in fresh.subjects] == [CHEAP.id]
        assert (await rig.state(DEAR)).of(Condition.TARGET).armed
        assert not (await rig.state(CHEAP)).of(Condition.TARGET).armed


async def test_what_is_over_is_dropped_and_its_owner_is_told_of_the_next_one(tmp_path: Path) -> None:
    async with open_rig(tmp_path, fares(425, 500)) as rig:
        late = await told_late(rig, CHEAP)

        assert await rechecker(rig)(late) is None
        assert (await rig.state(CHEAP)).of(Condition.TARGET).armed


async def test_without_an_answer_a_channel_is_told_and_a_phone_is_not(tmp_path: Path) -> None:
    silent = one_after_the_other(fares(425), fails(OutcomeKind.UNREACHABLE))
    async with open_rig(tmp_path, silent) as rig:
        late = await told_late(rig, CHEAP)
        recheck = rechecker(rig)

        assert await recheck(late) == late
        assert await recheck(msgspec.structs.replace(late, destination=PHONE)) is None


async def test_where_only_a_lead_is_left_a_channel_reads_so_and_a_phone_is_spared(tmp_path: Path) -> None:
    async with open_rig(tmp_path, one_after_the_other(fares(425), lead)) as rig:
        late = await told_late(rig, CHEAP)
        recheck = rechecker(rig)

        fresh = await recheck(late)

        assert fresh is not None
        assert fresh.confirmation is Confirmation.UNCONFIRMED
        assert await recheck(msgspec.structs.replace(late, destination=PHONE)) is None


async def test_a_copy_that_is_no_longer_true_is_dropped_and_arms_nothing(tmp_path: Path) -> None:
    async with open_rig(tmp_path, fares(425, 500)) as rig:
        late = await told_late(rig, CHEAP)
        copy = Destination(DestinationKind.WEBHOOK, "h1")

        assert await rechecker(rig)(msgspec.structs.replace(late, destination=copy)) is None
        assert not (await rig.state(CHEAP)).of(Condition.TARGET).armed


async def test_a_watch_that_was_moved_to_another_route_meanwhile_stays_as_it_was_begun_there(
    tmp_path: Path,
) -> None:
    async with open_rig(tmp_path, fares(425, 428)) as rig:
        late = await told_late(rig, CHEAP)
        other = build.route(max_stops=0)
        async with rig.store.transaction() as tx:
            await tx.routes.ensure(other, rig.clock.now())
            await tx.watches.update(msgspec.structs.replace(CHEAP, route_id=other.id))

        assert await rechecker(rig)(late) is None
        assert not (await rig.state(CHEAP)).of(Condition.TARGET).armed
