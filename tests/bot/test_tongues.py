"""Members are answered in the language of their Discord, public posts come in that of their server."""

import asyncio
from pathlib import Path

import discord
from msgspec import structs

from bot.commands.groups import groups
from bot.languages import read_tongues
from bot.translator import Translator
from engine.domain.botnotice import about_a_server
from engine.domain.news import SheetTrouble
from engine.domain.watch import Destination, DestinationKind
from engine.tongue import Tongues
from tests.bot.crew import manager
from tests.bot.stage import Stage, captions, open_stage, words


def all_speak_german(stage: Stage) -> None:
    """Everybody's Discord in the simulation says `en-US`: that is German here."""
    german = stage.bot.desk.tongues.of("de")
    stage.bot.desk = structs.replace(stage.bot.desk, tongues=Tongues({"en": german}))


async def test_a_command_is_answered_in_the_language_of_its_member(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        assert "What I do" in words(await stage.ada.slash(stage.channel, "help"))
        all_speak_german(stage)
        assert "Was ich tue" in words(await stage.ada.slash(stage.channel, "help"))


async def test_a_fault_is_read_in_the_language_of_its_member(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        assert "10 Mar 2020 is in the past" in words(await stage.add(depart="2020-03-10"))
        all_speak_german(stage)
        answer = words(await stage.add(depart="2020-03-10"))
        assert "Der 10. März 2020 ist vorbei; heute ist der" in answer


async def test_the_language_of_a_member_is_kept_for_direct_messages(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.ada.slash(stage.channel, "help")
        async with stage.engine.store.transaction() as tx:
            assert (await tx.members.of(str(stage.ada.id))).locale == "en-US"


async def test_a_public_post_is_in_the_language_of_its_server(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450)
        guild = stage.bot.get_guild(stage.guild.id)
        assert guild
        guild.preferred_locale = discord.Locale.german
        await stage.look("LON-TYO", 374)
        await stage.delivered()
        assert "Verlauf" in captions(stage.alert)
        assert "374\N{NO-BREAK SPACE}€" in stage.alert.content


async def test_who_manages_a_server_chooses_the_language_of_its_posts(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        assert "Pick one" in words(await mia.slash(stage.channel, "settings language", language="klingon"))
        said = words(await mia.slash(stage.channel, "settings language", language="deutsch"))
        assert "in Deutsch" in said
        await stage.watched(450, falls_to=374)
        assert "unter deinen 420\N{NO-BREAK SPACE}€" in str(stage.alert.embeds[0].title)


async def test_languages_are_offered_by_their_own_names(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        offered = await mia.autocomplete(stage.channel, "settings language", "language", "")
        assert {choice["name"]: choice["value"] for choice in offered} == {"English": "en", "Deutsch": "de"}


async def test_news_for_who_runs_a_server_is_in_its_language(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        await mia.slash(stage.channel, "settings language", language="de")
        place = Destination(DestinationKind.CHANNEL, str(stage.channel.id))
        notice = about_a_server(str(stage.guild.id), place, SheetTrouble(), stage.clock.now())
        assert (await stage.bot.desk.readers.tongue_of(notice)).locale == "de"


async def test_cities_are_read_and_typed_by_the_names_of_the_readers_language(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        all_speak_german(stage)
        said = words(await stage.add(origin="München, Köln", destination="wien"))
        assert "Beobachte Köln oder München → Wien" in said
        for typed in ("münch", "Muench"):
            offered = await stage.ada.autocomplete(stage.channel, "route add", "origin", typed)
            assert offered[0]["name"] == "München · MUC · Deutschland"
        areas = await stage.ada.autocomplete(stage.channel, "route add", "destination", "Mailand")
        assert areas[0]["name"] == "Mailand, alle Flughäfen · MIL · Italien"


async def test_a_time_zone_is_found_by_a_citys_name_in_the_readers_language(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        all_speak_german(stage)
        said = words(await stage.ada.slash(stage.channel, "alerts digest", time="8 Uhr", timezone="Wien"))
        assert "Europe/Vienna" in said
        offered = await stage.ada.autocomplete(stage.channel, "alerts digest", "timezone", "Wie")
        assert offered[0]["value"] == "Europe/Vienna"
        assert "· Österreich · jetzt " in offered[0]["name"]
        by_country = await stage.ada.autocomplete(stage.channel, "alerts digest", "timezone", "österreich")
        assert by_country[0]["value"] == "Europe/Vienna"


async def test_a_direct_message_is_in_the_language_of_its_member(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450, where="dm")
        async with stage.engine.store.transaction() as tx:
            member = await tx.members.of(str(stage.ada.id))
            await tx.members.save(structs.replace(member, locale="de"))
        await stage.look("LON-TYO", 374)
        await stage.delivered(DestinationKind.DM)
        told = stage.ada_user.dm_channel.last_message
        assert told
        assert "unter deinen 420\N{NO-BREAK SPACE}€" in str(told.embeds[0].title)


async def test_descriptions_are_registered_in_every_language_and_names_stay() -> None:
    tree: discord.app_commands.CommandTree[discord.Client] = discord.app_commands.CommandTree(
        discord.Client(intents=discord.Intents.none())
    )
    await tree.set_translator(Translator(await asyncio.to_thread(read_tongues)))
    command = next(one for one in groups() if one.name == "help")
    payload = await command.get_translated_payload(tree, tree.translator)  # type: ignore[arg-type]
    assert payload["description_localizations"]["de"] == "Was ich für dich tun kann, und wie es losgeht"
    assert not payload.get("name_localizations")


async def test_a_route_is_found_by_the_english_names_of_its_cities_as_well(tmp_path: Path) -> None:
    """A post in an English server names them so."""
    async with open_stage(tmp_path) as stage:
        all_speak_german(stage)
        await stage.watched(450)
        for typed in ("Tokio", "Tokyo", "TYO"):
            said = words(await stage.ada.slash(stage.channel, "route show", route=typed))
            assert "London → Tokio" in said, typed
            assert await stage.ada.autocomplete(stage.channel, "route show", "route", typed), typed
