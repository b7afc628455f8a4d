"""A sheet through Sheety."""

from datetime import timedelta
from decimal import Decimal

import pytest

from engine.errors import RouteListFault
from engine.routelists.ports import CellChange, ListRefused
from engine.routelists.sheety import basic, bearer
from sandbox.faults import Fault
from sandbox.sheety import PASSWORD, TOKEN, USERNAME
from tests.integration.routelists.conftest import Rows
from tests.support.clock import START


async def test_rows_stand_where_their_ids_say(sheety: Rows) -> None:
    sheety.service.sheet.fill(("City,IATA Code,Lowest Price", "Paris,PAR,54", "", "Tokyo,TYO,485.5"))
    grid = await sheety.source().read()
    assert grid == (
        ("city", "iataCode", "lowestPrice"),
        ("Paris", "PAR", "54"),
        (),
        ("Tokyo", "TYO", "485.5"),
    )


@pytest.mark.parametrize(
    ("auth", "proof"), [("none", None), ("basic", basic(USERNAME, PASSWORD)), ("bearer", bearer(TOKEN))]
)
async def test_each_way_to_prove_oneself_is_known(sheety: Rows, auth: str, proof: str | None) -> None:
    sheety.service.auth = auth
    assert len(await sheety.source(proof).read()) == 5


async def test_a_wrong_token_is_said_without_it(sheety: Rows) -> None:
    sheety.service.auth = "bearer"
    with pytest.raises(RouteListFault, match="SHEETY_TOKEN") as caught:
        await sheety.source(bearer("canary")).read()
    assert "canary" not in str(caught.value)


async def test_a_402_is_left_alone_for_a_day(sheety: Rows) -> None:
    sheety.service.faults.plan(Fault.QUOTA)
    with pytest.raises(ListRefused, match="used up") as caught:
        await sheety.source().read()
    assert caught.value.retry_at == START + timedelta(hours=24)


async def test_a_429_is_obeyed(sheety: Rows) -> None:
    sheety.service.faults.plan(Fault.RATE_LIMIT)
    with pytest.raises(ListRefused, match="wait"):
        await sheety.source().read()


async def test_a_verb_that_is_not_enabled_is_said(sheety: Rows) -> None:
    sheety.service.verbs.discard("GET")
    with pytest.raises(RouteListFault, match="dashboard"):
        await sheety.source().read()


async def test_an_empty_tab_is_an_empty_list(sheety: Rows) -> None:
    sheety.service.faults.plan(Fault.EMPTY)
    assert await sheety.source().read() == ()


@pytest.mark.parametrize("fault", [Fault.HTML, Fault.CUT_JSON, Fault.CUT_TRANSFER, Fault.RESET])
async def test_a_broken_reply_is_a_fault_of_the_list(sheety: Rows, fault: Fault) -> None:
    sheety.service.faults.plan(fault, times=None)
    with pytest.raises(RouteListFault):
        await sheety.source().read()


async def test_two_rows_a_day_are_written_and_no_more(sheety: Rows) -> None:
    source = sheety.source()
    await source.read()
    changes = [CellChange(row=row, column=3, title="latestFare", value=Decimal(450 + row)) for row in (2, 3)]
    await source.write(changes)
    assert [row[3] for row in sheety.service.sheet.rows()[1:3]] == ["452", "453"]
    assert source.most_writes == 0
    await sheety.clock.advance(24 * 3600 + 1)
    assert source.most_writes == 2
