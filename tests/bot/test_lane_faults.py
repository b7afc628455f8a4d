"""What becomes of a message when Discord's REST interface fails, through discord.py's real HTTP layer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import discord
import pytest

from bot.brake import MOST_INVALID, Brake
from bot.lane import DiscordLane
from bot.languages import read_tongues
from bot.present.message import reference
from engine.alerts.ports import Delivery, DeliveryKind, Leased
from engine.domain.alert import Notification, NotificationId, NotificationKind, Reason, Subject
from engine.domain.watch import Condition, Destination, DestinationKind, Owner, OwnerKind, WatchId
from engine.tongue import Tongue
from tests.bot.fake_rest import Answer, FakeDiscord, limited, message, open_discord, refused, reset, text
from tests.support import build
from tests.support.clock import START, HandClock

ID = NotificationId("0123456789abcdefghijkl")
CHANNEL = Destination(DestinationKind.CHANNEL, "9001")


@dataclass
class Line:
    """The lane, logged in to the fake."""

    discord: FakeDiscord
    clock: HandClock
    lanes: dict[DestinationKind, DiscordLane]
    client: "Client"

    async def deliver(self, notification: Notification, **row: Any) -> Delivery:
        lane = self.lanes[notification.destination.kind]
        return await lane.deliver(Leased(seq=1, notification=notification, **row))


class Client(discord.Client):
    """A client that talks REST only."""

    can_send = True


async def in_english(_: Notification) -> Tongue:
    return Tongue()


@asynccontextmanager
async def open_line() -> AsyncIterator[Line]:
    await asyncio.to_thread(read_tongues)
    clock = HandClock()
    client = Client(intents=discord.Intents.none(), max_ratelimit_timeout=60)
    brake = Brake(clock)
    lanes = {
        kind: DiscordLane(kind, client, cities=str, clock=clock, brake=brake, tongue_of=in_english)
        for kind in (DestinationKind.CHANNEL, DestinationKind.DM)
    }
    real = discord.http.Route.BASE
    try:
        async with open_discord() as fake, client:
            discord.http.Route.BASE = fake.base_url
            await client.login("canary")
            yield Line(discord=fake, clock=clock, lanes=lanes, client=client)
    finally:
        discord.http.Route.BASE = real


def post(**changes: Any) -> Notification:
    subject = Subject(
        watch_id=WatchId("w1"),
        owner=Owner(OwnerKind.MEMBER, "1001", "5001"),
        reason=Reason.ALERT,
        condition=Condition.TARGET,
        target=build.eur(420),
    )
    return Notification(
        **{
            "id": ID,
            "destination": CHANNEL,
            "kind": NotificationKind.POST,
            "route": build.route(),
            "subjects": (subject,),
            "created_at": START,
            "quote": build.quote(374),
            **changes,
        }
    )


FAULTS: list[tuple[str, Answer, DeliveryKind, bool]] = [
    ("unknown channel", refused(404, 10003), DeliveryKind.PERMANENT, True),
    ("unknown server", refused(404, 10004), DeliveryKind.PERMANENT, True),
    ("missing access", refused(403, 50001), DeliveryKind.PERMANENT, True),
    ("missing permissions", refused(403, 50013), DeliveryKind.PERMANENT, True),
    ("a 403 of another code", refused(403, 20009), DeliveryKind.PERMANENT, True),
    ("archived thread", refused(400, 50083), DeliveryKind.PERMANENT, True),
    ("locked thread", refused(403, 160005), DeliveryKind.PERMANENT, True),
    ("a body it cannot take", refused(400, 50035), DeliveryKind.PERMANENT, False),
    ("token refused", refused(401), DeliveryKind.RETRY, False),
    ("503", refused(503), DeliveryKind.RETRY, False),
    ("522", refused(522), DeliveryKind.RETRY, False),
    ("connection reset", reset, DeliveryKind.RETRY, False),
    ("200 with HTML", text("<html>"), DeliveryKind.RETRY, False),
    ("200 with cut JSON", text('{"id": "5', "application/json"), DeliveryKind.RETRY, False),
    ("Cloudflare's 429", limited(1), DeliveryKind.RETRY, False),
    ("a rate limit of hours", limited(600, Via="1.1 google"), DeliveryKind.RETRY, False),
]


@pytest.mark.parametrize(
    ("answer", "kind", "stops"), [fault[1:] for fault in FAULTS], ids=[f[0] for f in FAULTS]
)
async def test_a_failure_is_an_answer_that_says_what_to_do(
    answer: Answer, kind: DeliveryKind, *, stops: bool
) -> None:
    async with open_line() as line:
        line.discord.answers.append(answer)

        delivery = await line.deliver(post())

        assert (delivery.kind, delivery.stop_lane) == (kind, stops)
        assert delivery.why


async def test_a_rate_limit_too_long_to_wait_for_says_how_long_it_is() -> None:
    async with open_line() as line:
        line.discord.answers.append(limited(600, Via="1.1 google"))

        assert (await line.deliver(post())).retry_after == timedelta(seconds=600)


async def test_a_short_rate_limit_is_waited_for() -> None:
    async with open_line() as line:
        line.discord.answers.append(limited(0.01, Via="1.1 google"))

        assert (await line.deliver(post())).kind is DeliveryKind.DELIVERED
        assert len(line.discord.sent) == 2


async def test_every_try_carries_the_same_nonce_to_be_enforced() -> None:
    async with open_line() as line:
        line.discord.answers.append(refused(503))

        await line.deliver(post())
        again = await line.deliver(post(), attempts=1)

        assert (again.kind, again.ref) == (DeliveryKind.DELIVERED, "555")
        assert [(sent["nonce"], sent["enforce_nonce"]) for sent in line.discord.sent] == [(ID, True)] * 2


async def test_after_minutes_an_earlier_try_is_looked_for_before_it_is_sent_again() -> None:
    async with open_line() as line:
        line.discord.history = [
            message("888", [{"footer": {"text": reference(post())}}], author="66"),
            message("777", [{"footer": {"text": f"{reference(post())} · economy"}}]),
        ]
        await line.clock.advance(300)

        delivery = await line.deliver(post(), attempts=3)

        assert (delivery.kind, delivery.ref) == (DeliveryKind.DELIVERED, "777")
        assert line.discord.sent == []


async def test_what_was_never_in_hand_is_sent_without_a_look_into_the_history() -> None:
    async with open_line() as line:
        line.discord.history = [message("777", [{"footer": {"text": reference(post())}}])]
        await line.clock.advance(8 * 3600)

        await line.deliver(post())
        assert len(line.discord.sent) == 1

        found = await line.deliver(post(), retaken=True)
        assert (found.ref, len(line.discord.sent)) == ("777", 1)


async def test_within_two_minutes_the_nonce_is_enough() -> None:
    async with open_line() as line:
        line.discord.history = [message("777", [{"footer": {"text": reference(post())}}])]
        await line.clock.advance(119)

        delivery = await line.deliver(post(), retaken=True)

        assert (delivery.ref, line.discord.sent[0]["nonce"]) == ("555", ID)


async def test_what_is_not_in_the_history_is_sent() -> None:
    async with open_line() as line:
        await line.clock.advance(300)

        delivery = await line.deliver(post(), attempts=3)

        assert (delivery.kind, len(line.discord.sent)) == (DeliveryKind.DELIVERED, 1)


@pytest.mark.parametrize(
    ("found", "kind"),
    [(True, DeliveryKind.DELIVERED), (False, DeliveryKind.RETRY)],
    ids=["found", "not found"],
)
async def test_reconciling_asks_the_history(kind: DeliveryKind, *, found: bool) -> None:
    async with open_line() as line:
        line.discord.history = [message("777", [{"footer": {"text": reference(post())}}])] if found else []

        delivery = await line.lanes[DestinationKind.CHANNEL].reconcile(Leased(seq=1, notification=post()))

        assert delivery.kind is kind


EDIT = {"kind": NotificationKind.EDIT, "edits": ID, "id": NotificationId("z" * 22)}


async def test_an_edit_changes_the_post_and_stays_on_it() -> None:
    async with open_line() as line:
        delivery = await line.deliver(post(**EDIT), post_ref="555")

        assert (delivery.kind, delivery.ref) == (DeliveryKind.DELIVERED, "555")
        assert line.discord.sent[0]["allowed_mentions"]["users"] == [1001]


async def test_an_edit_in_an_archived_thread_ends_and_the_next_post_opens_the_thread() -> None:
    async with open_line() as line:
        line.discord.answers.append(refused(400, 50083))

        edit = await line.deliver(post(**EDIT), post_ref="555")
        sent = await line.deliver(post())

        assert (edit.kind, edit.stop_lane) == (DeliveryKind.PERMANENT, False)
        assert sent.kind is DeliveryKind.DELIVERED


async def test_an_edit_of_a_message_that_is_gone_ends_without_stopping_the_channel() -> None:
    async with open_line() as line:
        line.discord.answers.append(refused(404, 10008))

        delivery = await line.deliver(post(**EDIT), post_ref="555")

        assert (delivery.kind, delivery.stop_lane) == (DeliveryKind.PERMANENT, False)


@pytest.mark.parametrize(("status", "code"), [(403, 50007), (403, 50278)])
async def test_closed_direct_messages_are_permanent(status: int, code: int) -> None:
    async with open_line() as line:
        line.discord.answers.append(refused(status, code))

        delivery = await line.deliver(post(destination=Destination(DestinationKind.DM, "1001")))

        assert delivery.kind is DeliveryKind.PERMANENT


async def test_before_login_a_message_waits() -> None:
    async with open_line() as line:
        line.client.can_send = False

        delivery = await line.deliver(post())

        assert (delivery.kind, line.discord.sent) == (DeliveryKind.RETRY, [])


async def test_five_hundred_refusals_in_ten_minutes_stop_all_posting_for_ten() -> None:
    async with open_line() as line:
        line.discord.answers = [refused(403, 50013)] * MOST_INVALID
        await asyncio.gather(*(line.deliver(post()) for _ in range(MOST_INVALID)))

        held = await line.deliver(post())
        await line.clock.advance(601)
        freed = await line.deliver(post())

        assert (held.kind, held.retry_after) == (DeliveryKind.RETRY, timedelta(minutes=10))
        assert freed.kind is DeliveryKind.DELIVERED
        assert len(line.discord.sent) == MOST_INVALID + 1
