"""/settings setup: one message, pick by pick, as often as one likes."""

from pathlib import Path

from tests.bot.crew import chosen, demote, elsewhere, manager, open_to_everybody
from tests.bot.stage import captions, open_stage, words


async def test_it_begins_with_what_the_bot_may_do_and_what_holds_now(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        result = await manager(stage).slash(stage.channel, "settings setup")

        said = words(result)
        assert result.ephemeral
        assert f"✅ I may post in <#{stage.channel.id}>." in said
        assert "Currency: EUR, since nobody chose" in said
        assert captions(result)[-3:] == ["Currency, time zone, limit", "Do not ping owners", "Done"]


async def test_it_names_the_permissions_that_are_missing_here(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.close_channel()

        said = words(await manager(stage).slash(stage.channel, "settings setup"))

        assert "I need **Send Messages** and **Embed Links**" in said


async def test_each_pick_is_saved_at_once_and_shown(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        alerts, office = (stage.guild.create_text_channel(name) for name in ("alerts", "office"))
        flyers = stage.guild.create_role("Flyers")
        result = await mia.slash(stage.channel, "settings setup")
        assert result.response

        for menu, picked in (
            ("setup-channel", alerts),
            ("setup-watchers", flyers),
            ("setup-role", flyers),
            ("setup-admin", office),
        ):
            await mia.select(result.response, [picked], custom_id=f"pick1:{menu}")
        await mia.click(result.response, label="Do not ping owners")

        server = await chosen(stage)
        assert (server.channel_id, server.admin_channel_id) == (str(alerts.id), str(office.id))
        assert (server.watchers, server.ping_role_id) == ((str(flyers.id),), str(flyers.id))
        assert not server.pings_owners
        assert f"Alerts: <#{alerts.id}>" in words(result)
        assert "Ping owners" in captions(result)


async def test_a_menu_left_empty_takes_the_choice_back(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        await mia.slash(stage.channel, "settings channel", channel=stage.channel)
        result = await mia.slash(stage.channel, "settings setup")
        assert result.response

        await mia.select(result.response, [], custom_id="pick1:setup-channel")

        assert (await chosen(stage)).channel_id is None


async def test_a_channel_that_is_closed_to_the_bot_is_not_saved_and_the_message_says_why(
    tmp_path: Path,
) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        stage.close_channel()
        result = await mia.slash(stage.channel, "settings setup")
        assert result.response

        await mia.select(result.response, [stage.channel], custom_id="pick1:setup-channel")

        assert "I may not post alerts in #fares" in words(result)
        assert (await chosen(stage)).channel_id is None


async def test_the_form_has_what_holds_and_keeps_all_three_or_none(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        result = await mia.slash(stage.channel, "settings setup")
        assert result.response
        form = await mia.click(result.response, label="Currency, time zone, limit")
        await mia.submit_modal(form, {"currency": "gbp", "timezone": "berlin", "most": "5"})
        server = await chosen(stage)
        assert (server.currency, server.timezone, server.most_routes) == ("GBP", "Europe/Berlin", 5)
        assert "At most 5" in words(result)

        form = await mia.click(result.response, label="Currency, time zone, limit")
        answer = await mia.submit_modal(form, {"currency": "SEK", "timezone": "atlantis", "most": ""})

        assert "I know no time zone" in words(answer.followups[0])
        assert await chosen(stage) == server


async def test_it_works_on_after_a_restart_and_ends_with_how_to_begin(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        result = await mia.slash(stage.channel, "settings setup")
        assert result.response
        await stage.restart_bot()

        await mia.select(result.response, [stage.channel], custom_id="pick1:setup-channel")
        await mia.click(result.response, label="Done")

        assert "This server is set up" in words(result)
        assert captions(result) == []
        assert (await chosen(stage)).channel_id == str(stage.channel.id)


async def test_who_lost_the_right_to_manage_changes_nothing_by_an_old_message(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        result = await mia.slash(stage.channel, "settings setup")
        assert result.response
        demote(stage, mia)

        picked = await mia.select(result.response, [stage.channel], custom_id="pick1:setup-channel")
        pressed = await mia.click(result.response, label="Currency, time zone, limit")

        assert "Only members who may manage this server" in words(picked.followups[0])
        assert "Only members who may manage this server" in words(pressed)
        assert (await chosen(stage)).channel_id is None


async def test_it_is_not_for_members_and_not_about_another_server(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await open_to_everybody(stage, "settings")
        refused = words(await stage.ben.slash(stage.channel, "settings setup"))
        assert "Only members who may manage this server can do that." in refused

        zoe, there = elsewhere(stage)
        result = await zoe.slash(there, "settings setup")
        assert result.response
        await zoe.select(result.response, [there], custom_id="pick1:setup-channel")

        assert (await chosen(stage)).channel_id is None
