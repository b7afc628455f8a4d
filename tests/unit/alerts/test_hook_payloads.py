"""The payloads of the four kinds: what they say, and that they hold the documented limits whatever comes."""

import hashlib
import hmac
import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from engine.alerts.cards import Card, Fact, Mood, Page, card
from engine.alerts.hooks.ports import Message, Request, Target
from engine.alerts.hooks.rendering import render
from engine.domain.alert import NotificationId, NotificationKind, Reason
from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.route import Cabin, FixedDates
from engine.domain.watch import WatchId
from engine.domain.webhook import WebhookKind
from sandbox.hooks import discord_fault, ntfy_fault, slack_fault
from tests.support import build
from tests.support.clock import START
from tests.unit.alerts.stage import notification, subject

DISCORD, SLACK, NTFY, JSON = WebhookKind.DISCORD, WebhookKind.SLACK, WebhookKind.NTFY, WebhookKind.JSON
URLS = {
    DISCORD: "https://discord.com/api/v10/webhooks/1/token",
    SLACK: "https://hooks.slack.com/services/T/B/X",
    NTFY: "https://ntfy.sh/topic",
    JSON: "https://example.com/hook",
}
DOCUMENTATION = Path(__file__).parents[3] / "docs/webhooks.md"
SEARCH = "https://www.google.com/travel/flights?q=a&curr=EUR"


def message(*, test: bool = False, **changes: Any) -> Message:
    told = notification("alert0123456789abcdef", **changes)
    said = card(
        told, {"LON": "London", "TYO": "Tokyo"}.__getitem__, lambda *_: Page(SEARCH, books=False), test=test
    )
    return Message(notification=told, card=said, test=test)


def target(kind: WebhookKind, secret: str | None = None, url: str | None = None) -> Target:
    return Target(kind=kind, url=URL(url or URLS[kind]), secret=secret)


def body(request: Request) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(request.body)
    return read


def sent(to: WebhookKind, /, **changes: Any) -> dict[str, Any]:
    return body(render(target(to), message(**changes)))


# A message that is as long as it can be, and longer than that.
LONGEST = build.route(
    origin=Place.airport("LHR"),
    destination=Place.airport("HND"),
    trip=FixedDates(date(2027, 12, 28), date(2028, 11, 28)),
    currency="IDR",
    cabin=Cabin.PREMIUM_ECONOMY,
    adults=9,
    max_stops=3,
)
WORST: dict[str, Any] = {
    "route": LONGEST,
    "quote": build.quote(
        Money(999_999_999_999, "IDR"),
        LONGEST,
        source="&<>" * 40,
        carriers=("<&>",) * 20,
        stops=(99, 99),
        self_transfer=True,
        found_at=START - timedelta(days=9),
        link=f"https://www.google.com/{'&' * 480}",
    ),
    "subjects": tuple(
        subject(watch_id=WatchId(f"w{number}"), target=Money(999_999_900_000 + number, "IDR"))
        for number in range(300)
    ),
    "median": Money(999_999_999_999, "IDR"),
}


def worst(kind: WebhookKind, card_: Card, secret: str | None = None) -> Request:
    told = notification("alert0123456789abcdef", **WORST)
    return render(target(kind, secret), Message(notification=told, card=card_), None)


def checked(card_: Card) -> None:
    """Nothing that the services would refuse."""
    assert discord_fault(body(worst(DISCORD, card_))) is None
    assert slack_fault(body(worst(SLACK, card_))) is None
    raw = worst(NTFY, card_)
    assert ntfy_fault(body(raw), raw.body) is None
    assert len(worst(JSON, card_, "secret").body) < 8192


def test_the_worst_alert_there_can_be_holds_every_limit() -> None:
    told = notification("a", **WORST)
    city = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 2
    checked(card(told, lambda code: f"{city} {code}", lambda *_: Page(told.quote.link or "", books=True)))  # type: ignore[union-attr]


ANY_TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=600)


@given(
    headline=ANY_TEXT,
    text=ANY_TEXT,
    count=st.integers(1, 6),
    update=st.booleans(),
    mood=st.sampled_from(Mood),
)
def test_no_text_of_any_script_breaks_a_limit(
    headline: str, text: str, count: int, update: bool, mood: Mood
) -> None:
    facts = tuple(Fact("30-day median", text) for _ in range(count))
    page = Page(f"https://www.google.com/{'&' * 480}", books=False)
    checked(Card(headline=headline, short=headline, facts=facts, mood=mood, page=page, update=update))


def test_discord_gets_an_embed_that_mentions_nobody_and_is_asked_for_its_id() -> None:
    request = render(target(DISCORD), message())
    sent_ = body(request)
    (embed,) = sent_["embeds"]
    assert (request.method, str(request.url)) == ("POST", f"{URLS[DISCORD]}?wait=true")
    assert sent_["allowed_mentions"] == {"parse": []}
    assert sent_["content"] == "London → Tokyo 450 EUR"
    assert embed["title"] == "London → Tokyo 450 EUR, under the target of 460 EUR"
    assert embed["url"] == SEARCH
    assert {field["name"] for field in embed["fields"]} >= {"Dates", "Target", "Price"}
    assert embed["footer"]["text"] == "ref 0alert01"


def test_discord_changes_its_message_in_its_thread() -> None:
    threaded = f"{URLS[DISCORD]}?thread_id=223456789012345678"
    request = render(target(DISCORD, url=threaded), message(kind=NotificationKind.EDIT), "777")
    assert (request.method, str(request.url)) == (
        "PATCH",
        f"{URLS[DISCORD]}/messages/777?thread_id=223456789012345678",
    )
    assert str(render(target(DISCORD, url=threaded), message()).url).endswith(
        "?thread_id=223456789012345678&wait=true"
    )


def test_slack_gets_blocks_with_a_line_of_text_for_notifications() -> None:
    told = sent(SLACK)
    assert told["text"] == "London → Tokyo 450 EUR, under the target of 460 EUR"
    assert [block["type"] for block in told["blocks"]] == ["header", "section", "section", "context"]
    assert told["blocks"][2]["text"]["text"] == f"<{SEARCH.replace('&', '&amp;')}|Open in Google Flights>"


def test_slack_is_told_of_a_change_in_a_message_that_says_so() -> None:
    told = sent(SLACK, kind=NotificationKind.EDIT, subjects=(subject(reason=Reason.LOWER),))
    assert told["text"].startswith("Update: London → Tokyo now 450 EUR")


def test_nothing_that_slack_would_read_as_a_mention_gets_through() -> None:
    said = Card(
        headline="<!channel> & <@U1>",
        short="<!channel>",
        facts=(Fact("Price", "<!here|x>"),),
        mood=Mood.GOOD,
        page=Page("https://example.com/", books=False),
    )
    text = worst(SLACK, said).body.decode()
    assert "&lt;!channel&gt; &amp; &lt;@U1&gt;" in text
    assert "&lt;!here|x&gt;" in text


def test_ntfy_is_published_as_json_at_the_root_with_topic_click_and_priority() -> None:
    request = render(target(NTFY), message())
    told = body(request)
    assert str(request.url) == "https://ntfy.sh/"
    assert "Authorization" not in request.headers
    assert (told["topic"], told["priority"], told["click"], told["tags"]) == (
        "topic",
        4,
        SEARCH,
        ["airplane"],
    )
    assert told["message"].startswith("Dates: 10 Mar to 24 Mar 2027\nFlights: NH")


@pytest.mark.parametrize(
    ("secret", "header"), [("tk_abc", "Bearer tk_abc"), ("ada:secret", "Basic YWRhOnNlY3JldA==")]
)
def test_ntfy_is_shown_the_token_or_name_and_password(secret: str, header: str) -> None:
    assert render(target(NTFY, secret), message()).headers["Authorization"] == header


def test_a_change_takes_the_place_of_its_alert_in_ntfy_and_makes_less_noise() -> None:
    change = sent(NTFY, kind=NotificationKind.EDIT, edits=NotificationId("the-alert"))
    assert (change["sequence_id"], change["priority"]) == ("the-alert", 2)
    assert sent(NTFY)["sequence_id"] == "0alert0123456789abcdef"


def test_a_program_gets_the_shape_that_the_documentation_shows() -> None:
    shown = re.search(r"```json\n(.+?)```", DOCUMENTATION.read_text("utf-8"), re.DOTALL)
    assert shown is not None
    assert sent(JSON, median=build.eur("520.50")) == json.loads(shown[1])


def test_a_program_reads_which_alert_a_change_belongs_to_and_that_a_fare_is_gone() -> None:
    change = sent(
        JSON,
        kind=NotificationKind.EDIT,
        edits=NotificationId("the-alert"),
        quote=None,
        subjects=(subject(reason=Reason.GONE, lived_s=7200),),
    )
    assert (change["event"], change["alert_id"], change["id"]) == (
        "update",
        "the-alert",
        "0alert0123456789abcdef",
    )
    assert (change["reason"], change["total"], change["lived_s"], change["source"]) == (
        "GONE",
        None,
        7200,
        None,
    )
    assert sent(JSON, test=True)["event"] == "test"


def test_a_program_knows_a_repetition_and_who_sent_it() -> None:
    request = render(target(JSON, "canary"), message())
    expected = hmac.new(b"canary", request.body, hashlib.sha256).hexdigest()
    assert request.headers["X-Fare-Signature"] == f"sha256={expected}"
    assert request.headers["Idempotency-Key"] == "0alert0123456789abcdef"
    assert "X-Fare-Signature" not in render(target(JSON), message()).headers


@pytest.mark.parametrize("kind", WebhookKind)
def test_no_payload_names_a_member_or_its_own_address(kind: WebhookKind) -> None:
    request = render(target(kind, None, URLS[kind].replace("example", "canary")), message())
    text = request.body.decode()
    assert "1001" not in text
    assert "canary" not in text


def test_addresses_and_secrets_show_in_no_repr() -> None:
    secret = target(JSON, "canary", "https://canary.example.com/")
    request = render(secret, message())
    assert "canary" not in repr(secret) + repr(request) + repr([secret, request])
    assert msgspec.structs.asdict(secret)["secret"] == "canary"
