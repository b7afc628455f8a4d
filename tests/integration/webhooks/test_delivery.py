"""Copies on their way to pretend readers over TLS: what each answer means."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from engine.alerts.ports import DeliveryKind
from engine.domain.alert import NotificationId, NotificationKind, Reason
from engine.domain.webhook import WebhookKind
from sandbox.hooks import Trouble, answers, drips, floods, hangs, resets
from tests.integration.webhooks.conftest import Board
from tests.support.clock import START
from tests.support.outside import LOOPBACK
from tests.unit.alerts.stage import subject

DISCORD, SLACK, NTFY, JSON = WebhookKind.DISCORD, WebhookKind.SLACK, WebhookKind.NTFY, WebhookKind.JSON
EDIT: dict[str, Any] = {
    "kind": NotificationKind.EDIT,
    "edits": NotificationId("the-alert"),
    "subjects": (subject(reason=Reason.LOWER),),
}


@pytest.mark.parametrize("kind", WebhookKind)
async def test_a_copy_arrives_at_each_kind_of_reader(board: Board, kind: WebhookKind) -> None:
    webhook = await board.added(kind)
    answer = await board.sent(webhook)
    (taken,) = board.outside.readers.of(kind.value)
    assert answer.kind is DeliveryKind.DELIVERED
    assert answer.ref == (taken.id if kind is DISCORD else "a".rjust(22, "0"))
    assert b"450" in taken.raw


async def test_a_message_in_discord_is_changed_in_place(board: Board) -> None:
    webhook = await board.added(DISCORD)
    posted = await board.sent(webhook)
    changed = await board.sent(webhook, posted.ref, **EDIT)
    (taken,) = board.outside.readers.of("discord")
    assert (changed.kind, changed.ref) == (DeliveryKind.DELIVERED, taken.id)
    assert "now 450 EUR" in taken.edits[0]["embeds"][0]["title"]


@pytest.mark.parametrize("kind", [SLACK, NTFY, JSON])
async def test_elsewhere_a_change_is_a_message_of_its_own(board: Board, kind: WebhookKind) -> None:
    webhook = await board.added(kind)
    posted = await board.sent(webhook)
    assert (await board.sent(webhook, posted.ref, **EDIT)).kind is DeliveryKind.DELIVERED
    assert len(board.outside.readers.of(kind.value)) == 2


async def test_a_token_and_a_key_go_along_where_one_was_typed(board: Board) -> None:
    await board.sent(await board.added(NTFY, secret="tk_canary"))
    await board.sent(await board.added(JSON, secret="canary"))
    ntfy, program = board.outside.readers.taken
    assert ntfy.headers["Authorization"] == "Bearer tk_canary"
    assert program.headers["X-Fare-Signature"].startswith("sha256=")
    assert (program.path, program.query) == ("/canary-path", {"key": "canary-query"})


@pytest.mark.parametrize(
    ("trouble", "expected", "stops", "why"),
    [
        (answers(301, Location="https://169.254.169.254/"), DeliveryKind.PERMANENT, True, "redirect"),
        (answers(308, Location="http://board.example.com/"), DeliveryKind.PERMANENT, True, "redirect"),
        (answers(400), DeliveryKind.PERMANENT, False, "HTTP 400"),
        (answers(401), DeliveryKind.PERMANENT, True, "HTTP 401"),
        (answers(403), DeliveryKind.PERMANENT, True, "HTTP 403"),
        (answers(404), DeliveryKind.PERMANENT, True, "HTTP 404"),
        (answers(410), DeliveryKind.PERMANENT, True, "HTTP 410"),
        (answers(413), DeliveryKind.PERMANENT, False, "HTTP 413"),
        (answers(429), DeliveryKind.RETRY, False, "HTTP 429"),
        (answers(500), DeliveryKind.RETRY, False, "HTTP 500"),
        (answers(503), DeliveryKind.RETRY, False, "HTTP 503"),
        (hangs(), DeliveryKind.UNKNOWN, False, "no answer in time"),
        (resets(), DeliveryKind.UNKNOWN, False, "connection was lost"),
        (drips(), DeliveryKind.DELIVERED, False, None),
        (floods(), DeliveryKind.DELIVERED, False, None),
        (drips(500), DeliveryKind.RETRY, False, "HTTP 500"),
    ],
)
async def test_every_answer_of_a_program_has_its_meaning(
    board: Board, trouble: Trouble, expected: DeliveryKind, stops: bool, why: str | None
) -> None:
    webhook = await board.added(JSON)
    board.outside.readers.troubles.append(trouble)
    answer = await board.sent(webhook)
    assert (answer.kind, answer.stop_lane) == (expected, stops)
    assert (answer.why is None) if why is None else (why in (answer.why or ""))


@pytest.mark.parametrize(
    ("trouble", "expected"), [(drips(), DeliveryKind.UNKNOWN), (floods(), DeliveryKind.UNKNOWN)]
)
async def test_a_body_that_is_needed_is_read_for_so_long_and_so_much(
    board: Board, trouble: Trouble, expected: DeliveryKind
) -> None:
    webhook = await board.added(DISCORD)
    board.outside.readers.troubles.append(trouble)
    assert (await board.sent(webhook)).kind is expected


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("30", timedelta(seconds=30)),
        ("0.4", timedelta(seconds=1)),
        ("Sun, 22 Nov 2026 09:02:00 GMT", timedelta(minutes=2)),
        ("soon", None),
    ],
)
async def test_who_asks_to_wait_is_asked_again_then(
    board: Board, header: str, wait: timedelta | None
) -> None:
    webhook = await board.added(JSON)
    board.outside.readers.troubles.append(answers(429, Retry_After=header))
    assert board.clock.now() == START
    assert (await board.sent(webhook)).retry_after == wait


async def test_a_short_pause_is_sat_out_so_that_nobody_is_asked_in_vain(board: Board) -> None:
    webhook, other = await board.added(DISCORD), await board.added(JSON)
    board.outside.readers.troubles.append(answers(429, Retry_After="5"))
    assert (await board.sent(webhook)).kind is DeliveryKind.RETRY
    next_ = asyncio.create_task(board.sent(webhook))
    await board.clock.until_asleep()
    assert (await board.sent(other)).kind is DeliveryKind.DELIVERED
    assert board.outside.readers.of("discord") == []
    await board.clock.advance(5)
    assert (await next_).kind is DeliveryKind.DELIVERED


async def test_who_says_that_the_next_would_be_too_many_is_left_alone_until_then(board: Board) -> None:
    webhook = await board.added(DISCORD)
    limits = {"X_RateLimit_Remaining": "0", "X_RateLimit_Reset_After": "1.4"}
    board.outside.readers.troubles.append(answers(200, {"id": "777"}, **limits))
    assert (await board.sent(webhook)).ref == "777"
    next_ = asyncio.create_task(board.sent(webhook))
    await board.clock.until_asleep()
    await board.clock.advance(2)
    assert (await next_).kind is DeliveryKind.DELIVERED
    assert (await board.sent(webhook)).kind is DeliveryKind.DELIVERED


async def test_a_long_pause_is_kept_without_asking(board: Board) -> None:
    webhook = await board.added(JSON)
    board.outside.readers.troubles.append(answers(503, Retry_After="600"))
    await board.sent(webhook)
    await board.clock.advance(60)
    answer = await board.sent(webhook)
    assert (answer.kind, answer.retry_after) == (DeliveryKind.RETRY, timedelta(seconds=540))
    assert len(board.outside.readers.ledger.entries) == 1


async def test_no_header_silences_a_webhook_for_longer_than_an_hour(board: Board) -> None:
    webhook = await board.added(JSON)
    board.outside.readers.troubles.append(answers(429, Retry_After="999999999"))
    await board.sent(webhook)
    await board.clock.advance(3600)
    assert (await board.sent(webhook)).kind is DeliveryKind.DELIVERED


async def test_a_message_that_is_gone_in_discord_closes_only_itself(board: Board) -> None:
    webhook = await board.added(DISCORD)
    answer = await board.sent(webhook, "999", **EDIT)
    assert (answer.kind, answer.stop_lane, answer.why) == (
        DeliveryKind.PERMANENT,
        False,
        "the message is gone",
    )
    board.outside.readers.troubles.append(answers(404, {"message": "Unknown Webhook", "code": 10015}))
    assert (await board.sent(webhook, "999", **EDIT)).stop_lane


async def test_a_copy_that_nobody_takes_for_an_hour_is_given_up(board: Board) -> None:
    webhook = await board.added(JSON)
    board.outside.readers.troubles += [answers(503), answers(503)]
    assert (await board.sent(webhook, attempts=18)).kind is DeliveryKind.RETRY
    last = await board.sent(webhook, attempts=19)
    assert (last.kind, last.stop_lane, last.why) == (
        DeliveryKind.PERMANENT,
        False,
        "given up after 20 tries: it answered HTTP 503",
    )


@pytest.mark.parametrize("address", ["127.0.0.2", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.2"])
async def test_a_host_that_turned_inside_closes_the_webhook(board: Board, address: str) -> None:
    webhook = await board.added(JSON)
    board.outside.phonebook.put("board.example.com", [(address, board.outside.port)])
    answer = await board.sent(webhook)
    assert (answer.kind, answer.stop_lane) == (DeliveryKind.PERMANENT, True)
    assert "not on the public internet" in (answer.why or "")
    assert address not in (answer.why or "")
    assert board.outside.readers.ledger.entries == []


async def test_a_host_that_nobody_knows_is_tried_again(board: Board) -> None:
    webhook = await board.added(JSON, url="https://nowhere.example.com/x")
    answer = await board.sent(webhook)
    assert (answer.kind, answer.why) == (DeliveryKind.RETRY, "its host cannot be found")


async def test_a_host_without_a_certificate_of_its_own_is_not_talked_to(board: Board) -> None:
    board.outside.phonebook.put("other.example.com", [(LOOPBACK, board.outside.port)])
    answer = await board.sent(await board.added(JSON, url="https://other.example.com/x"))
    assert (answer.kind, answer.why) == (DeliveryKind.RETRY, "its certificate is not trusted")
    assert board.outside.readers.taken == []


async def test_a_removed_webhook_gets_nothing(board: Board) -> None:
    webhook = await board.added(JSON)
    await board.webhooks.remove("5001", webhook.id)
    answer = await board.sent(webhook)
    assert (answer.kind, answer.why) == (DeliveryKind.PERMANENT, "the webhook was removed")


async def test_a_notice_is_never_copied(board: Board) -> None:
    webhook = await board.added(JSON)
    answer = await board.sent(webhook, kind=NotificationKind.NOTICE, text="Its last departure has passed.")
    assert answer.kind is DeliveryKind.PERMANENT
    assert board.outside.readers.taken == []
