"""The bot removed from a server and back, channels deleted, members who left."""

from pathlib import Path

from simcord.actors import MemberActor

from bot.housekeeping import Attendance, caught_up
from engine.domain.server import server_itself
from engine.domain.watch import DestinationKind, Owner, OwnerKind, Watch
from tests.bot.crew import chosen, manager
from tests.bot.stage import Stage, open_stage, words

DAY_S = 86_400.0


async def watches(stage: Stage, who: MemberActor | None = None) -> list[Watch]:
    """All watches of a member (Ada)."""
    owner = Owner(OwnerKind.MEMBER, str((who or stage.ada).id))
    return [shown.watch for shown in await stage.engine.actions.watches.of_owner(owner)]


async def states(stage: Stage) -> list[tuple[str, str | None]]:
    return [(watch.status.value, watch.paused_why) for watch in await watches(stage)]


async def looked_for(stage: Stage) -> None:
    """The daily look whether members are still there."""
    await Attendance(stage.bot, stage.clock).look()


async def test_removed_from_a_server_what_told_there_rests_and_nothing_is_asked_for_it(
    tmp_path: Path,
) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450)
        stage.env.backend.remove_guild(stage.guild.id)
        await stage.env.settle()
        searches = len(stage.world.ledger.of("amadeus"))

        await stage.clock.advance(7200)

        assert await states(stage) == [("paused", "I was removed from its server")]
        assert len(stage.world.ledger.of("amadeus")) == searches


async def test_a_route_told_by_direct_message_goes_on(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450, where="dm")

        stage.env.backend.remove_guild(stage.guild.id)
        await stage.env.settle()

        assert await states(stage) == [("active", None)]


async def test_back_within_a_week_everything_goes_on_without_a_second_hello(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450)
        server = str(stage.guild.id)
        assert await stage.engine.actions.membership.is_new(server)
        await stage.engine.actions.membership.bot_left(server)
        await stage.clock.advance(6 * DAY_S)

        found = stage.bot.get_guild(stage.guild.id)
        assert found
        await stage.bot.on_guild_join(found)

        assert await states(stage) == [("active", None)]
        assert stage.channel.history() == []


async def test_what_its_owner_paused_stays_paused(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450)
        await stage.ada.slash(stage.channel, "route pause", route=watch)
        server = str(stage.guild.id)

        await stage.engine.actions.membership.bot_left(server)
        await stage.engine.actions.membership.bot_back(server)

        assert await states(stage) == [("paused", "owner")]


async def test_after_a_week_without_it_the_servers_routes_and_settings_are_deleted(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        await mia.slash(stage.channel, "settings currency", currency="GBP")
        await stage.watched(450, currency="EUR")
        await stage.add(mia, **{"for": "server"}, currency="EUR")
        await stage.add(where="dm", currency="EUR")
        await stage.engine.actions.membership.bot_left(str(stage.guild.id))

        await stage.clock.advance(6.9 * DAY_S)
        await stage.engine.actions.membership.purge()
        early = len(await watches(stage))
        await stage.clock.advance(0.2 * DAY_S)
        await stage.engine.actions.membership.purge()

        assert early == 2
        assert [watch.tell[0].kind for watch in await watches(stage)] == [DestinationKind.DM]
        assert await stage.engine.actions.watches.of_owner(server_itself(str(stage.guild.id))) == []
        assert (await chosen(stage)).currency is None


async def test_a_removal_while_the_bot_was_away_is_noticed_when_it_is_back(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450)

        await caught_up([], stage.bot.desk)

        assert await states(stage) == [("paused", "I was removed from its server")]


async def test_an_invitation_while_the_bot_was_away_is_noticed_when_it_is_back(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450)
        await stage.engine.actions.membership.bot_left(str(stage.guild.id))

        await caught_up(list(stage.bot.guilds), stage.bot.desk)

        assert await states(stage) == [("active", None)]


async def test_a_deleted_channel_lets_rest_what_told_only_there_and_its_owner_hears_once(
    tmp_path: Path,
) -> None:
    async with open_stage(tmp_path) as stage:
        deals = stage.guild.create_text_channel("deals")
        stage.fare("LON-TYO", 450)
        stage.fare("LON-PAR", 100)
        await stage.add(channel=deals)
        await stage.add(channel=deals, destination="PAR")
        await stage.add(stage.ben, channel=deals)

        stage.env.backend.delete_channel(deals.id)
        await stage.env.settle()
        for _ in range(2):
            await stage.delivered(DestinationKind.DM)

        (told,) = stage.ada_user.dm_channel.history()
        assert "2 of your routes rest" in words(told)
        assert "was deleted, so I stopped looking" in words(told)
        assert await states(stage) == [("paused", "its channel was deleted")] * 2


async def test_a_route_of_a_deleted_channel_is_resumed_where_its_owner_asks_for_it(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        deals = stage.guild.create_text_channel("deals")
        stage.fare("LON-TYO", 450)
        await stage.add(channel=deals)
        stage.env.backend.delete_channel(deals.id)
        await stage.env.settle()
        (watch,) = await stage.routes()

        said = words(await stage.ada.slash(stage.channel, "route resume", route=watch))

        assert "I tell you: here" in said
        assert await states(stage) == [("active", None)]


async def test_a_deleted_channel_is_no_longer_the_one_that_the_server_chose(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        deals = stage.guild.create_text_channel("deals")
        mia = manager(stage)
        await mia.slash(stage.channel, "settings channel", channel=deals)
        await mia.slash(stage.channel, "settings admin", channel=deals)

        stage.env.backend.delete_channel(deals.id)
        await stage.env.settle()

        server = await chosen(stage)
        assert (server.channel_id, server.admin_channel_id) == (None, None)


async def test_a_channel_deleted_while_the_bot_was_away_is_noticed_when_it_is_back(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        deals = stage.guild.create_text_channel("deals")
        stage.fare("LON-TYO", 450)
        await stage.add(channel=deals)
        stage.env.backend.channels.pop(deals.id)  # no event reaches the bot
        stage.env.backend.guilds[stage.guild.id].channel_ids.remove(deals.id)

        await stage.restart_bot()
        await stage.env.settle()
        await stage.delivered(DestinationKind.DM)

        assert await states(stage) == [("paused", "its channel was deleted")]


async def test_a_member_who_left_is_told_nothing_any_more(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450)
        await stage.watched(450, where="dm")
        stage.guild.remove_member(stage.ada)
        await stage.env.settle()

        await looked_for(stage)

        assert await states(stage) == [("paused", "you left its server")] * 2


async def test_members_are_looked_for_once_a_day(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450)

        def asked() -> int:
            return sum(f"/members/{stage.ada.id}" in r.path for r in stage.env.http_requests)

        await looked_for(stage)
        await looked_for(stage)
        once = asked()
        await stage.clock.advance(DAY_S)
        await looked_for(stage)

        assert (once, asked()) == (1, 2)
        assert await states(stage) == [("active", None)]


async def test_when_discord_cannot_say_nobody_has_left(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450)
        stage.env.inject_error("GET", "/guilds/*/members/*", status=500)

        await looked_for(stage)

        assert await states(stage) == [("active", None)]


async def test_thirty_days_after_a_member_left_their_routes_of_that_server_are_deleted(
    tmp_path: Path,
) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450)
        stage.guild.remove_member(stage.ada)
        await stage.env.settle()
        await looked_for(stage)

        await stage.clock.advance(29.9 * DAY_S)
        await stage.engine.actions.membership.purge()
        early = len(await watches(stage))
        await stage.clock.advance(0.2 * DAY_S)
        await stage.engine.actions.membership.purge()

        assert (early, await watches(stage)) == (1, [])


async def test_who_comes_back_resumes_and_keeps_the_route(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450)
        stage.guild.remove_member(stage.ada)
        await stage.env.settle()
        await looked_for(stage)
        ada = stage.guild.add_member(stage.ada_user)

        await ada.slash(stage.channel, "route resume", route=watch)
        await stage.clock.advance(31 * DAY_S)
        await stage.engine.actions.membership.purge()

        assert await states(stage) == [("active", None)]


async def test_a_route_of_a_deleted_channel_that_cannot_tell_here_stays_paused(
    tmp_path: Path,
) -> None:
    async with open_stage(tmp_path) as stage:
        deals = stage.guild.create_text_channel("deals")
        stage.fare("LON-TYO", 450)
        await stage.add(channel=deals)
        stage.env.backend.delete_channel(deals.id)
        await stage.env.settle()
        (watch,) = await stage.routes()
        await stage.add()

        said = words(await stage.ada.slash(stage.channel, "route resume", route=watch))

        assert "You watch this route there already." in said
        assert set(await states(stage)) == {("paused", "its channel was deleted"), ("active", None)}
