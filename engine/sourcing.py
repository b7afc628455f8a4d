"""The sources that the settings name: each with its pace and its budget, all behind one fetcher."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

import aiohttp
import msgspec
from pydantic import SecretStr

from engine.clock import Clock
from engine.domain.places import Place
from engine.domain.planner import Dice
from engine.errors import StoreUnusable
from engine.fares.breaker import Breakers
from engine.fares.budget import Budgets, NotCounted
from engine.fares.fetcher import Fetcher
from engine.fares.gate import Gate, Gates
from engine.fares.ports import CallCounts, Source
from engine.fares.reading import to_airport
from engine.fares.sharing import Sharing
from engine.fares.sources.amadeus import Amadeus
from engine.fares.sources.duffel import Duffel
from engine.fares.sources.ignav import Ignav
from engine.fares.sources.kiwi import Kiwi
from engine.fares.sources.serpapi import SerpApi
from engine.fares.sources.tequila import Tequila
from engine.fares.sources.travelpayouts import Travelpayouts
from engine.gazetteer import Gazetteer
from engine.http import open_session
from engine.settings import Settings
from engine.store.database import Store

ReplyTap = Callable[[bytes], None]
# Whose searches to look through for a place of no known country: most people ask from there.
_ANYWHERE: Final = "us"
_UNCOUNTED: Final = NotCounted("no database is open to count in")


class Shared(msgspec.Struct, frozen=True, kw_only=True):
    """What the sources have in common."""

    settings: Settings
    session: aiohttp.ClientSession
    clock: Clock
    gates: Gates
    gazetteer: Gazetteer | None = None
    reply_tap: ReplyTap | None = None

    @property
    def timeout_s(self) -> float:
        """The deadline of one request."""
        return self.settings.fetch_timeout.total_seconds()

    def gate(self, source: str) -> Gate:
        """The door of a source, at the pace that is set for it."""
        return self.gates.of(source, getattr(self.settings, f"{source}_rate"))

    def market_of(self, place: Place) -> str:
        """The two letters of the country that a place lies in."""
        if self.gazetteer is None:
            return _ANYWHERE
        country = self.gazetteer.country_code(self.gazetteer.code_of(place))
        return country.lower() if country else _ANYWHERE

    def reached(self, origins: Sequence[Place], code: str) -> Place | None:
        """Where a flight from these places to an airport leads; None where that is no journey."""
        return to_airport(origins, code) if self.gazetteer is None else self.gazetteer.reached(origins, code)

    def airports_of(self, code: str) -> tuple[str, ...]:
        """The airports of a metropolitan area, the largest first; none where places are not known."""
        return () if self.gazetteer is None else self.gazetteer.airports_of(code)


def make_sources(
    settings: Settings,
    session: aiohttp.ClientSession,
    clock: Clock,
    names: Iterable[str],
    *,
    gates: Gates | None = None,
    gazetteer: Gazetteer | None = None,
    reply_tap: ReplyTap | None = None,
) -> dict[str, Source]:
    """The adapters of these sources by name; a name given twice is one adapter.

    Without `gates` a source that has a limit is asked nothing but its check.
    """
    names = list(dict.fromkeys(names))
    shared = Shared(
        settings=settings,
        session=session,
        clock=clock,
        gates=gates or _gates(settings, names, _UNCOUNTED, clock),
        gazetteer=gazetteer,
        reply_tap=reply_tap,
    )
    return {name: _MAKERS[name](shared) for name in names}


async def make_fetcher(
    settings: Settings,
    session: aiohttp.ClientSession,
    clock: Clock,
    counts: CallCounts,
    *,
    gazetteer: Gazetteer,
    dice: Dice | None = None,
    members: bool = False,
    sharing: Sharing | None = None,
    reply_tap: ReplyTap | None = None,
) -> Fetcher:
    """All sources that the settings name, counted in `counts`. Raises StoreError when that is unreadable.

    `members` sets a share of each budget aside for what members ask. `sharing` is what other processes
    keep to as well. `dice` spreads the waits for a source that is down.
    """
    names = _named(settings)
    gates = _gates(settings, names, counts, clock, dice, members=members, sharing=sharing)
    await gates.budgets.load()
    made = make_sources(
        settings, session, clock, names, gates=gates, gazetteer=gazetteer, reply_tap=reply_tap
    )
    return Fetcher(
        [made[name] for name in settings.sources],
        confirm_sources=[made[name] for name in settings.confirm_sources],
        concurrency=settings.concurrency,
        clock=clock,
        breakers=gates.breakers,
        budgets=gates.budgets,
        cache=sharing.quotes if sharing else None,
    )


@asynccontextmanager
async def open_fetcher(
    settings: Settings, clock: Clock, gazetteer: Gazetteer, *, reply_tap: ReplyTap | None = None
) -> AsyncIterator[Fetcher]:
    """Just the sources: for a single look from the command line.

    The database is opened only where calls must be counted; where it cannot be, a source that has a
    budget refuses in words. `reply_tap` is handed the body of every reply to a search.
    """
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(
            open_session(limit=settings.concurrency, timeout_s=settings.fetch_timeout.total_seconds())
        )
        counts: CallCounts = _UNCOUNTED
        if any(settings.limits_of(name).any for name in _named(settings)):
            try:
                store = await stack.enter_async_context(Store.open(settings.database_url, clock))
                counts = store.calls
            except StoreUnusable as fault:
                counts = NotCounted(str(fault))
        yield await make_fetcher(settings, session, clock, counts, gazetteer=gazetteer, reply_tap=reply_tap)


def _named(settings: Settings) -> tuple[str, ...]:
    return tuple(dict.fromkeys(settings.sources + settings.confirm_sources))


def _gates(
    settings: Settings,
    names: Iterable[str],
    counts: CallCounts,
    clock: Clock,
    dice: Dice | None = None,
    *,
    members: bool = False,
    sharing: Sharing | None = None,
) -> Gates:
    limits = {name: settings.limits_of(name) for name in names}
    if members:
        limits = {name: each.shared_with_members() for name, each in limits.items()}
    return Gates(
        Breakers(clock, dice),
        Budgets(limits, counts, clock),
        concurrency=settings.concurrency,
        shared_turns=sharing.turns if sharing else None,
    )


def _travelpayouts(shared: Shared) -> Source:
    settings = shared.settings
    return Travelpayouts(
        shared.session,
        base_url=settings.travelpayouts_base_url,
        token=_secret(settings.travelpayouts_token),
        marker=settings.travelpayouts_marker,
        market_of=shared.market_of,
        reached=shared.reached,
        gate=shared.gate("travelpayouts"),
        clock=shared.clock,
        timeout=shared.timeout_s,
        reply_tap=shared.reply_tap,
    )


def _amadeus(shared: Shared) -> Source:
    settings = shared.settings
    return Amadeus(
        shared.session,
        base_url=settings.amadeus_base_url,
        client_id=_secret(settings.amadeus_client_id),
        client_secret=_secret(settings.amadeus_client_secret),
        gate=shared.gate("amadeus"),
        clock=shared.clock,
        timeout=shared.timeout_s,
        reply_tap=shared.reply_tap,
    )


def _kiwi(shared: Shared) -> Source:
    return Kiwi(
        shared.session,
        base_url=shared.settings.kiwi_base_url,
        gate=shared.gate("kiwi"),
        clock=shared.clock,
        timeout=shared.timeout_s,
        reply_tap=shared.reply_tap,
    )


def _duffel(shared: Shared) -> Source:
    settings = shared.settings
    return Duffel(
        shared.session,
        base_url=settings.duffel_base_url,
        token=_secret(settings.duffel_token),
        gate=shared.gate("duffel"),
        clock=shared.clock,
        timeout=shared.timeout_s,
        reply_tap=shared.reply_tap,
    )


def _tequila(shared: Shared) -> Source:
    settings = shared.settings
    return Tequila(
        shared.session,
        base_url=settings.tequila_endpoint,
        api_key=_secret(settings.tequila_api_key),
        reached=shared.reached,
        gate=shared.gate("tequila"),
        clock=shared.clock,
        timeout=shared.timeout_s,
        reply_tap=shared.reply_tap,
    )


def _ignav(shared: Shared) -> Source:
    settings = shared.settings
    return Ignav(
        shared.session,
        base_url=settings.ignav_base_url,
        api_key=_secret(settings.ignav_api_key),
        airports_of=shared.airports_of,
        gate=shared.gate("ignav"),
        clock=shared.clock,
        timeout=shared.timeout_s,
        reply_tap=shared.reply_tap,
    )


def _serpapi(shared: Shared) -> Source:
    settings = shared.settings
    return SerpApi(
        shared.session,
        base_url=settings.serpapi_base_url,
        key=_secret(settings.serpapi_key),
        airports_of=shared.airports_of,
        gate=shared.gate("serpapi"),
        clock=shared.clock,
        timeout=shared.timeout_s,
        reply_tap=shared.reply_tap,
    )


_MAKERS: Final[Mapping[str, Callable[[Shared], Source]]] = {
    "travelpayouts": _travelpayouts,
    "amadeus": _amadeus,
    "tequila": _tequila,
    "duffel": _duffel,
    "ignav": _ignav,
    "serpapi": _serpapi,
    "kiwi": _kiwi,
}


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""
