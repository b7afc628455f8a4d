"""/settings sheet: a server's own routes kept in step with a linked sheet."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from simcord.actors import MemberActor

from engine.domain.server import server_itself
from sandbox.sheets import SHEET_ID
from tests.bot.crew import elsewhere, manager, open_to_everybody
from tests.bot.forms import fill
from tests.bot.stage import Stage, open_stage, words

LINK = f"https://docs.google.com/spreadsheets/d/{SHEET_ID}/edit#gid=0"
ROWS = "origin,destination,depart,target,currency", "LON,PAR,2027-03-10,9,EUR", "LON,XXX,2027-03-10,1,EUR"


@asynccontextmanager
async def sheet_stage(folder: Path) -> AsyncIterator[tuple[Stage, MemberActor]]:
    """A stage whose links to sheets lead to the sandbox, and who manages the server."""
    async with open_stage(
        folder, point=lambda world: {"google_sheets_base_url": world.sheets.base_url}
    ) as stage:
        stage.world.sheets.sheet.fill(ROWS)
        stage.fare("LON-PAR", 100)
        yield stage, manager(stage)


async def test_a_linked_sheets_routes_are_the_servers_and_what_is_left_out_is_named(tmp_path: Path) -> None:
    async with sheet_stage(tmp_path) as (stage, mia):
        said = words(await mia.slash(stage.channel, "settings sheet link", sheet=LINK))

        assert f"1 route added. They tell in <#{stage.channel.id}>." in said
        assert "row 3, destination" in said
        listed = words(await mia.slash(stage.channel, "route list", of="server"))
        assert "London → Paris" in listed


async def test_it_is_read_again_and_faults_come_to_the_channel_for_news(tmp_path: Path) -> None:
    async with sheet_stage(tmp_path) as (stage, mia):
        office = stage.guild.create_text_channel("office")
        await mia.slash(stage.channel, "settings admin", channel=office)
        await mia.slash(stage.channel, "settings sheet link", sheet=LINK)
        stage.world.sheets.sheet.fill([*ROWS, "LON,TYO,yesterday,1,EUR"])

        await stage.engine.actions.sheets.read_all()
        await stage.delivered()

        (told,) = office.history()
        assert "The linked sheet" in words(told)
        assert "row 4, depart" in words(told)
        assert "row 3" not in words(told)


async def test_its_standing_is_shown_and_it_is_unlinked(tmp_path: Path) -> None:
    async with sheet_stage(tmp_path) as (stage, mia):
        assert "No sheet is linked" in words(await mia.slash(stage.channel, "settings sheet show"))
        await mia.slash(stage.channel, "settings sheet link", sheet=LINK)

        shown = words(await mia.slash(stage.channel, "settings sheet show"))
        gone = words(await mia.slash(stage.channel, "settings sheet unlink", routes="remove"))

        assert "1 route of this server stands in it." in shown
        assert "Left out: 1" in shown
        assert "Its 1 route is removed." in gone
        assert "Nothing yet" in words(await mia.slash(stage.channel, "route list", of="server"))


async def test_a_private_sheet_and_a_link_elsewhere_are_refused_in_words(tmp_path: Path) -> None:
    async with sheet_stage(tmp_path) as (stage, mia):
        stage.world.sheets.open_to_all = False
        private = words(await mia.slash(stage.channel, "settings sheet link", sheet=LINK))
        other = words(
            await mia.slash(stage.channel, "settings sheet link", sheet="https://example.com/list.csv")
        )

        assert "I cannot read this sheet: the sheet is private" in private
        assert "It must be a link like https" in other


async def test_a_route_that_stands_in_it_is_given_other_days_there_only(tmp_path: Path) -> None:
    async with sheet_stage(tmp_path) as (stage, mia):
        await mia.slash(stage.channel, "settings sheet link", sheet=LINK)
        (one,) = await stage.engine.actions.watches.of_owner(server_itself(str(stage.guild.id)))

        form = await mia.slash(stage.channel, "route edit", route=one.watch.id)
        answer = await fill(mia, form, out="1 Jun 2027", back="")

        assert "It stands in the linked sheet: change it there." in words(answer)


@pytest.mark.parametrize("command", ["link", "show", "unlink"])
async def test_members_and_managers_of_other_servers_have_no_hand_in_it(tmp_path: Path, command: str) -> None:
    async with sheet_stage(tmp_path) as (stage, mia):
        await mia.slash(stage.channel, "settings sheet link", sheet=LINK)
        asked = len(stage.world.ledger.of("sheets"))
        await open_to_everybody(stage, "settings")
        options = {"sheet": LINK} if command == "link" else {}

        member = words(await stage.ben.slash(stage.channel, f"settings sheet {command}", **options))
        zoe, there = elsewhere(stage)
        if command != "link":
            stranger = words(await zoe.slash(there, f"settings sheet {command}"))
            assert "No sheet is linked" in stranger

        assert "Only members who may manage this server can do that." in member
        assert len(stage.world.ledger.of("sheets")) == asked
        standing = await stage.engine.actions.sheets.standing(str(stage.guild.id))
        assert standing is not None
        assert standing.routes == 1
