"""What became of texts after they were handed over: one row per text, by the provider's id."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Row, delete, select, update

from engine.domain.alert import NotificationId
from engine.domain.textstatus import Became, TextNews, TextStatus
from engine.domain.watch import DestinationKind
from engine.store.columns import insert_for
from engine.store.sql import Sql, chunks
from engine.store.tables import NOTIFICATIONS, TEXTS

_T: Final = TEXTS.c
_FINAL: Final = tuple(status.value for status in TextStatus if status.is_final)


class TextRow(msgspec.Struct, frozen=True, kw_only=True):
    """A text as far as it is known; `notification_id` and `lane` are None while nobody knows whose it is."""

    sid: str
    notification_id: NotificationId | None
    lane: str | None
    status: TextStatus
    code: int | None
    sent_at: datetime


class Texts:
    """The repository of texts. What is final stays as it is."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def note_sent(self, sid: str, notification_id: NotificationId, lane: str, now: datetime) -> None:
        """The provider took a text for that alert; what it said of it before is kept."""
        values = {
            "sid": sid,
            "notification_id": notification_id,
            "lane": lane,
            "status": TextStatus.ACCEPTED.value,
            "sent_at": now,
            "changed_at": now,
        }
        new = insert_for(self._sql.dialect, TEXTS).values(values)
        whose = {"notification_id": new.excluded.notification_id, "lane": new.excluded.lane}
        await self._sql.run(new.on_conflict_do_update(index_elements=["sid"], set_=whose))

    async def take(self, news: TextNews, now: datetime) -> TextRow | None:
        """Keep a status; the row as it then stands, None when it was no news.

        Statuses come twice and out of order: an earlier one than is known changes nothing.
        """
        known = await self.get(news.sid)
        if known is not None and not news.status.follows(known.status):
            return None
        id_, lane = await self._whose(news, known)
        values = {
            "sid": news.sid,
            "notification_id": id_,
            "lane": lane,
            "status": news.status.value,
            "code": news.code,
            "sent_at": known.sent_at if known else now,
            "changed_at": now,
        }
        new = insert_for(self._sql.dialect, TEXTS).values(values)
        await self._sql.run(new.on_conflict_do_update(index_elements=["sid"], set_=values))
        return await self.get(news.sid)

    async def get(self, sid: str) -> TextRow | None:
        """One text."""
        row = await self._sql.first(select(TEXTS).where(_T.sid == sid))
        return None if row is None else _to_row(row)

    async def statuses(self, notification_ids: Iterable[NotificationId]) -> dict[NotificationId, Became]:
        """What became of these alerts' texts: of several for one the newest; those without are left out."""
        found: dict[NotificationId, Became] = {}
        for some in chunks(sorted(set(notification_ids))):
            query = select(TEXTS).where(_T.notification_id.in_(some)).order_by(_T.sent_at, _T.sid)
            for row in await self._sql.rows(query):
                status = TextStatus(row.status)
                found[NotificationId(row.notification_id)] = Became(
                    status=status, code=row.code, at=row.changed_at
                )
        return found

    async def of_alert(self, id_: NotificationId) -> list[TextRow]:
        """All texts that were sent for one alert, the oldest first."""
        query = select(TEXTS).where(_T.notification_id == id_).order_by(_T.sent_at, _T.sid)
        return [_to_row(row) for row in await self._sql.rows(query)]

    async def last_finished(self, lane: str, since: datetime | None, limit: int) -> list[TextRow]:
        """The newest texts of a lane whose fate is known, sent since then, the newest first."""
        query = select(TEXTS).where(_T.lane == lane, _T.status.in_(_FINAL))
        if since is not None:
            query = query.where(_T.sent_at >= since)
        query = query.order_by(_T.sent_at.desc(), _T.sid.desc()).limit(limit)
        return [_to_row(row) for row in await self._sql.rows(query)]

    async def to_ask_for(self, sent_before: datetime, sent_after: datetime, limit: int) -> list[TextRow]:
        """Texts between these instants whose end was never told, nor asked for."""
        query = select(TEXTS).where(
            _T.status.not_in(_FINAL),
            _T.notification_id.is_not(None),
            _T.asked_at.is_(None),
            _T.sent_at <= sent_before,
            _T.sent_at > sent_after,
        )
        return [_to_row(row) for row in await self._sql.rows(query.order_by(_T.sent_at).limit(limit))]

    async def asked(self, sid: str, now: datetime) -> None:
        """The provider was asked for its status, and answered."""
        await self._sql.run(update(TEXTS).where(_T.sid == sid).values(asked_at=now))

    async def to_follow(self, limit: int) -> list[TextRow]:
        """Texts with a final status, by now known whose, on which nobody acted yet."""
        query = select(TEXTS).where(
            _T.status.in_(_FINAL), _T.followed_at.is_(None), _T.notification_id.is_not(None)
        )
        return [_to_row(row) for row in await self._sql.rows(query.order_by(_T.sent_at).limit(limit))]

    async def followed(self, sid: str, now: datetime) -> None:
        """What its final status asks for was done."""
        await self._sql.run(update(TEXTS).where(_T.sid == sid).values(followed_at=now))

    async def prune(self, before: datetime) -> None:
        """Forget texts sent before that instant."""
        await self._sql.run(delete(TEXTS).where(_T.sent_at < before))

    async def _whose(self, news: TextNews, known: TextRow | None) -> tuple[NotificationId | None, str | None]:
        if known is not None and known.lane is not None:
            return known.notification_id, known.lane
        to_phone = NOTIFICATIONS.c.lane.startswith(f"{DestinationKind.SMS.value}:", autoescape=True)
        named = NOTIFICATIONS.c.id == (news.notification_id or "")
        row = await self._sql.first(select(NOTIFICATIONS.c.id, NOTIFICATIONS.c.lane).where(named, to_phone))
        return (None, None) if row is None else (NotificationId(row.id), str(row.lane))


def _to_row(row: Row[Any]) -> TextRow:
    return TextRow(
        sid=row.sid,
        notification_id=row.notification_id,
        lane=row.lane,
        status=TextStatus(row.status),
        code=row.code,
        sent_at=row.sent_at,
    )
