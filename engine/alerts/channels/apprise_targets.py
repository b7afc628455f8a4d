"""Copies of public alerts to the operator's own targets through Apprise: an address for each service.

The library is synchronous and says in its logs what it sends where, tokens included. So each delivery is
a thread of its own with a deadline, and its loggers, with those of what it stands on, say nothing.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

import structlog

from engine.alerts.backoff import bounded
from engine.alerts.cards import Card, Cities, Pages, card
from engine.alerts.ports import Delivery, DeliveryKind, Leased
from engine.domain import whys
from engine.domain.alert import NotificationKind
from engine.domain.watch import Destination, DestinationKind
from engine.errors import SettingsFault

if TYPE_CHECKING:
    import apprise

logger = structlog.get_logger(__name__)

DEADLINE_S: Final = 20.0
_TALKATIVE: Final = ("apprise", "urllib3", "requests", "requests_oauthlib", "oauthlib", "paho", "slixmpp")
_SILENT: Final = logging.CRITICAL + 1


class Service(NamedTuple):
    """One target: what it is called, and what sends a title and a body there. Sending blocks."""

    name: str
    send: Callable[[str, str], bool]


def targets_of(urls: Sequence[str]) -> tuple[Destination, ...]:
    """A destination for each address, by its place in the list: an address itself is a secret."""
    return tuple(Destination(DestinationKind.APPRISE, str(place)) for place, _ in enumerate(urls, start=1))


def open_services(urls: Sequence[str]) -> list[Service]:
    """Read the addresses; imports Apprise and reads its plugins: call it in a thread.

    Raises SettingsFault with the places of those that Apprise does not know.
    """
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(_SILENT)
    import apprise

    # Nothing is written to disk, and no threads but ours are used.
    asset = apprise.AppriseAsset(
        app_id="Fare Engine", async_mode=False, storage_mode=apprise.PersistentStoreMode.MEMORY
    )
    found: list[Service] = []
    strangers: list[str] = []
    for place, url in enumerate(urls, start=1):
        targets = apprise.Apprise(asset=asset)
        if targets.add(url):
            found.append(_service(targets))
        else:
            strangers.append(str(place))
    if strangers:
        which = f"{'address' if len(strangers) == 1 else 'addresses'} {' and '.join(strangers)}"
        raise SettingsFault([f"APPRISE_URLS: Apprise cannot read {which}; its wiki has the form of each."])
    return found


class AppriseChannel:
    """Sends copies; what a service does not take for an hour is given up."""

    kind = DestinationKind.APPRISE
    begins_with_commit = False

    def __init__(
        self, services: Sequence[Service], *, cities: Cities, pages: Pages, deadline_s: float = DEADLINE_S
    ) -> None:
        self._services = services
        self._cities = cities
        self._pages = pages
        self._deadline_s = deadline_s
        self._busy: set[int] = set()

    async def deliver(self, leased: Leased) -> Delivery:
        """Send one copy."""
        notification = leased.notification
        place = int(notification.destination.address)
        if notification.kind is not NotificationKind.POST:
            return Delivery(kind=DeliveryKind.PERMANENT, why=whys.NO_CHANGES)
        if not 0 < place <= len(self._services):
            return Delivery(kind=DeliveryKind.PERMANENT, why=whys.NO_TARGET)
        why = await self._sent(place, card(notification, self._cities, self._pages))
        if why is None:
            return Delivery(kind=DeliveryKind.DELIVERED)
        return bounded(Delivery(kind=DeliveryKind.RETRY, why=why), leased.attempts)

    async def reconcile(self, leased: Leased) -> Delivery:  # noqa: ARG002  no service can be asked
        """Nobody can say what arrived; it is sent again."""
        return Delivery(kind=DeliveryKind.RETRY, why=whys.NOT_KNOWN)

    async def _sent(self, place: int, said: Card) -> str | None:
        """Send it to a target; why it did not arrive, None where it did."""
        if place in self._busy:
            return whys.STILL_BUSY
        self._busy.add(place)
        service = self._services[place - 1]
        facts = "\n".join(f"{fact.name}: {fact.text}" for fact in said.facts)
        body = f"{facts}\n{said.page.url}"
        try:
            async with asyncio.timeout(self._deadline_s):
                taken = await _in_thread(
                    lambda: service.send(said.headline, body), lambda: self._busy.discard(place)
                )
        except TimeoutError:
            return whys.NOT_IN_TIME
        return None if taken else whys.NOT_TAKEN


def _service(targets: "apprise.Apprise") -> Service:
    def send(title: str, body: str) -> bool:
        return bool(targets.notify(title=title, body=body, body_format="text"))

    return Service(name=str(targets[0].service_name), send=send)


async def _in_thread(send: Callable[[], bool], done: Callable[[], None]) -> bool:
    """Run it in a thread that keeps no process from ending; False for whatever it raises.

    `done` is called on the loop once the thread is through, also when nobody waits any more.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[bool] = loop.create_future()

    def settle(taken: bool) -> None:
        done()
        if not answer.done():
            answer.set_result(taken)

    def run() -> None:
        try:
            taken = send()
        except Exception as fault:  # noqa: BLE001  its words may quote an address
            logger.warning("apprise_failed", fault=type(fault).__name__)
            taken = False
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, taken)

    threading.Thread(target=run, name="apprise", daemon=True).start()
    return await answer
