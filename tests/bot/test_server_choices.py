"""What a server chose holds for the routes of its members: place, currency, limits, roles, pings."""

from pathlib import Path
from typing import Any

from engine.domain.watch import Owner, OwnerKind
from tests.bot.crew import manager
from tests.bot.stage import Stage, open_stage, words


async def watched_in(stage: Stage) -> list[tuple[str, str]]:
    """Where Ada's routes tell, and what they are counted in."""
    owner = Owner(OwnerKind.MEMBER, str(stage.ada.id))
    shown = await stage.engine.actions.watches.of_owner(owner)
    return [(one.watch.tell[0].lane, one.watch.currency) for one in shown]


def pings(stage: Stage) -> Any:
    """What the newest post into the channel lets Discord ping."""
    posted = [r.json for r in stage.env.http_requests if r.path == f"/channels/{stage.channel.id}/messages"]
    return (posted[-1] or {})["allowed_mentions"]


async def test_a_new_route_tells_in_the_servers_channel_and_counts_in_its_currency(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        alerts = stage.guild.create_text_channel("alerts")
        mia = manager(stage)
        await mia.slash(stage.channel, "settings channel", channel=alerts)
        await mia.slash(stage.channel, "settings currency", currency="GBP")
        stage.fare("LON-TYO", 450)

        said = words(await stage.add())

        assert f"in <#{alerts.id}>" in said
        assert await watched_in(stage) == [(f"channel:{alerts.id}", "GBP")]


async def test_what_a_member_says_goes_before_what_the_server_chose(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        alerts = stage.guild.create_text_channel("alerts")
        mia = manager(stage)
        await mia.slash(stage.channel, "settings channel", channel=alerts)
        await mia.slash(stage.channel, "settings currency", currency="GBP")
        stage.fare("LON-TYO", 450)

        await stage.add(currency="EUR", where="here")
        await stage.add(currency="EUR", where="dm")

        assert sorted(await watched_in(stage)) == [
            (f"channel:{stage.channel.id}", "EUR"),
            (f"dm:{stage.ada.id}", "EUR"),
        ]


async def test_the_servers_channel_is_refused_where_there_is_none_or_it_was_closed_since(
    tmp_path: Path,
) -> None:
    async with open_stage(tmp_path) as stage:
        assert "no channel for alerts yet" in words(await stage.add(where="server"))
        await manager(stage).slash(stage.channel, "settings channel", channel=stage.channel)
        stage.close_channel()

        said = words(await stage.add())

        assert "I may not post in this server's channel for alerts: I need Send Messages" in said
        assert await stage.routes() == []


async def test_a_limit_of_the_server_holds_for_its_members_and_more_for_a_role(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        flyers = stage.guild.create_role("Flyers")
        mia = manager(stage)
        eve = stage.guild.add_member(stage.env.create_user("eve"), roles=[flyers])
        await mia.slash(stage.channel, "settings limit", routes=1)
        await mia.slash(stage.channel, "settings limit", routes=2, role=flyers)
        stage.fare("LON-TYO", 450)
        for actor in (stage.ada, eve):
            await stage.add(actor)

        refused = words(await stage.add(destination="PAR"))
        await stage.add(eve, destination="PAR")

        assert "You watch 1 of 1 routes in this server. Remove one first." in refused
        assert "1 route of 1 in this server" in words(await stage.ada.slash(stage.channel, "route list"))
        assert "2 routes of 2 in this server" in words(await eve.slash(stage.channel, "route list"))
        assert len(await stage.routes()) == 1
        assert len(await stage.routes(eve)) == 2


async def test_where_roles_are_chosen_nobody_else_adds_routes_but_who_manages_the_server(
    tmp_path: Path,
) -> None:
    async with open_stage(tmp_path) as stage:
        flyers = stage.guild.create_role("Flyers")
        eve = stage.guild.add_member(stage.env.create_user("eve"), roles=[flyers])
        mia = manager(stage)
        await mia.slash(stage.channel, "settings watchers", role=flyers)
        stage.fare("LON-TYO", 450)

        refused = words(await stage.add())
        for actor in (eve, mia):
            await stage.add(actor)

        assert "only members with one of these roles add routes" in refused
        assert f"<@&{flyers.id}>" in refused
        assert [len(await stage.routes(each)) for each in (stage.ada, eve, mia)] == [0, 1, 1]


async def test_where_owners_are_not_to_be_pinged_an_alert_names_them_all_the_same(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await manager(stage).slash(stage.channel, "settings pings", owners=False)

        await stage.watched(450, falls_to=374)

        assert f"<@{stage.ada.id}>" in stage.alert.content
        assert pings(stage) == {"parse": []}


async def test_a_list_is_imported_within_the_limit_of_the_server(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await manager(stage).slash(stage.channel, "settings limit", routes=1)
        form = await stage.ada.slash(stage.channel, "route import")
        rows = "origin,destination,depart,target\nLON,TYO,2027-03-10,420\nLON,PAR,2027-03-10,90"

        said = words(await stage.ada.submit_modal(form, {"rows": rows}))

        assert "Add 1 route?" in said
        assert "you may have 1 more" in said
        assert "Afterwards you watch 1 of 1 routes in this server" in said


async def test_the_limit_that_is_shown_is_the_one_that_is_met_first(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await manager(stage).slash(stage.channel, "settings limit", routes=30)
        await stage.add()

        assert "1 route of 25" in words(await stage.ada.slash(stage.channel, "route list"))
