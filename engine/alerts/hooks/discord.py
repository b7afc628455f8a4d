"""Discord webhooks: an embed like the bot's own posts, changed in place when the fare moves.

Limits after Discord's documentation: content 2,000, title 256, 25 fields of name 256 and value 1,024,
6,000 over all. `wait=true` makes it answer with the message's id, which a change needs.
"""

from types import MappingProxyType
from typing import Final

import msgspec

from engine.alerts.cards import Mood
from engine.alerts.hooks.ports import Message, Request, Target, clip, reference

_JSON: Final = {"Content-Type": "application/json"}
_LONGEST_CONTENT: Final = 2000
_LONGEST_TITLE: Final = 256
_LONGEST_FACT: Final = 1024
_COLOURS: Final = MappingProxyType({Mood.GOOD: 0x2E9E5B, Mood.CARE: 0xD98A1F, Mood.PAST: 0x8A919C})


def request(target: Target, message: Message, post_ref: str | None) -> Request:
    """A new message, or a change of the one whose id is `post_ref`."""
    if post_ref is not None:
        # `/` drops the query, and a webhook of a thread has its thread there.
        url = (target.url / "messages" / post_ref).with_query(target.url.query)
        return Request(method="PATCH", url=url, body=_body(message), headers=_JSON)
    return Request(url=target.url.update_query(wait="true"), body=_body(message), headers=_JSON)


def _body(message: Message) -> bytes:
    card = message.card
    headline = clip(card.headline, _LONGEST_TITLE)
    embed = {
        "title": headline,
        "url": card.page.url,
        "color": _COLOURS[card.mood],
        "fields": [
            {"name": fact.name, "value": clip(fact.text, _LONGEST_FACT), "inline": True}
            for fact in card.facts
        ],
        "footer": {"text": f"ref {reference(message)}"},
        "timestamp": message.notification.created_at.isoformat(),
    }
    # What a phone shows of a message is its content; an embed alone shows as nothing.
    content = clip(card.short, _LONGEST_CONTENT)
    return msgspec.json.encode({"content": content, "embeds": [embed], "allowed_mentions": {"parse": []}})
