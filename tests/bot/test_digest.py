"""/alerts digest: chosen in words, sent once a day by direct message, in place of pings where it gathers."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord.results import InteractionResult

from engine.domain.watch import DestinationKind
from engine.fares.cache import KEPT_S
from tests.bot.stage import Stage, open_stage, words
from tests.bot.test_quiet import at, falls, posts, settled, until

EVENING = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)  # 21:00 in Berlin


async def digest(stage: Stage, **options: Any) -> InteractionResult:
    return await stage.ada.slash(stage.channel, "alerts digest", **options)


def messages(stage: Stage) -> list[discord.Message]:
    """What Ada got by direct message, the newest first."""
    return list(stage.ada_user.dm_channel.history())


async def test_alone_the_command_says_how_to_have_one_and_then_what_holds(tmp_path: Path) -> None:
    async with open_stage(tmp_path, start=EVENING) as stage:
        await stage.watched(450)
        before = await digest(stage)
        await digest(stage, time="8am", timezone="berlin", gather=True)
        after = words(await digest(stage))

        assert before.ephemeral
        assert "No digest" in words(before)
        assert "/alerts digest time:08:00" in words(before)
        assert "A digest every day at 08:00" in after
        assert "Alerts do not ping you one by one; the digest tells them." in after
        assert f"Next one: <t:{int(at(8).timestamp())}:f>" in after
        assert "Time zone: Europe/Berlin" in after


async def test_without_a_time_zone_it_asks_for_one(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        assert "I do not know your time zone yet." in words(await digest(stage, time="8"))


async def test_it_says_what_stands_in_the_way(tmp_path: Path) -> None:
    async with open_stage(tmp_path, start=EVENING) as stage:
        await stage.ada.slash(
            stage.channel, "alerts quiet", **{"from": "22", "to": "9", "timezone": "Europe/Berlin"}
        )
        said = words(await digest(stage, time="8"))

        assert "That is within your quiet hours; it comes all the same." in said
        assert "You watch no routes yet" in said


async def test_a_look_asked_for_says_that_the_digest_tells_what_it_found(tmp_path: Path) -> None:
    async with open_stage(tmp_path, start=EVENING) as stage:
        await digest(stage, time="8am", timezone="berlin", gather=True)
        watch = await stage.watched(450)
        await stage.clock.advance(KEPT_S)
        stage.fare("LON-TYO", 400)

        said = words(await stage.ada.slash(stage.channel, "route check", route=watch))

        assert "That is news: your next digest tells it." in said


async def test_a_look_says_so_too_of_what_an_earlier_one_found(tmp_path: Path) -> None:
    async with open_stage(tmp_path, start=EVENING) as stage:
        await digest(stage, time="8am", timezone="berlin", gather=True)
        watch = await stage.watched(450)
        await stage.look("LON-TYO", 400)

        said = words(await stage.ada.slash(stage.channel, "route check", route=watch))

        assert "**It is at or under your €420.** Your next digest tells it." in said


async def test_it_comes_in_the_morning_with_every_route_on_a_line(tmp_path: Path) -> None:
    async with open_stage(tmp_path, start=EVENING) as stage:
        await stage.watched(450)
        stage.fare("BER-LIS", 140)
        there: dict[str, Any] = {
            "origin": "BER",
            "destination": "LIS",
            "depart": "2027-05-01",
            "return": "2027-05-08",
        }
        await stage.add(target="90", **there)
        await digest(stage, time="8", timezone="Europe/Berlin")
        await falls(stage, 430, at(5))
        await until(stage, at(8))
        stage.engine._loops.digests.wake()
        await stage.delivered(DestinationKind.DM)

        (message,) = messages(stage)
        assert message.content == "Your fares today: none is at its target"
        assert message.embeds[0].title == "Your fares on Mon 23 November"
        said = (message.embeds[0].description or "").replace("\N{NO-BREAK SPACE}", " ")
        assert said == (
            "No alert; one fare moved.\n\n"
            "- **London → Tokyo** 10\N{EN DASH}24 Mar · **€430** ↓ €20 · 2 % over €420\n"
            "- **Berlin → Lisbon** 1\N{EN DASH}8 May · **€140** · 56 % over €90"
        )
        await until(stage, at(12))
        await settled(stage)
        assert len(messages(stage)) == 1


async def test_in_place_of_pings_it_tells_what_alerted(tmp_path: Path) -> None:
    async with open_stage(tmp_path, start=EVENING) as stage:
        await stage.watched(450)
        await digest(stage, time="8", timezone="Europe/Berlin", gather=True)
        await falls(stage, 374, at(5))
        assert posts(stage) == []
        await until(stage, at(8))
        stage.engine._loops.digests.wake()
        await stage.delivered(DestinationKind.DM)

        (message,) = messages(stage)
        assert message.content == "At your target today: London → Tokyo €374"
        assert "🔔 **One alert** since the last digest." in words(message)
        said = words(message).replace("\N{NO-BREAK SPACE}", " ")
        assert "🔔 **London → Tokyo** 10\N{EN DASH}24 Mar · **€374** ↓ €76 · **11 % under €420**" in said


async def test_ended_it_comes_no_more_and_what_it_would_have_told_is_told(tmp_path: Path) -> None:
    async with open_stage(tmp_path, start=EVENING) as stage:
        await stage.watched(450)
        await digest(stage, time="8", timezone="Europe/Berlin", gather=True)
        await falls(stage, 374, at(5))
        said = words(await digest(stage, off=True))
        await stage.delivered()
        await until(stage, at(9))
        await settled(stage)

        assert "No digest any more" in said
        assert len(posts(stage)) == 1
        assert "No digest" in words(await digest(stage))


async def test_closed_direct_messages_are_said_and_tried_again_when_it_is_chosen(tmp_path: Path) -> None:
    async with open_stage(tmp_path, start=EVENING) as stage:
        await stage.watched(450)
        await digest(stage, time="8", timezone="Europe/Berlin")
        stage.env.inject_error("POST", "/users/@me/channels", status=403, code=50007)
        await until(stage, at(8))
        stage.engine._loops.digests.wake()
        await stage.delivered(DestinationKind.DM)
        await settled(stage)

        assert "I cannot reach you there now: direct messages from me are closed." in words(
            await digest(stage)
        )
        assert "I cannot reach you" not in words(await digest(stage, time="9"))


@pytest.mark.parametrize("time", ["8 bells", "26:00"])
async def test_a_time_that_is_none_is_refused_with_one_that_is(tmp_path: Path, time: str) -> None:
    async with open_stage(tmp_path) as stage:
        assert "Write it like 22:00 or 10pm." in words(
            await digest(stage, time=time, timezone="Europe/Berlin")
        )
