"""Every reason of a judgement as the headline and lines that are read."""

from datetime import timedelta
from typing import Any

import pytest

from bot.languages import read_tongues
from bot.present.alert import told
from bot.present.embeds import Tone
from bot.present.message import reference
from engine.domain.alert import (
    Confirmation,
    Notification,
    NotificationId,
    NotificationKind,
    Reason,
    Subject,
)
from engine.domain.quote import SourceKind
from engine.domain.watch import Condition, Destination, DestinationKind, Owner, OwnerKind, WatchId
from tests.support import build
from tests.support.clock import START

CITIES = {"LON": "London", "TYO": "Tokyo"}


@pytest.fixture(autouse=True, scope="module")
def _locale() -> None:
    read_tongues()


def cities(code: str) -> str:
    return CITIES.get(code, code)


def subject(reason: Reason = Reason.ALERT, member: int = 1001, **changes: Any) -> Subject:
    return Subject(
        **{
            "watch_id": WatchId(f"w{member}"),
            "owner": Owner(OwnerKind.MEMBER, str(member), "5001"),
            "reason": reason,
            "condition": Condition.TARGET,
            "target": build.eur(420),
            **changes,
        }
    )


def notification(*subjects: Subject, price: int | None = 374, **changes: Any) -> Notification:
    return Notification(
        **{
            "id": NotificationId("0123456789abcdefghijkl"),
            "destination": Destination(DestinationKind.CHANNEL, "9001"),
            "kind": NotificationKind.POST,
            "route": build.route(),
            "subjects": subjects or (subject(),),
            "created_at": START,
            "quote": None if price is None else build.quote(price),
            **changes,
        }
    )


HEADLINES = [
    (subject(Reason.ALERT), 374, "London → Tokyo €374, under your €420"),
    (subject(Reason.ALERT), 420, "London → Tokyo €420, just your €420"),
    (subject(Reason.ALERT, condition=Condition.NEW_LOW), 374, "London → Tokyo €374, a new low"),
    (subject(Reason.ALERT, condition=Condition.DROP), 374, "London → Tokyo €374, a clear drop"),
    (subject(Reason.LOWER_STILL), 350, "London → Tokyo now €350, under your €420"),
    (subject(Reason.REPEAT), 374, "London → Tokyo still €374, under your €420"),
    (subject(Reason.REMINDER), 374, "London → Tokyo still €374, under your €420"),
    (subject(Reason.LOWER), 366, "London → Tokyo now €366, under your €420"),
    (subject(Reason.ABOVE), 430, "London → Tokyo now €430, above your €420"),
    (subject(Reason.BACK), 380, "London → Tokyo back at €380, under your €420"),
    (subject(Reason.RECOVERED, lived_s=11520), 460, "London → Tokyo: gone after 3 h 12 min, now €460"),
    (subject(Reason.GONE, lived_s=11520), None, "London → Tokyo: gone after 3 h 12 min"),
    (subject(Reason.GONE), None, "London → Tokyo: gone"),
    (
        subject(Reason.ABOVE, condition=Condition.NEW_LOW, target=None),
        430,
        "London → Tokyo now €430, up again",
    ),
]


@pytest.mark.parametrize(("who", "price", "headline"), HEADLINES)
def test_the_headline_says_what_happened(who: Subject, price: int | None, headline: str) -> None:
    assert told(notification(who, price=price), cities).embed.title == headline


def test_all_of_several_owners_are_named_once_with_their_targets() -> None:
    both = (subject(member=1, target=build.eur(380)), subject(member=2), subject(member=1))
    message = told(notification(*both), cities)

    assert message.content == "<@1> (€380) <@2> (€420) London → Tokyo €374"
    assert message.pinged == (1, 2)


@pytest.mark.parametrize(
    ("price", "ending"),
    [(374, "under both targets"), (400, "under 1 of 2 targets"), (500, "above every target")],
)
def test_the_headline_of_several_counts_their_targets(price: int, ending: str) -> None:
    both = (subject(member=1, target=build.eur(380)), subject(member=2))
    assert (told(notification(*both, price=price), cities).embed.title or "").endswith(ending)


def test_a_hundred_owners_fit_into_one_message() -> None:
    many = tuple(subject(member=10**18 + number) for number in range(150))
    message = told(notification(*many), cities)

    assert len(message.content) <= 2000
    assert len(message.pinged) == 100
    assert len(message.embed) <= 6000


def test_an_edit_keeps_the_reference_of_its_post() -> None:
    post = notification()
    edit = notification(id=NotificationId("z" * 22), kind=NotificationKind.EDIT, edits=post.id)
    assert reference(edit) == reference(post) == "ref 01234567"
    assert reference(post) in (told(edit, cities).embed.footer.text or "")


def test_an_unconfirmed_price_says_so_and_when_it_was_seen() -> None:
    found = START - timedelta(hours=3)
    lead = build.quote(374, kind=SourceKind.CACHED, source="travelpayouts", found_at=found)
    seen = told(notification(quote=lead, confirmation=Confirmation.UNCONFIRMED), cities)
    undated = build.quote(374, kind=SourceKind.CACHED, source="travelpayouts")
    unknown = told(notification(quote=undated, confirmation=Confirmation.UNCONFIRMED), cities)

    assert f"Not confirmed: seen <t:{int(found.timestamp())}:R> by Travelpayouts" in str(
        seen.embed.description
    )
    assert "seen in the last 7 days by Travelpayouts" in str(unknown.embed.description)


def test_a_confirmed_price_says_by_whom() -> None:
    message = told(notification(confirmation=Confirmation.CONFIRMED), cities)
    assert "Confirmed with Amadeus <t:" in str(message.embed.description)


def test_the_usual_price_stands_beside_the_target() -> None:
    fields = told(notification(median=build.eur(500)), cities).embed.fields
    assert [(field.name, field.value) for field in fields] == [
        ("Your target €420", "€46 below (11 %)"),
        ("30-day median €500", "€126 below (25 %)"),
    ]


def test_what_is_over_is_grey_and_what_rose_is_marked() -> None:
    tones = [
        told(notification(subject(reason)), cities).embed.colour
        for reason in (Reason.ALERT, Reason.ABOVE, Reason.GONE)
    ]
    assert [tone.value for tone in tones if tone] == [Tone.GOOD, Tone.CARE, Tone.PAST]


def test_a_provider_cannot_write_into_the_message() -> None:
    evil = build.quote(374, source="<@1> **x** [a](https://b.c)", carriers=("<@&2>",), slices=())
    text = str(told(notification(quote=evil), cities).embed.description)
    assert "<@" not in text
    assert "](" not in text
    assert "**x**" not in text


def test_a_notice_names_the_route_and_gives_its_sentence() -> None:
    notice = notification(
        kind=NotificationKind.NOTICE,
        quote=None,
        text="Its last departure has passed.",
        destination=Destination(DestinationKind.DM, "1001"),
    )
    message = told(notice, cities)
    assert message.embed.title == "London → Tokyo"
    assert "Its last departure has passed." in str(message.embed.description)
    assert (message.content, message.link) == ("", None)
