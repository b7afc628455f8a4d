"""Today and tomorrow are those of the member's time zone, else of the server's."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.bot.forms import standing
from tests.bot.stage import Stage, open_stage, words
from tests.bot.test_edit import edited, opened

PAST_MIDNIGHT = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # 00:30 of the 23rd in Berlin
EVENING = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)  # 20:30 of the 22nd in New York


async def lives_in(stage: Stage, zone: str) -> None:
    await stage.ada.slash(stage.channel, "alerts quiet", timezone=zone)


async def answered(stage: Stage, depart: str) -> str:
    stage.fare("LON-TYO", 450)
    return words(await stage.add(depart=depart, **{"return": None}))


@pytest.mark.parametrize(
    ("depart", "meant"),
    [("today", "Mon 23 November"), ("tomorrow", "Tue 24 November"), ("in 3 weeks", "Mon 14 December")],
)
async def test_words_mean_the_days_of_the_members_zone(tmp_path: Path, depart: str, meant: str) -> None:
    async with open_stage(tmp_path, start=PAST_MIDNIGHT) as stage:
        await lives_in(stage, "Europe/Berlin")

        assert meant in await answered(stage, depart)


async def test_a_day_that_has_passed_there_is_refused(tmp_path: Path) -> None:
    async with open_stage(tmp_path, start=PAST_MIDNIGHT) as stage:
        await lives_in(stage, "Europe/Berlin")

        said = await answered(stage, "2026-11-22")

        assert "is in the past; today is" in said
        assert await stage.routes() == []


async def test_a_day_that_is_not_over_there_is_taken(tmp_path: Path) -> None:
    async with open_stage(tmp_path, start=EVENING) as stage:
        await lives_in(stage, "America/New_York")

        assert "Sun 22 November" in await answered(stage, "today")


async def test_who_named_no_zone_lives_in_that_of_the_server_and_else_by_utc(tmp_path: Path) -> None:
    async with open_stage(tmp_path, start=PAST_MIDNIGHT) as stage:
        assert "Sun 22 November" in await answered(stage, "today")
        await stage.engine.actions.servers.choose_timezone(str(stage.guild.id), "Europe/Berlin")

        assert "Mon 23 November" in await answered(stage, "today")


async def test_the_form_is_written_and_read_by_the_members_day(tmp_path: Path) -> None:
    async with open_stage(tmp_path, start=PAST_MIDNIGHT) as stage:
        stage.fare("LON-TYO", 450)
        await stage.add(depart="22-30 nov", nights="7", **{"return": None})
        (watch,) = await stage.routes()
        await lives_in(stage, "Europe/Berlin")

        assert standing(await opened(stage, watch))["out"] == "23-30 Nov 2026"
        assert "Wed 23 December" in words(await edited(stage, watch, out="in a month", back=""))
        assert "is in the past" in words(await edited(stage, watch, out="22 nov 2026", back=""))
        assert "Mon 23 November" in words(await edited(stage, watch, out="today", back=""))
