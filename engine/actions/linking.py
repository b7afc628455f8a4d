"""Linking a phone: a code is sent to a typed number, and typed back by whoever holds the phone."""

import asyncio
import re
import secrets
from datetime import datetime, timedelta
from typing import Final

import msgspec
import structlog

from engine.actions import code_words
from engine.actions.optouts import OptOuts
from engine.actions.till import Till
from engine.alerts.codes import CodeKind, CodeReply, Codes
from engine.alerts.consent import Consent, masked, read_number
from engine.alerts.phones import PhoneVault
from engine.clock import Clock
from engine.domain import whys
from engine.domain.announce import phone_of
from engine.domain.caps import Payer
from engine.domain.watch import Owner
from engine.errors import InvalidInput
from engine.saying import Saying, counted, saying
from engine.store import faults
from engine.store.database import Store, Transaction
from engine.store.phones import Phone, PhoneLink, Starts
from engine.store.withdrawals import How

_log = structlog.get_logger(__name__)

CODE_LIVES: Final = timedelta(minutes=10)  # as long as Verify keeps it
# Of codes asked for; Verify itself allows five sends and five checks per number and ten minutes.
MOST_PER_HOUR: Final = 3
MOST_PER_NUMBER: Final = 3
MOST_PER_SERVER: Final = 20
MOST_CHECKS: Final = 5
_ONE_SEGMENT: Final = 1
_CODE: Final = re.compile(r"[0-9]{4,10}")

# Refused before anything was sent: it costs nothing.
_COSTS: Final = (CodeKind.SENT, CodeKind.UNKNOWN)


class MemberLine(msgspec.Struct, frozen=True):
    """What it takes to text members: keys, codes, countries; there when the operator set all."""

    vault: PhoneVault
    codes: Codes
    countries: tuple[str, ...]
    optouts: OptOuts


class Linking:
    """Sends codes and links the phones they came back from. Raises InvalidInput with one sentence.

    No answer tells whether a number is another member's, or whether it said STOP: who asks for a code
    to such a number is answered as always, in about the same time, and nothing is sent. Sending it
    would let strangers make a member's phone ring; letting it move to whoever types the code would
    hand it over with a number that a carrier gave to somebody else. Only its own member is told of a
    STOP.
    """

    def __init__(self, store: Store, *, clock: Clock, till: Till, line: MemberLine) -> None:
        self._store = store
        self._clock = clock
        self._till = till
        self._line = line

    async def begin(self, member: Owner, typed: str, agreed: Consent) -> str:
        """Send a code to a typed number; gives the number masked. `agreed` is the sentence that was shown."""
        line = self._line
        number = await asyncio.to_thread(read_number, typed, line.countries)
        now = self._clock.now()
        link = PhoneLink(
            member_id=member.id,
            fingerprint=line.vault.fingerprint(number),
            sealed=line.vault.seal(number),
            consent_version=agreed.version,
            consent_sentence=agreed.sentence,
            asked_at=now,
            verification=None,
        )
        ref = f"code {secrets.token_hex(8)}"
        async with self._store.transaction() as tx:
            stopped = await line.optouts.binds_in(tx, number)
            await _refuse_own_stop(tx, link, stopped=stopped)
            silent = await self._count_start(tx, member, link) or stopped
            payer = Payer(member_id=member.id, server_id=member.server_id)
            used_up = await self._till.take(tx, ref, payer, _ONE_SEGMENT)
            if used_up is None:
                await tx.phones.note_start(member.id, member.server_id, link.fingerprint, now)
        if used_up is not None:  # said after the commit: whoever runs the bot may have been told as well
            raise InvalidInput("number", "No code can be sent: {why}.", why=used_up.why)
        reply = await (line.codes.pretend_send() if silent else line.codes.send(number))
        if reply.kind is CodeKind.STOPPED:
            await self._note_stop(link, number)
            reply = CodeReply(kind=CodeKind.SENT)
        await self._settle_start(link, reply, ref)
        return await asyncio.to_thread(masked, number)

    async def confirm(self, member: Owner, typed: str) -> str:
        """Hold the typed code against the one that was sent, and link the number; gives it masked."""
        code = re.sub(r"[\s-]", "", typed)
        if not _CODE.fullmatch(code):
            raise InvalidInput("code", "The code is the number in the text, usually six digits.")
        link = await self._count_check(member)
        reply = await _checked(self._line, link, code)
        if reply.kind is not CodeKind.RIGHT:
            raise InvalidInput.of("code", code_words.not_linked(reply))
        number = await asyncio.to_thread(self._line.vault.open, link.sealed)
        await self._keep(link, number)
        _log.info("phone_linked", member=member.id)
        return await asyncio.to_thread(masked, number)

    async def _count_start(self, tx: Transaction, member: Owner, link: PhoneLink) -> bool:
        """Refuse whoever asks too often; whether a code is to be answered without sending one."""
        now = link.asked_at
        starts = await tx.phones.starts(member.id, member.server_id, link.fingerprint, now)
        refused = _too_many(starts, in_server=member.server_id is not None)
        if refused is not None:
            raise InvalidInput.of("number", refused)
        owner = await tx.phones.owner_of(link.fingerprint)
        return owner not in (None, member.id) or starts.number >= MOST_PER_NUMBER

    async def _settle_start(self, link: PhoneLink, reply: CodeReply, ref: str) -> None:
        async with self._store.transaction() as tx:
            if reply.kind is CodeKind.SENT:
                await tx.phones.begin(msgspec.structs.replace(link, verification=reply.sid))
            elif reply.kind not in _COSTS:
                await tx.sms_ledger.refund(ref)
        if reply.kind is not CodeKind.SENT:
            raise InvalidInput.of("number", code_words.not_sent(reply))

    async def _count_check(self, member: Owner) -> PhoneLink:
        async with self._store.transaction() as tx:
            link = await tx.phones.under_way(member.id)
            if link is None or self._clock.now() - link.asked_at >= CODE_LIVES:
                raise InvalidInput.of("code", code_words.GONE)
            if link.checks >= MOST_CHECKS:
                raise InvalidInput.of("code", code_words.TOO_MANY_TRIES)
            await tx.phones.count_check(member.id)
        return link

    async def _note_stop(self, link: PhoneLink, number: str) -> None:
        """Twilio knows that the phone said STOP; its own member is told so."""
        await self._line.optouts.refused(number)
        async with self._store.transaction() as tx:
            await _refuse_own_stop(tx, link, stopped=True)

    async def _keep(self, link: PhoneLink, number: str) -> None:
        """Link the number, unless it was taken or said STOP meanwhile, or the member began anew."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            current = await tx.phones.under_way(link.member_id)
            if current is None or current.asked_at != link.asked_at or link.verification is None:
                raise InvalidInput.of("code", code_words.GONE)
            if await tx.phones.owner_of(link.fingerprint) not in (None, link.member_id):
                raise InvalidInput.of("code", code_words.WRONG)
            if await self._line.optouts.binds_in(tx, number):
                raise InvalidInput.of("code", code_words.SAID_STOP)
            lane = phone_of(link.member_id).lane
            former = await tx.phones.of(link.member_id)
            if former is None or former.fingerprint != link.fingerprint:
                # What may have gone to the former number is not to be sent once more to this one.
                await tx.notifications.drop_lane(lane, whys.OTHER_NUMBER, now)
                if former is not None:
                    await tx.withdrawals.note(former.fingerprint, How.FORGOTTEN, now)
            await tx.phones.keep(_verified(link, link.verification, now))
            # The member holds the phone in hand: whatever was refused there before, it may work now.
            await faults.reinstate(tx, lane, now)
            await resume(tx, link.member_id)


async def resume(tx: Transaction, member_id: str) -> bool:
    """Let a member's texts come again; whether they were paused."""
    member = await tx.members.of(member_id)
    if member.texts_paused_at is None:
        return False
    await tx.members.save(msgspec.structs.replace(member, texts_paused_at=None))
    return True


async def _refuse_own_stop(tx: Transaction, link: PhoneLink, *, stopped: bool) -> None:
    """Whoever has the number linked may know that it said STOP. Raises InvalidInput."""
    if stopped and await tx.phones.owner_of(link.fingerprint) == link.member_id:
        raise InvalidInput.of("number", code_words.SAID_STOP)


def _too_many(starts: Starts, *, in_server: bool) -> Saying | None:
    """Why no more codes may be asked for; what others asked for the number is not among the reasons."""
    if starts.member >= MOST_PER_HOUR:
        return counted(
            starts.member,
            "You asked for {n} code within an hour. Try again later.",
            "You asked for {n} codes within an hour. Try again later.",
        )
    if starts.own >= MOST_PER_NUMBER:
        return counted(
            starts.own,
            "You asked for {n} code to that number today. Try again tomorrow.",
            "You asked for {n} codes to that number today. Try again tomorrow.",
        )
    if in_server and starts.server >= MOST_PER_SERVER:
        return saying("In this server many codes were asked for today. Try again tomorrow.")
    return None


async def _checked(line: MemberLine, link: PhoneLink, code: str) -> CodeReply:
    """What is said to the code; where none was sent, what would be said to a wrong one."""
    if link.verification is not None:
        return await line.codes.check(link.verification, code)
    return await line.codes.pretend_check()


def _verified(link: PhoneLink, sid: str, now: datetime) -> Phone:
    return Phone(
        member_id=link.member_id,
        fingerprint=link.fingerprint,
        sealed=link.sealed,
        consent_version=link.consent_version,
        consent_sentence=link.consent_sentence,
        consented_at=link.asked_at,
        verification=sid,
        verified_at=now,
    )
