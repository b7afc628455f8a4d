"""The bot among somebody's own apps: used in servers and chats of which it is no member."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from simcord.builders import UserHandle
from simcord.results import InteractionResult

from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind
from tests.bot.crew import open_to_everybody
from tests.bot.forging import answer_of, elsewhere, press, typed
from tests.bot.stage import Stage, captions, open_stage, words

JOURNEY = {
    "origin": "LON",
    "destination": "TYO",
    "depart": "2027-03-10",
    "return": "2027-03-24",
    "target": "420",
}


async def added(
    stage: Stage, dora: UserHandle, *, in_server: bool = True, **options: str
) -> InteractionResult:
    """`/route add` where the bot is no member."""
    stage.fare("LON-TYO", 450)
    place = elsewhere(dora, in_server=in_server)
    (result,) = await typed(dora, dora.dm_channel, "route add", JOURNEY | options, place=place)
    return result


async def told(stage: Stage, dora: UserHandle) -> list[tuple[Owner, tuple[Destination, ...]]]:
    """Whose her routes are, and where they tell."""
    shown = await stage.engine.actions.watches.of_owner(Owner(OwnerKind.MEMBER, str(dora.id)))
    return [(one.watch.owner, one.watch.tell) for one in shown]


def written(dora: UserHandle) -> list[str]:
    """What the bot wrote to her of its own accord."""
    return [words(message) for message in dora.dm_channel.history() if not message.flags.ephemeral]


@pytest.mark.parametrize("in_server", [True, False])
async def test_a_route_added_where_the_bot_is_no_member_tells_by_direct_message_and_the_answer_says_so(
    tmp_path: Path, in_server: bool
) -> None:
    async with open_stage(tmp_path) as stage:
        dora = stage.env.create_user("dora")

        result = await added(stage, dora, in_server=in_server)

        assert result.ephemeral
        assert "I cannot post here, so I tell you by direct message." in words(result)
        assert "Here is fine" not in captions(result)
        direct = Destination(DestinationKind.DM, str(dora.id))
        assert await told(stage, dora) == [(Owner(OwnerKind.MEMBER, str(dora.id)), (direct,))]


async def test_its_alert_comes_by_direct_message_and_its_buttons_work_there(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        dora = stage.env.create_user("dora")
        await added(stage, dora)

        await stage.look("LON-TYO", 374)
        await stage.delivered(DestinationKind.DM)

        alert = dora.dm_channel.last_message
        assert alert
        assert "€374" in words(alert)
        pressed = await dora.click(alert, label="Snooze 24 h")
        assert "quiet" in words(pressed).casefold() or "snooz" in words(pressed).casefold()


async def test_the_first_time_a_direct_message_shows_that_they_arrive_and_never_again(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        dora = stage.env.create_user("dora")

        await added(stage, dora)
        stage.fare("LON-PAR", 90)
        await added(stage, dora, destination="PAR")

        (hello,) = written(dora)
        assert "its alerts come here" in hello
        assert len(await told(stage, dora)) == 2


async def test_closed_direct_messages_are_said_at_once_and_tried_again_the_next_time(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        dora = stage.env.create_user("dora")
        stage.env.inject_error("POST", f"/channels/{dora.dm_channel.id}/messages", status=403, code=50007)

        refused = words(await added(stage, dora))
        again = words(await added(stage, dora, target="400", destination="PAR"))

        assert "Discord does not let me write to you" in refused
        assert "Discord does not let me write to you" not in again
        assert len(written(dora)) == 1
        assert len(await told(stage, dora)) == 2


@pytest.mark.parametrize(("where", "here_differs"), [("here", True), ("dm", False)])
async def test_who_wants_channels_reads_that_here_it_has_to_be_by_direct_message(
    tmp_path: Path, where: str, here_differs: bool
) -> None:
    async with open_stage(tmp_path) as stage:
        dora = stage.env.create_user("dora")

        (result,) = await typed(
            dora, dora.dm_channel, "alerts place", {"where": where}, place=elsewhere(dora)
        )

        assert ("Here it has to be by direct message" in words(result)) is here_differs
        assert ("New routes tell you in channels" in words(result)) is here_differs


@pytest.mark.parametrize("where", ["here", "server"])
async def test_no_channel_can_be_chosen_there(tmp_path: Path, where: str) -> None:
    async with open_stage(tmp_path) as stage:
        dora = stage.env.create_user("dora")

        result = await added(stage, dora, where=where)

        assert "I cannot post here. Choose where: Direct message." in words(result)
        assert await told(stage, dora) == []


async def test_what_members_of_a_server_have_to_themselves_is_not_for_sale_there(tmp_path: Path) -> None:
    """She manages that server: it is none of the bot's, so there is nothing to manage."""
    async with open_stage(tmp_path) as stage:
        dora = stage.env.create_user("dora")
        await open_to_everybody(stage, "settings")
        place = elsewhere(dora)

        for name, options in (
            ("settings show", {}),
            ("settings currency", {"currency": "SEK"}),
            ("route list", {"of": "server"}),
            ("route add", JOURNEY | {"for": "server"}),
        ):
            (result,) = await typed(dora, dora.dm_channel, name, options, place=place)
            assert "Only members who may manage this server can do that." in answer_of(result)
        assert (await stage.engine.actions.servers.of("800")).currency is None
        assert await stage.engine.actions.membership.to_look_for(10) == []


async def test_every_answer_there_is_for_her_eyes_only_and_her_buttons_work(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        dora = stage.env.create_user("dora")
        place = elsewhere(dora)
        shown = await added(stage, dora)
        assert shown.response
        everything: Mapping[str, Mapping[str, Any]] = {
            "route list": {},
            "route show": {"route": "TYO"},
            "route history": {"route": "TYO"},
            "route check": {"route": "TYO"},
            "route pause": {"route": "TYO"},
            "route export": {},
            "alerts recent": {},
            "alerts quiet": {},
            "alerts digest": {},
            "alerts place": {"where": "dm"},
            "sms status": {},
            "status": {},
            "privacy": {},
            "help": {},
        }
        for name, options in everything.items():
            (result,) = await typed(dora, dora.dm_channel, name, options, place=place)
            assert result.ephemeral, name
            assert "That went wrong on my side" not in answer_of(result), name

        undo = next(
            button["custom_id"]
            for row in shown.response.components
            for button in row["components"]
            if button["label"] == "Undo"
        )
        (pressed,) = await press(dora, shown.response, undo, place=place)

        assert await told(stage, dora) == []
        assert pressed.response


async def test_a_chat_of_others_says_nothing_of_the_members_direct_messages(tmp_path: Path) -> None:
    """Only a word typed to the bot itself shows that they are open."""
    async with open_stage(tmp_path) as stage:
        dora = stage.env.create_user("dora")
        await added(stage, dora)
        lane = Destination(DestinationKind.DM, str(dora.id))
        await stage.engine.actions.places.closed(lane, "direct messages from me are closed")

        await typed(dora, dora.dm_channel, "help", {}, place=elsewhere(dora, in_server=False))
        assert await stage.paused_lanes() == [lane.lane]

        await dora.slash("help")
        assert await stage.paused_lanes() == []
