"""The composition root of the engine: opens everything in order and closes it in reverse."""

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

import msgspec

from engine.actions.digesting import Digesting
from engine.actions.failing import FailingRoutes
from engine.actions.operatornews import Operators
from engine.actions.rechecking import Rechecker
from engine.actions.routelists import ListedRoutes
from engine.actions.textreports import TextReports
from engine.alerts.ports import Channel
from engine.alerts.relay import Relay
from engine.announcing import Announcer
from engine.clock import Clock, SystemClock
from engine.copies import OpenSession, open_copies, open_public_session
from engine.digestloop import DigestLoop
from engine.domain.planner import Intervals
from engine.domain.watch import Destination, DestinationKind, Owner
from engine.fares.sharing import Sharing, open_sharing
from engine.gazetteer import Gazetteer
from engine.http import open_session
from engine.listing import Listing
from engine.look import Looker
from engine.loops import BatchReport, LookLoop, Observer, supervise
from engine.recorder import Recorder
from engine.settings import Settings
from engine.sourcing import make_fetcher
from engine.steps import AtStep, pass_by
from engine.store.database import Store
from engine.telephony import hear_twilio, open_telephony
from engine.timezones import TimeZones
from engine.tongue import ENGLISH_ONLY, Tongues
from engine.upkeep import Upkeep
from engine.usecases import Actions, Parts, make_actions, new_id
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

    def __init__(self, parts: Parts, *, listing: Listing, actions: Actions, loops: Loops) -> None:
        self.settings = parts.settings
        self.store = parts.store
        self.fetcher = parts.fetcher
        self.gazetteer = parts.gazetteer
        self.timezones = parts.timezones
        self.clock = parts.clock
        self.optouts = parts.telephony.optouts
        self.listing = listing
        self.actions = actions
        self._telephony = parts.telephony
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
        tongues: Tongues = ENGLISH_ONLY,
        hook_session: OpenSession = open_public_session,
        at_step: AtStep = pass_by,
    ) -> AsyncIterator["Engine"]:
        """Open the store, the session, the sources and the channels; nothing runs yet.

        `only` has the look loop leave out what this owner does not watch (a route list). `members` are
        there to ask for looks of their own: a share of each source's budget is set aside for them.
        `tongues` are the languages in which members are texted.
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
                tongues=tongues,
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
            parts = Parts(
                settings=settings,
                session=session,
                store=store,
                gazetteer=gazetteer,
                timezones=timezones,
                fetcher=fetcher,
                telephony=telephony,
                copies=copies,
                clock=clock,
            )
            engine = _join(parts, ways_out, dice=dice, only=only, at_step=at_step)
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
            asyncio.create_task(supervise("sheets", self.actions.sheets.run, self.clock)),
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
    parts: Parts, channels: Sequence[Channel], *, dice: random.Random, only: Owner | None, at_step: AtStep
) -> Engine:
    """Join the opened parts. Nothing here waits and nothing starts."""
    settings, store, clock = parts.settings, parts.store, parts.clock
    operator = parts.telephony.operator
    # The rows of a list stay one batch, as its log shows them; other routes are spread out.
    intervals = Intervals(live=settings.check_interval, jitter=0.0 if only else _JITTER)
    recorder = Recorder(
        store,
        clock=clock,
        intervals=intervals,
        dice=dice,
        announcer=Announcer(
            clocks=parts.timezones.clock,
            operator=operator,
            texts_members=parts.telephony.texts_members,
            targets=parts.copies.targets,
            has_webhooks=parts.copies.has_webhooks,
        ),
        committed=lambda: relay.wake(),  # noqa: PLW0108  made below: it looks through this recorder
        at_step=at_step,
    )
    looker = Looker(store, parts.fetcher, recorder, clock)
    looks = LookLoop(
        store, looker, clock, interval=intervals.live, concurrency=settings.concurrency, only=only
    )
    recheck = Rechecker(store, looks.revisit, clocks=parts.timezones.clock, clock=clock)
    relay = Relay(store.outbox, channels, clock=clock, recheck=recheck, random=dice, at_step=at_step)
    digesting = Digesting(store, timezones=parts.timezones, clock=clock, committed=relay.wake)
    digests = DigestLoop(digesting, clock)

    def changed() -> None:
        relay.wake()
        looks.poke()
        digests.wake()

    listed = ListedRoutes(
        store,
        clock=clock,
        tell=(_CONSOLE, operator.destination) if operator else (_CONSOLE,),
        sms_unconfirmed=settings.sms_unconfirmed,
        new_id=new_id,
        poke=looks.poke,
    )
    listing = Listing(
        settings, parts.session, store=store, listed=listed, clock=clock, gazetteer=parts.gazetteer
    )
    actions = make_actions(parts, listing, looks=looks, relay=relay, changed=changed)
    failing = FailingRoutes(store, clock=clock, changed=changed)
    return Engine(
        parts,
        listing=listing,
        actions=actions,
        loops=Loops(
            looks=looks,
            recorder=recorder,
            relay=relay,
            upkeep=Upkeep(store, clock, [actions.membership.purge, failing.tell]),
            digests=digests,
            reports=parts.telephony.reports,
        ),
    )
