"""Use-cases around a server's webhooks: add one, list them, remove one, try one out."""

import secrets
from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta
from typing import Final

import msgspec
import structlog

from engine.actions.hooktargets import HookTargets
from engine.alerts.channels.webhook import UNREADABLE
from engine.alerts.hooks.address import read_address, read_secret
from engine.alerts.hooks.ports import Target
from engine.alerts.ports import Delivery, DeliveryKind
from engine.alerts.vault import Unreadable, Vault
from engine.clock import Clock
from engine.domain import whys
from engine.domain.alert import Notification, NotificationKind, Reason, Subject
from engine.domain.announce import notification_id
from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.quote import Quote, SourceKind
from engine.domain.route import FixedDates, Route
from engine.domain.said import said
from engine.domain.watch import Condition, Owner, OwnerKind, WatchId
from engine.domain.webhook import MOST_PER_SERVER, Webhook, WebhookId, WebhookKind
from engine.errors import InvalidInput
from engine.store.database import Store
from engine.store.webhooks import WebhookStanding

_log = structlog.get_logger(__name__)

LONGEST_NAME: Final = 40
_SAMPLE_IN: Final = timedelta(days=60)
_SAMPLE_STAY: Final = timedelta(days=14)

TryOut = Callable[[Target, Notification], Awaitable[Delivery]]
"""Sends a dry run; see `engine.alerts.channels.webhook.WebhookChannel.try_out`."""


class NewWebhook(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook as somebody typed it; its repr shows neither address nor secret."""

    kind: WebhookKind
    name: str
    url: str
    secret: str = ""

    def __repr__(self) -> str:
        """The kind alone."""
        return f"NewWebhook({self.kind.value})"


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a dry run: how long it took, and why it did not arrive where it did not."""

    webhook: Webhook
    took_s: float
    why: str | None = None


class HookLine(msgspec.Struct, frozen=True):
    """What it takes to have webhooks at all; there where PHONE_KEYS is set."""

    vault: Vault
    targets: HookTargets
    try_out: TryOut


class Webhooks:
    """Everything a face can do with the webhooks of a server; whether somebody may, it has asked before.

    Raises InvalidInput with one sentence, which never repeats an address or a secret.
    """

    def __init__(
        self, store: Store, *, clock: Clock, line: HookLine | None, own_hosts: Collection[str] = ()
    ) -> None:
        self._store = store
        self._clock = clock
        self._line = line
        self._own_hosts = own_hosts

    @property
    def possible(self) -> bool:
        """Whether the operator set the keys without which no address is kept."""
        return self._line is not None

    async def add(self, member: Owner, typed: NewWebhook) -> Webhook:
        """Keep a webhook for the server that the member stands in."""
        line, server_id = self._needed(), _server_of(member)
        url = read_address(typed.kind, typed.url, self._own_hosts)
        secret = read_secret(typed.kind, typed.secret)
        host = url.host or ""
        webhook = Webhook(
            id=WebhookId(secrets.token_hex(8)),
            server_id=server_id,
            kind=typed.kind,
            name=_name(typed.name) or host[:LONGEST_NAME],
            host=host,
            sealed_url=line.vault.seal(str(url)),
            sealed_secret=None if secret is None else line.vault.seal(secret),
            created_by=member.id,
            created_at=self._clock.now(),
        )
        async with self._store.transaction() as tx:
            present = await tx.webhooks.of_server(server_id)
            _check_room(webhook, present)
            await tx.webhooks.add(webhook)
        _log.info("webhook_added", webhook=webhook.id, server=server_id, kind=webhook.kind.value)
        return webhook

    async def of_server(self, server_id: str) -> list[WebhookStanding]:
        """All webhooks of a server and how they stand, the oldest first."""
        async with self._store.transaction() as tx:
            standings = await tx.webhooks.standings(server_id)
        return [self._as_it_stands(standing) for standing in standings]

    async def remove(self, server_id: str, chosen: str) -> Webhook:
        """Forget a webhook, by its id or name, and drop what waits for it."""
        async with self._store.transaction() as tx:
            webhook = _chosen(await tx.webhooks.of_server(server_id), chosen)
            await tx.webhooks.remove(webhook.id)
            await tx.notifications.drop_lane(
                webhook.destination.lane, whys.WEBHOOK_REMOVED, self._clock.now()
            )
        _log.info("webhook_removed", webhook=webhook.id, server=server_id)
        return webhook

    async def test(self, server_id: str, chosen: str) -> Tried:
        """Send a dry run to a webhook, by its id or name; one that arrives opens a paused webhook again."""
        line = self._needed()
        async with self._store.transaction() as tx:
            webhook = _chosen(await tx.webhooks.of_server(server_id), chosen)
        try:
            target = line.targets.opened(webhook)
        except Unreadable:
            return Tried(webhook=webhook, took_s=0.0, why=UNREADABLE)
        begun = self._clock.monotonic()
        answer = await line.try_out(target, self._sample(webhook))
        took_s = self._clock.monotonic() - begun
        if answer.kind is not DeliveryKind.DELIVERED:
            return Tried(webhook=webhook, took_s=took_s, why=answer.why)
        await self._store.outbox.reinstate_lane(webhook.destination.lane)
        return Tried(webhook=webhook, took_s=took_s)

    def _as_it_stands(self, standing: WebhookStanding) -> WebhookStanding:
        """Before the first copy fails, too: one that no key opens rests."""
        if self._line is None or self._line.targets.opens(standing.webhook):
            return standing
        return msgspec.structs.replace(standing, paused_why=UNREADABLE)

    def _needed(self) -> HookLine:
        if self._line is None:
            raise InvalidInput(
                "webhook",
                "Webhooks need a key to be kept with: whoever runs me has to set PHONE_KEYS and "
                "PHONE_HASH_KEY; fare-engine keys makes both.",
            )
        return self._line

    def _sample(self, webhook: Webhook) -> Notification:
        now = self._clock.now()
        out = (now + _SAMPLE_IN).date()
        route = Route(
            origin=Place.metro("LON"),
            destination=Place.metro("TYO"),
            trip=FixedDates(out, out + _SAMPLE_STAY),
            currency="EUR",
        )
        return Notification(
            id=notification_id("test", webhook.id, now.isoformat()),
            destination=webhook.destination,
            kind=NotificationKind.POST,
            route=route,
            subjects=(
                Subject(
                    watch_id=WatchId("test"),
                    owner=Owner(OwnerKind.SERVER, webhook.server_id, webhook.server_id),
                    reason=Reason.ALERT,
                    condition=Condition.TARGET,
                    target=Money.parse("460", route.currency),
                ),
            ),
            created_at=now,
            quote=Quote(
                route_id=route.id,
                total=Money.parse("450", route.currency),
                source="test",
                kind=SourceKind.TEST,
                observed_at=now,
                carriers=("NH",),
                stops=(0, 0),
            ),
        )


def _server_of(member: Owner) -> str:
    if member.server_id is None:
        raise InvalidInput("webhook", "Webhooks belong to a server: use this command there.")
    return member.server_id


def _name(typed: str) -> str:
    """The name on one line, cut."""
    kept = "".join(sign if sign.isprintable() else " " for sign in typed)
    return " ".join(kept.split())[:LONGEST_NAME].strip()


def _check_room(new: Webhook, present: Collection[Webhook]) -> None:
    if len(present) >= MOST_PER_SERVER:
        raise InvalidInput(
            "webhook", "A server has {most} webhooks at most. Remove one of them first.", most=MOST_PER_SERVER
        )
    if any(webhook.name.casefold() == new.name.casefold() for webhook in present):
        raise InvalidInput(
            "name", "There is a webhook called {typed} already; choose another name.", typed=said(new.name)
        )


def _chosen(present: Collection[Webhook], chosen: str) -> Webhook:
    for webhook in present:
        if chosen == webhook.id or chosen.strip().casefold() == webhook.name.casefold():
            return webhook
    raise InvalidInput("webhook", "This server has no webhook {typed}.", typed=said(chosen))
