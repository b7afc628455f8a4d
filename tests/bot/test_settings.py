"""/settings: who may, what is kept, and what is said of it."""

from pathlib import Path
from typing import Any

import pytest

from tests.bot.crew import chosen, elsewhere, manager, open_to_everybody
from tests.bot.stage import open_stage, words


async def test_a_server_that_chose_nothing_reads_what_holds_instead(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        said = words(await manager(stage).slash(stage.channel, "settings show"))

        assert "Alerts: Where each route was added" in said
        assert "Currency: EUR, since nobody chose" in said
        assert "Time zone: UTC, since nobody chose" in said


async def test_what_a_manager_chooses_is_kept_and_shown(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)

        await mia.slash(stage.channel, "settings channel", channel=stage.channel)
        await mia.slash(stage.channel, "settings currency", currency="gbp")
        result = await mia.slash(stage.channel, "settings timezone", zone="berlin")

        said = words(result)
        assert result.ephemeral
        assert "Saved: times for everybody here are told in Europe/Berlin." in said
        assert f"Alerts: <#{stage.channel.id}>" in said
        assert "Currency: GBP" in said
        server = await chosen(stage)
        assert (server.channel_id, server.currency, server.timezone) == (
            str(stage.channel.id),
            "GBP",
            "Europe/Berlin",
        )


async def test_an_option_left_out_takes_a_choice_back(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        await mia.slash(stage.channel, "settings currency", currency="GBP")

        said = words(await mia.slash(stage.channel, "settings currency"))

        assert "Saved: new routes count in EUR" in said
        assert (await chosen(stage)).currency is None


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("show", {}),
        ("channel", {"channel": True}),
        ("currency", {"currency": "GBP"}),
        ("timezone", {"zone": "UTC"}),
    ],
)
async def test_who_may_not_manage_the_server_changes_and_reads_nothing(
    tmp_path: Path, command: str, options: dict[str, Any]
) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        await mia.slash(stage.channel, "settings currency", currency="SEK")
        await open_to_everybody(stage, "settings")
        given = {name: stage.channel if value is True else value for name, value in options.items()}

        said = words(await stage.ben.slash(stage.channel, f"settings {command}", **given))

        assert "Only members who may manage this server can do that." in said
        assert "SEK" not in said
        server = await chosen(stage)
        assert (server.channel_id, server.currency, server.timezone) == (None, "SEK", None)


async def test_a_channel_closed_to_the_bot_is_refused_with_what_is_missing(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.close_channel()

        said = words(await manager(stage).slash(stage.channel, "settings channel", channel=stage.channel))

        assert "I may not post alerts in #fares: I need Send Messages and Embed Links." in said
        assert (await chosen(stage)).channel_id is None


async def test_settings_of_one_server_are_not_those_of_another(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await manager(stage).slash(stage.channel, "settings currency", currency="GBP")
        zoe, there = elsewhere(stage)

        said = words(await zoe.slash(there, "settings show"))

        assert "Currency: EUR, since nobody chose" in said


async def test_zones_are_offered_by_city_country_and_abbreviation(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)

        async def offered(typed: str) -> list[str]:
            choices = await mia.autocomplete(stage.channel, "settings timezone", "zone", typed)
            return [choice["name"] for choice in choices]

        assert (await offered("berl"))[0].startswith("Europe/Berlin · Germany · now ")
        assert "America/New York · United States" in (await offered("new york"))[0]
        assert any(name.startswith("Asia/Kolkata") for name in await offered("india"))
        assert any(name.startswith("Asia/Tokyo") for name in await offered("jst"))
        assert (await offered(""))[0].startswith("UTC")
