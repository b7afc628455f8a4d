import pytest

from engine.routelists.links import SheetLink

ID = "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (ID, f"https://docs.google.com/spreadsheets/d/{ID}/export?format=csv"),
        (
            f"https://docs.google.com/spreadsheets/d/{ID}/edit?usp=sharing",
            f"https://docs.google.com/spreadsheets/d/{ID}/export?format=csv",
        ),
        (
            f"https://docs.google.com/spreadsheets/u/1/d/{ID}/edit#gid=17",
            f"https://docs.google.com/spreadsheets/d/{ID}/export?format=csv&gid=17",
        ),
        (
            f"https://docs.google.com/spreadsheets/d/e/2PACX-{ID}/pub?output=csv",
            f"https://docs.google.com/spreadsheets/d/e/2PACX-{ID}/pub?output=csv",
        ),
        (
            f"https://docs.google.com/spreadsheets/d/e/2PACX-{ID}/pubhtml?gid=3&single=true",
            f"https://docs.google.com/spreadsheets/d/e/2PACX-{ID}/pub?output=csv&single=true&gid=3",
        ),
    ],
)
def test_a_link_as_people_copy_it_leads_to_its_csv(text: str, address: str) -> None:
    assert str(SheetLink.parse(text).csv_address()) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "short",
        f"http://docs.google.com/spreadsheets/d/{ID}",
        f"https://docs.google.com.example.com/spreadsheets/d/{ID}",
        f"https://docs.google.com@127.0.0.1/spreadsheets/d/{ID}",
        f"https://example.com/spreadsheets/d/{ID}",
        "https://docs.google.com/document/d/abcdefghijkl",
        "https://[::1",
        f"file:///spreadsheets/d/{ID}",
    ],
)
def test_what_is_no_link_to_a_google_sheet_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be a link like"):
        SheetLink.parse(text)
