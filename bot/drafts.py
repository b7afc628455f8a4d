"""What members typed into a form that could not be meant: kept a while, to go on from there."""

from collections.abc import Callable, Mapping
from typing import Final

from cachetools import TTLCache

from bot.network import ANSWERED_WITHIN_S
from engine.domain.watch import WatchId

_MOST: Final = 256


class Drafts:
    """The newest form of each member and route, field by field; in memory only, a few, for some minutes."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._kept: TTLCache[tuple[str, WatchId], Mapping[str, str]] = TTLCache(
            _MOST, ANSWERED_WITHIN_S, monotonic
        )

    def keep(self, member_id: str, watch_id: WatchId, typed: Mapping[str, str]) -> None:
        """Remember it in place of an older one."""
        self._kept[member_id, watch_id] = typed

    def take(self, member_id: str, watch_id: WatchId) -> Mapping[str, str]:
        """What was typed last, and forget it; nothing where it is gone."""
        return self._kept.pop((member_id, watch_id), {})
