"""Routes of a server itself: made, seen and changed by who manages it, told to everybody."""

from pathlib import Path
from typing import Any

import pytest
from simcord.actors import MemberActor

from engine.domain.server import server_itself
from engine.domain.watch import Owner
from tests.bot.crew import demote, elsewhere, manager, open_to_everybody
from tests.bot.forms import fill
from tests.bot.stage import Stage, captions, open_stage, words

FOR: dict[str, Any] = {"for": "server"}
NOT_FOUND = "No route of yours is called so."
GONE = "not on your list any more"


def _server(stage: Stage) -> Owner:
    return server_itself(str(stage.guild.id))


async def servers_route(stage: Stage, mia: MemberActor, fare: int = 450, **options: Any) -> str:
    """A route of the server, and the id of its watch."""
    stage.fare("LON-TYO", fare)
    await stage.add(mia, **FOR, **options)
    return (await owned(stage))[-1]


async def owned(stage: Stage) -> list[str]:
    """The ids of a server's own watches."""
    return [shown.watch.id for shown in await stage.engine.actions.watches.of_owner(_server(stage))]


async def test_who_manages_the_server_adds_a_route_that_is_the_servers(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        stage.fare("LON-TYO", 450)

        said = words(await stage.add(mia, **FOR))

        assert "**This server's route**" in said
        assert len(await owned(stage)) == 1
        assert await stage.routes(mia) == []


async def test_a_member_cannot(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        said = words(await stage.add(**FOR))

        assert "Only members who may manage this server can do that." in said
        assert await owned(stage) == []


async def test_it_tells_in_a_channel_only(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        said = words(await stage.add(manager(stage), **FOR, where="dm"))

        assert "A route of this server tells in a channel" in said
        assert await owned(stage) == []


async def test_its_alert_names_it_and_pings_the_chosen_role_and_nobody_else(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        flyers = stage.guild.create_role("Flyers")
        await mia.slash(stage.channel, "settings pings", role=flyers)
        await servers_route(stage, mia)

        await stage.look("LON-TYO", 374)
        await stage.delivered()

        said = words(stage.alert)
        assert "London → Tokyo €374, under this server's €420" in said
        assert "**This server's route**" in said
        assert "This server's target €420: €46 below (11 %)" in said
        assert stage.alert.content == f"<@&{flyers.id}> London → Tokyo €374"
        posted = [
            r.json for r in stage.env.http_requests if r.path == f"/channels/{stage.channel.id}/messages"
        ]
        assert (posted[-1] or {})["allowed_mentions"] == {"parse": [], "roles": [flyers.id]}


async def test_without_a_role_it_pings_nobody(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await servers_route(stage, manager(stage))

        await stage.look("LON-TYO", 374)
        await stage.delivered()

        assert stage.alert.content == "London → Tokyo €374"
        assert (stage.alert.mentions, stage.alert.role_mentions) == ([], [])


async def test_it_and_a_members_route_are_told_in_one_message(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await servers_route(stage, manager(stage))
        await stage.add(target="400")

        await stage.look("LON-TYO", 374)
        await stage.delivered()

        assert stage.alert.content == f"{stage.ada.mention} (€400) London → Tokyo €374"
        assert "under both targets" in words(stage.alert)


async def test_it_outlives_its_author_and_another_manager_changes_it(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        watch = await servers_route(stage, mia)
        demote(stage, mia)
        stage.guild.remove_member(mia)
        kim = manager(stage, "kim")

        listed = words(await kim.slash(stage.channel, "route list", of="server"))
        paused = words(await kim.slash(stage.channel, "route pause", route=watch))

        assert "Routes of this server" in listed
        assert "London → Tokyo" in listed
        assert "1 route" in listed
        assert "of 25" not in listed
        assert "Paused London → Tokyo" in paused


async def test_it_is_not_among_the_routes_of_who_made_it(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        await servers_route(stage, mia)

        assert "Nothing yet" in words(await mia.slash(stage.channel, "route list"))


async def test_a_manager_finds_it_while_typing_and_a_member_does_not(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        watch = await servers_route(stage, mia)

        offered = await mia.autocomplete(stage.channel, "route show", "route", "tyo")
        hidden = await stage.ben.autocomplete(stage.channel, "route show", "route", "")

        assert [(choice["name"].endswith("this server"), choice["value"]) for choice in offered] == [
            (True, watch)
        ]
        assert hidden == []


@pytest.mark.parametrize("command", ["show", "pause", "resume", "remove", "check", "history"])
async def test_a_member_a_former_manager_and_a_manager_of_another_server_find_no_such_route(
    tmp_path: Path, command: str
) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        watch = await servers_route(stage, mia)
        demote(stage, mia)
        zoe, there = elsewhere(stage)
        await open_to_everybody(stage, "route")

        said = [
            words(await stage.ben.slash(stage.channel, f"route {command}", route=watch)),
            words(await mia.slash(stage.channel, f"route {command}", route=watch)),
            words(await zoe.slash(there, f"route {command}", route=watch)),
        ]

        assert all(NOT_FOUND in one for one in said)
        assert "Tokyo" not in "".join(said)
        shown = await stage.engine.actions.watches.of_owner(_server(stage))
        assert [one.watch.status.value for one in shown] == ["active"]


async def test_forged_and_kept_buttons_change_nothing_of_it_for_who_does_not_manage(tmp_path: Path) -> None:
    """A former manager still has the reply with its buttons."""
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        watch = await servers_route(stage, mia)
        shown = await mia.slash(stage.channel, "route show", route=watch)
        assert shown.response
        form = await mia.click(shown.response, label="Change")
        demote(stage, mia)

        for label in ("Pause", "Remove"):
            answer = await mia.click(shown.response, label=label)
            assert GONE in words(answer.followups[0])
        assert GONE in words(await mia.click(shown.response, label="Change"))
        answer = await fill(mia, form, target="1", out="12 mar")

        assert GONE in words(answer.followups[0])
        (one,) = await stage.engine.actions.watches.of_owner(_server(stage))
        assert one.watch.rules.target is not None
        assert (one.watch.status.value, one.watch.rules.target.plain()) == ("active", "420")


async def test_the_buttons_under_its_alert_act_for_managers_and_say_to_others_whose_it_is(
    tmp_path: Path,
) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        await servers_route(stage, mia)
        await stage.look("LON-TYO", 374)
        await stage.delivered()

        stranger = words(await stage.ben.click(stage.alert, label="Pause"))
        managers = words(await mia.click(stage.alert, label="Pause"))

        assert "This route is this server's" in stranger
        assert "Paused London → Tokyo" in managers


async def test_a_manager_with_an_own_route_in_the_channel_acts_on_that(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        await servers_route(stage, mia)
        await stage.add(mia)
        await stage.look("LON-TYO", 374)
        await stage.delivered()

        await mia.click(stage.alert, label="Pause")

        (servers,) = await stage.engine.actions.watches.of_owner(_server(stage))
        assert servers.watch.status.value == "active"
        assert "Paused" in words(await mia.slash(stage.channel, "route list"))


async def test_undo_and_change_under_the_reply_to_add_act_on_it(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        stage.fare("LON-TYO", 450)
        added = await stage.add(mia, **FOR)
        assert added.response
        assert captions(added) == ["Change", "Undo"]

        form = await mia.click(added.response, label="Change")
        await fill(mia, form, target="400")

        assert "Changed: London → Tokyo" in words(added)


async def test_a_fault_of_its_channel_is_told_in_the_channel_for_news(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        office = stage.guild.create_text_channel("office")
        await mia.slash(stage.channel, "settings admin", channel=office)
        await servers_route(stage, mia)
        stage.env.backend.delete_channel(stage.channel.id)
        await stage.env.settle()
        await stage.delivered()

        (told,) = office.history()
        assert "London → Tokyo rests" in words(told)
        assert (told.mentions, told.role_mentions) == ([], [])
