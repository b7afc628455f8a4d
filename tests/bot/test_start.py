"""Starting and ending: commands registered when they changed, the invite link, exit codes, signals."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import discord
import pytest
import structlog
from discord.gateway import DiscordWebSocket
from yarl import URL

from bot.app import DISCORD_REFUSES, DONE, OTHER, SETTINGS_WRONG, STORE_UNUSABLE, build_bot
from bot.app import _run_both as run_both
from bot.charts.studio import Studio
from bot.client import FareBot
from bot.commands.groups import groups
from bot.connection import connect
from bot.invite import NEEDED, invite_link
from bot.registering import register
from bot.sync import leaves
from engine.assembly import Engine
from engine.clock import SystemClock
from engine.store.database import Store
from engine.tongue import Tongue, Tongues
from sandbox.world import open_world
from tests.bot.fake_rest import FakeDiscord, open_discord, refused, reset
from tests.bot.stage import open_stage, settings
from tests.support import doors
from tests.support.clock import HandClock

PATIENCE_S = 20.0
AT_A_FAKE = """
import sys, discord.http
discord.http.Route.BASE = sys.argv[1]
from bot.app import main
sys.exit(main())
"""


async def test_commands_are_registered_once_and_again_only_when_they_changed(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.restart_bot()
        assert registrations(stage.env.http_requests) == 1

        stage.bot = build_bot(stage.engine, stage.bot.desk.tongues, stage.bot.desk.studio)
        stage.bot.tree.add_command(_another())
        await stage.env.restart_bot(stage.bot)

        assert registrations(stage.env.http_requests) == 2


async def test_a_refused_registration_does_not_end_the_bot(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.bot = build_bot(stage.engine, stage.bot.desk.tongues, stage.bot.desk.studio)
        stage.bot.tree.add_command(_another())
        stage.env.inject_error("PUT", "/applications/*/commands", status=429)

        with structlog.testing.capture_logs() as logs:
            await stage.env.restart_bot(stage.bot)

        said = [line["event"] for line in logs]
        assert "commands not registered" in said
        assert "commands registered" not in said
        assert stage.bot.is_ready()


async def test_the_start_says_how_many_commands_there_are_and_how_to_invite(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        with structlog.testing.capture_logs() as logs:
            await stage.restart_bot()

        said = {line["event"]: line for line in logs}
        assert said["commands registered"]["count"] == len(leaves(stage.bot.tree))
        assert said["invite the bot"]["link"] == invite_link(stage.bot.application_id or 0)
        assert stage.bot.intents == discord.Intents(guilds=True)


def test_the_invite_asks_for_five_permissions_and_two_scopes() -> None:
    link = invite_link(42)

    assert "scope=bot+applications.commands" in link
    assert f"permissions={NEEDED.value}" in link
    assert {name for name, wanted in NEEDED if wanted} == {
        "embed_links",
        "read_message_history",
        "send_messages",
        "send_messages_in_threads",
        "read_messages",  # discord.py's name for View Channel
    }


@asynccontextmanager
async def process(folder: Path, *arguments: str, **environ: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Python in a folder of its own with nothing of this machine's settings but PATH."""
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2]), **environ},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
            await started.wait()


async def ended(started: asyncio.subprocess.Process) -> tuple[int | None, str]:
    async with asyncio.timeout(PATIENCE_S):
        _, errors = await started.communicate()
    return started.returncode, errors.decode()


async def test_wrong_settings_are_all_listed_and_no_secret_is_echoed(tmp_path: Path) -> None:
    wrong = {"CHECK_INTERVAL": "canary-soon", "HOME_CURRENCY": "EUX"}
    async with process(tmp_path, "-m", "bot", "run", **wrong) as started:
        code, said = await ended(started)

    assert code == SETTINGS_WRONG
    assert [line.partition(":")[0] for line in sorted(said.splitlines())] == [
        "CHECK_INTERVAL",
        "DISCORD_TOKEN",
        "HOME_CURRENCY",
    ]
    assert "canary" not in said


async def test_a_database_held_by_another_process_is_said_with_exit_code_3(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'fares.db'}"
    async with (
        Store.open(url, SystemClock()),
        process(tmp_path, "-m", "bot", "run", DISCORD_TOKEN="canary-token", DATABASE_URL=url) as started,
    ):
        code, said = await ended(started)

    assert code == STORE_UNUSABLE
    assert "Traceback" not in said
    assert "canary" not in said


async def test_a_token_that_discord_refuses_ends_with_exit_code_4_and_names_the_setting(
    tmp_path: Path,
) -> None:
    async with open_discord() as fake:
        fake.logins = [refused(401)] * 5
        async with process(tmp_path, "-c", AT_A_FAKE, fake.base_url, DISCORD_TOKEN="canary-token") as started:
            code, said = await ended(started)

    assert code == DISCORD_REFUSES
    assert said.splitlines()[-1].startswith("DISCORD_TOKEN:")
    assert "canary" not in said


async def test_asked_to_stay_it_says_what_is_wrong_and_waits_for_a_signal(tmp_path: Path) -> None:
    async with process(tmp_path, "-m", "bot", "run", "--stay") as started:
        assert started.stderr
        async with asyncio.timeout(PATIENCE_S):
            assert (await started.stderr.readline()).startswith(b"DISCORD_TOKEN:")
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(asyncio.shield(started.wait()), 0.3)
        started.send_signal(signal.SIGINT)
        code, said = await ended(started)

    assert (code, said) == (SETTINGS_WRONG, "")


async def test_sync_registers_the_commands_by_hand() -> None:
    real = discord.http.Route.BASE
    try:
        async with open_discord() as fake:
            discord.http.Route.BASE = fake.base_url
            names = await register("canary-token", None)
    finally:
        discord.http.Route.BASE = real

    assert {"/route add", "/sms link", "/status"} <= set(names)
    assert [command["name"] for command in fake.registered[0]] == [command.name for command in groups()]


async def test_a_signal_ends_it_cleanly_even_while_discord_is_down(tmp_path: Path) -> None:
    async with open_discord() as fake:
        fake.logins = [refused(503)] * 100
        async with process(tmp_path, "-c", AT_A_FAKE, fake.base_url, DISCORD_TOKEN="canary-token") as started:
            assert started.stderr
            async with asyncio.timeout(PATIENCE_S):
                while b"cannot be reached" not in await started.stderr.readline():
                    pass
            started.send_signal(signal.SIGTERM)
            code, said = await ended(started)

    assert code == DONE
    assert "Traceback" not in said


async def test_it_hears_twilio_as_soon_as_it_runs(tmp_path: Path) -> None:
    async with open_discord() as fake:
        fake.logins = [refused(503)] * 100
        environ = {**doors.ENVIRON, "DISCORD_TOKEN": "canary-token", "HTTP_BIND": "127.0.0.1:0"}
        async with process(tmp_path, "-c", AT_A_FAKE, fake.base_url, **environ) as started:
            assert await doors.knocks(await doors.port_of(started)) == [204, 403, 403]
            started.send_signal(signal.SIGTERM)
            code, said = await ended(started)

    assert code == DONE
    assert "Traceback" not in said


@asynccontextmanager
async def composed(folder: Path) -> AsyncIterator[tuple[FakeDiscord, Engine, FareBot]]:
    """Engine and bot put together, nothing started; discord.py talks to the fake, which has no gateway."""
    real, gateway = discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    try:
        async with open_discord() as fake, open_world(latency=(0.0, 0.0)) as world:
            discord.http.Route.BASE = fake.base_url
            DiscordWebSocket.DEFAULT_GATEWAY = URL(fake.base_url).with_scheme("ws")
            async with Engine.open(settings(folder, world)) as engine:
                yield fake, engine, build_bot(engine, Tongues({"en": Tongue()}), Studio())
    finally:
        discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = real, gateway


async def test_when_discord_ends_unasked_the_engine_is_stopped_and_the_exit_is_not_zero(
    tmp_path: Path,
) -> None:
    async with composed(tmp_path) as (fake, engine, bot), asyncio.timeout(PATIENCE_S):
        running = asyncio.create_task(run_both(engine, bot, "canary-token", asyncio.Event()))
        await fake.has_registered.wait()
        await bot.close()

        assert await running == OTHER


async def test_a_discord_that_is_down_at_first_is_tried_again(tmp_path: Path) -> None:
    clock = HandClock()
    async with composed(tmp_path) as (fake, _, bot), asyncio.timeout(PATIENCE_S):
        fake.logins = [refused(503), refused(522), reset]
        talking = asyncio.create_task(connect(bot, "canary-token", clock))
        for _ in range(3):
            await clock.until_asleep()
            await clock.advance(20)

        await fake.has_registered.wait()
        assert bot.can_send
        await clock.until_asleep()  # its gateway cannot be reached, so that is tried again too
        assert not talking.done()
        await bot.close()
        await clock.advance(20)
        await talking


def registrations(requests: Sequence[object]) -> int:
    return sum(getattr(request, "method", "") == "PUT" for request in requests)


def _another() -> discord.app_commands.Command[discord.app_commands.Group, ..., None]:
    @discord.app_commands.command(description="Another")
    async def another(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("-")

    return another
