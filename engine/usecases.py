"""The use-cases that every face calls, joined with the opened parts they work on."""

import secrets
from collections.abc import Callable

import aiohttp
import msgspec

from engine.actions.alerts import Alerts
from engine.actions.calendars import Calendars
from engine.actions.destinations import Destinations
from engine.actions.digests import Digests
from engine.actions.dryruns import DryRuns
from engine.actions.exporting import Exporting
from engine.actions.importing import Importing
from engine.actions.membership import Membership
from engine.actions.moderating import Moderating
from engine.actions.places import Places
from engine.actions.privacy import Privacy
from engine.actions.quiethours import QuietHours
from engine.actions.room import Limits
from engine.actions.servers import Servers
from engine.actions.serversheets import ServerSheets
from engine.actions.sms import Sms
from engine.actions.status import Status
from engine.actions.watches import Watches
from engine.actions.webhooks import Webhooks
from engine.alerts.relay import Relay
from engine.clock import Clock
from engine.copies import Copies
from engine.domain.watch import WatchId
from engine.fares.fetcher import Fetcher
from engine.gazetteer import Gazetteer
from engine.listing import Listing
from engine.loops import LookLoop
from engine.settings import Settings
from engine.store.database import Store
from engine.telephony import Telephony, member_marks
from engine.timezones import TimeZones
from engine.version import VERSION


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What is opened once, in order, and shared by everything else."""

    settings: Settings
    session: aiohttp.ClientSession
    store: Store
    gazetteer: Gazetteer
    timezones: TimeZones
    fetcher: Fetcher
    telephony: Telephony
    copies: Copies
    clock: Clock


class Actions(msgspec.Struct, frozen=True, kw_only=True):
    """The use-cases, which every face calls."""

    watches: Watches
    calendars: Calendars
    sms: Sms
    alerts: Alerts
    dry_runs: DryRuns
    quiet_hours: QuietHours
    digests: Digests
    places: Places
    status: Status
    privacy: Privacy
    importing: Importing
    exporting: Exporting
    servers: Servers
    membership: Membership
    sheets: ServerSheets
    moderating: Moderating
    destinations: Destinations
    webhooks: Webhooks


def make_actions(
    parts: Parts, listing: Listing, *, looks: LookLoop, relay: Relay, changed: Callable[[], None]
) -> Actions:
    """Make them all. `changed` says that looks, the outbox or digests have something due."""
    settings, store, gazetteer, clock = parts.settings, parts.store, parts.gazetteer, parts.clock
    timezones, telephony = parts.timezones, parts.telephony
    limits = Limits(per_member=settings.max_watches_per_member, per_server=settings.max_watches_per_server)
    watches = Watches(
        store,
        gazetteer,
        timezones,
        look_now=looks.ask,
        prices_of=parts.fetcher.price_of,
        doubt_of=parts.fetcher.doubt_of,
        clock=clock,
        home_currency=settings.home_currency,
        limits=limits,
        new_id=new_id,
        poke=looks.poke,
        committed=relay.wake,
    )
    importing = Importing(
        store,
        gazetteer,
        clock=clock,
        home_origin=settings.home_origin,
        home_currency=settings.home_currency,
        limits=limits,
        linked=listing.linked,
        new_id=new_id,
        poke=looks.poke,
    )
    sheets = ServerSheets(
        store,
        clock=clock,
        linked=listing.linked,
        reader=listing.reader_for,
        limits=limits,
        new_id=new_id,
        changed=changed,
    )
    dry_runs = DryRuns(
        store,
        clock=clock,
        wake=relay.wake,
        carried=lambda: relay.carried,
        texts_members=telephony.texts_members,
    )
    status = Status(
        store,
        standings=parts.fetcher.standings,
        last_batch=lambda: looks.last_batch,
        clock=clock,
        version=VERSION,
    )
    return Actions(
        watches=watches,
        calendars=Calendars(store, clock),
        sms=telephony.sms,
        alerts=Alerts(store),
        dry_runs=dry_runs,
        quiet_hours=QuietHours(store, timezones=timezones, clock=clock, changed=changed),
        digests=Digests(store, timezones=timezones, clock=clock, changed=changed),
        places=Places(store, clock=clock, changed=changed),
        status=status,
        privacy=Privacy(store, telephony.sms, clock, member_marks(settings).of),
        importing=importing,
        exporting=Exporting(store, gazetteer, clock),
        servers=Servers(store, timezones=timezones, limits=limits, clock=clock),
        membership=Membership(store, clock=clock, changed=changed),
        sheets=sheets,
        moderating=Moderating(store, clock=clock, changed=changed),
        destinations=Destinations(store),
        webhooks=parts.copies.webhooks,
    )


def new_id() -> WatchId:
    """A fresh id for a watch."""
    return WatchId(secrets.token_hex(8))
