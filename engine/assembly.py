"""The composition root of the engine: opens everything in order and closes it in reverse."""

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

import aiohttp
import msgspec

from engine.actions.alerts import Alerts
from engine.actions.destinations import Destinations
from engine.actions.digesting import Digesting
from engine.actions.digests import Digests
from engine.actions.dryruns import DryRuns
from engine.actions.exporting import Exporting
from engine.actions.failing import FailingRoutes
from engine.actions.importing import Importing
from engine.actions.membership import Membership
from engine.actions.moderating import Moderating
from engine.actions.operatornews import Operators
from engine.actions.places import Places
from engine.actions.quiethours import QuietHours
from engine.actions.rechecking import Rechecker
from engine.actions.room import Limits
from engine.actions.routelists import ListedRoutes
from engine.actions.servers import Servers
from engine.actions.serversheets import ServerSheets
from engine.actions.status import Status
from engine.actions.textreports import TextReports
from engine.actions.watches import Watches
from engine.actions.webhooks import Webhooks
from engine.alerts.ports import Channel
from engine.alerts.relay import Relay
from engine.announcing import Announcer
from engine.clock import Clock, SystemClock
from engine.copies import Copies, OpenSession, open_copies, open_public_session
from engine.digestloop import DigestLoop
from engine.domain.planner import Intervals
from engine.domain.watch import Destination, DestinationKind, Owner, WatchId
from engine.fares.fetcher import Fetcher
from engine.fares.sharing import Sharing, open_sharing
from engine.gazetteer import Gazetteer
from engine.http import open_session
from engine.listing import Listing
from engine.look import Looker
from engine.loops import BatchReport, LookLoop, Observer, Upkeep, supervise
from engine.recorder import Recorder
from engine.settings import Settings
from engine.sourcing import make_fetcher
from engine.steps import AtStep, pass_by
from engine.store.database import Store
from engine.telephony import Telephony, hear_twilio, open_telephony
from engine.timezones import TimeZones
from engine.version import VERSION
from engine.web.health import Check

_CONSOLE: Final = Destination(DestinationKind.CONSOLE, "-")
# Long enough for a POST that has begun, short enough for the ten seconds Docker gives.
_GRACE_S: Final = 5.0
# Connections beside those of searches: a text must not wait behind a source that hangs.
_SPARE: Final = 20
_JITTER: Final = 0.05
_STILL_TOO_LONG_S: Final = 90.0  # three of the look loop's longest naps


class Loops(msgspec.Struct, frozen=True, kw_only=True):
    """What runs while the engine runs."""

    looks: LookLoop
    recorder: Recorder
    relay: Relay
    upkeep: Upkeep
    digests: DigestLoop
    reports: TextReports | None


class Engine:
    """The engine, opened: what the faces use, and the loops that whoever composes runs."""

    def __init__(
        self,
        *,
        settings: Settings,
        store: Store,
        fetcher: Fetcher,
        gazetteer: Gazetteer,
        timezones: TimeZones,
        watches: Watches,
        importing: Importing,
        exporting: Exporting,
        servers: Servers,
        membership: Membership,
        sheets: ServerSheets,
        moderating: Moderating,
        destinations: Destinations,
        listing: Listing,
        webhooks: Webhooks,
        alerts: Alerts,
        dry_runs: DryRuns,
        quiet_hours: QuietHours,
        digests: Digests,
        places: Places,
        telephony: Telephony,
        status: Status,
        clock: Clock,
        loops: "Loops",
    ) -> None:
        self.settings = settings
        self.store = store
        self.fetcher = fetcher
        self.gazetteer = gazetteer
        self.timezones = timezones
        self.watches = watches
        self.importing = importing
        self.exporting = exporting
        self.servers = servers
        self.membership = membership
        self.sheets = sheets
        self.moderating = moderating
        self.destinations = destinations
        self.listing = listing
        self.sms = telephony.sms
        self.webhooks = webhooks
        self.alerts = alerts
        self.dry_runs = dry_runs
        self.quiet_hours = quiet_hours
        self.digests = digests
        self.places = places
        self.optouts = telephony.optouts
        self._telephony = telephony
        self.status = status
        self.clock = clock
        self._loops = loops

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        settings: Settings,
        *,
        clock: Clock | None = None,
        dice: random.Random | None = None,
        channels: Sequence[Channel] = (),
        only: Owner | None = None,
        members: bool = False,
        hook_session: OpenSession = open_public_session,
        at_step: AtStep = pass_by,
    ) -> AsyncIterator["Engine"]:
        """Open the store, the session, the sources and the channels; nothing runs yet.

        `only` has the look loop leave out what this owner does not watch (a route list). `members` are
        there to ask for looks of their own: a share of each source's budget is set aside for them.
        `hook_session` is what webhooks are called over. `at_step` hears of each step of an alert's way
        out: rigs end the process there.
        Raises StoreUnusable when the database cannot be opened, SettingsFault when members' numbers
        in it were stored with other keys.
        """
        clock = clock or SystemClock()
        dice = dice or random.Random(secrets.randbits(64))  # noqa: S311  jitter and backoff, no secrets
        async with AsyncExitStack() as stack:
            store = await stack.enter_async_context(Store.open(settings.database_url, clock))
            gazetteer = await asyncio.to_thread(Gazetteer.load)
            timezones = await asyncio.to_thread(TimeZones.load, gazetteer.cities())
            timeout_s = settings.fetch_timeout.total_seconds()
            session = await stack.enter_async_context(
                open_session(limit=settings.concurrency + _SPARE, timeout_s=timeout_s)
            )
            ways_out = list(channels)
            # Only a bot can post into the operator's channel; a headless run has its log.
            operators = Operators(clock, channel_id=settings.operator_channel_id if members else None)
            telephony = await open_telephony(
                settings,
                session,
                store,
                clock,
                operators=operators,
                wake=lambda: engine.wake(),  # noqa: PLW0108  made below, of this and all the rest
            )
            if telephony.channel is not None:
                ways_out.append(telephony.channel)
            copies = await stack.enter_async_context(
                open_copies(settings, store, gazetteer, clock, hook_session)
            )
            ways_out.extend(copies.channels)
            fetcher = await make_fetcher(
                settings,
                session,
                clock,
                store.calls,
                gazetteer=gazetteer,
                dice=dice,
                members=members,
                sharing=await _sharing(stack, settings, clock),
            )
            engine = _join(
                settings,
                session,
                store,
                gazetteer,
                timezones,
                fetcher,
                telephony,
                copies,
                clock,
                dice,
                ways_out,
                only,
                at_step,
            )
            yield engine

    def wake(self) -> None:
        """Say that something to be delivered was committed."""
        self._loops.relay.wake()

    @asynccontextmanager
    async def hearing_twilio(self) -> AsyncIterator[None]:
        """Hear what Twilio tells of texts until the block ends; without WEBHOOK_BIND nothing opens."""
        async with hear_twilio(self.settings, self._telephony):
            yield

    def checks(self) -> dict[str, Check]:
        """What the health door asks of the engine."""
        return {"looks": self._looks_go_on, "store": self._store_answers}

    async def _looks_go_on(self) -> str | None:
        still = self._loops.looks.still_for_s
        return f"nothing asked for {still:.0f} s" if still > _STILL_TOO_LONG_S else None

    async def _store_answers(self) -> str | None:
        async with self.store.transaction() as tx:
            await tx.routes.next_due_at(self.clock.now())
        return None

    def register_channel(self, channel: Channel) -> None:
        """Add a way out that a face owns (Discord)."""
        self._loops.relay.register(channel)

    async def run(self, observer: Observer) -> None:
        """Look, record and deliver until cancelled; deliveries in flight get a moment to finish."""
        async with self._recording_and_delivering():
            await supervise("looks", lambda: self._loops.looks.run(observer), self.clock)

    async def run_once(self, observer: Observer, *, deliver_within_s: float = 30.0) -> BatchReport:
        """Look at every watched route now and wait until its alerts are delivered or held."""
        async with self._recording_and_delivering():
            report = await self._loops.looks.run_once(observer)
            await self._loops.relay.drain(deliver_within_s)
            return report

    @asynccontextmanager
    async def _recording_and_delivering(self) -> AsyncIterator[None]:
        tasks = [
            asyncio.create_task(supervise("recorder", self._loops.recorder.run, self.clock)),
            asyncio.create_task(supervise("relay", self._loops.relay.run, self.clock)),
            asyncio.create_task(supervise("upkeep", self._loops.upkeep.run, self.clock)),
            asyncio.create_task(supervise("digests", self._loops.digests.run, self.clock)),
            asyncio.create_task(supervise("sheets", self.sheets.run, self.clock)),
        ]
        if self._loops.reports is not None:
            tasks.append(asyncio.create_task(supervise("texts", self._loops.reports.run, self.clock)))
        try:
            yield
        finally:
            await self._loops.relay.stop(_GRACE_S)
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)


async def _sharing(stack: AsyncExitStack, settings: Settings, clock: Clock) -> Sharing | None:
    """What other processes share with this one; None where REDIS_URL names no place for it."""
    if settings.redis_url is None:
        return None
    return await stack.enter_async_context(open_sharing(settings.redis_url.get_secret_value(), clock))


def _join(
    settings: Settings,
    session: aiohttp.ClientSession,
    store: Store,
    gazetteer: Gazetteer,
    timezones: TimeZones,
    fetcher: Fetcher,
    telephony: Telephony,
    copies: Copies,
    clock: Clock,
    dice: random.Random,
    channels: Sequence[Channel],
    only: Owner | None,
    at_step: AtStep,
) -> Engine:
    """Join the opened parts. Nothing here waits and nothing starts."""
    # The rows of a list stay one batch, as its log shows them; other routes are spread out.
    intervals = Intervals(live=settings.check_interval, jitter=0.0 if only else _JITTER)
    operator = telephony.operator
    recorder = Recorder(
        store,
        clock=clock,
        intervals=intervals,
        dice=dice,
        announcer=Announcer(
            clocks=timezones.clock,
            operator=operator,
            texts_members=telephony.texts_members,
            targets=copies.targets,
            has_webhooks=copies.has_webhooks,
        ),
        committed=lambda: relay.wake(),  # noqa: PLW0108  made below: it looks through this recorder
        at_step=at_step,
    )
    looker = Looker(store, fetcher, recorder, clock)
    looks = LookLoop(
        store, looker, clock, interval=intervals.live, concurrency=settings.concurrency, only=only
    )
    recheck = Rechecker(store, looks.revisit, clocks=timezones.clock, clock=clock)
    relay = Relay(store.outbox, channels, clock=clock, recheck=recheck, random=dice, at_step=at_step)

    digesting = Digesting(store, timezones=timezones, clock=clock, committed=relay.wake)
    digest_loop = DigestLoop(digesting, clock)

    def changed() -> None:
        relay.wake()
        looks.poke()
        digest_loop.wake()

    membership = Membership(store, clock=clock, changed=changed)
    failing = FailingRoutes(store, clock=clock, changed=changed)
    limits = Limits(per_member=settings.max_watches_per_member, per_server=settings.max_watches_per_server)
    watches = Watches(
        store,
        gazetteer,
        look_now=looks.ask,
        prices_of=fetcher.price_of,
        clock=clock,
        home_currency=settings.home_currency,
        limits=limits,
        new_id=_new_id,
        poke=looks.poke,
        committed=relay.wake,
    )
    listed = ListedRoutes(
        store,
        clock=clock,
        tell=(_CONSOLE, operator.destination) if operator else (_CONSOLE,),
        sms_unconfirmed=settings.sms_unconfirmed,
        new_id=_new_id,
        poke=looks.poke,
    )
    listing = Listing(settings, session, store=store, listed=listed, clock=clock, gazetteer=gazetteer)
    sheets = ServerSheets(
        store,
        clock=clock,
        linked=listing.linked,
        reader=listing.reader_for,
        limits=limits,
        new_id=_new_id,
        changed=changed,
    )
    importing = Importing(
        store,
        gazetteer,
        clock=clock,
        home_origin=settings.home_origin,
        home_currency=settings.home_currency,
        limits=limits,
        linked=listing.linked,
        new_id=_new_id,
        poke=looks.poke,
    )
    return Engine(
        settings=settings,
        store=store,
        fetcher=fetcher,
        gazetteer=gazetteer,
        timezones=timezones,
        watches=watches,
        importing=importing,
        exporting=Exporting(store, gazetteer, clock),
        destinations=Destinations(store),
        moderating=Moderating(store, clock=clock, changed=changed),
        membership=membership,
        servers=Servers(store, timezones=timezones, clock=clock),
        listing=listing,
        webhooks=copies.webhooks,
        alerts=Alerts(store),
        quiet_hours=QuietHours(store, timezones=timezones, clock=clock, changed=changed),
        digests=Digests(store, timezones=timezones, clock=clock, changed=changed),
        dry_runs=DryRuns(
            store,
            clock=clock,
            wake=relay.wake,
            carried=lambda: relay.carried,
            texts_members=telephony.texts_members,
        ),
        places=Places(store, clock=clock, changed=changed),
        telephony=telephony,
        status=Status(
            store,
            standings=fetcher.standings,
            last_batch=lambda: looks.last_batch,
            clock=clock,
            version=VERSION,
        ),
        clock=clock,
        sheets=sheets,
        loops=Loops(
            looks=looks,
            recorder=recorder,
            relay=relay,
            upkeep=Upkeep(store, clock, [membership.purge, failing.tell]),
            digests=digest_loop,
            reports=telephony.reports,
        ),
    )


def _new_id() -> WatchId:
    return WatchId(secrets.token_hex(8))
