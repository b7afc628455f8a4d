"""One visit to a route, from the fetch to what stands in the store and the outbox."""

import asyncio
from datetime import date
from pathlib import Path

import msgspec

from engine.domain.alert import NotificationKind, Reason
from engine.domain.announce import Operator
from engine.domain.quote import Outcome, OutcomeKind, SourceKind
from engine.domain.route import FixedDates, Route
from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind, WatchId, WatchStatus
from engine.visits import Visit
from tests.support import build
from tests.support.clock import HandClock
from tests.support.hooks import webhook
from tests.support.rig import ScriptedSource, fails, fares, open_rig

PHONE = Destination(DestinationKind.SMS, "operator")


async def test_a_fare_at_the_target_is_announced_in_the_commit_that_records_it(tmp_path: Path) -> None:
    async with open_rig(tmp_path, fares(400)) as rig:
        await rig.watch(build.watch(target=420))

        report = await rig.looker.look(build.route().id)

        assert [judgement.reason for _, judgement in report.judgements] == [Reason.ALERT]
        (post,) = await rig.outbox()
        assert (post.kind, post.quote.total if post.quote else None) == (
            NotificationKind.POST,
            build.eur(400),
        )
        assert rig.commits == [1]


async def test_the_same_fare_is_announced_once(tmp_path: Path) -> None:
    async with open_rig(tmp_path, fares(400)) as rig:
        await rig.watch(build.watch(target=420))

        for _ in range(5):
            await rig.looker.look(build.route().id)
            await rig.clock.advance(900)

        assert len(await rig.outbox()) == 1


async def test_a_failed_look_leaves_the_last_fare_and_every_belief(tmp_path: Path) -> None:
    answers = [fares(400), fails(OutcomeKind.BLOCKED)]

    def answer(route: Route, clock: HandClock) -> Outcome:
        return (answers.pop(0) if len(answers) > 1 else answers[0])(route, clock)

    async with open_rig(tmp_path, answer) as rig:
        watch = build.watch(target=420)
        await rig.watch(watch)
        await rig.looker.look(build.route().id)
        before = await rig.state(watch)
        await rig.clock.advance(900)

        report = await rig.looker.look(build.route().id)

        assert not report.parsed
        assert await rig.state(watch) == before
        async with rig.store.transaction() as tx:
            row = await tx.routes.get(build.route().id)
        assert row is not None
        assert (row.last_outcome, row.failures) == ("blocked", 1)
        assert row.last_quote is not None
        assert row.last_quote.total == build.eur(400)


async def test_two_members_in_one_channel_share_one_message(tmp_path: Path) -> None:
    ada = build.watch(target=420)
    bob = msgspec.structs.replace(
        build.watch(target=410), id=WatchId("w2"), owner=Owner(OwnerKind.MEMBER, "1002", "5001")
    )
    async with open_rig(tmp_path, fares(400)) as rig:
        await rig.watch(ada, bob)

        await rig.looker.look(build.route().id)

        (post,) = await rig.outbox()
        assert [subject.owner.id for subject in post.subjects] == ["1002", "1001"]


async def test_the_operators_phone_gets_a_copy_of_a_public_alert(tmp_path: Path) -> None:
    async with open_rig(tmp_path, fares(400), operator=Operator(destination=PHONE)) as rig:
        await rig.watch(build.watch(target=420))

        await rig.looker.look(build.route().id)

        assert [row.destination.lane for row in await rig.outbox()] == ["channel:9001", "sms:operator"]


async def test_the_operators_phone_gets_no_copy_of_a_private_alert(tmp_path: Path) -> None:
    private = build.watch(target=420, tell=(Destination(DestinationKind.DM, "1001"),))
    async with open_rig(tmp_path, fares(400), operator=Operator(destination=PHONE)) as rig:
        await rig.watch(private)

        await rig.looker.look(build.route().id)

        assert [row.destination.lane for row in await rig.outbox()] == ["dm:1001"]


async def test_a_watch_changed_while_its_route_is_fetched_is_judged_as_it_stands_then(tmp_path: Path) -> None:
    asked, answered = asyncio.Event(), asyncio.Event()

    class Slow(ScriptedSource):
        async def search(self, route: Route) -> Outcome:
            asked.set()
            await answered.wait()
            return await super().search(route)

    async with open_rig(tmp_path, sources=lambda clock: [Slow(clock, fares(400))]) as rig:
        watch = build.watch(target=420)
        await rig.watch(watch)
        look = asyncio.create_task(rig.looker.look(build.route().id))
        await asked.wait()
        async with rig.store.transaction() as tx:
            await tx.watches.update(msgspec.structs.replace(watch, status=WatchStatus.PAUSED))
        answered.set()

        report = await look

        assert report.judgements == ()
        assert await rig.outbox() == []


async def test_a_lead_is_confirmed_by_one_live_look_before_it_is_told(tmp_path: Path) -> None:
    def lead(route: Route, clock: HandClock) -> Outcome:
        return build.outcome(
            build.quote(
                400, of=route, kind=SourceKind.CACHED, source="travelpayouts", observed_at=clock.now()
            ),
            at=clock.now(),
        )

    live: list[ScriptedSource] = []

    def sources(clock: HandClock) -> list[ScriptedSource]:
        live.append(ScriptedSource(clock, fares(405)))
        return [ScriptedSource(clock, lead, "travelpayouts", SourceKind.CACHED), *live]

    async with open_rig(tmp_path, sources=sources) as rig:
        await rig.watch(build.watch(target=420))

        report = await rig.looker.look(build.route().id)

        assert len(live[0].asked) == 1
        assert [judgement.reason for _, judgement in report.judgements] == [Reason.ALERT]
        (post,) = await rig.outbox()
        assert post.quote is not None
        assert (post.quote.source, post.quote.total) == ("amadeus", build.eur(405))


async def test_a_departed_route_is_not_fetched_and_its_owner_is_told_once(tmp_path: Path) -> None:
    gone = build.route(trip=FixedDates(date(2026, 11, 1)))
    async with open_rig(tmp_path, fares(400)) as rig:
        await rig.watch(build.watch(of=gone), of=gone)

        await rig.looker.look(gone.id)
        await rig.looker.look(gone.id)

        assert [row.kind for row in await rig.outbox()] == [NotificationKind.NOTICE]
        async with rig.store.transaction() as tx:
            assert await tx.routes.watched() == []


async def test_five_hundred_visits_share_a_few_commits(tmp_path: Path) -> None:
    routes = [
        build.route(adults=1 + n % 9, max_stops=n // 9 % 4, currency=c) for n in range(36) for c in _CODES
    ]
    async with open_rig(tmp_path, fares(400)) as rig:
        for number, route in enumerate(routes):
            await rig.watch(build.watch(of=route, id=WatchId(f"w{number}")), of=route)

        await asyncio.gather(*(rig.looker.look(route.id) for route in routes))

        assert len(routes) > 400
        assert len(rig.commits) < len(routes) / 10


_CODES = ("EUR", "USD", "GBP", "INR", "JPY", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF")


async def test_of_two_looks_at_one_route_in_one_commit_only_the_first_tells(tmp_path: Path) -> None:
    async with open_rig(tmp_path) as rig:
        await rig.watch(build.watch(target=420))
        async with rig.store.transaction() as tx:
            row = await tx.routes.get(build.route().id)
        assert row is not None
        visits = []
        for _ in range(2):
            await rig.clock.advance(1)
            at = rig.clock.now()
            seen = build.outcome(build.quote(400, observed_at=at), at=at)
            visits.append(Visit(row=row, outcome=seen, at=at))

        recorded = await asyncio.gather(*(rig.recorder.record(visit) for visit in visits))

        assert [each.judgements[0][1].reason for each in recorded] == [Reason.ALERT, Reason.NO_CHANGE]
        assert len(await rig.outbox()) == 1


async def test_an_alert_is_copied_to_the_webhooks_of_its_server(tmp_path: Path) -> None:
    async with open_rig(tmp_path, fares(400)) as rig:
        await rig.watch(build.watch(target=420))
        async with rig.store.transaction() as tx:
            await tx.webhooks.add(webhook("h1"))
            await tx.webhooks.add(webhook("h2", server_id="5002"))

        await rig.looker.look(build.route().id)

        post, copy = await rig.outbox()
        assert copy.destination == webhook("h1").destination
        assert (copy.quote, copy.subjects) == (post.quote, post.subjects)
