"""The pretend Discord, as discord.py meets it: sessions, nonces, late messages."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import discord
import pytest
from discord.gateway import DiscordWebSocket
from yarl import URL

from sandbox.discord import SERVICE, FakeDiscord
from sandbox.discord_posts import NONCE_HOLDS
from sandbox.discord_replies import APPLICATION_ID, rate_limited
from sandbox.ledger import Ledger
from sandbox.moments import Moment
from sandbox.server import serve
from tests.support.clock import HandClock

CHANNEL = 9001
TOKEN = "canary-token"
PATIENCE_S = 10.0


@dataclass
class Line:
    """A client of discord.py, and the Discord that it talks to."""

    fake: FakeDiscord
    client: discord.Client
    clock: HandClock

    async def send(self, nonce: str, text: str = "fare") -> discord.Message:
        return await self.client.get_partial_messageable(CHANNEL).send(text, nonce=nonce)


@asynccontextmanager
async def open_line() -> AsyncIterator[Line]:
    real, gateway = discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    fake = FakeDiscord(Ledger(), clock=(clock := HandClock()))
    fake.token = TOKEN
    try:
        async with serve(fake, SERVICE, fake.ledger):
            discord.http.Route.BASE = fake.api
            DiscordWebSocket.DEFAULT_GATEWAY = URL(fake.gateway.url)
            async with discord.Client(
                intents=discord.Intents(guilds=True), guild_ready_timeout=0.01
            ) as client:
                yield Line(fake, client, clock)
    finally:
        discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = real, gateway


@asynccontextmanager
async def connected() -> AsyncIterator[Line]:
    """Logged in, and in one server."""
    async with open_line() as line:
        talking = asyncio.create_task(line.client.start(TOKEN))
        async with asyncio.timeout(PATIENCE_S):
            await line.fake.gateway.until(sessions=1)
            await line.client.wait_until_ready()
        try:
            yield line
        finally:
            await line.client.close()
            await talking


async def test_a_client_logs_in_and_is_in_its_server() -> None:
    async with connected() as line:
        assert line.client.application_id == int(APPLICATION_ID)
        assert [guild.name for guild in line.client.guilds] == ["Sandbox"]
        assert line.fake.gateway.identified == 1


async def test_a_session_that_is_asked_to_reconnect_is_resumed() -> None:
    async with connected() as line, asyncio.timeout(PATIENCE_S):
        await line.fake.gateway.ask_to_reconnect()
        await line.fake.gateway.until(sessions=2)

        assert (line.fake.gateway.identified, line.fake.gateway.resumed) == (1, 1)


async def test_a_token_that_is_not_known_is_refused() -> None:
    async with open_line() as line:
        with pytest.raises(discord.LoginFailure):
            await line.client.login("canary-other")


async def test_a_nonce_gives_the_first_message_until_its_window_is_over() -> None:
    async with open_line() as line:
        await line.client.login(TOKEN)
        first = await line.send("n1")
        again = await line.send("n1")
        other = await line.send("n2")
        await line.clock.advance(NONCE_HOLDS.total_seconds() + 1)
        later = await line.send("n1")

        assert again.id == first.id
        assert len({first.id, other.id, later.id}) == 3
        assert (len(line.fake.posts), line.fake.channels.repeats) == (3, 1)


async def test_what_arrived_is_accepted_though_its_sender_is_gone() -> None:
    async with open_line() as line:
        moments: list[Moment] = []
        arrived = asyncio.Event()

        def watch(_service: str, moment: Moment) -> None:
            moments.append(moment)
            arrived.set()

        line.fake.watcher, line.fake.late = watch, lambda: 2.0
        await line.client.login(TOKEN)
        sending = asyncio.create_task(line.send("n1"))
        await arrived.wait()
        sending.cancel()
        await asyncio.wait([sending])
        assert line.fake.posts == []

        await line.clock.advance(3)
        async with asyncio.timeout(PATIENCE_S):
            await line.fake.channels.until(lambda channels: len(channels.all) == 1)

        assert moments == [Moment.ARRIVED, Moment.ACCEPTED]


async def test_a_message_stands_as_it_was_edited_last() -> None:
    async with open_line() as line:
        await line.client.login(TOKEN)
        sent = await line.send("n1", "before")
        await sent.edit(content="after")

        assert line.fake.posts[0].shown["content"] == "after"
        assert [found.content async for found in sent.channel.history()] == ["after"]


async def test_a_rate_limit_of_its_own_is_waited_for() -> None:
    async with open_line() as line:
        await line.client.login(TOKEN)
        line.fake.answers.append(lambda _: rate_limited(0.01))

        assert (await line.send("n1")).id
        assert len(line.fake.posts) == 1


async def test_its_json_has_the_content_type_that_discord_py_takes_for_json() -> None:
    async with open_line() as line, aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bot {TOKEN}"}
        async with session.get(f"{line.fake.api}/users/@me", headers=headers) as reply:
            assert reply.headers["Content-Type"] == "application/json"
