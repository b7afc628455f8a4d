"""A sweep to anywhere as the judge sees it: what it says of each destination, and with which look. Pure.

What it says of a destination that is not in it: where the sweep has everything up to above the target, that
its fare is not to be had there now (a `no_fares` of its own, from a source that is alive, since it has fares
for others). Where it does not reach so far, or some of its searches failed: nothing.
"""

from collections.abc import Mapping, Sequence

import msgspec

from engine.domain.conditions import CLEAR_PERCENT
from engine.domain.finds import by_place, place_of, to_place
from engine.domain.history import History
from engine.domain.judgement import Confirming, Judgement, Look
from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.quote import Outcome, OutcomeKind, Quote
from engine.domain.route import Route
from engine.domain.watch import Watch


class Sweep(msgspec.Struct, frozen=True, kw_only=True):
    """One visit to a route to anywhere.

    `look` is of the route itself, `found` are its quotes by place, the cheapest first. `histories` and
    `known`, the newest quote, are those of its finds by the code of their places. `live` is what live looks
    for single finds came to, None where there was no answer; no mapping at all while none was asked for.
    """

    look: Look
    found: Mapping[str, Sequence[Quote]]
    histories: Mapping[str, History] = {}
    known: Mapping[str, Quote] = {}
    live: Mapping[str, Outcome | None] | None = None

    @classmethod
    def of(
        cls,
        look: Look,
        *,
        histories: Mapping[str, History] | None = None,
        known: Mapping[str, Quote] | None = None,
        live: Mapping[str, Outcome | None] | None = None,
    ) -> "Sweep":
        """The sweep that a look came home with."""
        found = by_place(look.outcome.quotes if look.outcome else ())
        return cls(look=look, found=found, histories=histories or {}, known=known or {}, live=live)

    def history(self, code: str) -> History:
        """What a find used to cost."""
        return self.histories.get(code, History())

    def place(self, code: str) -> Place:
        """The place of a find."""
        for quote in (*self.found.get(code, ()), *([self.known[code]] if code in self.known else [])):
            if (place := place_of(quote)) is not None:
                return place
        return Place.airport(code)


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One find, what it came to for each watch, and the 30-day median of its daily lows."""

    route: Route
    judgements: tuple[tuple[Watch, Judgement], ...]
    median: Money | None = None


def look_at(sweep: Sweep, code: str, watch: Watch | None = None) -> Look | None:
    """What a sweep, and the live look after it, say of one destination; None where they say nothing.

    That it is not there says something to a watch whose target the sweep reaches.
    """
    outcome, live = sweep.look.outcome, sweep.live or {}
    if outcome is None:
        return None
    found = sweep.found.get(code, ())
    if not found and code not in live and not (watch and _says_none(outcome, watch)):
        return None
    kind = OutcomeKind.QUOTES if found else OutcomeKind.NO_FARES
    own = msgspec.structs.replace(outcome, kind=kind, quotes=tuple(found), hidden=None, reaches=None)
    look = msgspec.structs.replace(
        sweep.look,
        route=to_place(sweep.look.route, sweep.place(code)),
        outcome=own,
        source_alive=sweep.look.source_alive or bool(outcome.quotes),
    )
    if code not in live:
        return look
    answer = live[code]
    if answer is None or not answer.parsed:
        return msgspec.structs.replace(look, confirming=Confirming.FAILED)
    return msgspec.structs.replace(
        look, outcome=answer, at=answer.observed_at, confirming=Confirming.THIS, source_alive=False, lead=own
    )


def lead_of(sweep: Sweep, code: str) -> Quote | None:
    """For which days a find is to be confirmed: its cheapest quote, else the newest that is known."""
    return next(iter(sweep.found.get(code, ())), sweep.known.get(code))


def as_confirmed(sweep: Sweep) -> Outcome | None:
    """The sweep with what live looks say in the place of the leads that they answered, cheapest first."""
    outcome = sweep.look.outcome
    if outcome is None or not sweep.live:
        return outcome
    answers = {code: each for code, each in sweep.live.items() if each is not None and each.parsed}
    quotes = [quote for code, each in sweep.found.items() if code not in answers for quote in each]
    quotes += [quote for each in answers.values() for quote in each.quotes]
    quotes.sort(key=lambda quote: (quote.total.currency != sweep.look.route.currency, quote.total.minor))
    kind = OutcomeKind.QUOTES if quotes else OutcomeKind.NO_FARES
    return msgspec.structs.replace(outcome, kind=kind, quotes=tuple(quotes))


def _says_none(outcome: Outcome, watch: Watch) -> bool:
    """Whether a destination that is not in a sweep has no fare that the watch waits for."""
    if outcome.partial:
        return False
    target = watch.rules.target
    if outcome.reaches is None:
        return True
    return target is not None and outcome.reaches.minor * 100 >= target.minor * CLEAR_PERCENT
