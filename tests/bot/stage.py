"""The real bot in a simulated Discord over the real engine, on sandbox fares and a hand-moved clock."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import discord
import simcord
from pydantic import SecretStr
from simcord.actors import MemberActor
from simcord.backend.models import Overwrite
from simcord.builders import ChannelHandle, GuildHandle, UserHandle
from simcord.enums import ChannelType, OverwriteType
from simcord.results import InteractionResult, ResponseMessage
from sqlalchemy import select

from bot.app import build_bot, make_lane
from bot.brake import Brake
from bot.charts.studio import open_studio
from bot.client import FareBot
from bot.languages import read_tongues
from engine.alerts.ports import Channel, Delivery, Leased
from engine.assembly import Engine
from engine.copies import OpenSession, open_public_session
from engine.domain.watch import DestinationKind, Owner, OwnerKind
from engine.settings import Settings
from engine.store.tables import LANES
from sandbox import amadeus
from sandbox.world import World, open_world
from tests.bot.discord_api import faults_of
from tests.support.canary_watch import watch_requests
from tests.support.clock import START, HandClock
from tests.support.rig import Seen

LOOK_AFTER_S = 1500.0  # one look of 15 minutes, and more than the 20 that two clearing looks are apart
PATIENCE_S = 30.0  # nothing takes that long but on a machine with other things to do
SETTLES_S = 30.0  # the first picture takes a process, and a busy machine its time


@dataclass
class Heard:
    """A lane that also notes each answer, so that a test can wait for it."""

    lane: Channel
    carried: list[Leased] = field(default_factory=list)
    answers: "asyncio.Queue[Delivery]" = field(default_factory=asyncio.Queue)

    @property
    def kind(self) -> DestinationKind:
        return self.lane.kind

    @property
    def begins_with_commit(self) -> bool:
        return self.lane.begins_with_commit

    async def deliver(self, leased: Leased) -> Delivery:
        self.carried.append(leased)
        answer = await self.lane.deliver(leased)
        self.answers.put_nowait(answer)
        return answer

    async def reconcile(self, leased: Leased) -> Delivery:
        return await self.lane.reconcile(leased)


@dataclass
class Life:
    """One life of the engine and of the bot over it; the next one finds what the store holds."""

    begin: Callable[[], AbstractAsyncContextManager[tuple[Engine, FareBot]]]
    until: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def start(self) -> tuple[Engine, FareBot]:
        """Whatever lived before is closed first."""
        await self.until.aclose()
        return await self.until.enter_async_context(self.begin())


@dataclass
class Stage:
    """Everything a test acts with."""

    env: simcord.Env
    life: Life
    bot: FareBot
    engine: Engine
    world: World
    clock: HandClock
    seen: Seen
    heard: dict[DestinationKind, Heard]
    guild: GuildHandle
    channel: ChannelHandle
    ada: MemberActor
    ben: MemberActor
    ada_user: UserHandle

    def fare(self, pair: str, amount: int | str) -> None:
        """Hold the fare of a pair."""
        self.world.market.pin(pair, Decimal(str(amount)))

    async def add(self, actor: MemberActor | None = None, **options: Any) -> InteractionResult:
        """`/route add` with everyday options."""
        everyday = {
            "origin": "LON",
            "destination": "TYO",
            "depart": "2027-03-10",
            "return": "2027-03-24",
            "target": "420",
        }
        given = {name: value for name, value in (everyday | options).items() if value is not None}
        return await (actor or self.ada).slash(self.channel, "route add", **given)

    async def watched(self, fare: int = 450, *, falls_to: int | None = None, **options: Any) -> str:
        """A route of Ada at a fare, and the id of its watch; with `falls_to` the fare falls and is told."""
        self.fare("LON-TYO", fare)
        await self.add(**options)
        if falls_to is not None:
            await self.look("LON-TYO", falls_to)
            await self.delivered()
        return (await self.routes())[-1]

    @property
    def owner(self) -> Owner:
        """Ada as the engine knows her."""
        return Owner(OwnerKind.MEMBER, str(self.ada.id), str(self.guild.id))

    async def routes(self, actor: MemberActor | None = None) -> list[str]:
        """The ids of a member's watches, oldest first."""
        who = actor or self.ada
        owner = Owner(OwnerKind.MEMBER, str(who.id), str(self.guild.id))
        return [shown.watch.id for shown in await self.engine.actions.watches.of_owner(owner)]

    async def restart_bot(self) -> None:
        """The Discord side starts anew; the world, the engine and the messages stay."""
        self.bot = build_bot(self.engine, self.bot.desk.tongues, self.bot.desk.studio)
        for kind, lane in _lanes(self.engine, self.bot).items():
            self.heard[kind].lane = lane
        await self.env.restart_bot(self.bot)

    async def restart_engine(self) -> None:
        """The process ends and begins anew, engine and bot; the world and the messages stay."""
        self.engine, self.bot = await self.life.start()
        await self.env.restart_bot(self.bot)

    async def look(self, pair: str, fare: int | str, *, after_s: float = LOOK_AFTER_S) -> None:
        """The fare changes and the next look sees it."""
        self.fare(pair, fare)
        while not self.seen.ended.empty():
            self.seen.ended.get_nowait()
        await self.clock.advance(after_s)
        self.engine._loops.looks.poke()  # it may have fallen asleep again before the hand moved on
        await self.seen.batch()

    async def delivered(self, kind: DestinationKind = DestinationKind.CHANNEL) -> Delivery:
        """The next answer of a lane."""
        async with asyncio.timeout(PATIENCE_S):
            return await self.heard[kind].answers.get()

    def thread(self, name: str = "deals", *, private: bool = False) -> ChannelHandle:
        """A thread of Ada's under the channel."""
        kind = ChannelType.PRIVATE_THREAD if private else ChannelType.PUBLIC_THREAD
        made = self.env.backend.create_thread(self.channel.id, name, self.ada.id, type=kind)
        return next(thread for thread in self.channel.threads if thread.id == made.id)

    def close_channel(self) -> None:
        """The server's role may no longer send here."""
        denied = discord.Permissions(send_messages=True).value
        everyone = Overwrite(target_id=self.guild.id, type=OverwriteType.ROLE, allow=0, deny=denied)
        self.env.backend.set_overwrite(self.channel.id, everyone)

    def open_channel(self) -> None:
        """It may again."""
        self.env.backend.delete_overwrite(self.channel.id, self.guild.id)

    async def paused_lanes(self) -> list[str]:
        """The lanes on which nothing goes out."""
        async with self.engine.store.transaction() as tx:
            rows = await tx.sql.rows(select(LANES.c.lane).where(LANES.c.paused_at.is_not(None)))
        return [row.lane for row in rows]

    async def until_paused(self) -> list[str]:
        """The same, once there is one: a refusal is written down after its answer."""
        async with asyncio.timeout(PATIENCE_S):
            lanes = await self.paused_lanes()
            while not lanes:
                lanes = await self.paused_lanes()
        return lanes

    async def quiet(self) -> bool:
        """Whether nothing waits to be told."""
        async with self.engine.store.transaction() as tx:
            return await tx.notifications.open_count(self.clock.now()) == (0, 0)

    async def written_down(self) -> None:
        """Wait until what was delivered is known to be: that is written down after the answer."""
        async with asyncio.timeout(PATIENCE_S):
            while not await self.quiet():
                pass

    @property
    def alert(self) -> discord.Message:
        """The newest message in the channel."""
        message = self.channel.last_message
        assert message is not None
        return message


def settings(folder: Path, world: World, **changes: Any) -> Settings:
    """What the bot needs to run against the pretend world."""
    return Settings(
        **{
            "discord_token": SecretStr("canary-token"),
            "database_url": f"sqlite:///{folder / 'fares.db'}",
            "amadeus_client_id": SecretStr(amadeus.CLIENT_ID),
            "amadeus_client_secret": SecretStr(amadeus.CLIENT_SECRET),
            "amadeus_base_url": world.amadeus.base_url,
            "amadeus_rate": "1000/1s",
            **changes,
        }
    )


@asynccontextmanager
async def open_stage(
    folder: Path,
    *,
    start: datetime = START,
    asked: bool = True,
    point: Callable[[World], Mapping[str, Any]] = lambda _: {},
    hook_session: OpenSession = open_public_session,
    **changes: Any,
) -> AsyncIterator[Stage]:
    """World, engine, then Discord; the engine is opened and started before and outside the simulation.

    `point` gives further settings that name the world's addresses; `hook_session` is what webhooks are
    called over.
    """
    clock = HandClock(start)
    seen = Seen()
    async with open_world(latency=(0.0, 0.0), clock=clock) as world:
        wanted = settings(folder, world, **point(world), **changes)
        heard: dict[DestinationKind, Heard] = {}
        tongues = await asyncio.to_thread(read_tongues)
        async with open_studio() as studio:

            @asynccontextmanager
            async def begin() -> AsyncIterator[tuple[Engine, FareBot]]:
                dice = random.Random(1)  # noqa: S311  no secret
                opened = Engine.open(
                    wanted, clock=clock, dice=dice, members=True, tongues=tongues, hook_session=hook_session
                )
                async with opened as engine:
                    bot = build_bot(engine, tongues, studio)
                    for kind, lane in _lanes(engine, bot).items():
                        heard.setdefault(kind, Heard(lane)).lane = lane
                        engine.register_channel(heard[kind])
                    running = asyncio.create_task(engine.run(seen))
                    try:
                        yield engine, bot
                    finally:
                        running.cancel()
                        await asyncio.wait({running})

            life = Life(begin)
            async with life.until:
                engine, bot = await life.start()
                async with simcord.run(bot, settle_timeout=SETTLES_S) as env:
                    guild = env.create_guild("Cheap Flights")
                    ada = env.create_user("ada", global_name="Ada")
                    ben = env.create_user("ben", global_name="Ben")
                    for old_hand in (ada, ben) if asked else ():
                        await engine.actions.destinations.choose(str(old_hand.id), private=False)
                    yield Stage(
                        env=env,
                        life=life,
                        bot=bot,
                        engine=engine,
                        world=world,
                        clock=clock,
                        seen=seen,
                        heard=heard,
                        guild=guild,
                        channel=guild.create_text_channel("fares"),
                        ada=guild.add_member(ada),
                        ben=guild.add_member(ben),
                        ada_user=ada,
                    )
                    _hold_against_discords_description(env)
                    watch_requests(env.http_requests)


def _hold_against_discords_description(env: simcord.Env) -> None:
    """Nothing that a test made the bot say may be refused by the real Discord."""
    calls = [faults_of(call.method, call.path, call.json) for call in env.http_requests]
    assert [fault for faults in calls for fault in faults] == []


def _lanes(engine: Engine, bot: FareBot) -> dict[DestinationKind, Channel]:
    brake = Brake(engine.clock)
    return {
        kind: make_lane(kind, engine, bot, brake) for kind in (DestinationKind.CHANNEL, DestinationKind.DM)
    }


def words(message: discord.Message | ResponseMessage | InteractionResult | None) -> str:
    """Everything a member reads in a message: content, embeds and the captions of its buttons."""
    if isinstance(message, InteractionResult):
        message = message.response
    assert message is not None
    lines = [message.content]
    for embed in message.embeds:
        lines += [embed.title or "", embed.description or "", embed.footer.text or ""]
        lines += [f"{field.name}: {field.value}" for field in embed.fields]
    return "\n".join([*lines, *captions(message)])


def captions(message: discord.Message | ResponseMessage | InteractionResult | None) -> list[str]:
    """The buttons of a message in order; a disabled one in brackets."""
    if isinstance(message, InteractionResult):
        message = message.response
    assert message is not None
    rows = message.components if isinstance(message, ResponseMessage) else _plain(message.components)
    buttons = [button for row in rows for button in row["components"] if "label" in button]
    return [f"[{button['label']}]" if button.get("disabled") else button["label"] for button in buttons]


def _plain(rows: list[Any]) -> list[dict[str, Any]]:
    return [row.to_dict() for row in rows]
