"""The watch over the whole suite: what it takes for a leak, and what not."""

from pathlib import Path

import pytest

from tests.support.canary_watch import CanaryWatch

pytestmark = pytest.mark.shows_canaries


@pytest.mark.parametrize(
    "leak", ["+4915187650001", "0151 87 65 00 01", "+1 (555) 987-0001", "canary-token", "sandbox-secret"]
)
def test_a_number_or_token_that_was_logged_is_a_hit_once(leak: str, tmp_path: Path) -> None:
    watch = CanaryWatch()
    watch.hear("log lines", f"sent to {leak}.")
    assert watch.hits(tmp_path) == ["log lines"]
    assert watch.hits(tmp_path) == []


@pytest.mark.parametrize(
    "harmless", ["+49…001", "915187650001777", "17951876500019", "sandbox-id", "canaries"]
)
def test_what_only_looks_like_one_is_none(harmless: str, tmp_path: Path) -> None:
    watch = CanaryWatch()
    watch.hear("payloads", {"content": harmless})
    assert watch.hits(tmp_path) == []


@pytest.mark.parametrize("name", ["fares.db", "fares.db-wal", "fares.db-shm", "backup-1", "victim.log"])
def test_what_a_test_left_is_read(name: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / name).write_bytes(b"\x00\x01+4915187650001\xff")
    (tmp_path / ".env").write_text("TO_NUMBER=+4915187650001")
    assert CanaryWatch().hits(tmp_path) == [name]


def test_a_code_counts_from_the_moment_it_was_texted(tmp_path: Path) -> None:
    watch = CanaryWatch()
    watch.learn("Your Fare Engine verification code is: 048213")
    watch.hear("log lines", "typed 048213")
    watch.hear("payloads", "id 1048213")
    assert watch.hits(tmp_path) == ["log lines"]
