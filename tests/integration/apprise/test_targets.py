"""Copies to the operator's own targets by the real Apprise, to a reader on loopback; no secret is logged."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from engine.alerts.cards import Page
from engine.alerts.channels.apprise_targets import AppriseChannel, Service, open_services, targets_of
from engine.alerts.ports import Delivery, DeliveryKind, Leased
from engine.copies import open_copies
from engine.domain.alert import NotificationKind
from engine.domain.watch import Destination, DestinationKind
from engine.errors import SettingsFault
from engine.gazetteer import Gazetteer
from engine.settings import Settings
from engine.store.database import Store
from sandbox.hooks import SERVICE, Readers, answers, hangs
from sandbox.ledger import Ledger
from sandbox.server import serve
from tests.support.canaries import Canaries, listening
from tests.support.clock import HandClock
from tests.unit.alerts.stage import notification

FIRST, SECOND = Destination(DestinationKind.APPRISE, "1"), Destination(DestinationKind.APPRISE, "2")


@pytest.fixture
async def readers() -> AsyncIterator[Readers]:
    readers = Readers(Ledger())
    async with serve(readers, SERVICE, readers.ledger):
        yield readers


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def store(tmp_path: Path, clock: HandClock) -> AsyncIterator[Store]:
    async with Store.open(f"sqlite:///{tmp_path / 'fares.db'}", clock) as store:
        yield store


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


def addresses(readers: Readers, *paths: str) -> list[str]:
    return [f"{readers.base_url.replace('http', 'json')}/{path}?+X-Token=canary-header" for path in paths]


async def opened(urls: Sequence[str]) -> list[Service]:
    return await asyncio.to_thread(open_services, urls)


def channel(services: Sequence[Service], **changes: Any) -> AppriseChannel:
    return AppriseChannel(
        services,
        cities={"LON": "London", "TYO": "Tokyo"}.__getitem__,
        pages=lambda *_: Page("https://example.com/fare", books=False),
        **changes,
    )


async def sent(
    over: AppriseChannel, to: Destination = FIRST, *, attempts: int = 0, **changes: Any
) -> Delivery:
    return await over.deliver(Leased(seq=1, notification=notification(to=to, **changes), attempts=attempts))


async def test_an_alert_reaches_the_target_that_it_is_for_in_plain_words(readers: Readers) -> None:
    over = channel(await opened(addresses(readers, "one", "two")))
    assert (await sent(over, SECOND)).kind is DeliveryKind.DELIVERED
    (taken,) = readers.taken
    assert taken.path == "/two"
    assert taken.headers["X-Token"] == "canary-header"
    assert taken.body["title"] == "London → Tokyo 450 EUR, under the target of 460 EUR"
    assert taken.body["message"].startswith("Dates: 10 Mar to 24 Mar 2027\nFlights: NH")
    assert taken.body["message"].endswith("\nhttps://example.com/fare")


async def test_what_a_target_does_not_take_is_tried_again_for_an_hour(readers: Readers) -> None:
    over = channel(await opened(addresses(readers, "one")))
    readers.troubles += [answers(500), answers(403), answers(500)]
    assert [(await sent(over)).kind for _ in range(2)] == [DeliveryKind.RETRY] * 2
    last = await sent(over, attempts=19)
    assert (last.kind, last.stop_lane) == (DeliveryKind.PERMANENT, False)
    assert (await sent(over)).kind is DeliveryKind.DELIVERED


async def test_a_target_that_hangs_is_waited_for_so_long_and_not_called_twice(readers: Readers) -> None:
    over = channel(await opened(addresses(readers, "one", "two")), deadline_s=0.2)
    readers.troubles.append(hangs())
    assert (await sent(over)).why == "no answer in time"
    assert (await sent(over)).why == "it is still busy with the one before"
    assert (await sent(over, SECOND)).kind is DeliveryKind.DELIVERED


async def test_whatever_a_service_raises_is_a_failure_without_its_words() -> None:
    def explode(title: str, body: str) -> bool:  # noqa: ARG001
        raise RuntimeError("https://canary.example.com")

    with listening() as heard:
        answer = await sent(channel([Service("x", explode)]))
    assert (answer.kind, answer.why) == (DeliveryKind.RETRY, "it did not take the message")
    assert "RuntimeError" in heard.text
    assert "canary" not in heard.text


@pytest.mark.parametrize("kind", [NotificationKind.EDIT, NotificationKind.NOTICE])
async def test_only_new_alerts_are_sent(kind: NotificationKind) -> None:
    assert (await sent(channel([]), kind=kind)).kind is DeliveryKind.PERMANENT


async def test_what_waits_for_a_target_that_is_no_longer_set_is_given_up() -> None:
    assert (await sent(channel([]))).kind is DeliveryKind.PERMANENT


async def test_addresses_that_apprise_does_not_know_are_named_by_their_places(
    store: Store, clock: HandClock, gazetteer: Gazetteer
) -> None:
    urls = ("bogus://canary-one", "json://127.0.0.1/x", "discord://x")
    settings = Settings(apprise_urls=tuple(map(SecretStr, urls)))
    with pytest.raises(SettingsFault) as fault:
        async with open_copies(settings, store, gazetteer, clock):
            pass
    assert fault.value.faults == (
        "APPRISE_URLS: Apprise cannot read addresses 1 and 3; its wiki has the form of each.",
    )


async def test_every_target_set_is_a_destination_for_public_alerts(
    readers: Readers, store: Store, clock: HandClock, gazetteer: Gazetteer
) -> None:
    settings = Settings(apprise_urls=tuple(map(SecretStr, addresses(readers, "one", "two"))))
    async with open_copies(settings, store, gazetteer, clock) as copies:
        assert copies.targets == (FIRST, SECOND) == targets_of(["a", "b"])
        assert DestinationKind.APPRISE in {one.kind for one in copies.channels}


async def test_no_address_and_no_token_is_logged_at_any_level(readers: Readers) -> None:
    with listening() as heard:
        over = channel(await opened(addresses(readers, "canary-path")))
        await sent(over)
        readers.troubles.append(answers(500))
        await sent(over)
        with pytest.raises(SettingsFault) as fault:
            await opened(["bogus://canary-path", "mailto://u:canary-header@127.0.0.1:1?smtp=127.0.0.1"])
    assert logging.getLogger("apprise").getEffectiveLevel() > logging.CRITICAL
    Canaries(secrets=("canary-path", "canary-header")).assert_absent(
        {"log": heard.text, "fault": str(fault.value), "repr": repr(over)}
    )
