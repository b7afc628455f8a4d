"""The settings of route lists."""

from pathlib import Path

import pytest

from engine.errors import SettingsFault
from engine.listing import configured_name
from engine.routelists.links import SheetLink
from engine.settings import Settings

ID = "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms"
ENDPOINT = "https://api.sheety.co/canary/flightDeals/prices"


def load(**environ: str) -> Settings:
    return Settings.load(env_file=None, environ=environ)


@pytest.mark.parametrize("text", [ID, f"https://docs.google.com/spreadsheets/d/{ID}/edit#gid=0"])
def test_a_sheet_may_be_given_by_its_id_or_its_link(text: str) -> None:
    link = load(GOOGLE_SHEET_ID=text).google_sheet_id
    assert link is not None
    assert link.id == ID


def test_the_originals_endpoint_may_be_a_markdown_link() -> None:
    endpoint = load(SHEETY_PRICES_ENDPOINT=f"[{ENDPOINT}]({ENDPOINT})").sheety_prices_endpoint
    assert endpoint is not None
    assert endpoint.get_secret_value() == ENDPOINT


def test_a_file_stands_above_a_sheet_and_a_sheet_above_sheety() -> None:
    sheety = {"SHEETY_PRICES_ENDPOINT": ENDPOINT}
    sheet = {"GOOGLE_SHEET_ID": ID, **sheety}
    names = [
        configured_name(load(**given)) for given in ({}, sheety, sheet, {"ROUTES_FILE": "a/b.csv", **sheet})
    ]
    assert names[0] is None
    assert [str(name).partition(":")[0] for name in names[1:]] == ["sheety", "sheet", "b.csv"]
    assert "canary" not in str(names[1])


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"SHEETY_USERNAME": "u", "SHEETY_PRICES_ENDPOINT": ENDPOINT}, "SHEETY_PASSWORD"),
        ({"SHEETY_PASSWORD": "canary", "SHEETY_PRICES_ENDPOINT": ENDPOINT}, "SHEETY_USERNAME"),
        ({"SHEETY_TOKEN": "canary"}, "SHEETY_PRICES_ENDPOINT"),
        ({"GOOGLE_SHEET_ID": "https://example.com/canary"}, "GOOGLE_SHEET_ID"),
        ({"GOOGLE_SHEETS_BASE_URL": "https://canary/v4"}, "GOOGLE_SHEETS_BASE_URL"),
    ],
)
def test_what_cannot_be_meant_is_a_fault_that_repeats_nothing(given: dict[str, str], missing: str) -> None:
    with pytest.raises(SettingsFault) as caught:
        load(**given)
    (fault,) = caught.value.faults
    assert fault.startswith(f"{missing}: ")
    assert "canary" not in fault


def test_a_key_file_is_a_path() -> None:
    settings = load(GOOGLE_SERVICE_ACCOUNT_FILE="/run/secrets/account.json", GOOGLE_SHEET_ID=ID)
    assert settings.google_service_account_file == Path("/run/secrets/account.json")
    assert settings.google_sheet_id == SheetLink(id=ID)
