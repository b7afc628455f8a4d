"""Everything about copies of public alerts, put together from the settings.

Webhooks of servers, and the operator's own targets.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date
from typing import Final
from urllib.parse import urlsplit

import aiohttp
import msgspec
import structlog

from engine.actions.hooktargets import HookTargets
from engine.actions.webhooks import HookLine, Webhooks
from engine.alerts.cards import Page
from engine.alerts.channels.apprise_targets import AppriseChannel, open_services, targets_of
from engine.alerts.channels.webhook import UNREADABLE, WebhookChannel
from engine.alerts.ports import Channel
from engine.alerts.vault import Vault
from engine.clock import Clock
from engine.domain import whys
from engine.domain.quote import Quote
from engine.domain.route import Route
from engine.domain.watch import Destination, DestinationKind
from engine.fares.links import fare_page
from engine.gazetteer import Gazetteer
from engine.http import open_session, public_only
from engine.settings import Settings
from engine.store.database import Store

_log = structlog.get_logger(__name__)

# A connection is held for ten seconds at most; what finds none free within its deadline is retried.
_CONNECTIONS: Final = 50
_DEADLINE_S: Final = 10.0

OpenSession = Callable[[], AbstractAsyncContextManager[aiohttp.ClientSession]]
"""Opens the session that webhooks are called over."""


class Copies(msgspec.Struct, frozen=True, kw_only=True):
    """What the engine needs of it. `targets` are the operator's own, for every public alert."""

    webhooks: Webhooks
    channels: tuple[Channel, ...] = ()
    targets: tuple[Destination, ...] = ()
    has_webhooks: bool = False


def open_public_session() -> AbstractAsyncContextManager[aiohttp.ClientSession]:
    """A session that reaches the public internet only."""
    return open_session(limit=_CONNECTIONS, timeout_s=_DEADLINE_S, sockets=public_only())


@asynccontextmanager
async def open_copies(
    settings: Settings,
    store: Store,
    gazetteer: Gazetteer,
    clock: Clock,
    open_session: OpenSession = open_public_session,
) -> AsyncIterator[Copies]:
    """Make what the settings allow; nothing is sent.

    Raises SettingsFault when Apprise does not know an address of APPRISE_URLS.
    """
    urls = [url.get_secret_value() for url in settings.apprise_urls or ()]
    targets = targets_of(urls)
    # Also without any: what waits for a target that is gone is then given up.
    services = await asyncio.to_thread(open_services, urls) if urls else []
    apprise = AppriseChannel(services, cities=gazetteer.city, pages=_page)
    async with _webhooks(settings, store, gazetteer, clock, open_session) as (webhooks, channel):
        yield Copies(
            webhooks=webhooks,
            channels=(apprise, channel) if channel else (apprise,),
            targets=targets,
            has_webhooks=channel is not None,
        )


@asynccontextmanager
async def _webhooks(
    settings: Settings, store: Store, gazetteer: Gazetteer, clock: Clock, open_session: OpenSession
) -> AsyncIterator[tuple[Webhooks, Channel | None]]:
    own_hosts = _own_hosts(settings)
    if settings.phone_keys is None:
        await _let_rest(store, clock)
        yield Webhooks(store, clock=clock, line=None, own_hosts=own_hosts), None
        return
    vault = await asyncio.to_thread(Vault, settings.phone_keys.get_secret_value().split(","))
    targets = HookTargets(store, vault)
    await _settle_readable(store, targets)
    async with open_session() as session:
        channel = WebhookChannel(session, targets, cities=gazetteer.city, pages=_page, clock=clock)
        line = HookLine(vault, targets, channel.try_out)
        yield Webhooks(store, clock=clock, line=line, own_hosts=own_hosts), channel


def _own_hosts(settings: Settings) -> tuple[str, ...]:
    """The names under which the bot itself can be reached from outside."""
    address = settings.public_base_url
    host = urlsplit(address).hostname if address else None
    return (host,) if host else ()


async def _let_rest(store: Store, clock: Clock) -> None:
    """Without keys no address can be opened; what waits is dropped, since copies are of now."""
    async with store.transaction() as tx:
        kept = await tx.webhooks.everybody()
        for webhook in kept:
            await tx.notifications.drop_lane(webhook.destination.lane, whys.NO_KEYS, clock.now())
    if kept:
        _log.warning("nothing is copied to webhooks", webhooks=len(kept), lacking=["PHONE_KEYS"])


async def _settle_readable(store: Store, targets: HookTargets) -> None:
    """Webhooks paused because no key opened them go on where one does now; the others are counted."""
    async with store.transaction() as tx:
        kept = await tx.webhooks.everybody()
        paused = await tx.notifications.paused_lanes(DestinationKind.WEBHOOK)
    shut = [webhook for webhook in kept if not targets.opens(webhook)]
    if shut:
        _log.warning("webhooks were stored with other keys than PHONE_KEYS has", webhooks=len(shut))
    for webhook in kept:
        lane = webhook.destination.lane
        if webhook not in shut and paused.get(lane) == UNREADABLE:
            await store.outbox.reinstate_lane(lane)


def _page(route: Route, quote: Quote | None, today: date) -> Page:
    return Page(*fare_page(route, quote, today))
