"""Whatever stands where SerpApi should, reading it ends in believable quotes or in a typed outcome."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.money import CURRENCIES
from engine.domain.quote import Outcome, OutcomeKind
from engine.fares.exchange import Reply, Unanswered
from engine.fares.sources.serpapi_errors import NO_RESULTS, refusal
from tests.support.clock import START
from tests.unit.fares.hostile import amounts, junk, paths, replies, spoilt
from tests.unit.fares.serpapi_bodies import LONDON, TOKYO, body, option, read

RAW = body(option(450), best=[option(460)])
WHOLE = json.loads(RAW)
PLACES = paths(WHOLE)


def believable(got: Outcome) -> bool:
    """What holds for every outcome that is not a refusal."""
    return (got.kind is OutcomeKind.QUOTES) == bool(got.quotes) and all(
        quote.total.currency in CURRENCIES
        and quote.total.minor >= quote.total.major_unit
        and len(quote.stops) == len(quote.slices) == 1
        and quote.slices[0].segments[0].origin in LONDON
        and quote.slices[0].segments[-1].destination in TOKYO
        and (quote.link is None or quote.link.startswith("https://www.google."))
        for quote in got.quotes
    )


def is_typed(raw: bytes) -> bool:
    try:
        got = read(raw)
    except Unanswered as why:
        return why.kind not in (OutcomeKind.QUOTES, OutcomeKind.NO_FARES) and why.detail.isprintable()
    return believable(got) and (got.kind is OutcomeKind.QUOTES or NO_RESULTS.encode() in raw)


@replies(200)
@given(st.sampled_from(PLACES), junk | amounts)
def test_junk_anywhere_in_a_reply_gives_a_typed_outcome(path: tuple[Any, ...], what: Any) -> None:
    assert is_typed(json.dumps(spoilt(WHOLE, path, what)).encode())


@replies(100)
@given(junk | st.text(max_size=200))
def test_an_error_of_any_kind_gives_a_typed_outcome(error: Any) -> None:
    assert is_typed(json.dumps({**WHOLE, "error": error}).encode())


@replies(200)
@given(st.integers(0, len(RAW)), st.binary(max_size=6))
def test_a_reply_cut_anywhere_gives_a_typed_outcome(cut: int, tail: bytes) -> None:
    assert is_typed(RAW[:cut] + tail)


@replies(100)
@given(st.binary(max_size=200) | junk.map(lambda value: json.dumps(value).encode()))
def test_anything_at_all_gives_a_typed_outcome(raw: bytes) -> None:
    assert is_typed(raw)


@replies(100)
@given(
    st.integers(100, 599),
    st.binary(max_size=100) | junk.map(lambda value: json.dumps({"error": value}).encode()),
    st.none() | st.text(max_size=30),
)
def test_any_refusal_gives_a_typed_outcome_with_plain_words(
    status: int, raw: bytes, retry_after: str | None
) -> None:
    why = refusal(Reply(status=status, body=raw, retry_after=retry_after), START)

    assert why.kind in set(OutcomeKind) - {OutcomeKind.QUOTES, OutcomeKind.NO_FARES}
    assert why.detail.isprintable()
    assert why.retry_at is None or why.retry_at > START


@replies(100)
@given(st.integers(1, 200_000))
def test_deep_nesting_is_malformed(depth: int) -> None:
    assert is_typed(b'{"best_flights":' + b"[" * depth)
    assert is_typed(b'{"best_flights":' + b"[" * depth + b"]" * depth + b"}")
