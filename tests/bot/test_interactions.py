"""Interactions that go wrong: too late, on a broken database, from an older version."""

import sqlite3
from pathlib import Path

import structlog

from tests.bot.stage import open_stage, words


async def test_a_command_that_came_too_late_changes_nothing_and_is_only_noted(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.env.inject_error("POST", "/interactions/*/*/callback", status=404, code=10062)

        with structlog.testing.capture_logs() as logs:
            await stage.add()

        assert [line["event"] for line in logs] == ["interaction came too late"]
        assert await stage.routes() == []


async def test_what_was_done_stays_when_the_reply_cannot_be_shown(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.env.inject_error("PATCH", "/webhooks/*/*/messages/@original", status=500)

        await stage.add()

        assert len(await stage.routes()) == 1


async def test_a_fault_of_ours_is_logged_once_under_the_number_that_the_member_is_told(
    tmp_path: Path,
) -> None:
    async with open_stage(tmp_path) as stage:
        with sqlite3.connect(tmp_path / "fares.db") as database:
            database.execute("ALTER TABLE watches RENAME TO gone")

        with structlog.testing.capture_logs() as logs:
            said = words(await stage.ada.slash(stage.channel, "route list"))

        (line,) = [line for line in logs if line["event"] == "interaction failed"]
        assert line["error_id"] in said
        assert "watches" not in said
        assert "went wrong on my side" in said


async def test_a_button_of_an_older_version_is_answered_in_words(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450, falls_to=374)
        stage.bot.presses = {}

        result = await stage.ada.click(stage.alert, label="Pause")

        assert result.ephemeral
        assert "older version" in words(result)


async def test_every_command_is_acknowledged_before_anything_else_is_done(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched()
        for command in ("list", "show", "check", "pause", "resume", "remove"):
            options = {} if command == "list" else {"route": watch}
            await stage.ada.slash(stage.channel, f"route {command}", **options)

        callbacks = [r.json for r in stage.env.http_requests if r.path.endswith("/callback")]
        assert callbacks == [{"type": 5, "data": {"flags": 64}}] * 7


async def test_two_members_pressing_at_once_change_their_own_watches_only(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-TYO", 450)
        await stage.add(stage.ada)
        await stage.add(stage.ben)
        await stage.look("LON-TYO", 374)
        await stage.delivered()

        await stage.ada.click(stage.alert, label="Pause")
        await stage.ada.click(stage.alert, label="Pause")

        assert "Paused" in words(await stage.ada.slash(stage.channel, "route list"))
        assert "Paused" not in words(await stage.ben.slash(stage.channel, "route list"))
