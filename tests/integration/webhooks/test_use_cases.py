"""Adding, listing, trying out and removing the webhooks of a server."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from engine.actions.webhooks import NewWebhook
from engine.alerts.channels.webhook import UNREADABLE
from engine.alerts.phones import new_key
from engine.copies import open_copies
from engine.domain.alert import NotificationId
from engine.domain.watch import Owner, OwnerKind
from engine.domain.webhook import MOST_PER_SERVER, WebhookKind
from engine.errors import InvalidInput
from engine.gazetteer import Gazetteer
from engine.settings import Settings
from engine.store.database import Store
from engine.store.notifications import NotificationStatus
from sandbox.hooks import answers
from tests.contract.outbox.world import post
from tests.integration.webhooks.conftest import ADA, KEY, Board
from tests.support.clock import START, HandClock
from tests.support.outside import LOOPBACK, URLS, Outside

DISCORD, NTFY, JSON = WebhookKind.DISCORD, WebhookKind.NTFY, WebhookKind.JSON


async def test_a_webhook_is_listed_with_its_host_alone(board: Board) -> None:
    await board.added(JSON, name="  Team\nboard ")
    (standing,) = await board.webhooks.of_server("5001")
    webhook = standing.webhook
    assert (webhook.name, webhook.host, webhook.kind) == ("Team board", "board.example.com", JSON)
    assert (webhook.created_by, webhook.created_at) == (ADA.id, START)
    assert await board.webhooks.of_server("5002") == []


async def test_without_a_name_it_is_called_after_its_host(board: Board) -> None:
    assert (await board.added(JSON, name=" ")).name == "board.example.com"


async def test_neither_address_nor_secret_stands_in_the_database(board: Board, tmp_path: Path) -> None:
    for kind in WebhookKind:
        secret = "canary-secret" if kind in (NTFY, JSON) else ""
        webhook = await board.added(kind, secret=secret)
        await board.sent(webhook)
    files = [file for file in tmp_path.iterdir() if file.name.startswith("fares.db")]  # noqa: ASYNC240
    bytes_ = b"".join(file.read_bytes() for file in files)
    assert b"board.example.com" in bytes_
    assert b"canary" not in bytes_
    assert b"canarySlackToken" not in bytes_


async def test_a_server_has_five_at_most_and_each_name_once(board: Board) -> None:
    await board.added(JSON, name="one")
    with pytest.raises(InvalidInput, match="already"):
        await board.added(DISCORD, name="ONE")
    for number in range(MOST_PER_SERVER - 1):
        await board.added(JSON, name=str(number))
    with pytest.raises(InvalidInput, match="5 webhooks at most"):
        await board.added(JSON, name="another")
    elsewhere = Owner(OwnerKind.MEMBER, "1001", "5002")
    await board.webhooks.add(elsewhere, NewWebhook(kind=JSON, name="one", url=URLS[JSON]))


async def test_in_direct_messages_there_is_no_server_to_add_one_to(board: Board) -> None:
    with pytest.raises(InvalidInput, match="belong to a server"):
        await board.webhooks.add(
            Owner(OwnerKind.MEMBER, "1001"), NewWebhook(kind=JSON, name="", url=URLS[JSON])
        )


async def test_a_webhook_of_another_server_is_not_to_be_found(board: Board) -> None:
    webhook = await board.added(JSON)
    for act in (board.webhooks.remove, board.webhooks.test):
        with pytest.raises(InvalidInput, match="no webhook"):
            await act("5002", webhook.id)
    assert len(await board.webhooks.of_server("5001")) == 1


async def test_what_waits_for_a_removed_webhook_is_dropped(board: Board) -> None:
    webhook = await board.added(JSON)
    async with board.store.transaction() as tx:
        await tx.notifications.enqueue([post("n1", webhook.destination)])
    assert await board.webhooks.remove("5001", "JSON") == webhook
    async with board.store.transaction() as tx:
        row = await tx.notifications.get(NotificationId("n1"))
    assert row is not None
    assert row.status is NotificationStatus.DROPPED


@pytest.mark.parametrize("kind", WebhookKind)
async def test_a_dry_run_says_what_it_is_and_how_it_went(board: Board, kind: WebhookKind) -> None:
    await board.added(kind)
    tried = await board.webhooks.test("5001", kind.value)
    (taken,) = board.outside.readers.taken
    assert (tried.why, tried.webhook.kind) == (None, kind)
    assert "Test only: London → Tokyo 450 EUR" in taken.raw.decode()
    assert "made up" in taken.raw.decode() or kind is JSON
    if kind is JSON:
        assert (taken.body["event"], taken.body["kind"]) == ("test", "test")


async def test_a_dry_run_that_fails_says_why(board: Board) -> None:
    await board.added(JSON)
    board.outside.readers.troubles.append(answers(404))
    assert (await board.webhooks.test("5001", "json")).why == "it answered HTTP 404"


async def test_a_dry_run_that_arrives_opens_a_paused_webhook_again(board: Board) -> None:
    webhook = await board.added(JSON)
    await board.store.outbox.pause_lane(webhook.destination.lane, "it answered HTTP 404", START)
    board.outside.readers.troubles.append(answers(404))
    await board.webhooks.test("5001", "json")
    assert (await board.webhooks.of_server("5001"))[0].paused_why == "it answered HTTP 404"
    await board.webhooks.test("5001", "json")
    assert (await board.webhooks.of_server("5001"))[0].paused_why is None


async def test_without_keys_no_webhook_is_kept_and_the_settings_are_named(
    store: Store, clock: HandClock, gazetteer: Gazetteer
) -> None:
    async with open_copies(Settings(), store, gazetteer, clock) as copies:
        assert (copies.has_webhooks, copies.webhooks.possible) == (False, False)
        with pytest.raises(InvalidInput, match="PHONE_KEYS"):
            await copies.webhooks.add(ADA, NewWebhook(kind=JSON, name="", url=URLS[JSON]))


async def test_webhooks_stored_with_another_key_rest_until_it_is_back(
    board: Board, store: Store, clock: HandClock, gazetteer: Gazetteer, outside: Outside
) -> None:
    webhook = await board.added(JSON)
    reach = outside.may_reach(LOOPBACK)
    async with open_copies(
        Settings(phone_keys=SecretStr(new_key())), store, gazetteer, clock, reach
    ) as copies:
        assert (await copies.webhooks.of_server("5001"))[0].paused_why == UNREADABLE
        assert (await copies.webhooks.test("5001", "json")).why == UNREADABLE
    await store.outbox.pause_lane(webhook.destination.lane, UNREADABLE, START)
    both = SecretStr(f"{new_key()},{KEY}")
    async with open_copies(Settings(phone_keys=both), store, gazetteer, clock, reach) as copies:
        assert (await copies.webhooks.of_server("5001"))[0].paused_why is None
        assert (await copies.webhooks.test("5001", "json")).why is None


def test_what_was_typed_shows_in_no_repr() -> None:
    typed = NewWebhook(kind=JSON, name="x", url="https://canary.example.com", secret="canary")
    assert "canary" not in repr(typed)
