"""Slack's incoming webhooks: blocks, and the same in one line for notifications.

Limits after Slack's documentation: 50 blocks, a section's text 3,000, ten fields of 2,000 each, a header
150. An incoming webhook cannot change what it sent: a change is a message of its own.
"""

from typing import Final

import msgspec

from engine.alerts.hooks.ports import Message, Request, Target, clip, reference

_JSON: Final = {"Content-Type": "application/json"}
_LONGEST_HEADER: Final = 150
_LONGEST_TEXT: Final = 3000
_LONGEST_FIELD: Final = 2000
_MOST_FIELDS: Final = 10
_LONGEST_ESCAPE: Final = len("&amp;")


def request(target: Target, message: Message, post_ref: str | None) -> Request:  # noqa: ARG001  nothing is changed
    """A message, or a message about a change."""
    return Request(url=target.url, body=msgspec.json.encode(_payload(message)), headers=_JSON)


def _payload(message: Message) -> dict[str, object]:
    card = message.card
    headline = f"Update: {card.headline}" if card.update else card.headline
    fields = [
        {
            "type": "mrkdwn",
            "text": f"*{fact.name}*\n{_escaped(fact.text, _LONGEST_FIELD - len(fact.name) - 3)}",
        }
        for fact in card.facts
    ]
    link = f"<{_escaped(card.page.url, _LONGEST_TEXT - 100)}|{card.link_words}>"
    blocks: list[dict[str, object]] = [
        {"type": "header", "text": {"type": "plain_text", "text": clip(headline, _LONGEST_HEADER)}},
        {"type": "section", "fields": fields[:_MOST_FIELDS]},
        {"type": "section", "text": {"type": "mrkdwn", "text": link}},
        {"type": "context", "elements": [{"type": "plain_text", "text": f"ref {reference(message)}"}]},
    ]
    return {"text": _escaped(headline, _LONGEST_TEXT), "blocks": blocks, "unfurl_links": False}


def _escaped(text: str, longest: int) -> str:
    """At most that long with Slack's own three signs escaped: no mention or link begins without them."""
    short = clip(text, longest // _LONGEST_ESCAPE)
    return short.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
