"""Members' phones: linked numbers, links under way, and how often codes were asked for.

Numbers come here sealed and fingerprinted (`engine.alerts.phones`); the store has no key to them.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Row, and_, case, delete, exists, func, insert, select, update

from engine.store.columns import insert_for
from engine.store.sql import Sql, chunks
from engine.store.tables import PHONE_CODES, PHONE_LINKS, PHONE_STARTS, PHONES, WITHDRAWALS
from engine.store.withdrawals import stop_holds

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)


class Phone(msgspec.Struct, frozen=True, kw_only=True):
    """A member's verified number and the consent that came with it.

    `verification` is Twilio's id of the verification, or that of a code of our own.
    """

    member_id: str
    fingerprint: str
    sealed: str
    consent_version: str
    consent_sentence: str | None = None  # those of version 0.1 kept the version alone
    consented_at: datetime
    verification: str
    verified_at: datetime


class PhoneLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link under way: a code was asked for and is yet to be typed.

    `verification` is None when no code was sent: the number is another member's, or said STOP.
    """

    member_id: str
    fingerprint: str
    sealed: str
    consent_version: str
    consent_sentence: str | None = None
    asked_at: datetime
    verification: str | None
    checks: int = 0


class Starts(msgspec.Struct, frozen=True, kw_only=True):
    """How many codes were asked for: by the member within an hour, the rest within a day.

    `number` is by anybody for that number, `own` by this member for it, `server` by anybody in
    that server.
    """

    member: int = 0
    number: int = 0
    own: int = 0
    server: int = 0


class Phones:
    """The repository of phones."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def of(self, member_id: str) -> Phone | None:
        """The member's number."""
        row = await self._sql.first(select(PHONES).where(PHONES.c.member_id == member_id))
        return None if row is None else _to_phone(row)

    async def everybody(self) -> list[Phone]:
        """All numbers, the oldest first."""
        return [_to_phone(row) for row in await self._sql.rows(select(PHONES).order_by(PHONES.c.verified_at))]

    async def fingerprints(self, member_ids: Iterable[str]) -> dict[str, str]:
        """Of these members, those with a number that did not say STOP, each with its fingerprint."""
        found: dict[str, str] = {}
        stopped = exists().where(WITHDRAWALS.c.fingerprint == PHONES.c.fingerprint, stop_holds())
        for some in chunks(sorted(set(member_ids))):
            query = select(PHONES.c.member_id, PHONES.c.fingerprint).where(
                PHONES.c.member_id.in_(some), ~stopped.correlate(PHONES)
            )
            found |= {row.member_id: row.fingerprint for row in await self._sql.rows(query)}
        return found

    async def owner_of(self, fingerprint: str) -> str | None:
        """Whose number it is."""
        row = await self._sql.first(select(PHONES.c.member_id).where(PHONES.c.fingerprint == fingerprint))
        return None if row is None else str(row.member_id)

    async def keep(self, phone: Phone) -> None:
        """Link a number in place of the member's former one; ends the link under way.

        Raises StoreError when the number is another member's.
        """
        await self.forget(phone.member_id)
        await self._sql.run(insert(PHONES).values(msgspec.structs.asdict(phone)))

    async def forget(self, member_id: str) -> bool:
        """Delete the member's number, its consent and any link under way; whether there was anything."""
        linked = await self._sql.run(delete(PHONES).where(PHONES.c.member_id == member_id))
        under_way = await self._sql.run(delete(PHONE_LINKS).where(PHONE_LINKS.c.member_id == member_id))
        return bool(linked or under_way)

    async def begin(self, link: PhoneLink) -> None:
        """Keep a link under way in place of the member's former one."""
        values = msgspec.structs.asdict(link)
        new = insert_for(self._sql.dialect, PHONE_LINKS).values(values)
        await self._sql.run(new.on_conflict_do_update(index_elements=["member_id"], set_=values))

    async def under_way(self, member_id: str) -> PhoneLink | None:
        """The member's link under way."""
        row = await self._sql.first(select(PHONE_LINKS).where(PHONE_LINKS.c.member_id == member_id))
        return None if row is None else _to_link(row)

    async def count_check(self, member_id: str) -> None:
        """One more code was typed for the link under way."""
        of_member = PHONE_LINKS.c.member_id == member_id
        await self._sql.run(update(PHONE_LINKS).where(of_member).values(checks=PHONE_LINKS.c.checks + 1))

    async def note_start(
        self, member_id: str, server_id: str | None, fingerprint: str, now: datetime
    ) -> None:
        """A code was asked for."""
        values = {"member_id": member_id, "server_id": server_id, "fingerprint": fingerprint, "at": now}
        await self._sql.run(insert(PHONE_STARTS).values(values))

    async def starts(self, member_id: str, server_id: str | None, fingerprint: str, now: datetime) -> Starts:
        """How often codes were asked for lately. A clock that was set back makes it more, never less."""
        c = PHONE_STARTS.c
        lately = c.at > now - HOUR
        query = select(
            _count(and_(c.member_id == member_id, lately)).label("member"),
            _count(c.fingerprint == fingerprint).label("number"),
            _count(and_(c.fingerprint == fingerprint, c.member_id == member_id)).label("own"),
            _count(c.server_id == server_id).label("server"),
        ).where(c.at > now - DAY)
        row = await self._sql.first(query)
        if row is None:
            return Starts()
        return Starts(member=row.member, number=row.number, own=row.own, server=row.server)

    async def prune(self, links_before: datetime, starts_before: datetime) -> None:
        """Delete links never finished with their codes, and starts that no limit counts any more."""
        await self._sql.run(delete(PHONE_LINKS).where(PHONE_LINKS.c.asked_at < links_before))
        await self._sql.run(delete(PHONE_CODES).where(PHONE_CODES.c.made_at < links_before))
        await self._sql.run(delete(PHONE_STARTS).where(PHONE_STARTS.c.at < starts_before))


def _count(where: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.coalesce(func.sum(case((where, 1), else_=0)), 0)


def _to_phone(row: Row[Any]) -> Phone:
    return Phone(
        member_id=row.member_id,
        fingerprint=row.fingerprint,
        sealed=row.sealed,
        consent_version=row.consent_version,
        consent_sentence=row.consent_sentence,
        consented_at=row.consented_at,
        verification=row.verification,
        verified_at=row.verified_at,
    )


def _to_link(row: Row[Any]) -> PhoneLink:
    return PhoneLink(
        member_id=row.member_id,
        fingerprint=row.fingerprint,
        sealed=row.sealed,
        consent_version=row.consent_version,
        consent_sentence=row.consent_sentence,
        asked_at=row.asked_at,
        verification=row.verification,
        checks=row.checks,
    )
