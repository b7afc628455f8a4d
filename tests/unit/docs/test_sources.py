"""docs/sources/ has a page for every source, which says what to know before signing up."""

from pathlib import Path

import pytest

from engine.settings.model import SOURCES

FOLDER = Path(__file__).parents[3] / "docs/sources"
SECTIONS = ["Sign up", "Cost", "Limits", "Catches", "Terms"]


def test_every_source_has_a_page_and_every_page_its_source() -> None:
    assert {page.stem for page in FOLDER.glob("*.md")} - {"README"} == set(SOURCES)


@pytest.mark.parametrize("source", SOURCES)
def test_a_page_has_all_its_sections_in_order(source: str) -> None:
    lines = (FOLDER / f"{source}.md").read_text("utf-8").splitlines()
    assert [line.removeprefix("## ") for line in lines if line.startswith("## ")] == SECTIONS


@pytest.mark.parametrize("source", SOURCES)
def test_its_terms_say_what_is_allowed_forbidden_and_unknown(source: str) -> None:
    terms = (FOLDER / f"{source}.md").read_text("utf-8").partition("## Terms")[2]
    assert [word for word in ("Allowed", "forbidden", "Unknown") if word.lower() not in terms.lower()] == []


@pytest.mark.parametrize("source", SOURCES)
def test_the_overview_leads_to_its_page(source: str) -> None:
    assert f"({source}.md)" in (FOLDER / "README.md").read_text("utf-8")
