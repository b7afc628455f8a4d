"""The first route asks once: here, or by direct message."""

from pathlib import Path

from engine.domain.watch import DestinationKind, Owner, OwnerKind
from tests.bot.crew import manager
from tests.bot.stage import captions, open_stage, words

QUESTION = "Shall I rather tell you by direct message"


async def test_the_first_route_asks_and_the_second_does_not(tmp_path: Path) -> None:
    async with open_stage(tmp_path, asked=False) as stage:
        stage.fare("LON-TYO", 450)
        stage.fare("LON-PAR", 100)

        first = await stage.add()
        second = await stage.add(destination="PAR")

        assert QUESTION in words(first)
        assert captions(first) == ["Change", "Undo", "Here is fine", "By direct message"]
        assert QUESTION not in words(second)


async def test_who_said_where_is_not_asked(tmp_path: Path) -> None:
    async with open_stage(tmp_path, asked=False) as stage:
        stage.fare("LON-TYO", 450)

        assert QUESTION not in words(await stage.add(where="here"))
        assert QUESTION in words(await stage.add(adults=2))


async def test_by_direct_message_moves_the_route_and_holds_for_those_to_come(tmp_path: Path) -> None:
    async with open_stage(tmp_path, asked=False) as stage:
        stage.fare("LON-TYO", 450)
        stage.fare("LON-PAR", 100)
        first = await stage.add()
        assert first.response

        await stage.ada.click(first.response, label="By direct message")
        await stage.add(destination="PAR")

        assert "Watching London → Tokyo, between us" in words(first)
        assert "I tell you: by direct message" in words(first)
        owner = Owner(OwnerKind.MEMBER, str(stage.ada.id))
        shown = await stage.engine.actions.watches.of_owner(owner)
        assert [one.watch.tell[0].kind for one in shown] == [DestinationKind.DM] * 2


async def test_a_private_route_alerts_by_direct_message_alone(tmp_path: Path) -> None:
    async with open_stage(tmp_path, asked=False) as stage:
        stage.fare("LON-TYO", 450)
        first = await stage.add()
        assert first.response
        await stage.ada.click(first.response, label="By direct message")

        await stage.look("LON-TYO", 374)
        await stage.delivered(DestinationKind.DM)

        assert "€374" in words(stage.ada_user.dm_channel.last_message)
        assert stage.channel.history() == []


async def test_a_private_route_and_a_public_one_share_no_message(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-TYO", 450)
        await stage.add(where="dm", target="390")
        await stage.add(stage.ben)

        await stage.look("LON-TYO", 374)
        await stage.delivered()

        assert stage.alert.content == f"{stage.ben.mention} London → Tokyo €374"
        assert "390" not in words(stage.alert)


async def test_here_is_fine_leaves_it_there(tmp_path: Path) -> None:
    async with open_stage(tmp_path, asked=False) as stage:
        stage.fare("LON-TYO", 450)
        first = await stage.add()
        assert first.response

        await stage.ada.click(first.response, label="Here is fine")

        assert "I tell you: here" in words(first)
        assert captions(first) == ["Change", "Undo"]


async def test_the_choice_can_be_made_anew_and_one_route_can_differ(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-TYO", 450)
        said = words(await stage.ada.slash(stage.channel, "alerts place", where="dm"))
        assert "New routes tell you by direct message" in said

        assert "by direct message" in words(await stage.add())
        assert "I tell you: here" in words(await stage.add(where="here", adults=2))


async def test_a_route_of_the_server_asks_nobody_and_is_public_whatever_its_author_chose(
    tmp_path: Path,
) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        await mia.slash(stage.channel, "alerts place", where="dm")
        stage.fare("LON-TYO", 450)

        said = words(await stage.add(mia, **{"for": "server"}))

        assert QUESTION not in said
        assert "I tell you: here" in said
