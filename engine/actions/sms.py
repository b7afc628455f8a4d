"""Use-cases around a member's phone: link it, confirm the code, test it, pause it, show it, forget it."""

import asyncio
from datetime import datetime
from typing import TypeVar

import msgspec
import structlog

from engine.actions import code_words
from engine.actions.linking import CODE_LIVES, Linking, MemberLine, resume
from engine.actions.selftexts import SelfTexts, TextTest
from engine.actions.till import Till
from engine.alerts.consent import Consent, masked
from engine.alerts.phones import PhoneVault
from engine.alerts.vault import Unreadable
from engine.clock import Clock
from engine.domain import whys
from engine.domain.announce import phone_of
from engine.domain.caps import Caps, Payer
from engine.domain.watch import Owner
from engine.errors import InvalidInput
from engine.store.database import Store
from engine.store.phones import Phone, PhoneLink
from engine.store.withdrawals import How

_log = structlog.get_logger(__name__)

_Part = TypeVar("_Part")


class PhoneStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What a member may know of their phone. Numbers are masked; None where there is none.

    `today` counts segments of this UTC day against `most`; `under_way` is the number whose code is
    yet to be typed; `stopped` says that the phone replied STOP, `paused_at` since when its member wants
    no texts, `refused_why` why else nothing is texted although a number is linked; `lacks` names the
    settings without which no member is texted.
    """

    number: str | None
    since: datetime | None
    today: int
    most: int
    under_way: str | None = None
    stopped: bool = False
    paused_at: datetime | None = None
    refused_why: str | None = None
    lacks: tuple[str, ...] = ()


class Sms:
    """Everything a face can do with a member's phone. Raises InvalidInput with one sentence.

    `line` and `self_texts` are None where the operator has not set up texts to members.
    """

    def __init__(
        self,
        store: Store,
        *,
        clock: Clock,
        caps: Caps,
        till: Till,
        line: MemberLine | None,
        lacks: tuple[str, ...],
        self_texts: SelfTexts | None = None,
    ) -> None:
        self._store = store
        self._till = till
        self._clock = clock
        self._caps = caps
        self._line = line
        self._linking = None if line is None else Linking(store, clock=clock, till=till, line=line)
        self._self_texts = self_texts
        self._lacks = lacks

    @property
    def lacks(self) -> tuple[str, ...]:
        """The settings without which no member is texted; empty when all are there."""
        return self._lacks

    @property
    def most_a_day(self) -> int:
        """The most texts that a member gets in a day."""
        return self._caps.member

    async def link(self, member: Owner, typed: str, agreed: Consent) -> str:
        """Send a code to a typed number; gives it masked. `agreed` is what the member was shown."""
        return await self._needed(self._linking).begin(member, typed, agreed)

    async def confirm(self, member: Owner, typed: str) -> str:
        """Hold the typed code against the one that was sent, and link the number; gives it masked."""
        return await self._needed(self._linking).confirm(member, typed)

    async def test(self, member: Owner) -> TextTest:
        """Send a text that says it is a test, and say what came of it."""
        return await self._needed(self._self_texts).test(member)

    async def pause(self, member: Owner) -> PhoneStatus:
        """Text nothing until it is resumed; the phone stays linked, and what waits for it is dropped."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            if await tx.phones.of(member.id) is None:
                raise InvalidInput.of("sms", code_words.NO_PHONE)
            chosen = await tx.members.of(member.id)
            if chosen.texts_paused_at is None:
                await tx.members.save(msgspec.structs.replace(chosen, texts_paused_at=now))
            await tx.notifications.drop_lane(phone_of(member.id).lane, whys.MEMBER_PAUSED, now)
        return await self.status(member)

    async def resume(self, member: Owner) -> PhoneStatus:
        """Text again from now on."""
        async with self._store.transaction() as tx:
            if await tx.phones.of(member.id) is None:
                raise InvalidInput.of("sms", code_words.NO_PHONE)
            await resume(tx, member.id)
        return await self.status(member)

    async def status(self, member: Owner) -> PhoneStatus:
        """What is linked, since when, and what was texted today."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            phone = await tx.phones.of(member.id)
            link = await tx.phones.under_way(member.id)
            spent = await self._till.spent(tx, Payer(member_id=member.id))
            refused_why = await tx.notifications.why_paused(phone_of(member.id).lane)
            paused_at = (await tx.members.of(member.id)).texts_paused_at
            stopped = phone is not None and await tx.withdrawals.binds([phone.fingerprint])
        open_link = link if link and now - link.asked_at < CODE_LIVES and self._line else None
        return PhoneStatus(
            number=await self._shown(phone),
            since=phone.verified_at if phone else None,
            today=spent.member,
            most=self._caps.member,
            under_way=await self._shown(open_link),
            stopped=stopped,
            paused_at=paused_at if phone else None,
            refused_why=refused_why if phone else None,
            lacks=self._lacks,
        )

    async def forget(self, member: Owner) -> bool:
        """Delete the number and the consent at once, and what still waits for it; whether there was any."""
        lane, now = phone_of(member.id).lane, self._clock.now()
        async with self._store.transaction() as tx:
            phone = await tx.phones.of(member.id)
            if phone is not None:
                await tx.withdrawals.note(phone.fingerprint, How.FORGOTTEN, now)
            await resume(tx, member.id)
            there = await tx.phones.forget(member.id)
            await tx.notifications.drop_lane(lane, whys.NUMBER_FORGOTTEN, now)
        if there:
            _log.info("phone_forgotten", member=member.id)
        return there

    def _needed(self, part: _Part | None) -> _Part:
        if part is None:
            raise InvalidInput.of("sms", code_words.not_set_up(self._lacks))
        return part

    async def _shown(self, kept: Phone | PhoneLink | None) -> str | None:
        if kept is None:
            return None
        if self._line is None:
            return "a number"  # its key is not at hand
        return await asyncio.to_thread(_masked, self._line.vault, kept.sealed) or "a number"


def _masked(vault: PhoneVault, sealed: str) -> str | None:
    try:
        return masked(vault.open(sealed))
    except Unreadable:
        return None
