"""/alerts quiet: chosen in words, kept, and what then becomes of a fare that falls at night."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import discord
import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from engine.domain.watch import DestinationKind, Owner, OwnerKind
from engine.store.notifications import NotificationStatus
from tests.bot.stage import PATIENCE_S, Stage, open_stage, words
from tests.bot.test_sms import linked, texting_stage
from tests.support.clock import settle

EVENING = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)  # 21:00 in Berlin
BERLIN = ZoneInfo("Europe/Berlin")


def at(hour: int, minute: int = 0) -> datetime:
    """A Berlin time of that night, or of the evening before it from 18 on."""
    return datetime(2026, 11, 22 if hour >= 18 else 23, hour, minute, tzinfo=BERLIN)


async def quiet(stage: Stage, actor: MemberActor | None = None, /, **options: Any) -> InteractionResult:
    return await (actor or stage.ada).slash(stage.channel, "alerts quiet", **options)


async def night(stage: Stage, actor: MemberActor | None = None) -> InteractionResult:
    return await quiet(stage, actor, **{"from": "22:00", "to": "7am", "timezone": "Europe/Berlin"})


async def until(stage: Stage, moment: datetime) -> None:
    """Let the time pass."""
    await stage.clock.advance((moment - stage.clock.now()).total_seconds())
    stage.engine._loops.relay.wake()  # it may have fallen asleep again before the hand moved on


async def falls(stage: Stage, fare: int, moment: datetime) -> None:
    """The fare is another one, and a look at that time sees it."""
    await until(stage, moment)
    await stage.look("LON-TYO", fare)


async def settled(stage: Stage) -> None:
    """Wait until nothing waits any more: told or dropped."""
    async with asyncio.timeout(PATIENCE_S):
        while not await stage.quiet():
            await settle()


def posts(stage: Stage) -> list[discord.Message]:
    return [message for message in stage.channel.history() if message.embeds]


async def statuses(stage: Stage) -> list[NotificationStatus]:
    owner = Owner(OwnerKind.MEMBER, str(stage.ada.id))
    return [row.status for row in (await stage.engine.actions.alerts.recent(owner)).rows]


# Asking.


async def test_a_look_in_quiet_hours_says_until_when_its_alert_waits(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await night(stage)
        watch = await stage.watched(450)
        await until(stage, at(23))
        stage.fare("LON-TYO", 400)

        said = words(await stage.ada.slash(stage.channel, "route check", route=watch))

        end = int(at(7).timestamp())
        assert f"That is news: the alert waits for the end of your quiet hours, <t:{end}:R>." in said


async def test_a_look_says_so_too_of_an_alert_that_an_earlier_one_made(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await night(stage)
        watch = await stage.watched(450)
        await falls(stage, 400, at(23))

        said = words(await stage.ada.slash(stage.channel, "route check", route=watch))

        end = int(at(7).timestamp())
        assert f"The alert waits for the end of your quiet hours, <t:{end}:R>." in said
        assert "you know of it already" not in said


# Choosing.


async def test_without_a_time_zone_it_asks_for_one(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        result = await quiet(stage, **{"from": "22", "to": "7"})

        assert result.ephemeral
        assert "I do not know your time zone yet." in words(result)
        assert "like Berlin" in words(result)


async def test_free_times_and_a_city_are_understood_and_the_zone_is_remembered(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        first = await quiet(stage, **{"from": "10pm", "to": "7", "timezone": "munich"})
        later = await quiet(stage, to="8:30")

        assert "Quiet from 22:00 to 07:00" in words(first)
        assert "In these hours (Europe/Berlin) nothing pings or texts you." in words(first)
        assert "Quiet from 22:00 to 08:30" in words(later)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"from": "22"}, "Give both ends"),
        ({"from": "22", "to": "22:00"}, "begins and ends at the same time"),
        ({"from": "25", "to": "7"}, 'I cannot read "25" as a time. Write it like 22:00 or 10pm.'),
        ({"from": "22", "to": "7", "timezone": "mars"}, 'I know no time zone "mars".'),
        ({"from": "22", "to": "7", "timezone": "ist"}, "Do you mean Asia/Kolkata,"),
    ],
)
async def test_what_cannot_be_meant_is_refused_with_what_would_do(
    tmp_path: Path, options: dict[str, str], said: str
) -> None:
    async with open_stage(tmp_path) as stage:
        result = await quiet(stage, **{"timezone": "Europe/Berlin", **options})

        assert said in words(result)
        assert "No quiet hours" in words(await quiet(stage))


async def test_alone_the_command_shows_what_holds(tmp_path: Path) -> None:
    async with open_stage(tmp_path, start=at(23)) as stage:
        before = words(await quiet(stage))
        await night(stage)
        after = words(await quiet(stage))

        assert "Alerts reach you at any hour." in before
        assert "/alerts quiet from:22:00 to:07:00" in before
        assert f"It is quiet now; it ends <t:{int(at(7).timestamp())}:R>." in after


async def test_time_zones_are_offered_while_typing(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        choices = await stage.ada.autocomplete(stage.channel, "alerts quiet", "timezone", "berl")

        assert choices[0]["value"] == "Europe/Berlin"
        assert choices[0]["name"].startswith("Europe/Berlin · Germany · now ")


# What becomes of a fare that falls at night.


@asynccontextmanager
async def evening(folder: Path, **changes: Any) -> AsyncIterator[Stage]:
    """Ada watches a route in the channel and sleeps from 22 to 7."""
    async with open_stage(folder, start=EVENING, **changes) as stage:
        await stage.watched(450)
        await night(stage)
        yield stage


async def test_a_fare_that_falls_at_night_and_stands_is_posted_once_in_the_morning(tmp_path: Path) -> None:
    async with evening(tmp_path) as stage:
        await falls(stage, 374, at(2))
        waits = words(await stage.ada.slash(stage.channel, "alerts recent"))
        shown = words(await quiet(stage))
        await until(stage, at(6, 59))
        assert posts(stage) == []

        stage.fare("LON-TYO", 371)
        await until(stage, at(7))
        await stage.delivered()

        (post,) = posts(stage)
        assert post.content == f"<@{stage.ada.id}> London → Tokyo €371"
        assert post.embeds[0].title == "London → Tokyo €371, under your €420"
        assert f"Waits for the end of your quiet hours, <t:{int(at(7).timestamp())}:R>" in waits
        assert "An alert of one route waits until then." in shown
        await until(stage, at(9))
        await settled(stage)
        assert len(posts(stage)) == 1


async def test_a_fare_that_recovered_by_the_morning_is_never_heard_of(tmp_path: Path) -> None:
    async with evening(tmp_path) as stage:
        await falls(stage, 374, at(2))
        await falls(stage, 450, at(4))
        await until(stage, at(7))
        await settled(stage)

        assert posts(stage) == []
        said = words(await stage.ada.slash(stage.channel, "alerts recent"))
        assert "Not told: no longer true at the end of quiet hours" in said


async def test_another_member_in_the_same_channel_is_pinged_at_once(tmp_path: Path) -> None:
    async with evening(tmp_path) as stage:
        await stage.add(stage.ben, target="400")
        await falls(stage, 374, at(2))
        await stage.delivered()
        (night_post,) = posts(stage)

        await until(stage, at(7))
        await stage.delivered()

        assert night_post.content == f"<@{stage.ben.id}> London → Tokyo €374"
        assert stage.alert.content == f"<@{stage.ada.id}> London → Tokyo €374"
        assert len(posts(stage)) == 2


async def test_a_direct_message_waits_too(tmp_path: Path) -> None:
    async with open_stage(tmp_path, start=EVENING) as stage:
        await stage.watched(450, where="dm")
        await night(stage)
        await falls(stage, 374, at(2))
        assert stage.heard[DestinationKind.DM].carried == []

        await until(stage, at(7))
        await stage.delivered(DestinationKind.DM)
        (message,) = stage.ada_user.dm_channel.history()
        assert "€374" in words(message)


async def test_what_waits_is_told_after_a_restart(tmp_path: Path) -> None:
    async with evening(tmp_path) as stage:
        await falls(stage, 374, at(2))
        await stage.restart_bot()
        await until(stage, at(7))
        await settled(stage)

        (post,) = posts(stage)
        assert post.embeds[0].title == "London → Tokyo €374, under your €420"


async def test_ending_quiet_hours_at_night_tells_what_waited(tmp_path: Path) -> None:
    async with evening(tmp_path) as stage:
        await falls(stage, 374, at(2))
        result = await quiet(stage, off=True)
        await stage.delivered()

        assert "An alert waited for the morning: I look at its route now" in words(result)
        assert len(posts(stage)) == 1
        assert "No quiet hours" in words(await quiet(stage))


async def test_other_quiet_hours_put_off_what_waits_for_whoever_chose_them(tmp_path: Path) -> None:
    async with evening(tmp_path) as stage:
        await stage.add(stage.ben, target="400")
        await night(stage, stage.ben)
        await falls(stage, 374, at(2))
        await quiet(stage, to="9")

        await until(stage, at(7))
        await stage.delivered()
        (bens,) = posts(stage)
        await until(stage, at(9))
        await stage.delivered()

        assert bens.content == f"<@{stage.ben.id}> London → Tokyo €374"
        assert stage.alert.content == f"<@{stage.ada.id}> London → Tokyo €374"


async def test_the_operators_phone_is_not_concerned(tmp_path: Path) -> None:
    async with texting_stage(tmp_path, start=EVENING) as stage:
        await stage.watched(450)
        await night(stage)
        await falls(stage, 374, at(2))

        async with asyncio.timeout(PATIENCE_S):
            await stage.world.twilio.until(lambda world: len(world.messages) >= 1)
        assert posts(stage) == []
        await until(stage, at(7))
        await stage.delivered()
        assert len(stage.world.twilio.messages) == 1


# Texts.


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({}, "I do not know your time zone, so they come at any hour: `/alerts quiet` changes that."),
        (
            {"timezone": "Berlin"},
            "From 21:00 to 08:00 (Europe/Berlin) they wait: `/alerts quiet` changes that.",
        ),
    ],
)
async def test_who_links_a_phone_reads_at_which_hours_texts_come(
    tmp_path: Path, chosen: dict[str, str], said: str
) -> None:
    async with texting_stage(tmp_path) as stage:
        if chosen:
            await quiet(stage, None, **chosen)
        assert said in words(await linked(stage))


async def test_texts_wait_at_night_where_the_time_zone_is_known_although_nothing_was_chosen(
    tmp_path: Path,
) -> None:
    async with texting_stage(tmp_path, to_number=None, start=EVENING) as stage:
        await linked(stage)
        await stage.watched(450)
        said = words(await quiet(stage, timezone="Berlin"))
        await falls(stage, 374, at(2))
        await stage.delivered()
        assert stage.world.twilio.messages == []

        await until(stage, at(8))
        async with asyncio.timeout(PATIENCE_S):
            await stage.world.twilio.until(lambda world: len(world.messages) >= 1)
        assert "Texts wait from 21:00 to 08:00 (Europe/Berlin) until you choose other hours, or off." in said
        assert len(posts(stage)) == 1


async def test_a_text_of_the_night_that_is_over_is_not_sent_and_arms_nothing(tmp_path: Path) -> None:
    async with texting_stage(tmp_path, to_number=None, start=EVENING) as stage:
        await linked(stage)
        await stage.watched(450)
        await quiet(stage, timezone="Berlin")
        await falls(stage, 374, at(2))
        await stage.delivered()
        await falls(stage, 450, at(5))
        await stage.delivered()
        await until(stage, at(8))
        await settled(stage)

        assert stage.world.twilio.messages == []
        assert await statuses(stage) == [
            NotificationStatus.DROPPED,
            NotificationStatus.DELIVERED,
        ]


async def test_who_ended_quiet_hours_is_texted_at_night(tmp_path: Path) -> None:
    async with texting_stage(tmp_path, to_number=None, start=EVENING) as stage:
        await linked(stage)
        await stage.watched(450)
        await quiet(stage, timezone="Berlin")
        await quiet(stage, off=True)
        await falls(stage, 374, at(2))

        async with asyncio.timeout(PATIENCE_S):
            await stage.world.twilio.until(lambda world: len(world.messages) >= 1)
