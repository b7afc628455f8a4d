"""Alerts in channels and direct messages: the post, its edits, its buttons, and places that refuse it."""

from pathlib import Path

import discord
import msgspec

from engine.alerts.ports import DeliveryKind
from engine.domain.watch import DestinationKind
from tests.bot.stage import Stage, captions, open_stage, words


async def test_a_fare_under_the_target_is_posted_with_all_that_matters(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450, falls_to=374)

        alert = stage.alert
        said = words(alert)
        assert alert.content == f"<@{stage.ada.id}> London → Tokyo €374"
        assert alert.embeds[0].title == "London → Tokyo €374, under your €420"
        assert "**Wed 10 \N{EN DASH} Wed 24 March 2027 · 14 nights**" in said
        assert "British Airways · 1 stop both ways" in said
        assert "Your target €420: €46 below (11 %)" in said
        assert "Priced live by Amadeus <t:" in said
        assert captions(alert) == ["Open in Google Flights", "Chart", "Snooze 24 h", "New target", "Pause"]


async def test_the_post_may_mention_its_owner_and_nobody_else_and_carries_a_nonce(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450, falls_to=374)

        (sent,) = [
            request.json
            for request in stage.env.http_requests
            if request.method == "POST" and request.path.endswith("/messages")
        ]
        assert sent
        assert sent["allowed_mentions"] == {"parse": [], "users": [stage.ada.id]}
        assert len(sent["nonce"]) == 22
        assert sent["enforce_nonce"] is True


async def test_two_owners_share_one_post_with_targets_from_low_to_high(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-TYO", 450)
        await stage.add(stage.ada, target="420")
        await stage.add(stage.ben, target="400")

        await stage.look("LON-TYO", 374)
        await stage.delivered()

        ben, ada = stage.ben.id, stage.ada.id
        assert stage.alert.content == f"<@{ben}> (€400) <@{ada}> (€420) London → Tokyo €374"
        assert stage.alert.embeds[0].title == "London → Tokyo €374, under both targets"
        assert await stage.quiet()


async def test_for_two_people_the_share_of_each_is_shown(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-TYO", 450)
        await stage.add(adults=2, target="210 pp")

        await stage.look("LON-TYO", 187)
        await stage.delivered()

        assert "Each: €187 \N{MULTIPLICATION SIGN} 2 adults" in words(stage.alert)


async def test_the_post_follows_the_fare_without_another_ping(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450, falls_to=374)
        post = stage.alert.id
        titles = []
        for fare in (366, 430, 430):
            await stage.look("LON-TYO", fare)
            await stage.delivered()
            titles.append(stage.alert.embeds[0].title)

        assert titles == [
            "London → Tokyo now €366, under your €420",
            "London → Tokyo now €430, above your €420",
            "London → Tokyo: gone after 50 min, now €430",
        ]
        assert stage.alert.id == post
        assert "Lowest I told you: €366" in words(stage.alert)


async def test_snooze_and_pause_act_on_the_pressers_own_watch(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-TYO", 450)
        await stage.add(stage.ada)
        await stage.add(stage.ben)
        await stage.look("LON-TYO", 400)
        await stage.delivered()

        snoozed = await stage.ada.click(stage.alert, label="Snooze 24 h")
        paused = await stage.ben.click(stage.alert, label="Pause")

        assert snoozed.ephemeral
        assert "Snoozed London → Tokyo" in words(snoozed)
        assert "Paused London → Tokyo" in words(paused)
        listed = words(await stage.ada.slash(stage.channel, "route list"))
        assert "Snoozed, wakes <t:" in listed
        assert "Paused" not in listed


async def test_a_paused_route_cannot_be_snoozed(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-TYO", 450)
        await stage.add(stage.ben)  # for whom the post keeps its buttons
        await stage.watched(450, falls_to=374)
        await stage.ada.click(stage.alert, label="Pause")

        snoozed = await stage.ada.click(stage.alert, label="Snooze 24 h")

        assert "This route is paused. Resume it first." in words(snoozed)


async def test_a_stranger_is_told_kindly_whose_route_it_is(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450, falls_to=374)

        result = await stage.ben.click(stage.alert, label="Pause")

        assert result.ephemeral
        assert words(result) == "This is Ada's route. Want your own? Use `/route add`."
        assert "Paused" not in words(await stage.ada.slash(stage.channel, "route list"))


async def test_buttons_work_after_a_restart(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450, falls_to=374)
        alert = stage.alert
        await stage.restart_bot()

        result = await stage.ada.click(alert, label="Pause")

        assert "Paused London → Tokyo" in words(result)


async def test_by_direct_message_no_mention_is_needed_and_buttons_work(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-TYO", 450)
        await stage.add(where="dm")
        await stage.look("LON-TYO", 374)
        await stage.delivered(DestinationKind.DM)

        alert = stage.ada_user.dm_channel.last_message
        assert alert
        assert alert.content == "London → Tokyo €374, under your €420"
        assert stage.channel.history() == [] or stage.alert.interaction_metadata
        result = await stage.ada_user.click(alert, label="Snooze 24 h")
        assert "Snoozed London → Tokyo" in words(result)


async def test_a_channel_that_refuses_is_stopped_and_its_owner_told_once_by_direct_message(
    tmp_path: Path,
) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450)
        stage.env.inject_error("POST", f"/channels/{stage.channel.id}/messages", status=403, code=50013)

        await stage.look("LON-TYO", 374)
        refused = await stage.delivered()
        await stage.delivered(DestinationKind.DM)
        await stage.look("LON-TYO", 300)

        assert (refused.kind, refused.stop_lane) == (DeliveryKind.PERMANENT, True)
        notice = stage.ada_user.dm_channel.last_message
        assert "London → Tokyo" in words(notice)
        assert len(stage.ada_user.dm_channel.history()) == 1
        shown = words(await stage.ada.slash(stage.channel, "route show", route=watch))
        assert "cannot reach you there" in shown


async def test_resuming_tries_the_refused_channel_again(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450)
        stage.env.inject_error("POST", f"/channels/{stage.channel.id}/messages", status=403, code=50013)
        await stage.look("LON-TYO", 374)
        await stage.delivered()
        await stage.ada.slash(stage.channel, "route pause", route=watch)
        await stage.clock.advance(7200)
        stage.fare("LON-TYO", 450)
        await stage.ada.slash(stage.channel, "route resume", route=watch)

        await stage.look("LON-TYO", 374)
        again = await stage.delivered()

        assert again.kind is DeliveryKind.DELIVERED


async def test_a_channel_opened_again_is_told_of_again(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450)
        stage.close_channel()
        await stage.look("LON-TYO", 374)
        assert (await stage.delivered()).stop_lane
        await stage.delivered(DestinationKind.DM)
        assert await stage.paused_lanes() == [f"channel:{stage.channel.id}"]

        stage.open_channel()
        await stage.env.settle()

        assert await stage.paused_lanes() == []
        await stage.look("LON-TYO", 370)
        assert (await stage.delivered()).kind is DeliveryKind.DELIVERED


async def test_closed_direct_messages_end_it_without_an_endless_loop(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-TYO", 450)
        await stage.add(where="dm")
        stage.env.inject_error("POST", "/users/@me/channels", status=403, code=50007)

        await stage.look("LON-TYO", 374)
        refused = await stage.delivered(DestinationKind.DM)

        assert refused.kind is DeliveryKind.PERMANENT
        assert refused.why == "direct messages from me are closed"


async def test_a_deleted_post_is_not_edited_any_more_and_the_channel_goes_on(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450, falls_to=374)
        stage.env.inject_error("PATCH", "/channels/*/messages/*", status=404, code=10008)

        await stage.look("LON-TYO", 366)
        edit = await stage.delivered()
        await stage.look("LON-TYO", 340)
        ping = await stage.delivered()

        assert (edit.kind, edit.stop_lane) == (DeliveryKind.PERMANENT, False)
        assert ping.kind is DeliveryKind.DELIVERED
        assert "€340, under your €420" in words(stage.alert)


async def test_when_discord_is_down_the_alert_waits_and_arrives_once(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450)
        stage.env.inject_error("POST", f"/channels/{stage.channel.id}/messages", status=503, times=1)

        await stage.look("LON-TYO", 374)
        first = await stage.delivered()
        for _ in range(60):  # second by second, with a turn at the store for the relay in between
            await stage.clock.advance(1)
            if await stage.quiet():
                break
        second = await stage.delivered()

        assert (first.kind, second.kind) == (DeliveryKind.RETRY, DeliveryKind.DELIVERED)
        assert len(posts(stage)) == 1


async def test_a_post_whose_answer_was_lost_is_found_in_the_history_and_not_doubled(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450, falls_to=374)
        lane = stage.heard[DestinationKind.CHANNEL].lane
        leased = stage.heard[DestinationKind.CHANNEL].carried[-1]
        await stage.clock.advance(300)

        again = await lane.deliver(msgspec.structs.replace(leased, retaken=True))

        assert (again.kind, again.ref) == (DeliveryKind.DELIVERED, str(stage.alert.id))
        assert len(posts(stage)) == 1


def posts(stage: Stage) -> list[discord.Message]:
    """The public messages of the channel."""
    return [message for message in stage.channel.history() if not message.interaction_metadata]


async def test_a_new_target_is_typed_under_the_alert_by_its_owner_alone(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450, falls_to=374)

        asked = await stage.ada.click(stage.alert, label="New target")
        assert asked.modal
        changed = await stage.ada.submit_modal(asked, {"target": "350"})
        refused = await stage.ben.click(stage.alert, label="New target")

        assert changed.ephemeral
        assert "€350" in words(changed)
        assert "€374" in stage.alert.content
        assert not refused.modal
        assert "€" not in words(refused)
