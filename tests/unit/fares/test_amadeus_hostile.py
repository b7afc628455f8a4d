"""Whatever a server sends, reading it ends in believable quotes or in a typed outcome."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.money import CURRENCIES
from engine.domain.quote import Outcome, OutcomeKind
from engine.domain.route import Route
from engine.fares.exchange import Reply, Unanswered
from engine.fares.sources.amadeus_errors import refusal, token_expired
from tests.support.build import route
from tests.support.clock import START
from tests.unit.fares.amadeus_bodies import body, offer, read
from tests.unit.fares.hostile import amounts, junk, paths, replies, spoilt

WHOLE = json.loads(body(offer("450.00"), offer("460.00")))
PLACES = paths(WHOLE)


def believable(got: Outcome, of: Route) -> bool:
    """What holds for every outcome that is not a refusal."""
    return (got.kind is OutcomeKind.QUOTES) == bool(got.quotes) and all(
        quote.total.currency in CURRENCIES
        and quote.total.minor >= quote.total.major_unit
        and len(quote.stops) == len(quote.slices) == of.directions
        for quote in got.quotes
    )


def is_typed(raw: bytes) -> bool:
    of = route()
    try:
        return believable(read(raw, of), of)
    except Unanswered as why:
        return why.kind is OutcomeKind.MALFORMED


@replies(200)
@given(st.sampled_from(PLACES), junk | amounts)
def test_junk_anywhere_in_a_reply_gives_a_typed_outcome(path: tuple[Any, ...], what: Any) -> None:
    assert is_typed(json.dumps(spoilt(WHOLE, path, what)).encode())


@replies(200)
@given(st.integers(0, len(body(offer(), offer()))), st.binary(max_size=6))
def test_a_reply_cut_anywhere_gives_a_typed_outcome(cut: int, tail: bytes) -> None:
    assert is_typed(body(offer(), offer())[:cut] + tail)


@replies(100)
@given(st.binary(max_size=200) | junk.map(lambda value: json.dumps(value).encode()))
def test_anything_at_all_gives_a_typed_outcome(raw: bytes) -> None:
    assert is_typed(raw)


@replies(100)
@given(
    st.integers(100, 599),
    st.binary(max_size=100) | junk.map(lambda value: json.dumps({"errors": [value], "code": value}).encode()),
    st.none() | st.text(max_size=30),
)
def test_any_refusal_gives_a_typed_outcome_with_plain_words(
    status: int, raw: bytes, retry_after: str | None
) -> None:
    reply = Reply(status=status, body=raw, retry_after=retry_after)

    why = refusal(reply, START)

    assert why.kind in set(OutcomeKind) - {OutcomeKind.QUOTES, OutcomeKind.NO_FARES}
    assert why.detail.isprintable()
    assert why.retry_at is None or why.retry_at > START
    assert token_expired(reply) <= (status == 401)


@replies(100)
@given(st.integers(1, 200_000))
def test_deep_nesting_is_malformed(depth: int) -> None:
    assert is_typed(b'{"data":' + b"[" * depth)
    assert is_typed(b'{"data":' + b"[" * depth + b"]" * depth + b"}")
