"""How a process logs; in a process of its own, since logging belongs to the whole of it."""

import json
import subprocess
import sys

import pytest

from tests.integration.cli.shell import REPOSITORY

SCRIPT = """
import logging
import structlog
from engine.logs import configure_logging
from engine.settings import Settings

configure_logging(Settings(log_format={format!r}, log_level={level!r}))
structlog.get_logger("engine.x").info("looked", route_id="r1")
logging.getLogger("discord.gateway").info("shard %s", 3)
logging.getLogger("twilio.http_client").info("Body=canary")
structlog.get_logger("engine.x").debug("detail")
def fail():
    secret = "can" + "ary"
    raise ValueError("cause")
try:
    fail()
except ValueError:
    structlog.get_logger("engine.x").exception("failed")
"""


def logged(format_: str, level: str = "INFO") -> subprocess.CompletedProcess[str]:
    script = SCRIPT.format(format=format_, level=level)
    return subprocess.run(  # noqa: S603  our own script
        [sys.executable, "-c", script],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )


def test_json_lines_stand_on_standard_error_whoever_logs() -> None:
    done = logged("json")
    looked, shard, failed = [json.loads(line) for line in done.stderr.splitlines()]
    assert done.stdout == ""
    assert (looked["event"], looked["route_id"], looked["level"]) == ("looked", "r1", "info")
    assert (shard["event"], shard["logger"]) == ("shard 3", "discord.gateway")
    assert "ValueError: cause" in failed["exception"]


@pytest.mark.parametrize(("format_", "level"), [("console", "DEBUG"), ("json", "INFO")])
def test_neither_payloads_nor_local_variables_are_logged(format_: str, level: str) -> None:
    shown = logged(format_, level).stderr
    assert "ValueError: cause" in shown
    assert "canary" not in shown
