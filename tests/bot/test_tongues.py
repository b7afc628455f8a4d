"""Members are answered in the language of their Discord, public posts come in that of their server."""

import asyncio
from pathlib import Path

import discord
from msgspec import structs

from bot.commands.groups import groups
from bot.tongue import Tongues, read_tongues
from bot.translator import Translator
from tests.bot.stage import Stage, captions, open_stage, words

CATALOGUES = Path(__file__).parents[1] / "fixtures/catalogues"


def all_speak_german(stage: Stage) -> None:
    """Everybody's Discord in the simulation says `en-US`: that is German here."""
    german = stage.bot.desk.tongues.of("de")
    stage.bot.desk = structs.replace(stage.bot.desk, tongues=Tongues({"en": german}))


async def test_a_command_is_answered_in_the_language_of_its_member(tmp_path: Path) -> None:
    async with open_stage(tmp_path, catalogues=CATALOGUES) as stage:
        assert "What I do" in words(await stage.ada.slash(stage.channel, "help"))
        all_speak_german(stage)
        assert "Was ich tue" in words(await stage.ada.slash(stage.channel, "help"))


async def test_a_fault_is_read_in_the_language_of_its_member(tmp_path: Path) -> None:
    async with open_stage(tmp_path, catalogues=CATALOGUES) as stage:
        assert "10 Mar 2020 is in the past" in words(await stage.add(depart="2020-03-10"))
        all_speak_german(stage)
        answer = words(await stage.add(depart="2020-03-10"))
        assert "Der 10 März 2020 ist vorbei; heute ist der" in answer


async def test_the_language_of_a_member_is_kept_for_direct_messages(tmp_path: Path) -> None:
    async with open_stage(tmp_path, catalogues=CATALOGUES) as stage:
        await stage.ada.slash(stage.channel, "help")
        async with stage.engine.store.transaction() as tx:
            assert (await tx.members.of(str(stage.ada.id))).locale == "en-US"


async def test_a_public_post_is_in_the_language_of_its_server(tmp_path: Path) -> None:
    async with open_stage(tmp_path, catalogues=CATALOGUES) as stage:
        await stage.watched(450)
        guild = stage.bot.get_guild(stage.guild.id)
        assert guild
        guild.preferred_locale = discord.Locale.german
        await stage.look("LON-TYO", 374)
        await stage.delivered()
        assert "Verlauf" in captions(stage.alert)
        assert "374 €" in stage.alert.content


async def test_descriptions_are_registered_in_every_language_and_names_stay() -> None:
    tree: discord.app_commands.CommandTree[discord.Client] = discord.app_commands.CommandTree(
        discord.Client(intents=discord.Intents.none())
    )
    await tree.set_translator(Translator(await asyncio.to_thread(read_tongues, CATALOGUES)))
    command = next(one for one in groups() if one.name == "help")
    payload = await command.get_translated_payload(tree, tree.translator)  # type: ignore[arg-type]
    assert payload["description_localizations"]["de"] == "Was ich für dich tun kann, und wie es losgeht"
    assert not payload.get("name_localizations")
