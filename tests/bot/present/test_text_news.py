"""What a member is told of an alert that was not texted: why, until when, and that Discord goes on."""

from datetime import timedelta

import pytest

from bot.present.alert import told
from engine.domain.botnotice import about_a_text, about_the_bot
from engine.domain.caps import Cap
from engine.domain.news import News, TextCapped, TextLate, TextsRest
from engine.domain.watch import Destination, DestinationKind
from tests.support.clock import START
from tests.unit.alerts.stage import SMS, notification

SOON = START + timedelta(hours=5)


@pytest.mark.parametrize(
    ("news", "headline", "why"),
    [
        (
            TextCapped(cap=Cap.MEMBER, most=3),
            "not texted",
            "Your 3 texts of today are used up. Texts go on after midnight UTC.",
        ),
        (
            TextCapped(cap=Cap.SERVER, most=1),
            "not texted",
            "This server's one text of today is used up. Texts go on after midnight UTC.",
        ),
        (
            TextCapped(cap=Cap.DAY, most=20),
            "not texted",
            "My 20 texts of today are used up. Texts go on after midnight UTC.",
        ),
        (
            TextCapped(cap=Cap.MONTH, most=2_000),
            "not texted",
            "My 2,000 texts of this month are used up. Texts go on next month.",
        ),
        (
            TextsRest(until=SOON),
            "not texted",
            f"No text messages can be sent now. They go on <t:{int(SOON.timestamp())}:R>.",
        ),
        (TextsRest(), "not texted", "No text messages can be sent until whoever runs me sees to it."),
        (
            TextLate(),
            "the text is late",
            "The provider of text messages does not answer. I keep trying for an hour.",
        ),
    ],
)
def test_it_says_why_and_that_discord_goes_on(news: News, headline: str, why: str) -> None:
    lost = notification("a1B2c3", SMS)
    message = told(
        about_a_text(lost.id, lost, "1001", news, START), lambda code: {"LON": "London"}.get(code, code)
    )
    assert (message.embed.title or "").endswith(f": {headline}")
    assert (message.embed.description or "").startswith(f"{why}\nAlerts in Discord go on as ever.")
    assert (message.pinged, message.link) == ((), None)


def test_what_whoever_runs_the_bot_is_told_names_no_route_and_nobody() -> None:
    place = Destination(DestinationKind.CHANNEL, "123456789012345678")
    message = told(about_the_bot(notification().id, place, "Texts go out again.", START), lambda code: code)
    assert (message.embed.title, message.embed.description) == (
        "For whoever runs this bot",
        "Texts go out again.",
    )
    assert (message.content, message.pinged, message.link) == ("", (), None)
    assert "ZZZ" not in str(message.embed.to_dict())
