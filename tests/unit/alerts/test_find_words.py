"""Finds of a route to anywhere in texts, copies and events: the cheapest, and how many more."""

import json

import msgspec
import pytest
from yarl import URL

from engine.alerts.cards import Card, Page, card
from engine.alerts.gsm7 import segments
from engine.alerts.hooks.ports import Message, Target
from engine.alerts.hooks.rendering import render
from engine.alerts.texts import console_text, sms_text
from engine.domain.alert import Confirmation, Notification, NotificationKind, Reason
from engine.domain.finds import to_place
from engine.domain.places import Place
from engine.domain.webhook import WebhookKind
from tests.support.finds import SWEEP, line, post, subject

CITIES = {"LON": "London", "FAO": "Faro", "DUB": "Dublin", "OPO": "Porto"}


def cards(of: Notification) -> Card:
    return card(
        of,
        lambda code: CITIES.get(code, code),
        lambda *_: Page("https://example.com/fare", books=True),
    )


def test_a_text_names_the_cheapest_and_counts_the_others() -> None:
    text = sms_text(post({"FAO": 29, "DUB": 35, "OPO": 38}))

    assert text == "LON-FAO 29 EUR, under your 40, +2 more. 10 Mar-24 Mar, nonstop FR. #a1B2c3"
    assert segments(text) == 1


def test_a_single_find_is_told_like_any_route() -> None:
    assert sms_text(post({"FAO": 29})) == "LON-FAO 29 EUR, under your 40. 10 Mar-24 Mar, nonstop FR. #a1B2c3"


def test_what_is_over_is_not_counted() -> None:
    gone = line("DUB", None, subject(reason=Reason.GONE))

    assert "more" not in sms_text(post({"FAO": 29}, gone))


def test_a_text_with_many_finds_is_one_segment() -> None:
    many = {
        f"{first}{second}A": 20 + place
        for place, (first, second) in enumerate(zip("ABCDEFGH", "STUVWXYZ", strict=True))
    }
    unsure = [line("ZZZ", 19, confirmation=Confirmation.UNCONFIRMED)]

    assert segments(sms_text(post(many, *unsure))) == 1


def test_a_line_of_a_log_says_the_same() -> None:
    assert console_text(post({"FAO": 29, "DUB": 35})).startswith(
        "[ALERT] LON-FAO 29 EUR, under your 40, +1 more"
    )


def test_a_card_has_the_others_as_a_fact() -> None:
    got = cards(post({"FAO": 29, "DUB": 35, "OPO": 38}))

    assert got.headline == "London → Faro 29 EUR, under the target of 40 EUR and 2 more"
    assert dict(got.facts)["Also"] == "Dublin 35 EUR, Porto 38 EUR"


@pytest.mark.parametrize("kind", WebhookKind)
def test_every_kind_of_webhook_takes_it(kind: WebhookKind) -> None:
    told = post({"FAO": 29, "DUB": 35}, kind=NotificationKind.POST)
    message = Message(notification=told, card=cards(told), test=False)

    request = render(Target(kind=kind, url=URL("https://discord.com/api/v10/webhooks/1/token")), message)

    assert b"Faro" in request.body


def test_an_event_names_every_find() -> None:
    told = post({"FAO": 29, "DUB": 35})
    message = Message(notification=told, card=cards(told), test=False)

    request = render(Target(kind=WebhookKind.JSON, url=URL("https://example.com/hook")), message)

    event = json.loads(request.body)
    assert (event["route"], event["total"], event["journey"]["destination"]) == ("LON-FAO", "29.00", "FAO")
    assert [(each["origin"], each["destination"], each["total"]) for each in event["finds"]] == [
        ("LON", "FAO", "29.00"),
        ("LON", "DUB", "35.00"),
    ]


def test_a_text_says_in_which_of_several_cities_the_find_begins() -> None:
    either = msgspec.structs.replace(SWEEP, also_from=(Place.metro("PAR"),))
    ends = (Place.metro("PAR"), Place.airport("DUB"))
    told = line("DUB", 31, quoted={"ends": ends}, route=to_place(either, ends[1]))

    assert sms_text(post({}, told, route=either)).startswith("PAR-DUB 31 EUR")
    assert cards(post({}, told, route=either)).headline.startswith("PAR → Dublin 31 EUR")
