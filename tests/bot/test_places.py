"""Where alerts are told: a channel, a thread or direct messages, closed and opened again."""

from pathlib import Path

import discord
import pytest

from engine.alerts.ports import DeliveryKind
from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind, WatchId
from engine.errors import InvalidInput
from tests.bot.stage import Stage, open_stage, words


def told_lane(stage: Stage, number: int = -1) -> str:
    """The lane of what was carried last."""
    return stage.heard[DestinationKind.CHANNEL].carried[number].notification.destination.lane


async def test_a_route_is_told_in_the_channel_that_was_chosen(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        deals = stage.guild.create_text_channel("deals")
        stage.fare("LON-TYO", 450)

        said = words(await stage.add(channel=deals))
        await stage.look("LON-TYO", 374)
        await stage.delivered()

        assert f"in <#{deals.id}>, when it costs" in said
        assert deals.last_message
        assert deals.last_message.content == f"<@{stage.ada.id}> London → Tokyo €374"


@pytest.mark.parametrize("kind", ["announcements", "thread"])
async def test_an_announcement_channel_and_a_thread_will_do(tmp_path: Path, kind: str) -> None:
    async with open_stage(tmp_path) as stage:
        place = stage.thread() if kind == "thread" else stage.guild.create_news_channel("news")
        stage.fare("LON-TYO", 450)
        await stage.add(channel=place)

        await stage.look("LON-TYO", 374)
        answer = await stage.delivered()

        assert answer.kind is DeliveryKind.DELIVERED
        assert place.last_message
        assert "London → Tokyo €374" in words(place.last_message)


async def test_a_channel_where_the_bot_may_not_write_is_refused_by_name(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        mine = discord.PermissionOverwrite(send_messages=True, embed_links=True)
        closed = discord.PermissionOverwrite(send_messages=False, embed_links=False)
        quiet = stage.guild.create_text_channel(
            "quiet", overwrites={stage.guild.default_role: closed, stage.ada: mine}
        )

        said = words(await stage.add(channel=quiet))

        assert "I may not post alerts in #quiet: I need Send Messages and Embed Links." in said
        assert await stage.routes() == []


async def test_a_channel_where_the_member_may_not_write_is_refused(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        rules = stage.guild.create_text_channel(
            "rules", overwrites={stage.ada: discord.PermissionOverwrite(send_messages=False)}
        )

        said = words(await stage.add(channel=rules))

        assert "You cannot write in #rules yourself." in said
        assert await stage.routes() == []


async def test_a_locked_thread_is_refused_and_a_private_one_must_let_the_bot_in(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        locked, private = stage.thread("old"), stage.thread("secret", private=True)
        stage.env.backend.edit_channel(locked.id, {}, thread_metadata={"locked": True})
        await stage.env.settle()

        assert "#old is locked." in words(await stage.add(channel=locked))
        assert "I am not in #secret. Mention me there" in words(await stage.add(channel=private))
        assert await stage.routes() == []


async def test_a_channel_and_a_direct_message_at_once_is_asked_back(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        said = words(await stage.add(channel=stage.channel, where="dm"))

        assert "Choose one: a channel, or where: Direct message." in said
        assert await stage.routes() == []


async def test_a_deleted_channel_is_told_in_no_more_and_its_owner_hears_once(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        deals = stage.guild.create_text_channel("deals")
        stage.fare("LON-TYO", 450)
        await stage.add(channel=deals)

        stage.env.backend.delete_channel(deals.id)
        await stage.env.settle()
        await stage.delivered(DestinationKind.DM)
        await stage.clock.advance(7200)

        (notice,) = stage.ada_user.dm_channel.history()
        assert "was deleted" in words(notice)
        assert stage.heard[DestinationKind.CHANNEL].carried == []


async def test_a_deleted_channel_where_nothing_is_told_is_nobodys_news(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450)

        stage.env.backend.delete_channel(stage.guild.create_text_channel("other").id)
        await stage.env.settle()

        assert await stage.paused_lanes() == []


async def test_a_thread_that_is_locked_waits_and_goes_on_once_it_is_unlocked(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        thread = stage.thread()
        stage.fare("LON-TYO", 450)
        await stage.add(channel=thread)

        stage.env.backend.edit_channel(thread.id, {}, thread_metadata={"locked": True, "archived": True})
        await stage.env.settle()
        closed = await stage.until_paused()
        await stage.look("LON-TYO", 374)
        stage.env.backend.edit_channel(thread.id, {}, thread_metadata={"locked": False, "archived": False})
        await stage.env.settle()
        answer = await stage.delivered()

        assert closed == [f"channel:{thread.id}"]
        assert await stage.paused_lanes() == []
        assert answer.kind is DeliveryKind.DELIVERED
        assert thread.last_message
        assert "London → Tokyo €374" in words(thread.last_message)


async def test_a_deleted_thread_is_told_in_no_more(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        thread = stage.thread()
        stage.fare("LON-TYO", 450)
        await stage.add(channel=thread)

        stage.env.backend.delete_channel(thread.id)
        await stage.env.settle()
        await stage.delivered(DestinationKind.DM)

        assert "was deleted" in words(stage.ada_user.dm_channel.last_message)


async def test_a_channel_opened_while_the_bot_was_away_is_found_when_it_is_back(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450)
        stage.close_channel()
        await stage.look("LON-TYO", 374)
        await stage.delivered()
        await stage.delivered(DestinationKind.DM)
        await stage.env.settle()
        stage.env.backend.channels[stage.channel.id].overwrites.clear()  # no event reaches the bot

        early = await stage.until_paused()
        await stage.clock.advance(3600)
        await stage.restart_bot()
        await stage.env.settle()

        assert early == [f"channel:{stage.channel.id}"]
        assert await stage.paused_lanes() == []


async def test_a_route_moved_elsewhere_is_seeded_there_and_told_there_alone(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = WatchId(await stage.watched(450))
        deals = stage.guild.create_text_channel("deals")
        stage.fare("LON-TYO", 400)
        await stage.clock.advance(3700)  # what is met at the move is shown there, not pinged
        actor = Owner(OwnerKind.MEMBER, str(stage.ada.id), str(stage.guild.id))
        there = Destination(DestinationKind.CHANNEL, str(deals.id))
        while not stage.heard[DestinationKind.CHANNEL].answers.empty():
            stage.heard[DestinationKind.CHANNEL].answers.get_nowait()

        moved = await stage.engine.actions.watches.move(watch, actor, (there,))
        await stage.look("LON-TYO", 350)
        await stage.delivered()

        assert moved.shown.watch.tell == (there,)
        assert moved.shown.met
        assert told_lane(stage) == there.lane


async def test_a_route_is_not_moved_where_its_owner_hears_of_it_already(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        first = await stage.watched(450)
        deals = stage.guild.create_text_channel("deals")
        await stage.add(channel=deals)
        actor = Owner(OwnerKind.MEMBER, str(stage.ada.id), str(stage.guild.id))

        with pytest.raises(InvalidInput, match="there already"):
            await stage.engine.actions.watches.move(
                WatchId(first), actor, (Destination(DestinationKind.CHANNEL, str(deals.id)),)
            )
