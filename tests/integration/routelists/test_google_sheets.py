"""A Google sheet through its API, against a pretend Google with Google's own error bodies."""

from datetime import timedelta
from decimal import Decimal

import pytest

from engine.errors import RouteListFault
from engine.routelists.ports import CellChange, ListRefused
from sandbox.faults import Fault
from sandbox.sheets import ACCOUNT
from tests.integration.routelists.conftest import Google
from tests.support.clock import START

HEADER = ("City", "IATA Code", "Lowest Price", "Latest Fare", "Lowest Fare", "Seen At")


def fare(row: int = 2, value: str | Decimal = Decimal("450.50")) -> CellChange:
    return CellChange(row=row, column=3, title="Latest Fare", value=value)


async def test_a_key_reads_the_cells_of_the_first_tab(google: Google) -> None:
    grid = await google.by_key().read()
    assert grid[:2] == (HEADER, ("Paris", "PAR", "54"))


async def test_cells_are_asked_for_as_they_are_shown(google: Google) -> None:
    await google.by_key(range_="prices!A1:F").read()
    (asked,) = google.service.ledger.of("sheets")
    assert asked.query["valueRenderOption"] == "FORMATTED_VALUE"
    assert asked.path.endswith("/values/prices!A1:F")


async def test_a_range_in_the_middle_keeps_its_place_in_the_sheet(google: Google) -> None:
    google.service.sheet.fill(("notes", "", ",destination,target", ",PAR,54"))
    grid = await google.by_key(range_="prices!B3:C").read()
    assert grid == ((), (), ("", "destination", "target"), ("", "PAR", "54"))


async def test_a_sheet_without_cells_is_an_empty_list(google: Google) -> None:
    google.service.faults.plan(Fault.EMPTY)
    assert await google.by_key().read() == ()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ({"range_": "NOPE!A1:F"}, "GOOGLE_SHEET_RANGE"),
        ({"sheet": "another-sheet"}, "no such sheet"),
        ({"key": "canary"}, "refuses GOOGLE_API_KEY"),
    ],
)
async def test_what_the_settings_have_wrong_is_named(
    google: Google, source: dict[str, str], words: str
) -> None:
    with pytest.raises(RouteListFault, match=words) as caught:
        await google.by_key(**source).read()
    assert "canary" not in str(caught.value)


async def test_a_sheet_that_is_not_shared_says_with_whom_to_share_it(google: Google) -> None:
    google.service.open_to_all = False
    with pytest.raises(RouteListFault, match="everyone who has the link"):
        await google.by_key().read()


@pytest.mark.parametrize(("asked", "wait"), [("120", timedelta(minutes=2)), (None, timedelta(minutes=5))])
async def test_a_429_says_when_to_come_back(google: Google, asked: str | None, wait: timedelta) -> None:
    google.service.faults.plan(Fault.RATE_LIMIT, retry_after=asked)
    with pytest.raises(ListRefused, match="RESOURCE_EXHAUSTED") as caught:
        await google.by_key().read()
    assert caught.value.retry_at == START + wait


@pytest.mark.parametrize(
    "fault", [Fault.HTML, Fault.CUT_JSON, Fault.CUT_TRANSFER, Fault.RESET, Fault.BOMB, Fault.SERVER_ERROR]
)
async def test_a_broken_reply_is_a_fault_of_the_list(google: Google, fault: Fault) -> None:
    google.service.faults.plan(fault, times=None)
    with pytest.raises(RouteListFault):
        await google.by_key().read()


async def test_a_service_account_reads_with_a_signed_token_and_keeps_it(google: Google) -> None:
    google.service.open_to_all = False
    source = await google.by_account()
    assert (await source.read())[0] == HEADER
    await source.read()
    assert len(google.service.ledger.of("sheets", "/token")) == 1


async def test_a_service_account_writes_numbers_and_text_in_one_request(google: Google) -> None:
    source = await google.by_account()
    await source.read()
    google.service.ledger.clear()
    await source.write([fare(), fare(3, Decimal(42)), fare(4, "=1+1")])
    paths = [entry.path.rpartition("/")[2] for entry in google.service.ledger.of("sheets")]
    assert paths == ["token", "values:batchUpdate"]
    assert [row[3] for row in google.service.sheet.rows()[1:4]] == ["450.5", "42", "=1+1"]


async def test_a_viewer_may_not_write(google: Google) -> None:
    google.service.account_may = "view"
    source = await google.by_account()
    await source.read()
    with pytest.raises(RouteListFault, match="service account's e-mail"):
        await source.write([fare()])


async def test_a_key_does_not_try_to_write(google: Google) -> None:
    source = google.by_key()
    assert source.most_writes == 0
    with pytest.raises(RouteListFault, match="cannot write"):
        await source.write([fare()])


async def test_an_account_that_google_does_not_know_is_said(google: Google) -> None:
    source = await google.by_account(lambda text: text.replace(ACCOUNT, "other@example.com"))
    with pytest.raises(RouteListFault, match="invalid_grant"):
        await source.read()


@pytest.mark.parametrize("text", ["", "{}", '{"client_email":"a","private_key":"canary"}'])
async def test_a_file_that_is_no_key_is_said_without_its_content(google: Google, text: str) -> None:
    source = await google.by_account(lambda _: text)
    with pytest.raises(RouteListFault, match="not the JSON key") as caught:
        await source.read()
    assert "canary" not in str(caught.value)
