"""The check of REST calls finds what Discord would refuse."""

from typing import Any

import pytest

from tests.bot.discord_api import faults_of

MESSAGES = "/channels/9001/messages"
LONG_BUTTON = {"type": 2, "style": 1, "label": "Go", "custom_id": "x" * 101}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", MESSAGES, {"content": "x" * 2001}),
        ("POST", MESSAGES, {"content": 5}),
        ("POST", MESSAGES, {"embeds": [{"title": "x" * 257}]}),
        ("POST", MESSAGES, {"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]}),
        ("POST", MESSAGES, {"embeds": [{"description": "x" * 4000}, {"description": "x" * 2001}]}),
        ("POST", MESSAGES, {"components": [{"type": 1, "components": [LONG_BUTTON]}]}),
        ("POST", "/no/such/path", {}),
        ("BREW", MESSAGES, {}),
    ],
)
def test_a_call_that_discord_would_refuse_is_found(method: str, path: str, body: dict[str, Any]) -> None:
    assert faults_of(method, path, body)


def test_a_call_that_it_takes_passes() -> None:
    body = {
        "content": "Hello",
        "tts": False,
        "embeds": [{"title": "London", "flags": 0, "fields": [{"name": "a", "value": "b", "inline": True}]}],
        "allowed_mentions": {"parse": [], "users": [1001]},
        "nonce": "0123456789abcdefghijkl",
        "enforce_nonce": True,
    }
    assert faults_of("POST", MESSAGES, body) == []
    assert faults_of("PATCH", f"{MESSAGES}/7", {"content": "Hello", "tts": False}) == []
