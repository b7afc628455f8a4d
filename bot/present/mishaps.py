"""What an owner reads when something ended or broke: a departure, a place, a webhook, a text."""

from typing import NamedTuple

from bot.present.embeds import Tone
from bot.present.reasons import reason
from bot.present.text import plain
from engine.domain.news import Departed, PlaceFails, TextUnknown, WebhookFails
from engine.domain.watch import DestinationKind
from engine.tongue import say

_LONGEST_WHY = 150
_LONGEST_NAME = 100


class Words(NamedTuple):
    """A headline for the route (or the thing) that it is about, and what there is to say."""

    headline: str
    lines: tuple[str, ...]
    tone: Tone


def mishap(news: Departed | PlaceFails | TextUnknown | WebhookFails, route: str) -> Words:
    """The message; `route` is how its route is called."""
    match news:
        case Departed():
            lines = (say("Its last departure has passed; this route is no longer watched."),)
            return Words(route, lines, Tone.PAST)
        case PlaceFails():
            return _place_fails(news, route)
        case TextUnknown():
            return _text_unknown(news, route)
        case WebhookFails():
            return _webhook_fails(news)


def in_discord() -> str:
    """What is said where a phone or a webhook fails: alerts come all the same."""
    return say("Alerts in Discord go on as ever.")


def _place_fails(news: PlaceFails, route: str) -> Words:
    phone = news.lane.startswith(f"{DestinationKind.SMS.value}:")
    lines = [
        say(
            "Alerts can no longer be delivered to {place}: {why}.",
            place=_place(news.lane),
            why=plain(reason(news.why), _LONGEST_WHY),
        ),
        say("An alert for {route} did not reach you.", route=news.lost) if news.lost else "",
        # A phone is told in addition to a place in Discord.
        in_discord() if phone else say("Your routes stay watched and alert again once it works."),
    ]
    return Words(route, (" ".join(filter(None, lines)),), Tone.PAST)


def _place(lane: str) -> str:
    kind, _, address = lane.partition(":")
    match kind:
        case DestinationKind.CHANNEL.value:
            return f"<#{address}>"
        case DestinationKind.DM.value:
            return say("your direct messages")
        case DestinationKind.SMS.value:
            return say("your phone")
        case _:
            return kind


def _webhook_fails(news: WebhookFails) -> Words:
    lines = (
        say(
            "Copies of alerts can no longer be sent to {host}: {why}. Alerts in Discord go on.",
            host=plain(news.host, _LONGEST_NAME),
            why=plain(reason(news.why), _LONGEST_WHY),
        ),
        say("Once it is mended, `/settings webhook test` in the server opens it again."),
    )
    return Words(
        say("The webhook {name} is paused", name=plain(news.name, _LONGEST_NAME)),
        (" ".join(lines),),
        Tone.PAST,
    )


def _text_unknown(news: TextUnknown, route: str) -> Words:
    told = say(
        "It is not known whether the text message about {route} arrived. It is not sent again.",
        route=news.pair,
    )
    return Words(route, (told,), Tone.PAST)
