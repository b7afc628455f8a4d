"""`fare-engine keys`: two lines that `.env` takes, different every time, and no trace of them."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from engine.alerts.phones import PhoneVault
from engine.cli import app
from engine.settings import Settings


def printed() -> str:
    done = CliRunner().invoke(app, ("keys",))
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def test_what_it_prints_is_fit_for_env(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text(printed())
    settings = Settings.load(env_file=env, environ={})
    assert settings.phone_keys
    assert settings.phone_hash_key
    vault = PhoneVault([settings.phone_keys.get_secret_value()], settings.phone_hash_key.get_secret_value())
    assert vault.open(vault.seal("+4915187650001")) == "+4915187650001"


def test_keys_are_new_each_time_and_differ() -> None:
    keys = [line.partition("=")[2] for _ in range(2) for line in printed().splitlines() if "=" in line]
    assert len(set(keys)) == 4


def test_it_keeps_nothing_and_needs_no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("CHECK_INTERVAL=never\n")
    monkeypatch.chdir(tmp_path)
    assert printed()
    assert [path.name for path in tmp_path.iterdir()] == [".env"]
