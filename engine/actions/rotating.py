"""Sealing anew, with the first of the keys, everything that older keys had sealed."""

from collections.abc import AsyncIterator, Sequence
from typing import Final

import msgspec
import structlog

from engine.alerts.vault import Unreadable, Vault
from engine.errors import SettingsFault
from engine.store.database import Store
from engine.store.seals import PLACES, Place, SealedRow

_log = structlog.get_logger(__name__)

# So many are sealed anew in one transaction. A kill leaves each value whole, under its old key or the new.
_AT_ONCE: Final = 200


class Rotated(msgspec.Struct, frozen=True, kw_only=True):
    """How many values were sealed anew, and how many had the first key already."""

    renewed: int
    already: int


class KeyRotation:
    """Goes through everything that is sealed; may be killed at any point and run again."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store = store
        self._vault = vault

    async def run(self) -> Rotated:
        """Seal anew what needs it.

        Raises SettingsFault before anything is written when none of the keys opens some value.
        """
        await self._check()
        renewed = already = 0
        for place in PLACES:
            async for page in self._pages(place):
                fresh = {row.key: self._vault.renewed(row.sealed) for row in page}
                changed = {key: sealed for key, sealed in fresh.items() if sealed is not None}
                async with self._store.transaction() as tx:
                    await tx.seals.replace(place, changed)
                renewed, already = renewed + len(changed), already + len(page) - len(changed)
        _log.info("keys_rotated", renewed=renewed, already=already)
        return Rotated(renewed=renewed, already=already)

    async def _check(self) -> None:
        shut = total = 0
        for place in PLACES:
            async for page in self._pages(place):
                total += len(page)
                shut += sum(not self._opens(row.sealed) for row in page)
        if shut:
            fault = (
                f"PHONE_KEYS: none of them opens {shut} of {total} stored secrets, so nothing was changed. "
                "Put the older keys behind the new one, with commas."
            )
            raise SettingsFault([fault])

    async def _pages(self, place: Place) -> AsyncIterator[Sequence[SealedRow]]:
        after, full = "", True
        while full:
            async with self._store.transaction() as tx:
                page = await tx.seals.page(place, after, _AT_ONCE)
            full = len(page) == _AT_ONCE
            if page:
                yield page
                after = page[-1].key

    def _opens(self, sealed: str) -> bool:
        try:
            self._vault.open(sealed)
        except Unreadable:
            return False
        return True
