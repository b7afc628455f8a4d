"""What the doctor says of the settings."""

from pathlib import Path

import pytest

from engine.doctor.environment import read_settings
from engine.doctor.findings import State


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    return tmp_path / ".env"


def test_with_nothing_set_it_says_which_file_to_copy(env_file: Path) -> None:
    (found,) = read_settings(env_file, {}).findings
    assert found.state is State.CAREFUL
    assert (found.advice or "").startswith("cp .env.example .env")


def test_settings_of_the_environment_alone_are_fine(env_file: Path) -> None:
    (found,) = read_settings(env_file, {"CHECK_INTERVAL": "20m"}).findings
    assert (found.state, found.says) == (State.OK, "The environment is understood: 1 set. There is no .env.")


def test_every_fault_is_a_finding_that_blocks(env_file: Path) -> None:
    env_file.write_text("CHECK_INTERVAL=soon\nCONCURRENCY=many\n")
    environment = read_settings(env_file, {})
    assert environment.settings is None
    assert [found.says.split(":")[0] for found in environment.findings if found.blocks] == [
        "CHECK_INTERVAL",
        "CONCURRENCY",
    ]


def test_a_slip_of_the_pen_is_told_what_was_meant(env_file: Path) -> None:
    env_file.write_text("DISCORD_TOKN=canary\nCHECK_INTERVAL=20m\n")
    environment = read_settings(env_file, {})
    stranger = environment.findings[-1]
    assert environment.settings is not None
    assert (stranger.state, stranger.advice) == (State.CAREFUL, "Did you mean DISCORD_TOKEN?")
    assert "canary" not in stranger.says


def test_a_name_like_no_other_is_told_that_nothing_reads_it(env_file: Path) -> None:
    env_file.write_text("FAVOURITE_COLOUR=blue\n")
    stranger = read_settings(env_file, {}).findings[-1]
    assert stranger.says == "FAVOURITE_COLOUR in .env is no setting of this version, so nothing reads it."
    assert stranger.advice is None


def test_the_file_of_a_secret_is_no_stranger(env_file: Path, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("canary")
    env_file.write_text(f"DISCORD_TOKEN_FILE={tmp_path}/token\n")
    assert [found.state for found in read_settings(env_file, {}).findings] == [State.OK]
