"""The Dockerfile beside the tree it is built from."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]
DOCKERFILE = (REPOSITORY / "Dockerfile").read_text("utf-8")
HADOLINT = Path(sys.executable).with_name("hadolint")


def copied() -> list[str]:
    """What the build takes from the checkout."""
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    return [source for line in lines for source in line.split()]


def let_in() -> list[str]:
    lines = (REPOSITORY / ".dockerignore").read_text("utf-8").splitlines()
    return [line[1:] for line in lines if line.startswith("!")]


def test_the_context_is_what_is_copied_and_nothing_else() -> None:
    assert sorted(let_in()) == sorted(copied())


def test_everything_copied_exists() -> None:
    assert [source for source in copied() if not (REPOSITORY / source).exists()] == []


def test_the_database_lies_in_the_volume() -> None:
    assert "VOLUME /data\n" in DOCKERFILE
    assert "DATABASE_URL=sqlite:////data/" in DOCKERFILE


@pytest.mark.skipif(not HADOLINT.exists(), reason="hadolint has no wheel for this machine")
def test_hadolint_has_nothing_to_say() -> None:
    done = subprocess.run(  # noqa: S603  our own linter
        [HADOLINT, REPOSITORY / "Dockerfile"], capture_output=True, text=True, check=False, timeout=30
    )
    assert (done.returncode, done.stdout) == (0, "")
