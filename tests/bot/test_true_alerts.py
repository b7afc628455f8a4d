"""An alert stays true: it follows its fare, and stops promising when nobody waits for it any more."""

from pathlib import Path

import pytest

from engine.alerts.ports import DeliveryKind
from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind, WatchId
from sandbox.faults import Fault
from tests.bot.stage import Stage, captions, open_stage, words

HOURS = 3600.0
LINK = "Open in Google Flights"


def actor(stage: Stage) -> Owner:
    return Owner(OwnerKind.MEMBER, str(stage.ada.id), str(stage.guild.id))


def title(stage: Stage) -> str | None:
    return stage.alert.embeds[0].title


async def test_a_fare_that_comes_back_is_edited_in_without_a_ping(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450, falls_to=374)
        post = stage.alert.id
        for fare in (430, 430, 376):
            await stage.look("LON-TYO", fare)
            await stage.delivered()

        assert title(stage) == "London → Tokyo back at €376, under your €420"
        assert stage.alert.id == post
        assert len(stage.heard[DestinationKind.CHANNEL].carried) == 4


async def test_a_fare_that_no_source_offers_any_more_is_said_gone_with_how_long_it_lived(
    tmp_path: Path,
) -> None:
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-PAR", 90)
        await stage.add(destination="PAR", target="50")  # a source that answers elsewhere is alive
        await stage.watched(450, falls_to=374)
        stage.world.amadeus.faults.plan(Fault.EMPTY, times=None, when={"destinationLocationCode": "TYO"})

        for _ in range(4):
            await stage.look("LON-TYO", 374, after_s=3 * HOURS)
        await stage.delivered()

        said = words(stage.alert)
        assert title(stage) == "London → Tokyo: gone after 3 h"
        assert "I keep looking and say so when it comes back." in said
        assert captions(stage.alert) == [LINK, "Chart", "Snooze 24 h", "New target", "Pause"]


async def test_after_a_restart_of_the_bot_the_old_post_is_followed(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450, falls_to=374)
        post = stage.alert.id
        await stage.restart_bot()

        await stage.look("LON-TYO", 366)
        await stage.delivered()

        assert (stage.alert.id, title(stage)) == (post, "London → Tokyo now €366, under your €420")


async def test_a_process_begun_anew_before_each_look_follows_the_post_through_all_that_its_fare_does(
    tmp_path: Path,
) -> None:
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-PAR", 90)
        await stage.add(destination="PAR", target="50")  # a source that answers elsewhere is alive
        await stage.watched(450, falls_to=374)
        post, said = stage.alert.id, []
        for fare in (366, 430, 430, 380):
            await stage.restart_engine()
            await stage.look("LON-TYO", fare, after_s=3 * HOURS)
            await stage.delivered()
            said.append(title(stage))
        stage.world.amadeus.faults.plan(Fault.EMPTY, times=None, when={"destinationLocationCode": "TYO"})
        for _ in range(4):
            await stage.restart_engine()
            await stage.look("LON-TYO", 380, after_s=3 * HOURS)
        await stage.delivered()

        assert [*said, title(stage)] == [
            "London → Tokyo now €366, under your €420",  # LOWER
            "London → Tokyo now €430, above your €420",  # ABOVE
            "London → Tokyo: gone after 6 h, now €430",  # RECOVERED
            "London → Tokyo back at €380, under your €420",  # BACK
            "London → Tokyo: gone after 3 h",  # GONE
        ]
        assert stage.alert.id == post


async def test_while_a_post_waits_for_discord_its_edit_waits_too_and_one_message_comes_of_both(
    tmp_path: Path,
) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450)
        stage.env.inject_error("POST", f"/channels/{stage.channel.id}/messages", status=503, times=None)
        await stage.look("LON-TYO", 374)
        assert (await stage.delivered()).kind is DeliveryKind.RETRY
        await stage.look("LON-TYO", 366)
        stage.env.backend.faults.clear()

        for _ in range(60):
            await stage.clock.advance(30)
            if await stage.quiet():
                break

        assert title(stage) == "London → Tokyo now €366, under your €420"
        assert len([post for post in stage.channel.history() if not post.interaction_metadata]) == 1


async def test_of_a_post_that_a_moderator_deleted_nothing_more_is_tried(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450, falls_to=374)
        stage.env.backend.delete_message(stage.channel.id, stage.alert.id)
        await stage.env.settle()

        await stage.look("LON-TYO", 366)
        edit = await stage.delivered()
        await stage.look("LON-TYO", 430)
        await stage.look("LON-TYO", 430)

        assert (edit.kind, edit.stop_lane, edit.why) == (DeliveryKind.PERMANENT, False, "the message is gone")
        patches = [request for request in stage.env.http_requests if request.method == "PATCH"]
        assert len([request for request in patches if request.path.startswith("/channels/")]) == 1
        assert await stage.quiet()
        assert await stage.paused_lanes() == []


@pytest.mark.parametrize("leaving", ["remove", "pause", "move"])
async def test_when_its_owner_leaves_the_post_stops_promising(tmp_path: Path, leaving: str) -> None:
    async with open_stage(tmp_path) as stage:
        watch = WatchId(await stage.watched(450, falls_to=374))
        if leaving == "move":
            stage.fare("LON-TYO", 450)
            await stage.engine.actions.watches.move(
                watch, actor(stage), (Destination(DestinationKind.DM, str(stage.ada.id)),)
            )
        else:
            await stage.ada.slash(stage.channel, f"route {leaving}", route=watch)
        await stage.delivered()
        left = words(stage.alert)
        if leaving == "move":  # what it hears of next is none of the channel's business
            await stage.look("LON-TYO", 350)
            await stage.delivered(DestinationKind.DM)

        assert title(stage) == "London → Tokyo €374"
        assert stage.alert.content == "London → Tokyo €374"
        assert "nobody waits for it here any more." in left
        assert captions(stage.alert) == [LINK]
        assert words(stage.alert) == left


async def test_undo_of_a_removal_lets_the_post_promise_again(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450, falls_to=374)
        removed = await stage.ada.slash(stage.channel, "route remove", route=watch)
        await stage.delivered()

        assert removed.response
        await stage.ada.click(removed.response, label="Undo")
        await stage.delivered()

        assert title(stage) == "London → Tokyo €374, under your €420"
        assert captions(stage.alert) == [LINK, "Chart", "Snooze 24 h", "New target", "Pause"]


async def test_a_shared_post_goes_on_for_those_who_stay(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-TYO", 450)
        await stage.add(stage.ada, target="420")
        await stage.add(stage.ben, target="400")
        await stage.look("LON-TYO", 374)
        await stage.delivered()

        await stage.ben.click(stage.alert, label="Pause")
        await stage.delivered()
        after_ben = (stage.alert.content, title(stage))
        await stage.ada.click(stage.alert, label="Pause")
        await stage.delivered()

        assert after_ben == (
            f"<@{stage.ada.id}> London → Tokyo €374",
            "London → Tokyo €374, under your €420",
        )
        assert "nobody waits for it here any more." in words(stage.alert)


async def test_an_alert_that_nobody_has_had_in_hand_is_not_told_once_its_owner_left(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450)
        await stage.engine.store.outbox.pause_lane(
            f"channel:{stage.channel.id}", "I may not write in the channel", stage.clock.now()
        )
        await stage.look("LON-TYO", 374)
        watch = (await stage.routes())[0]

        removed = await stage.ada.slash(stage.channel, "route remove", route=watch)
        await stage.engine.actions.places.opened(
            [Destination(DestinationKind.CHANNEL, str(stage.channel.id))]
        )
        assert await stage.quiet()
        assert removed.response
        await stage.ada.click(removed.response, label="Undo")
        await stage.look("LON-TYO", 373)
        await stage.delivered()

        assert title(stage) == "London → Tokyo €373, under your €420"


async def test_when_its_day_has_come_the_post_stands_still(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450, falls_to=374, depart="2026-11-24", **{"return": "2026-12-01"})

        await stage.look("LON-TYO", 374, after_s=4 * 24 * HOURS)
        for _ in range(2):
            await stage.delivered()

        history = {words(message) for message in stage.channel.history()}
        assert any("nobody waits for it here any more." in said for said in history)
        assert any("Its last departure has passed" in said for said in history)
