"""A Google sheet through its CSV link."""

import pytest

from engine.errors import RouteListFault
from engine.routelists.ports import ListRefused
from sandbox.faults import Fault
from tests.integration.routelists.conftest import Google


@pytest.mark.parametrize("published", [False, True])
async def test_a_link_is_read_through_its_redirect(google: Google, published: bool) -> None:
    grid = await google.by_link(published=published).read()
    assert grid[1][:3] == ("Paris", "PAR", "54")


async def test_a_private_sheets_login_page_is_no_list(google: Google) -> None:
    google.service.open_to_all = False
    with pytest.raises(RouteListFault, match="the sheet is private"):
        await google.by_link().read()


async def test_a_sheet_that_is_not_there_is_said(google: Google) -> None:
    with pytest.raises(RouteListFault, match="no such sheet"):
        await google.by_link("another-sheet-id").read()


async def test_a_429_is_obeyed(google: Google) -> None:
    google.service.faults.plan(Fault.RATE_LIMIT)
    with pytest.raises(ListRefused, match="429"):
        await google.by_link().read()


async def test_a_cut_reply_is_a_fault(google: Google) -> None:
    google.service.faults.plan(Fault.CUT_TRANSFER)
    with pytest.raises(RouteListFault):
        await google.by_link().read()


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("http://127.0.0.1:1/x", "not Google's"),
        ("http://docs.google.com/x", "not Google's"),
        ("https://docs.google.com.example.com/x", "not Google's"),
        ("https://googleusercontent.com.example.com/x", "not Google's"),
        ("https://accounts.google.com/ServiceLogin", "private"),
    ],
)
async def test_a_redirect_away_from_google_is_not_followed(google: Google, to: str, words: str) -> None:
    with pytest.raises(RouteListFault, match=words):
        google.by_link()._followed(to)


async def test_a_redirect_to_googles_content_host_is_followed(google: Google) -> None:
    to = "https://doc-0s-sheets.googleusercontent.com/export/x?format=csv"
    assert str(google.by_link()._followed(to)) == to
