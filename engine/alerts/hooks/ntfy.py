"""ntfy: published as JSON at the server's root, since titles in headers cannot hold every letter.

Limits after ntfy's documentation: a message of 4,096 bytes (what is longer becomes an attachment), a body
of twice that. Servers from 2.16 on know messages of one `sequence_id` as one notification and replace it:
so a change replaces its alert there, and an alert sent twice shows once. Older ones show both.
"""

import base64
from typing import Final

import msgspec

from engine.alerts.cards import Mood
from engine.alerts.hooks.ports import Message, Request, Target, clip

_LONGEST_TITLE: Final = 200
_LONGEST_MESSAGE_BYTES: Final = 4000
_HIGH, _DEFAULT, _LOW = 4, 3, 2


def request(target: Target, message: Message, post_ref: str | None) -> Request:  # noqa: ARG001  known by our own id
    """A message, or one that takes the place of an earlier one."""
    server = target.url.with_path("/")
    headers = {"Content-Type": "application/json", **_authorization(target.secret)}
    return Request(url=server, body=_body(message, target.url.path.strip("/")), headers=headers)


def _body(message: Message, topic: str) -> bytes:
    card = message.card
    notification = message.notification
    lines = "\n".join(f"{fact.name}: {fact.text}" for fact in card.facts)
    return msgspec.json.encode(
        {
            "topic": topic,
            "title": clip(card.headline, _LONGEST_TITLE),
            "message": _cut(lines, _LONGEST_MESSAGE_BYTES),
            "priority": _priority(message),
            "tags": ["airplane"],
            "click": card.page.url,
            "sequence_id": notification.edits or notification.id,
        }
    )


def _priority(message: Message) -> int:
    if message.test:
        return _DEFAULT
    if message.card.update:
        return _LOW
    return _HIGH if message.card.mood is Mood.GOOD else _DEFAULT


def _cut(text: str, most_bytes: int) -> str:
    return text.encode()[:most_bytes].decode(errors="ignore")


def _authorization(secret: str | None) -> dict[str, str]:
    """An access token, or a name and a password with a colon between them."""
    if secret is None:
        return {}
    if ":" in secret:
        return {"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"}
    return {"Authorization": f"Bearer {secret}"}
