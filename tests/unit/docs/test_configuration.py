"""docs/configuration.md is held against the settings, as .env.example is."""

import re
from pathlib import Path

from dotenv import dotenv_values

from engine.settings import Settings

REPOSITORY = Path(__file__).parents[3]
ROW = re.compile(r"\| `([A-Z_]+)` \| (.+) \| (?:`([^`]*)` )?\|")


def rows() -> dict[str, tuple[str, str | None]]:
    """What each setting does, and its default, as the page has them."""
    found = ROW.finditer((REPOSITORY / "docs/configuration.md").read_text("utf-8"))
    return {row[1]: (row[2], row[3]) for row in found}


def test_the_page_names_exactly_the_settings_there_are() -> None:
    assert set(rows()) == set(Settings.names())


def test_the_page_shows_the_defaults_of_the_example() -> None:
    example = dotenv_values(REPOSITORY / ".env.example")
    assert {name: default for name, (_, default) in rows().items()} == {
        name: text or None for name, text in example.items()
    }


def test_the_page_marks_exactly_the_secrets() -> None:
    marked = {name for name, (does, _) in rows().items() if "Secret." in does}
    assert marked == set(Settings.secrets())
