"""/privacy and /help: what is stored, handed out, deleted; and the way in."""

import json
from pathlib import Path

from tests.bot.stage import Stage, captions, open_stage, words


async def test_privacy_counts_what_is_stored_and_exports_it(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450, falls_to=374)

        shown = await stage.ada.slash(stage.channel, "privacy")
        assert shown.ephemeral
        assert "Routes: 1 route" in words(shown)
        assert captions(shown) == ["Export as JSON", "Delete everything"]
        assert shown.response
        handed = await stage.ada.click(shown.response, label="Export as JSON")

        assert handed.ephemeral
        assert handed.response
        (file,) = handed.response.attachments
        whole = json.loads(await file.read())
        assert file.filename.endswith(".json")
        assert whole["member"] == str(stage.ada.id)
        assert [watch["owner_id"] for watch in whole["watches"]] == [str(stage.ada.id)]
        assert whole["notifications"]


async def test_deleting_asks_once_more_and_leaves_nothing_to_watch(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450)
        shown = await stage.ada.slash(stage.channel, "privacy")
        assert shown.response
        asked = await stage.ada.click(shown.response, label="Delete everything")
        assert "Delete everything?" in words(asked)
        assert captions(asked) == ["Yes, delete it all", "Keep it"]

        await stage.ada.click(shown.response, label="Yes, delete it all")

        assert await stage.routes() == []
        await _falls_unheard(stage)


async def test_thinking_better_of_it_keeps_all(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450)
        shown = await stage.ada.slash(stage.channel, "privacy")
        assert shown.response
        await stage.ada.click(shown.response, label="Delete everything")
        await stage.ada.click(shown.response, label="Keep it")
        assert len(await stage.routes()) == 1


async def test_help_says_how_to_begin_and_settings_only_to_who_manages(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        said = words(await stage.ada.slash(stage.channel, "help"))
        assert "`/route add`" in said
        assert "/settings" not in said


async def _falls_unheard(stage: Stage) -> None:
    """A fare of nobody's route falls: nobody is told."""
    before = len(stage.channel.history())
    stage.fare("LON-TYO", 100)
    await stage.clock.advance(3600)
    assert await stage.quiet()
    assert len(stage.channel.history()) == before
