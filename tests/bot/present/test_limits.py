"""Every message that the bot sends of its own accord, with the worst there can be, in every tongue.

Held against Discord's own description and its limits (`tests.bot.discord_api`).
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, get_args

import discord
import pytest

from bot.lane import _view
from bot.languages import read_tongues
from bot.present.alert import told
from bot.present.brought import hello
from bot.present.message import Told
from bot.present.money import money
from bot.present.welcome import welcome
from engine.domain.alert import (
    Confirmation,
    Notification,
    NotificationId,
    NotificationKind,
    Reason,
    Subject,
)
from engine.domain.announce import MOST_NAMED
from engine.domain.caps import Cap
from engine.domain.digest import Line, Page
from engine.domain.finds import to_place
from engine.domain.money import Money
from engine.domain.news import (
    Departed,
    DirectClosed,
    Failing,
    News,
    PlaceFails,
    PlaceGone,
    RemovedByManagers,
    SheetTrouble,
    TextCapped,
    TextLate,
    TextsRest,
    TextUnknown,
    WebhookFails,
    Working,
)
from engine.domain.places import ANYWHERE
from engine.domain.sheetnews import _MOST_NAMED as MOST_FAULTS
from engine.domain.storms import edit_of, list_of, with_lines
from engine.domain.watch import Condition, Destination, DestinationKind, Owner, OwnerKind, Rules, WatchId
from engine.gazetteer import Gazetteer
from engine.tongue import Tongue, speaking
from tests.bot import worst
from tests.bot.discord_api import faults_of
from tests.support.clock import START

GAZETTEER = Gazetteer.load()
TONGUES = read_tongues().known
CHANNEL = Destination(DestinationKind.CHANNEL, worst.SNOWFLAKE)
LONG = "W" * 2_000
TOLD = (
    Reason.ALERT,
    Reason.LOWER_STILL,
    Reason.REPEAT,
    Reason.REMINDER,
    Reason.LOWER,
    Reason.ABOVE,
    Reason.RECOVERED,
    Reason.GONE,
    Reason.BACK,
)


@pytest.fixture(params=sorted(TONGUES), autouse=True)
def tongue(request: pytest.FixtureRequest) -> Iterator[Tongue]:
    with speaking(TONGUES[request.param]):
        yield TONGUES[request.param]


def subject(reason: Reason, number: int = 0, **changes: Any) -> Subject:
    """Of a server at first, then of members, each with a target of their own."""
    kind = OwnerKind.MEMBER if number else OwnerKind.SERVER
    return Subject(
        **{
            "watch_id": WatchId(worst.SNOWFLAKE),
            "owner": Owner(kind, str(int(worst.SNOWFLAKE) - number), worst.SNOWFLAKE),
            "reason": reason,
            "condition": Condition.TARGET,
            "target": worst.MOST.with_minor(worst.MOST.minor - number),
            "told": worst.MOST,
            "fell_from": worst.MOST,
            "lived_s": 359_999,
            "role_id": None if number else worst.SNOWFLAKE,
            **changes,
        }
    )


def post(reason: Reason, people: int = 1, number: int = 0, **changes: Any) -> Notification:
    route = worst.route(GAZETTEER, number)
    return Notification(
        **{
            "id": NotificationId(f"{number:022}"),
            "destination": CHANNEL,
            "kind": NotificationKind.POST,
            "route": route,
            "subjects": tuple(subject(reason, each) for each in range(people)),
            "created_at": START,
            "quote": worst.quote(route),
            "median": worst.MOST,
            **changes,
        }
    )


def faults(message: Told, of: Notification | None = None) -> list[str]:
    """What Discord would have against it."""
    view = None if of is None else _view(of, message)
    body = {"content": message.content, "embeds": [message.embed.to_dict()]}
    if view is not None:
        body["components"] = view.to_components()
        if len(view.to_components()) > 5:  # rows
            return ["more than five rows"]
    return faults_of("POST", f"/channels/{CHANNEL.address}/messages", body)


@pytest.mark.parametrize("people", [1, 2, MOST_NAMED])
@pytest.mark.parametrize("confirmation", Confirmation)
@pytest.mark.parametrize("reason", TOLD)
async def test_an_alert(reason: Reason, confirmation: Confirmation, people: int) -> None:
    alert = post(reason, people, confirmation=confirmation)
    message = told(alert, GAZETTEER.city)
    assert faults(message, alert) == []
    if reason not in (Reason.RECOVERED, Reason.GONE):
        assert money(worst.ALMOST) in str(message.embed.title)  # what it is about is not cut away


@pytest.mark.parametrize("condition", Condition)
async def test_an_alert_of_every_rule(condition: Condition) -> None:
    subjects = (subject(Reason.ALERT, 1, condition=condition, target=None),)
    alert = post(Reason.ALERT, subjects=subjects)
    assert faults(told(alert, GAZETTEER.city), alert) == []


async def test_a_list_of_many_alerts_and_what_became_of_it() -> None:
    posts = [post(Reason.ALERT, 25, number) for number in range(60)]
    listed = list_of(posts)
    assert faults(told(listed, GAZETTEER.city), listed) == []
    gone = [post(Reason.GONE, 25, number, edits=posts[number].id) for number in range(60)]
    edited = edit_of(with_lines(listed, gone), listed.id, NotificationId("9" * 22), START)
    assert faults(told(edited, GAZETTEER.city), edited) == []


async def test_a_post_of_finds_to_anywhere() -> None:
    anywhere = worst.route(GAZETTEER, destination=ANYWHERE, also_to=())
    finds = tuple(
        post(Reason.ALERT, 1, number, route=to_place(anywhere, place))
        for number, place in enumerate(worst.places(GAZETTEER) * 4)
    )
    alert = post(Reason.ALERT, 25, route=anywhere, gathered=finds)
    assert alert.finds
    assert faults(told(alert, GAZETTEER.city), alert) == []


async def test_a_digest_of_all_routes() -> None:
    lines = tuple(
        Line(
            watch_id=WatchId(worst.SNOWFLAKE),
            route=worst.route(GAZETTEER, number),
            rules=Rules(target=worst.MOST, drop_percent=15, new_low_days=30),
            fare=worst.ALMOST,
            seen_at=START - timedelta(days=2),
            yesterday=worst.MOST,
            low=worst.ALMOST,
            told_at=START,
            is_news=True,
            snoozed=True,
        )
        for number in range(25)
    )
    page = Page(day=date(2027, 9, 22), lines=lines)
    digest = post(Reason.ALERT, 0, kind=NotificationKind.DIGEST, digest=page, quote=None)
    assert faults(told(digest, GAZETTEER.city), digest) == []


async def test_a_dry_run() -> None:
    tried = post(Reason.ALERT, kind=NotificationKind.DRY_RUN, quote=None)
    assert faults(told(tried, GAZETTEER.city), tried) == []


NEWS: dict[type, News] = {
    type(each): each
    for each in (
        RemovedByManagers(channel_id=worst.SNOWFLAKE),
        Failing(routes=25, since=START, outcome="unreachable", detail=LONG),
        Working(routes=25, failing=24),
        PlaceGone(channel_id=worst.SNOWFLAKE, routes=25),
        SheetTrouble(unread=LONG, faults=(LONG,) * MOST_FAULTS, more=1_000),
        TextCapped(cap=Cap.SERVER, most=2_000),
        TextsRest(until=START),
        TextLate(),
        DirectClosed(),
        Departed(),
        PlaceFails(lane=f"channel:{worst.SNOWFLAKE}", why=LONG, lost="LGW/STN/LCY/LTN-TYO/OSA/NGO/FUK"),
        WebhookFails(name="W" * 40, host="W" * 253, why=LONG),
        TextUnknown(pair="LGW/STN/LCY/LTN-TYO/OSA/NGO/FUK"),
    )
}


def test_every_kind_of_news_is_tried() -> None:
    assert set(NEWS) == set(get_args(News))


@pytest.mark.parametrize("kind", NEWS, ids=lambda kind: kind.__name__)
async def test_news(kind: type) -> None:
    notice = post(Reason.HELD, kind=NotificationKind.NOTICE, quote=None, news=NEWS[kind])
    assert faults(told(notice, GAZETTEER.city), notice) == []


@pytest.mark.parametrize("message", [welcome, hello])
def test_a_greeting(message: Any) -> None:
    greeting: discord.Embed = message()
    assert faults(Told("", greeting, (), None)) == []


def test_what_is_tried_is_the_worst() -> None:
    """The places are those with the longest names, and the amount has as many digits as there can be."""
    names = [GAZETTEER.city(place.code) for place in worst.places(GAZETTEER)]
    assert len(names[0]) == max(len(GAZETTEER.city(code)) for code in GAZETTEER._airports)
    with pytest.raises(ValueError, match="amount"):
        Money.of(Decimal(worst.MOST.plain()) + 1, worst.CURRENCY)
