"""The moment before a text leaves: which number it goes to, and whether the caps allow it."""

import asyncio
from typing import Final

import structlog

from engine.actions.optouts import OptOuts
from engine.actions.till import Till, UsedUp
from engine.alerts.consent import may_be_texted
from engine.alerts.phones import PhoneVault
from engine.alerts.vault import Unreadable
from engine.clock import Clock
from engine.domain.alert import Notification
from engine.domain.announce import notification_id
from engine.domain.botnotice import about_a_text
from engine.domain.caps import Payer
from engine.domain.news import TextCapped
from engine.domain.watch import Destination, DestinationKind
from engine.store.database import Store
from engine.tongue import Tongue, Tongues

_log = structlog.get_logger(__name__)

OPERATOR: Final = Destination(DestinationKind.SMS, "operator")


class Readers:
    """Gives the language of who reads a text: a member's, as their Discord last spoke; else English."""

    def __init__(self, store: Store, tongues: Tongues) -> None:
        self._store = store
        self._tongues = tongues

    async def __call__(self, notification: Notification) -> Tongue:
        """Raises StoreError."""
        if notification.destination == OPERATOR:
            return self._tongues.of(None)
        async with self._store.transaction() as tx:
            member = await tx.members.of(notification.destination.address)
        return self._tongues.of(member.locale)


class Numbers:
    """Gives the number behind an SMS destination; a member's is decrypted here and kept nowhere.

    `vault` is None where the operator has set no keys: then only the operator is texted. A phone
    that said STOP is not texted, whoever's it is, nor one whose member paused texts.
    """

    def __init__(
        self,
        store: Store,
        *,
        operators: str | None,
        optouts: OptOuts,
        vault: PhoneVault | None = None,
        countries: tuple[str, ...] = (),
    ) -> None:
        self._store = store
        self._operators = operators
        self._optouts = optouts
        self._vault = vault
        self._countries = countries

    async def __call__(self, address: str) -> str | None:
        """The E.164 number of `operator` or of a member; None when there is none that may be texted."""
        number = await self._number_of(address)
        return None if number is None or await self._optouts.binds(number) else number

    async def _number_of(self, address: str) -> str | None:
        if address == OPERATOR.address:
            return self._operators
        if self._vault is None:
            return None
        async with self._store.transaction() as tx:
            phone = await tx.phones.of(address)
            paused = (await tx.members.of(address)).texts_paused_at is not None
        if phone is None or paused:
            return None
        return await asyncio.to_thread(self._opened, self._vault, phone.sealed)

    def _opened(self, vault: PhoneVault, sealed: str) -> str | None:
        try:
            number = vault.open(sealed)
        except Unreadable as fault:
            _log.error("phone_unreadable", why=str(fault))
            return None
        # The list may have become shorter since the number was linked.
        return number if may_be_texted(number, self._countries) else None


class Allowances:
    """Holds texts against the caps; see `engine.alerts.ports.Allowance`.

    A member whose text is not sent hears of it by direct message, once per cap and day.
    """

    def __init__(self, store: Store, till: Till, clock: Clock) -> None:
        self._store = store
        self._till = till
        self._clock = clock

    async def take(self, notification: Notification, segments: int) -> str | None:
        """Count it before it is sent; None when it may be, else which cap is used up, in words."""
        payer = _payer_of(notification)
        async with self._store.transaction() as tx:
            if await tx.sms_ledger.holds(notification.id):
                return None
            used_up = await self._till.take(tx, notification.id, payer, segments)
            if used_up is not None and payer.member_id is not None:
                await tx.notifications.enqueue([self._notice(notification, payer.member_id, used_up)])
        return None if used_up is None else str(used_up.why)

    async def give_back(self, notification: Notification) -> None:
        """It was certainly not sent after all."""
        async with self._store.transaction() as tx:
            await tx.sms_ledger.refund(notification.id)

    def _notice(self, lost: Notification, member_id: str, used_up: UsedUp) -> Notification:
        """Its id is the same for the rest of the period, so the outbox takes it once."""
        news = TextCapped(cap=used_up.cap, most=used_up.most)
        id_ = notification_id("capped", used_up.cap.value, used_up.period, member_id)
        return about_a_text(id_, lost, member_id, news, self._clock.now())


def member_of(notification: Notification) -> str | None:
    """The member whose phone it is for; None for the operator's."""
    address = notification.destination.address
    return None if address == OPERATOR.address else address


def _payer_of(notification: Notification) -> Payer:
    member_id = member_of(notification)
    if member_id is None:
        return Payer()
    servers = (subject.owner.server_id for subject in notification.subjects)
    return Payer(member_id=member_id, server_id=next(filter(None, servers), None))
