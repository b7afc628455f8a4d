"""The list that many alerts share: a line each, the best first, within what Discord takes."""

import re
from typing import Any

import pytest

from bot.languages import read_tongues
from bot.present.alert import told
from bot.present.embeds import Tone
from engine.domain.alert import Notification, NotificationId, NotificationKind, Reason, Subject
from engine.domain.places import Place
from engine.domain.storms import edit_of, list_of
from engine.domain.watch import Condition, Destination, DestinationKind, Owner, OwnerKind, WatchId
from tests.support import build
from tests.support.clock import START

PLACE = Destination(DestinationKind.CHANNEL, "9001")
CITIES = {"LON": "London", "TYO": "Tokyo", "PAR": "Paris", "ROM": "Rome"}
LONGEST = 4096


@pytest.fixture(autouse=True, scope="module")
def _tongues() -> None:
    read_tongues()


def cities(code: str) -> str:
    return CITIES.get(code, code)


def long_names(code: str) -> str:
    return f"Llanfairpwllgwyngyllgogerychwyrndrobwllll {code}"


def subject(member: int = 1001, target: int | None = 420, **changes: Any) -> Subject:
    return Subject(
        **{
            "watch_id": WatchId(f"w{member}"),
            "owner": Owner(OwnerKind.MEMBER, str(member), "5001"),
            "reason": Reason.ALERT,
            "condition": Condition.TARGET if target else Condition.NEW_LOW,
            "target": build.eur(target) if target else None,
            **changes,
        }
    )


def post(
    to: str, price: int | None, *subjects: Subject, number: int = 0, place: Destination = PLACE
) -> Notification:
    route = build.route(destination=Place.metro(to))
    return Notification(
        id=NotificationId(f"{to}{number}"),
        destination=place,
        kind=NotificationKind.POST,
        route=route,
        subjects=subjects or (subject(),),
        created_at=START,
        quote=None if price is None else build.quote(price, route),
    )


def text(listed: Notification) -> str:
    return told(listed, cities).embed.description or ""


def test_a_line_says_the_route_its_price_the_target_and_the_dates() -> None:
    message = told(list_of([post("TYO", 374)]), cities)

    assert message.embed.title == "1 more fare is low now"
    assert "**London → Tokyo €374**, under €420 · 10\N{EN DASH}24 Mar" in str(message.embed.description)
    assert (message.pinged, message.link, message.followed) == ((), None, False)
    assert message.embed.footer.text == f"ref {list_of([post('TYO', 374)]).id[:8]}"


def test_the_farthest_under_its_target_comes_first_and_one_without_a_target_after_them() -> None:
    listed = list_of(
        [
            post("PAR", 400),
            post("ROM", 210, subject(target=None)),
            post("TYO", 374, subject(target=800)),
            post("LIS", 110, subject(target=120)),
        ]
    )

    assert re.findall(r"→ (\w+) €\d+\*\*, ([a-z ]+)", text(listed)) == [
        ("Tokyo", "under "),
        ("LIS", "under "),
        ("Paris", "under "),
        ("Rome", "a new low "),
    ]


def test_of_several_members_the_number_is_said_and_nobody_is_named() -> None:
    many = post("TYO", 374, *(subject(1000 + number, 400 + number) for number in range(5)))

    assert "under €404 · 10\N{EN DASH}24 Mar · 5 members" in text(list_of([many]))
    assert "<@" not in text(list_of([many, post("PAR", 374)]))


def test_a_phone_shows_the_best_of_them_first() -> None:
    listed = list_of([post("PAR", 400), post("TYO", 374), post("ROM", 390)])

    assert told(listed, cities).content == "London → Tokyo €374 and 2 more"


def test_what_changed_since_stands_in_its_line_and_after_the_good_ones() -> None:
    listed = list_of(
        [
            post("TYO", None, subject(reason=Reason.GONE, lived_s=11_520)),
            post("PAR", 450, subject(reason=Reason.ABOVE)),
            post("ROM", 374),
            post("LIS", 110, subject(left=True)),
        ]
    )
    edit = edit_of(listed, listed.id, NotificationId("e1"), START)
    lines = text(edit).split("\n")[2:]

    assert [line.split(" · ")[0] for line in lines] == [
        "**London → Rome €374**, under €420",
        "**London → Paris €450**, above €420",
        "**London → Tokyo**, gone after 3 h 12 min",
    ]
    assert told(edit, cities).embed.colour.value == Tone.GOOD  # type: ignore[union-attr]


def test_when_nobody_waits_any_more_the_list_says_so() -> None:
    message = told(list_of([post("TYO", 374, subject(left=True))]), cities)

    assert message.embed.title == "These fares were low"
    assert message.embed.description == "Nobody waits for these routes here any more."


@pytest.mark.parametrize("number", [30, 500])
def test_what_has_no_room_is_counted(number: int) -> None:
    owners = [subject(10**19 + member) for member in range(2)]
    listed = list_of([post("TYO", 374, *owners, number=at) for at in range(number)])

    message = told(listed, long_names)

    lines = (message.embed.description or "").split("\n")[2:]
    more = re.fullmatch(r"and (\d+) more: `/route list`", lines[-1])
    assert more
    assert len(lines) - 1 + int(more[1]) == number
    assert len(message.embed.description or "") <= LONGEST
    assert len(message.embed) <= 6000
