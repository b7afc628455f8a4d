"""Whatever the service sends, reading it ends in believable quotes or in a typed outcome."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.money import CURRENCIES
from engine.domain.quote import OutcomeKind
from engine.fares.exchange import Unanswered
from tests.support.build import route
from tests.unit.fares.hostile import amounts, junk, paths, replies, spoilt
from tests.unit.fares.kiwi_bodies import answer, itinerary, read, stream

INSIDE = json.loads(answer(itinerary(450.0), itinerary(460.0)))
OUTSIDE = json.loads(stream(json.dumps(INSIDE)).split(b"data: ")[1])
TYPED = set(OutcomeKind) - {OutcomeKind.QUOTES, OutcomeKind.NO_FARES}


def is_typed(raw: bytes) -> bool:
    of = route()
    try:
        got = read(raw, of)
    except Unanswered as why:
        return why.kind in TYPED and why.detail.isprintable()
    return (got.kind is OutcomeKind.QUOTES) == bool(got.quotes) and all(
        quote.total.currency in CURRENCIES
        and quote.total.minor >= quote.total.major_unit
        and len(quote.stops) == len(quote.departures) == of.directions
        for quote in got.quotes
    )


@replies(200)
@given(st.sampled_from(paths(INSIDE)), junk | amounts)
def test_junk_anywhere_inside_gives_a_typed_outcome(path: tuple[Any, ...], what: Any) -> None:
    assert is_typed(stream(json.dumps(spoilt(INSIDE, path, what))))


@replies(100)
@given(st.sampled_from(paths(OUTSIDE)), junk)
def test_junk_anywhere_outside_gives_a_typed_outcome(path: tuple[Any, ...], what: Any) -> None:
    assert is_typed(b"data: " + json.dumps(spoilt(OUTSIDE, path, what)).encode() + b"\n\n")


@replies(100)
@given(st.integers(0, len(stream(json.dumps(INSIDE)))), st.binary(max_size=6))
def test_a_reply_cut_anywhere_gives_a_typed_outcome(cut: int, tail: bytes) -> None:
    assert is_typed(stream(json.dumps(INSIDE))[:cut] + tail)


@replies(100)
@given(st.binary(max_size=200) | junk.map(lambda value: json.dumps(value).encode()))
def test_anything_at_all_gives_a_typed_outcome(raw: bytes) -> None:
    assert is_typed(raw)
    assert is_typed(b"data: " + raw + b"\n\n")


@replies(20)
@given(st.integers(1, 200_000))
def test_deep_nesting_is_malformed(depth: int) -> None:
    assert is_typed(b"data: " + b"[" * depth + b"\n\n")
    assert is_typed(stream('{"itineraries":' + "[" * depth + "]" * depth + "}"))
