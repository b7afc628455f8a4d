"""A member whose direct messages are closed: nothing of their routes is said elsewhere."""

from pathlib import Path

import discord

from engine.alerts.ports import DeliveryKind
from engine.domain.watch import DestinationKind, WatchId
from tests.bot.stage import Stage, open_stage, words

CODES = (50007, 50278)


def close(stage: Stage, code: int = 50007) -> None:
    """Nothing reaches Ada's direct messages any more."""
    for path in ("/users/@me/channels", f"/channels/{stage.ada_user.dm_channel.id}/messages"):
        stage.env.inject_error("POST", path, status=403, code=code, times=None)


def public(stage: Stage) -> list[discord.Message]:
    return [message for message in stage.channel.history() if not message.interaction_metadata]


async def missed(stage: Stage, fare: int = 374) -> None:
    """An alert for her direct messages that is refused."""
    await stage.look("LON-TYO", fare)
    answer = await stage.delivered(DestinationKind.DM)
    assert (answer.kind, answer.stop_lane) == (DeliveryKind.PERMANENT, True)


async def test_one_note_without_route_or_price_where_the_route_was_made(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450, where="dm")
        close(stage)

        await missed(stage)
        await stage.delivered()

        (note,) = public(stage)
        said = words(note)
        assert note.content == f"<@{stage.ada.id}>"
        assert "I cannot write to you" in said
        assert "have your routes told in a channel" in said
        assert not any(word in said for word in ("London", "Tokyo", "374", "420", "€", "LON"))
        (sent,) = [
            request.json
            for request in stage.env.http_requests
            if request.json and request.path == f"/channels/{stage.channel.id}/messages"
        ]
        assert sent["allowed_mentions"] == {"parse": [], "users": [stage.ada.id]}


async def test_at_most_one_note_until_a_direct_message_arrives_again(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = WatchId(await stage.watched(450, where="dm"))
        close(stage, 50278)
        await missed(stage)
        await stage.delivered()

        await stage.ada.slash(stage.channel, "route resume", route=watch)  # tries it again
        await stage.look("LON-TYO", 450)
        await missed(stage, 330)

        assert len(public(stage)) == 1
        assert stage.heard[DestinationKind.CHANNEL].answers.empty()


async def test_what_reached_nobody_is_told_once_direct_messages_work(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450, where="dm")
        close(stage)
        await missed(stage)
        await stage.delivered()
        held = words(await stage.ada.slash(stage.channel, "route show", route=watch))
        stage.env.backend.faults.clear()

        tried = words(await stage.ada.slash(stage.channel, "alerts test"))
        await stage.delivered(DestinationKind.DM)
        await stage.look("LON-TYO", 373)
        await stage.delivered(DestinationKind.DM)

        assert "I cannot reach you there" in held
        assert "Everything works: your alerts reach you" in tried
        alert = stage.ada_user.dm_channel.last_message
        assert alert
        assert alert.content == "London → Tokyo €373, under your €420"


async def test_who_writes_in_direct_messages_is_written_to_again(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450, where="dm")
        close(stage)
        await missed(stage)
        assert await stage.until_paused() == [f"dm:{stage.ada.id}"]
        stage.env.backend.faults.clear()

        await stage.ada_user.slash("route list")

        assert await stage.paused_lanes() == []


async def test_a_route_made_in_direct_messages_gets_no_note_anywhere(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-TYO", 450)
        await stage.ada_user.slash(
            "route add", origin="LON", destination="TYO", depart="2027-03-10", target="420", **RETURN
        )
        close(stage)

        await missed(stage)

        assert public(stage) == []
        assert stage.heard[DestinationKind.CHANNEL].carried == []


RETURN = {"return": "2027-03-24"}
