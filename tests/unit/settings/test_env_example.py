from itertools import pairwise
from pathlib import Path

from dotenv import dotenv_values

from engine.settings import Settings

EXAMPLE = Path(__file__).parents[3] / ".env.example"


def test_the_example_names_exactly_the_settings_there_are() -> None:
    assert set(dotenv_values(EXAMPLE)) == set(Settings.names())


def test_the_example_shows_the_defaults() -> None:
    assert Settings.load(env_file=EXAMPLE, environ={}) == Settings.load(env_file=None, environ={})


def test_every_default_is_shown() -> None:
    shown = dotenv_values(EXAMPLE)
    fields = Settings.model_fields
    assert {name for name in shown if shown[name]} == {
        n.upper() for n in fields if fields[n].default is not None
    }


def test_each_setting_has_its_comment_on_the_line_above() -> None:
    lines = EXAMPLE.read_text().splitlines()
    assert all(above.startswith("# ") for above, line in pairwise(lines) if line and not line.startswith("#"))
