"""/alerts test: a dry run through every way, with its time or its fault."""

import asyncio
from pathlib import Path

from engine.domain.watch import DestinationKind
from tests.bot.stage import Stage, open_stage, words
from tests.bot.test_sms import PHONE, linked, texting_stage

PAUSED = "I may not write in the channel"


async def tried(stage: Stage) -> str:
    return words(await stage.ada.slash(stage.channel, "alerts test"))


async def test_every_way_gets_a_message_that_says_what_it_is(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        deals = stage.guild.create_text_channel("deals")
        await stage.watched(450)
        await stage.add(channel=deals, destination="PAR", target="90")

        said = await tried(stage)

        assert "Everything works: your alerts reach you" in said
        assert said.count("arrived after 0.0 s") == 3
        for place in (stage.channel, deals):
            assert place.last_message
            assert place.last_message.content == f"<@{stage.ada.id}> This is a dry run, no fare has fallen."
            assert "There is nothing you need to do." in words(place.last_message)
        direct = stage.ada_user.dm_channel.last_message
        assert direct
        assert direct.content == "This is a dry run, no fare has fallen."


async def test_it_pings_only_who_tried_it_and_changes_no_watch(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450, falls_to=374)
        async with stage.engine.store.transaction() as tx:
            (before,) = await tx.watches.of_owner(stage.owner)

        await tried(stage)
        await stage.delivered()
        sent = [
            request.json
            for request in stage.env.http_requests
            if request.json and request.path == f"/channels/{stage.channel.id}/messages"
        ]
        await stage.look("LON-TYO", 366)
        await stage.delivered()

        async with stage.engine.store.transaction() as tx:
            (after,) = await tx.watches.of_owner(stage.owner)
        assert sent[-1]["allowed_mentions"] == {"parse": [], "users": [stage.ada.id]}
        assert before.watch == after.watch
        posts = [post.embeds[0].title for post in stage.channel.history() if not post.interaction_metadata]
        assert posts == [
            "London → Tokyo now €366, under your €420",
            "A dry run: your alerts come like this",
        ]
        assert "dry run" not in words(await stage.ada.slash(stage.channel, "alerts recent"))


async def test_a_place_that_refuses_is_named_with_its_reason(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450)
        stage.close_channel()

        said = await tried(stage)

        assert "One way does not work" in said
        assert f"⚠️ **Here**: {PAUSED}" in said
        assert "✅ **By direct message**: arrived" in said
        assert await stage.until_paused() == [f"channel:{stage.channel.id}"]


async def test_a_closed_place_is_tried_all_the_same_and_goes_on_once_it_works(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450)
        lane = f"channel:{stage.channel.id}"
        await stage.engine.store.outbox.pause_lane(lane, PAUSED, stage.clock.now())
        await stage.look("LON-TYO", 374)

        said = await tried(stage)
        while not await stage.quiet():
            await stage.delivered()

        assert "Everything works: your alerts reach you" in said
        assert await stage.paused_lanes() == []
        titles = [post.embeds[0].title for post in stage.channel.history() if not post.interaction_metadata]
        assert "London → Tokyo €374, under your €420" in titles


async def test_what_gives_no_answer_is_not_waited_for_and_not_told_later(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450)
        messages = f"/channels/{stage.channel.id}/messages"
        stage.env.inject_error("POST", messages, status=503, times=None)

        trying = asyncio.ensure_future(stage.ada.slash(stage.channel, "alerts test"))
        await stage.delivered()
        await stage.delivered(DestinationKind.DM)
        while not trying.done():
            await stage.clock.advance(1)
            await stage.quiet()  # a turn at the store, as each try needs one
        said = words(await trying)
        stage.env.backend.faults.clear()
        await stage.clock.advance(600)

        assert "⚠️ **Here**: no answer within 20 seconds" in said
        assert await stage.quiet()
        assert [post for post in stage.channel.history() if not post.interaction_metadata] == []


async def test_a_second_one_has_to_wait_a_minute(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450)
        await tried(stage)

        too_soon = await tried(stage)
        await stage.clock.advance(60)

        assert "You tried it a moment ago." in too_soon
        assert "Everything works: your alerts reach you" in await tried(stage)


async def test_without_routes_it_says_how_to_begin(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        assert "You have no routes yet" in await tried(stage)
        assert stage.ada_user.dm_channel.history() == []


async def test_a_linked_phone_is_texted_within_its_caps(tmp_path: Path) -> None:
    async with texting_stage(tmp_path, sms_user_daily_cap=2) as stage:  # the code was the first
        await linked(stage)
        await stage.watched(450)

        first = await tried(stage)
        await stage.clock.advance(60)
        second = await tried(stage)

        (text,) = stage.world.twilio.messages
        assert text.to == PHONE
        assert text.body.startswith("This is a dry run, no fare has fallen.")
        assert "✅ **By SMS**: handed to the phone network after" in first
        assert "⚠️ **By SMS**: your 2 texts of today are used up" in second
        assert len(stage.world.twilio.messages) == 1


async def test_a_phone_whose_texts_are_paused_is_left_alone(tmp_path: Path) -> None:
    async with texting_stage(tmp_path) as stage:
        await linked(stage)
        await stage.watched(450)
        await stage.ada.slash(stage.channel, "sms pause")

        said = await tried(stage)

        assert "⚠️ **By SMS**: you have paused your texts" in said
        assert stage.world.twilio.messages == []
