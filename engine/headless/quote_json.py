"""The JSON of a single look: one object on one line. Pure; its keys are the contract."""

import msgspec

from engine.domain.finds import place_of
from engine.domain.quote import Outcome, Quote
from engine.headless.words import detail

Value = str | bool | list[str] | list[int] | None


def quote_json(outcome: Outcome) -> str:
    """The line: `{"outcome":"quotes","detail":null,"quotes":[...]}`, cheapest first."""
    return msgspec.json.encode(
        {
            "outcome": outcome.kind.value,
            "detail": detail(outcome.detail) if outcome.detail else None,
            "quotes": [_quote(quote) for quote in outcome.quotes],
        }
    ).decode()


def _quote(quote: Quote) -> dict[str, Value]:
    shown: dict[str, Value] = {
        "total": quote.total.fixed(),
        "currency": quote.total.currency,
        "carriers": list(quote.carriers),
        "stops": list(quote.stops),
        "depart_local": quote.departs.iso if quote.departs else None,
        "return_local": quote.departs_back.iso if quote.departs_back else None,
        "source": quote.source,
        "kind": quote.kind.value,
        "link": quote.link,
    }
    if quote.self_transfer:
        shown["self_transfer"] = True
    if (place := place_of(quote)) is not None:
        shown["destination"] = place.code
    return shown
