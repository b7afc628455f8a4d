"""/settings routes: public routes of members, seen and removed by who manages the server."""

from pathlib import Path

import pytest

from engine.domain.watch import DestinationKind, Owner, OwnerKind, WatchId
from engine.errors import InvalidInput
from tests.bot.crew import demote, elsewhere, manager, open_to_everybody
from tests.bot.stage import Stage, captions, open_stage, words


async def test_the_public_routes_of_members_are_listed_with_their_owners(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        await stage.watched(450)

        result = await mia.slash(stage.channel, "settings routes")

        said = words(result)
        assert result.ephemeral
        assert "1. London → Tokyo" in said
        assert f"<@{stage.ada.id}> · target €420 · here" in said
        assert "1 public route" in said


async def test_of_private_routes_only_the_number_is_said(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        stage.fare("LON-PAR", 100)
        await stage.add(destination="PAR", where="dm")

        said = words(await mia.slash(stage.channel, "settings routes"))

        assert "1 more is told by direct message" in said
        assert "Paris" not in said
        assert str(stage.ada.id) not in said


async def test_a_route_is_removed_after_a_question_and_its_owner_is_told_once(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        watch = await stage.watched(450)
        result = await mia.slash(stage.channel, "settings routes")
        assert result.response

        await mia.select(result.response, [watch], custom_id="pick1:routes-ask")
        assert "Remove London → Tokyo" in words(result)
        assert captions(result) == ["Remove", "Keep it"]
        await mia.click(result.response, label="Remove")

        assert f"Removed London → Tokyo · 10\N{EN DASH}24 Mar of <@{stage.ada.id}>." in words(result)
        assert await stage.routes() == []
        await stage.delivered(DestinationKind.DM)
        (told,) = stage.ada_user.dm_channel.history()
        assert "London → Tokyo: removed" in words(told)
        assert f"removed your route in <#{stage.channel.id}>" in words(told)


async def test_keeping_it_leads_back_to_the_list(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        watch = await stage.watched(450)
        result = await mia.slash(stage.channel, "settings routes")
        assert result.response
        await mia.select(result.response, [watch], custom_id="pick1:routes-ask")

        await mia.click(result.response, label="Keep it")

        assert "Routes of members" in words(result)
        assert await stage.routes() == [watch]


async def test_its_owner_cannot_undo_it(tmp_path: Path) -> None:
    """The owner kept the answer to a removal of their own, whose button names the same route."""
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        watch = await stage.watched(450)
        own = await stage.ada.slash(stage.channel, "route remove", route=watch)
        assert own.response
        await stage.ada.click(own.response, label="Undo")
        undo = await stage.ada.slash(stage.channel, "route remove", route=watch)
        assert undo.response
        await stage.engine.actions.watches.restore(WatchId(watch), _owner(stage))
        listed = await mia.slash(stage.channel, "settings routes")
        assert listed.response
        await mia.select(listed.response, [watch], custom_id="pick1:routes-ask")
        await mia.click(listed.response, label="Remove")

        answer = await stage.ada.click(undo.response, label="Undo")

        assert "too late to undo" in words(answer.followups[0])
        assert await stage.routes() == []


async def test_members_former_managers_and_managers_elsewhere_neither_see_nor_remove(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        mia = manager(stage)
        watch = await stage.watched(450)
        stage.fare("LON-PAR", 100)
        await stage.add(destination="PAR", where="dm")
        private = next(id_ for id_ in await stage.routes() if id_ != watch)
        listed = await mia.slash(stage.channel, "settings routes")
        assert listed.response
        await mia.select(listed.response, [watch], custom_id="pick1:routes-ask")
        demote(stage, mia)
        await open_to_everybody(stage, "settings")
        zoe, there = elsewhere(stage)

        former = await mia.click(listed.response, label="Remove")
        member = await stage.ben.slash(stage.channel, "settings routes")
        stranger = await zoe.slash(there, "settings routes")

        assert "Only members who may manage this server" in words(former.followups[0])
        assert "Only members who may manage this server" in words(member)
        assert "Tokyo" not in words(stranger)
        server, other = str(stage.guild.id), str(there.id)
        for where, which in ((other, watch), (server, private), (server, "0123456789abcdef")):
            with pytest.raises(InvalidInput, match="There is no such route in this server"):
                await stage.engine.actions.moderating.remove(where, WatchId(which))
        assert len(await stage.routes()) == 2


def _owner(stage: Stage) -> Owner:
    return Owner(OwnerKind.MEMBER, str(stage.ada.id), str(stage.guild.id))
