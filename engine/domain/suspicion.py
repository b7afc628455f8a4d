"""Rule 3: a total far out of the ordinary is not believed until another look bears it out."""

from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from engine.domain.history import FEWEST_DAYS, History
from engine.domain.judgement import Look, Sighting, Suspicion, WatchState
from engine.domain.quote import Quote
from engine.domain.usable import best_quote

LOOK_AGAIN: Final = timedelta(minutes=5)
_LOW_PERCENT: Final = 40
_HIGH_PERCENT: Final = 250
_NEAR_PERCENT: Final = 10


def extraordinary(total: int, history: History, today: date) -> bool:
    """Whether a total lies under 40 % or over 250 % of the 30-day median of at least five lows."""
    median = history.median(today, fewest=FEWEST_DAYS)
    return median is not None and not median * _LOW_PERCENT <= total * 100 <= median * _HIGH_PERCENT


def doubted(state: WatchState, seen: Sighting, history: History, now: datetime) -> tuple[bool, WatchState]:
    """Whether a total is still suspect, and the state that remembers what was seen.

    Another look bears it out when it comes within 10 % of the remembered total from another
    source, or 5 minutes later. Once borne out it is believed for as long as it stays near; an
    ordinary total ends that. An ordinary total from the source of an open suspicion takes it
    back; one from another source does not, so that a source may insist.
    """
    known = state.suspicion
    if not extraordinary(seen.minor, history, now.date()):
        keeps = known is not None and not known.vouched and known.seen.source != seen.source
        return False, state if keeps else msgspec.structs.replace(state, suspicion=None)
    if known is None or not _near(seen.minor, known.seen.minor):
        return True, msgspec.structs.replace(state, suspicion=Suspicion(seen=seen))
    if known.vouched or _another_look(seen.source, seen.at, known.seen.source, known.seen.at):
        return False, msgspec.structs.replace(state, suspicion=Suspicion(seen=seen, vouched=True))
    return True, state


def history_total(look: Look, history: History, previous: Quote | None, now: datetime) -> Quote | None:
    """The quote whose total may enter the history, for `history.with_total(today, kind, minor)`.

    None where nothing is usable, where searches of the look failed and a fare cheaper than `previous` may be
    behind them, or where the total is suspect and `previous`, the best usable
    quote of the look before this one, does not bear it out: rule 3 for a route, which needs no
    watch. A lead may enter, under its own kind, whether a live look confirmed it or not.
    """
    quote = best_quote(look, now).quote
    if quote is None or (look.outcome is not None and look.outcome.partial and not _cheaper(quote, previous)):
        return None
    if not extraordinary(quote.total.minor, history, now.date()):
        return quote
    if previous is None or not _near(quote.total.minor, previous.total.minor):
        return None
    another = _another_look(quote.source, quote.observed_at, previous.source, previous.observed_at)
    return quote if another else None


def _cheaper(quote: Quote, previous: Quote | None) -> bool:
    return previous is None or quote.total.minor <= previous.total.minor


def _near(minor: int, known: int) -> bool:
    return abs(minor - known) * 100 <= known * _NEAR_PERCENT


def _another_look(source: str, at: datetime, known_source: str, known_at: datetime) -> bool:
    return source != known_source or at - known_at >= LOOK_AGAIN
