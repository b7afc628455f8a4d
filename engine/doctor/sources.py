"""The fare sources: which are configured, whether each takes its key, and what a month costs at worst."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import aiohttp
import msgspec

from engine.clock import Clock
from engine.doctor.findings import Area, Finding, State
from engine.domain.quote import Outcome, OutcomeKind
from engine.fares.ports import Checkable, Source
from engine.headless.words import detail
from engine.settings import Settings
from engine.settings.together import CREDENTIALS
from engine.sourcing import make_sources

_LONGEST_MONTH: Final = timedelta(days=31)
_CONTRACT: Final = "what they cost stands in your contract."


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a newcomer must know of a source; `free` says that no call of it can cost money."""

    who: str
    free: bool
    refused: str


ABOUT: Final[Mapping[str, About]] = {
    "amadeus": About(
        who="For holders of Amadeus Enterprise keys; Self-Service closed on 17 July 2026",
        free=False,
        refused="Use Enterprise keys, or another source.",
    ),
    "travelpayouts": About(
        who="Free: sign up at travelpayouts.com, the token stands in the profile under API",
        free=True,
        refused="Copy the API token anew from your profile at travelpayouts.com.",
    ),
    "tequila": About(
        who="For holders of an old key; since 2024 new ones have been given by invitation only",
        free=True,
        refused="No new key is to be had; use another source.",
    ),
    "duffel": About(
        who="For those who sell: a test token is free and its prices made up, live searches may cost money",
        free=False,
        refused="Copy the access token anew from your Duffel dashboard, under Developers.",
    ),
    "ignav": About(
        who="Live, 1,000 calls free, then $2 for each 1,000: sign up at ignav.com and verify your e-mail",
        free=False,
        refused="See ignav.com/dashboard: the key, and whether the e-mail address is verified.",
    ),
    "serpapi": About(
        who="Google Flights, 250 searches a month free at serpapi.com",
        free=False,
        refused="Copy the API key anew from serpapi.com/manage-api-key.",
    ),
    "kiwi": About(
        who="Free and without a key: name it in FARE_SOURCES",
        free=True,
        refused="It needs no key; perhaps it changed. Leave it out of FARE_SOURCES until this is mended.",
    ),
}
# The setting that says where a source is, where it is called otherwise than <NAME>_BASE_URL.
_ADDRESS: Final[Mapping[str, str]] = {"tequila": "TEQUILA_ENDPOINT"}
_STRANGER: Final = About(who="See docs/configuration.md", free=False, refused="Check its credentials.")

_ADVICE: Final[Mapping[OutcomeKind, str]] = {
    OutcomeKind.BLOCKED: "It asks for patience, and the engine waits. Lower {name}_RATE if this goes on.",
    OutcomeKind.QUOTA: "It answers again when its quota begins anew; a longer CHECK_INTERVAL spends less.",
    OutcomeKind.MALFORMED: "Something else answers there: is {address} right?",
    OutcomeKind.UNREACHABLE: "Check this machine's way to the internet, its name server and {address}.",
}


async def check_sources(settings: Settings, session: aiohttp.ClientSession, clock: Clock) -> list[Finding]:
    """Ask every configured source side by side, one request each; say of the others how to get them."""
    configured = dict.fromkeys(settings.sources + settings.confirm_sources)
    made = make_sources(settings, session, clock, configured)
    asked = await asyncio.gather(*(_check(source, settings) for source in made.values()))
    found = [*asked, *_unconfirmed(settings)]
    found += [_unset(name) for name in CREDENTIALS if name not in configured]
    if not any(finding.state in (State.OK, State.CAREFUL) for finding in asked):
        found.append(_none_usable(any_configured=bool(configured)))
    return found


async def _check(source: Source, settings: Settings) -> Finding:
    about = ABOUT.get(source.name, _STRANGER)
    if not isinstance(source, Checkable):
        return _finding(source.name, State.OK, "It is configured; it cannot be asked without a search.")
    outcome = await source.check()
    if outcome is None:
        taken = "It answers and takes the key." if CREDENTIALS[source.name] else "It answers."
        return _finding(source.name, State.OK, f"{taken} {_costs(source.name, about, settings)}")
    return _failed(source.name, about, outcome)


def _failed(name: str, about: About, outcome: Outcome) -> Finding:
    words = detail(outcome.detail or outcome.kind.value)
    words = words[:1].upper() + words[1:]
    if outcome.kind is OutcomeKind.REJECTED:
        advice = about.refused
    else:
        advice = _ADVICE[outcome.kind].format(
            name=name.upper(), address=_ADDRESS.get(name, f"{name.upper()}_BASE_URL")
        )
    if outcome.retry_at is not None and outcome.kind is OutcomeKind.QUOTA:
        words = f"{words}, until {outcome.retry_at:%d %B %Y}"
    # Slowed down is not refused: it answers soon, and the engine knows how to wait.
    state = State.CAREFUL if outcome.kind is OutcomeKind.BLOCKED else State.WRONG
    return _finding(name, state, f"{words}.", advice)


def _costs(source: str, about: About, settings: Settings) -> str:
    """What a month is at worst: money where it is known, else calls, as its budget bounds them."""
    if about.free:
        return "A month costs 0."
    limits = settings.limits_of(source)
    by_day = None if limits.per_day is None else limits.per_day * _LONGEST_MONTH.days
    bounds = [bound for bound in (by_day, limits.per_month, limits.in_total) if bound is not None]
    if bounds:
        return f"A month is at worst {min(bounds):,} calls, by its budget; {_CONTRACT}"
    calls = -(-_LONGEST_MONTH // settings.check_interval)
    return f"A month is at worst {calls:,} calls for each watched route: it has no budget; {_CONTRACT}"


def _unset(name: str) -> Finding:
    needs = " and ".join(CREDENTIALS[name])
    about = ABOUT.get(name, _STRANGER)
    return _finding(name, State.UNSET, f"{about.who}{f' ({needs})' if needs else ''}.")


def _unconfirmed(settings: Settings) -> list[Finding]:
    """Cached prices are told all the same, but as what they are."""
    if not settings.sources or settings.confirm_sources:
        return []
    says = 'No live source confirms what cached ones saw: alerts say "not confirmed".'
    return [
        _finding("sources", State.CAREFUL, says, "kiwi confirms for nothing: FARE_SOURCES=travelpayouts,kiwi")
    ]


def _none_usable(*, any_configured: bool) -> Finding:
    if any_configured:
        return _finding(
            "sources",
            State.WRONG,
            "No source can be used: no fare will be found.",
            "Mend one of them.",
            blocks=True,
        )
    return _finding(
        "sources",
        State.WRONG,
        "No source is configured: every look will be rejected.",
        "Set up one of these; docs/configuration.md says how.",
        blocks=True,
    )


def _finding(
    name: str, state: State, says: str, advice: str | None = None, *, blocks: bool = False
) -> Finding:
    return Finding(area=Area.SOURCES, name=name, state=state, says=says, advice=advice, blocks=blocks)
