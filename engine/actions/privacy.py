"""Use-cases on what is stored about a member: say it, hand it out, delete it."""

from collections.abc import Callable
from typing import Any, Final

import msgspec
import structlog

from engine.actions.sms import Sms
from engine.clock import Clock
from engine.domain.watch import Owner
from engine.store.database import Store

_log = structlog.get_logger(__name__)

_FORMAT: Final = 1


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """How much is stored about a member. `number` is masked, None where no phone is linked."""

    routes: int
    told: int
    texts: int
    choices: bool
    number: str | None


class Privacy:
    """Everything a face can do with what is stored about a member.

    `mark_of` gives what stands for a member in the count of texts, once they are deleted.
    """

    def __init__(self, store: Store, sms: Sms, clock: Clock, mark_of: Callable[[str], str | None]) -> None:
        self._store = store
        self._mark_of = mark_of
        self._sms = sms
        self._clock = clock

    async def stored(self, member: Owner) -> Stored:
        """How much that is."""
        phone = await self._sms.status(member)
        async with self._store.transaction() as tx:
            rows = await tx.people.everything(member.id)
        return Stored(
            routes=len(rows.get("watches", ())),
            told=len(rows.get("notifications", ())),
            texts=len(rows.get("sms_ledger", ())),
            choices="members" in rows,
            number=phone.number or phone.under_way,
        )

    async def export(self, member: Owner) -> bytes:
        """All of it as JSON; the phone's number masked, as everywhere."""
        phone = await self._sms.status(member)
        async with self._store.transaction() as tx:
            rows: dict[str, Any] = dict(await tx.people.everything(member.id))
        whole = {
            "format": _FORMAT,
            "member": member.id,
            "exported_at": self._clock.now(),
            "phone": phone.number or phone.under_way,
            **rows,
        }
        return msgspec.json.format(msgspec.json.encode(whole), indent=2)

    async def delete(self, member: Owner) -> int:
        """Take the member out of every table; how many routes that were.

        The phone first, by its own use-case: that its consent was withdrawn is kept under a keyed hash. So
        is how many texts there were, or a deletion would open the day's cap again.
        """
        await self._sms.forget(member)
        async with self._store.transaction() as tx:
            routes = await tx.people.forget(member.id, self._mark_of(member.id))
        _log.info("member_forgotten", routes=routes)
        return routes
