"""/route import and /route export in a simulated Discord, over the real engine."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import discord
import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from bot.list_forms import HEADER, one_header
from engine.domain.route import RouteId
from engine.domain.watch import DestinationKind, Owner, OwnerKind
from sandbox.sheets import SHEET_ID
from tests.bot.stage import Stage, captions, open_stage, words

COLUMNS = "origin,destination,city,depart,return,target,currency,adults,cabin,max_stops"
LIST = f"""{COLUMNS}
LON,TYO,Tokyo,2027-03-10,2027-03-24,420,EUR,1,economy,
LON,PAR,Paris,2027-05-03,2027-05-07,98,EUR,2,economy,0
LON,NYC,New York,,,300,EUR,1,economy,
LON,ZZZ,Nowhere,2027-03-10,,50,EUR,1,economy,
LON,ROM,Rome,2020-03-10,,50,EUR,1,economy,
"""


async def imported(
    stage: Stage, text: str | bytes = LIST, actor: MemberActor | None = None, **options: str
) -> InteractionResult:
    """`/route import` with a file."""
    content = text.encode() if isinstance(text, str) else text
    return await (actor or stage.ada).slash(
        stage.channel, "route import", file=("routes.csv", content), **options
    )


async def pressed(
    stage: Stage, shown: InteractionResult, label: str, actor: MemberActor | None = None
) -> InteractionResult:
    assert shown.response
    return await (actor or stage.ada).click(shown.response.message, label=label)


async def attached(shown: InteractionResult) -> bytes:
    assert shown.response
    (file,) = shown.response.attachments
    return await file.read()


async def test_a_file_is_looked_over_before_anything_is_stored(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        shown = await imported(stage)

        said = words(shown)
        assert shown.ephemeral
        assert "Add 3 routes?" in said
        assert "**routes.csv** has 5 rows: **3** are new and **2** are left out." in said
        assert "London → Tokyo · 10\N{EN DASH}24 Mar · target **€420**" in said
        assert "London → Paris · 3\N{EN DASH}7 May · 2 adults · target **€98**" in said
        assert "London → New York · 23 Nov \N{EN DASH} 23 Dec, moves with today · target **€300**" in said
        assert '**Row 5, destination**: I know no airport or city "ZZZ".' in said
        assert "**Row 6, depart**: 10 Mar 2020 is in the past; today is" in said
        assert "I tell you of new routes: here, from the first look on" in said
        assert "Afterwards you watch 3 of 25 routes" in said
        assert captions(shown) == ["Add 3 routes", "Cancel"]
        assert await stage.routes() == []


async def test_the_button_stores_them_and_what_is_at_its_target_is_told_at_once(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-TYO", 400)
        stage.fare("LON-PAR", 500)
        stage.fare("LON-NYC", 500)
        shown = await imported(stage)

        await pressed(stage, shown, "Add 3 routes")
        await stage.delivered()

        assert "3 routes added" in words(shown)
        assert captions(shown) == []
        assert len(await stage.routes()) == 3
        assert "€400" in words(stage.alert)
        assert stage.ada.mention in stage.alert.content


async def test_where_may_be_by_direct_message(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await pressed(stage, await imported(stage, where="dm"), "Add 3 routes")

        ada = Owner(OwnerKind.MEMBER, str(stage.ada.id))
        rows = await stage.engine.actions.watches.on_route(ada, await first_route(stage))
        assert [place.kind for place in rows[0].watch.tell] == [DestinationKind.DM]


async def first_route(stage: Stage) -> RouteId:
    async with stage.engine.store.transaction() as tx:
        return (await tx.routes.watched())[0].route.id


async def test_a_closed_channel_is_refused_before_the_file_is_read(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.close_channel()
        assert "I may not post alerts here" in words(await imported(stage))
        assert "Add 3 routes?" in words(await imported(stage, where="dm"))


async def test_another_target_is_shown_as_a_change_and_the_rest_left_alone(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await pressed(stage, await imported(stage), "Add 3 routes")
        stage_list = LIST.replace(",420,", ",399.50,")

        shown = await imported(stage, stage_list)
        said = words(shown)
        assert "Change 1 target?" in said
        assert "London → Tokyo · 10\N{EN DASH}24 Mar · €420 → **€399.50**" in said
        assert "**1** gets another target, **2** are on your list already and **2** are left out" in said
        await pressed(stage, shown, "Change 1 target")

        assert "1 target changed" in words(shown)
        assert "target €399.50" in words(await stage.ada.slash(stage.channel, "route list"))
        assert len(await stage.routes()) == 3


async def test_cancel_stores_nothing(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        shown = await imported(stage)
        await pressed(stage, shown, "Cancel")
        assert "Import cancelled" in words(shown)
        assert captions(shown) == []
        assert await stage.routes() == []


async def test_a_preview_closes_after_ten_minutes(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        shown = await imported(stage)
        await stage.clock.advance(601)
        late = await pressed(stage, shown, "Add 3 routes")
        assert "This preview is closed" in words(late.followups[0])
        assert await stage.routes() == []


async def test_only_the_newest_preview_is_open(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        first, second = await imported(stage), await imported(stage)
        old = await pressed(stage, first, "Add 3 routes")
        assert "only your newest one" in words(old.followups[0])
        await pressed(stage, second, "Add 3 routes")
        assert len(await stage.routes()) == 3


async def test_two_members_import_side_by_side(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        hers, his = await imported(stage), await imported(stage, actor=stage.ben)
        await pressed(stage, hers, "Add 3 routes")
        await pressed(stage, his, "Add 3 routes", stage.ben)
        assert len(await stage.routes()) == len(await stage.routes(stage.ben)) == 3


async def test_the_limit_refuses_the_last_rows_by_number(tmp_path: Path) -> None:
    async with open_stage(tmp_path, max_watches_per_member=2) as stage:
        shown = await imported(stage)
        said = words(shown)
        assert "Add 2 routes?" in said
        assert "**Row 4**: There is no room for it: you may have 2 more, and they stand above it." in said
        await pressed(stage, shown, "Add 2 routes")
        assert len(await stage.routes()) == 2
        assert captions(await imported(stage)) == []


async def test_room_that_went_meanwhile_is_counted_when_the_button_is_pressed(tmp_path: Path) -> None:
    async with open_stage(tmp_path, max_watches_per_member=3) as stage:
        shown = await imported(stage)
        await stage.add(destination="BER")
        await pressed(stage, shown, "Add 3 routes")
        assert "2 routes added" in words(shown)
        assert "There is no room for it" in words(shown)
        assert len(await stage.routes()) == 3


async def test_many_faults_come_as_a_file_that_no_spreadsheet_runs(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        bad = "\n".join(f'LON,"=cmd|{n}",,2027-03-10,,50,EUR,1,economy,' for n in range(40))
        shown = await imported(stage, f"{LIST}{bad}\n")

        assert "… and 37 more in **left-out.csv**" in words(shown)
        lines = (await attached(shown)).decode("utf-8-sig").splitlines()
        assert lines[0] == "row,column,why"
        assert len(lines) == 43
        assert not any(re.search(r'(^|,)"?[=+@-]', line) for line in lines)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty"),
        (b"PK\x03\x04" + bytes(50), "save it as CSV UTF-8"),
        ("origin,destination\nLON,São Paulo".encode("latin-1"), "it is not UTF-8 text"),
        (b"<!DOCTYPE html><html>", "it is a web page, not CSV"),
        (b"name,price\nx,1", "no column named destination"),
        (b'origin,destination\nLON,"PAR', "is not CSV"),
        (b"destination\n" + b"PAR\n" * 1001, "it has 1,001 rows, and I take 1,000 at a time"),
        (b"x" * (256 * 1024 + 1), "and I take 256 at a time"),
    ],
)
async def test_what_is_no_list_is_refused_in_words(tmp_path: Path, content: bytes, said: str) -> None:
    async with open_stage(tmp_path) as stage:
        shown = await imported(stage, content)
        assert said in words(shown).replace("\\", "")
        assert captions(shown) == []


async def test_rows_can_be_pasted_into_a_form(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        form = await stage.ada.slash(stage.channel, "route import", where="dm")
        assert form.modal
        (label,) = form.modal["components"]
        assert label["component"]["value"] == f"{HEADER}\n"

        pasted = f"{HEADER}\nLON,TYO,2027-03-10,2027-03-24,420,EUR\nLON,XXQ,2027-03-10,,1,EUR"
        shown = await stage.ada.submit_modal(form, {"rows": pasted})
        assert "**What you pasted** has 2 rows: **1** is new and **1** is left out." in words(shown)
        assert "**Row 3, destination**" in words(shown)
        await pressed(stage, shown, "Add 1 route")
        assert "by direct message" in words(shown)
        assert len(await stage.routes()) == 1


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        (f"{HEADER}\nLON,TYO", f"{HEADER}\nLON,TYO"),
        (f"{HEADER}\nLON\tTYO", f"{HEADER.replace(',', chr(9))}\nLON\tTYO"),
        (f"{HEADER}\ncity\tlowestPrice\nParis\t9", "\ncity\tlowestPrice\nParis\t9"),
        (f'{HEADER}\n"iataCode";note\nPAR;x', '\n"iataCode";note\nPAR;x'),
        ("destination\nPAR", "destination\nPAR"),
    ],
)
def test_pasted_rows_keep_their_own_header_and_their_numbers(pasted: str, meant: str) -> None:
    assert one_header(pasted) == meant


async def test_an_export_imports_again_without_change(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.add(target=None)
        await stage.add(destination="PAR", cabin="business", adults=2, max_stops=1, where="dm")
        await stage.add(destination="BKK", **{"return": None})
        await pressed(stage, await imported(stage), "Add 2 routes and change 1 target")

        exported = await stage.ada.slash(stage.channel, "route export")
        assert exported.ephemeral
        assert "Your 5 routes as a file" in words(exported)
        assert "1 route moves along with today" in words(exported)
        content = await attached(exported)
        assert content.decode("utf-8-sig").splitlines()[0] == COLUMNS

        again = await imported(stage, content)
        assert "Nothing to import" in words(again)
        assert "**routes.csv** has 5 rows: **5** are on your list already." in words(again)
        assert captions(again) == []

        his = await imported(stage, content, stage.ben)
        await pressed(stage, his, "Add 5 routes", stage.ben)
        same = await stage.ben.slash(stage.channel, "route export")
        assert await attached(same) == content


async def test_without_routes_there_is_no_file(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        exported = await stage.ada.slash(stage.channel, "route export")
        assert "You watch no routes yet" in words(exported)
        assert exported.response
        assert exported.response.attachments == []


@asynccontextmanager
async def sheet_stage(folder: Path) -> AsyncIterator[tuple[Stage, MemberActor]]:
    """A stage beside a pretend Google, and a member who may manage the server."""
    async with open_stage(
        folder, point=lambda world: {"google_sheets_base_url": world.sheets.base_url}
    ) as stage:
        role = stage.guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
        cleo = stage.guild.add_member(stage.env.create_user("cleo"), roles=[role])
        stage.world.sheets.sheet.fill(LIST.splitlines())
        yield stage, cleo


def link_of() -> str:
    return f"https://docs.google.com/spreadsheets/d/{SHEET_ID}/edit#gid=0"


async def test_who_manages_the_server_imports_from_a_sheet(tmp_path: Path) -> None:
    async with sheet_stage(tmp_path) as (stage, cleo):
        shown = await cleo.slash(stage.channel, "route import", sheet=link_of())
        assert "**The sheet** has 5 rows: **3** are new and **2** are left out." in words(shown)
        await pressed(stage, shown, "Add 3 routes", cleo)
        assert len(await stage.routes(cleo)) == 3


async def test_nobody_else_does_and_google_is_not_asked(tmp_path: Path) -> None:
    async with sheet_stage(tmp_path) as (stage, _):
        shown = await stage.ada.slash(stage.channel, "route import", sheet=link_of())
        assert "Only members who may manage this server" in words(shown)
        assert stage.world.ledger.of("sheets") == []


async def test_a_private_sheet_another_link_and_two_lists_are_refused_in_words(tmp_path: Path) -> None:
    async with sheet_stage(tmp_path) as (stage, cleo):
        stage.world.sheets.open_to_all = False
        private = await cleo.slash(stage.channel, "route import", sheet=link_of())
        assert "the sheet is private: share it" in words(private)

        elsewhere = await cleo.slash(stage.channel, "route import", sheet="https://evil.example/list.csv")
        assert "docs.google.com" in words(elsewhere)

        both = await imported(stage, actor=cleo, sheet=link_of())
        assert "a file or a link, not both" in words(both)
