"""Whatever a server sends, reading it ends in believable quotes or in a typed outcome."""

import json
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.judgement import Look
from engine.domain.quote import OutcomeKind, Quote
from engine.domain.usable import best_quote
from engine.fares.exchange import Reply, Unanswered
from engine.fares.sources.tequila_errors import refusal
from tests.support.build import eur, route
from tests.support.clock import START
from tests.unit.fares.hostile import amounts, junk, paths, replies, spoilt
from tests.unit.fares.tequila_bodies import body, itinerary, read

WHOLE = json.loads(body(itinerary(450), itinerary(460)))
PLACES = paths(WHOLE)


def is_typed(raw: bytes) -> bool:
    """Whether it comes to quotes that hold for the route, or to a refusal to believe."""
    of = route()
    try:
        got = read(raw, of)
    except Unanswered as why:
        return why.kind is OutcomeKind.MALFORMED and why.detail.isprintable()
    return (got.kind is OutcomeKind.QUOTES) == bool(got.quotes) and all(
        quote.total.minor >= quote.total.major_unit
        and len(quote.stops) == len(quote.slices) == of.directions
        and msgspec.json.decode(msgspec.json.encode(quote), type=type(quote)) == quote
        for quote in got.quotes
    )


@replies(200)
@given(st.sampled_from(PLACES), junk | amounts)
def test_junk_anywhere_in_a_reply_gives_a_typed_outcome(path: tuple[Any, ...], what: Any) -> None:
    assert is_typed(json.dumps(spoilt(WHOLE, path, what)).encode())


def judged(raw: bytes) -> Quote | None:
    """The quote that a judge would use."""
    try:
        got = read(raw)
    except Unanswered:
        return None
    return best_quote(Look(route=route(), outcome=got, at=START), START).quote


@replies(200)
@given(junk | amounts | st.floats(max_value=0.004))
def test_a_hostile_price_is_never_one_that_the_judge_would_use(price: Any) -> None:
    best = judged(json.dumps(WHOLE | {"data": [itinerary(price), itinerary(450)]}).encode())

    honest = type(price) in (int, float) and 0.99 < price < 450  # cents are rounded up
    assert best is None or best.total == eur(450) or honest


@replies(200)
@given(st.integers(0, len(body(itinerary(), itinerary()))), st.binary(max_size=6))
def test_a_reply_cut_anywhere_gives_a_typed_outcome(cut: int, tail: bytes) -> None:
    assert is_typed(body(itinerary(), itinerary())[:cut] + tail)


@replies(100)
@given(st.binary(max_size=200) | junk.map(lambda value: json.dumps(value).encode()))
def test_anything_at_all_gives_a_typed_outcome(raw: bytes) -> None:
    assert is_typed(raw)


@replies(20)
@given(st.integers(1, 200_000))
def test_deep_nesting_is_malformed(depth: int) -> None:
    assert is_typed(b'{"data":' + b"[" * depth)
    assert is_typed(b'{"data":' + b"[" * depth + b"]" * depth + b"}")


@replies(100)
@given(
    st.integers(100, 599),
    st.binary(max_size=100)
    | junk.map(lambda value: json.dumps({"message": value, "error": value}).encode())
    | junk.map(lambda value: json.dumps({"message": [{"param": value, "errors": [value]}]}).encode()),
    st.none() | st.text(max_size=30),
)
def test_any_refusal_gives_a_typed_outcome_with_plain_words(
    status: int, raw: bytes, retry_after: str | None
) -> None:
    why = refusal(Reply(status=status, body=raw, retry_after=retry_after), START)

    assert why.kind in set(OutcomeKind) - {OutcomeKind.QUOTES, OutcomeKind.NO_FARES}
    assert why.detail
    assert why.detail.isprintable()
    assert why.retry_at is None or why.retry_at > START
