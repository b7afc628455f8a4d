"""What of a route no live source can price exactly: said when it is added, before its first alert. Pure."""

from collections.abc import Iterable

import msgspec

from engine.domain.filters import Filter
from engine.domain.quote import SourceKind
from engine.domain.route import Route
from engine.fares.abilities import Abilities
from engine.fares.ports import Source


class Doubt(msgspec.Struct, frozen=True, kw_only=True):
    """Why fares of a route may be told as not confirmed.

    `able` are the live sources that can price it exactly, `unable` those that cannot; without either no
    source looks live. `party`: some price one adult only; `filters` are those that some cannot answer.
    """

    able: tuple[str, ...] = ()
    unable: tuple[str, ...] = ()
    party: bool = False
    filters: frozenset[Filter] = frozenset()


def doubt(sources: Iterable[Source], route: Route) -> Doubt | None:
    """What is to be said; None where each live source can price the route exactly, or there is no source."""
    every = {source.name: source for source in sources}
    live = [source for source in every.values() if source.kind is SourceKind.LIVE]
    unable = [source for source in live if not _is_able(source.abilities, route)]
    if not every or (live and not unable):
        return None
    return Doubt(
        able=tuple(source.name for source in live if source not in unable),
        unable=tuple(source.name for source in unable),
        party=any(_lacks_party(source.abilities, route) for source in unable),
        filters=frozenset(each for source in unable for each in _lacks(source.abilities, route)),
    )


def _is_able(abilities: Abilities, route: Route) -> bool:
    return not _lacks_party(abilities, route) and not _lacks(abilities, route)


def _lacks_party(abilities: Abilities, route: Route) -> bool:
    return route.travellers > 1 and not abilities.party


def _lacks(abilities: Abilities, route: Route) -> frozenset[Filter]:
    return _asked(route) - abilities.shows


def _asked(route: Route) -> frozenset[Filter]:
    """What the route narrows."""
    asked = {
        Filter.STOPS: route.max_stops is not None,
        Filter.AIRLINES: bool(route.airlines or route.not_airlines),
        Filter.HOURS: route.out_hours is not None or route.back_hours is not None,
        Filter.BAGS: bool(route.bags),
    }
    return frozenset(each for each, wanted in asked.items() if wanted)
