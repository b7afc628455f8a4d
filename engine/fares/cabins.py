"""Cabins as providers write them, held against the one that was asked for."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from engine.domain.route import Cabin

_RANKS: Final[Mapping[str, int]] = MappingProxyType(
    {"economy": 0, "premiumeconomy": 1, "business": 2, "first": 3}
)


def at_least(shown: Iterable[str | None], asked: Cabin) -> bool | None:
    """Whether no flight is in a lower cabin than the one asked for; None where a reply does not show it.

    `Premium economy`, `premium_economy` and `PREMIUM_ECONOMY` are one cabin. Economy is the lowest, so
    it need not be shown.
    """
    wanted = _RANKS[_plain(asked.value)]
    ranks = [_RANKS.get(_plain(cabin or "")) for cabin in shown]
    if any(rank is not None and rank < wanted for rank in ranks):
        return False
    return True if wanted == 0 or (ranks and None not in ranks) else None


def _plain(cabin: str) -> str:
    return "".join(sign for sign in cabin.lower() if sign.isalpha())
