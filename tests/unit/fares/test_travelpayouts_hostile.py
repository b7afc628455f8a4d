"""Whatever the service sends, reading it ends in believable quotes or in a typed outcome."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.money import CURRENCIES
from engine.domain.quote import OutcomeKind
from engine.fares.exchange import Reply, Unanswered
from engine.fares.sources.travelpayouts_errors import refusal
from tests.support.build import route
from tests.support.clock import START
from tests.unit.fares.hostile import amounts, junk, paths, replies, spoilt
from tests.unit.fares.travelpayouts_bodies import body, fares_of, row

WHOLE = json.loads(body(row(450), row(460)))


def is_typed(raw: bytes) -> bool:
    of = route()
    try:
        quotes = fares_of(raw, of).quotes
    except Unanswered as why:
        return why.kind in (OutcomeKind.MALFORMED, OutcomeKind.REJECTED) and why.detail.isprintable()
    return all(
        quote.total.currency in CURRENCIES
        and quote.total.minor >= quote.total.major_unit
        and len(quote.departures) == of.directions
        and (quote.link is None or quote.link.startswith("https://www.aviasales.com/"))
        for quote in quotes
    )


@replies(200)
@given(st.sampled_from(paths(WHOLE)), junk | amounts)
def test_junk_anywhere_in_a_reply_gives_a_typed_outcome(path: tuple[Any, ...], what: Any) -> None:
    assert is_typed(json.dumps(spoilt(WHOLE, path, what)).encode())


@replies(100)
@given(st.integers(0, len(json.dumps(WHOLE))), st.binary(max_size=6))
def test_a_reply_cut_anywhere_gives_a_typed_outcome(cut: int, tail: bytes) -> None:
    assert is_typed(json.dumps(WHOLE).encode()[:cut] + tail)


@replies(100)
@given(st.binary(max_size=200) | junk.map(lambda value: json.dumps(value).encode()))
def test_anything_at_all_gives_a_typed_outcome(raw: bytes) -> None:
    assert is_typed(raw)


@replies(100)
@given(
    st.integers(100, 599),
    st.binary(max_size=100) | junk.map(lambda value: json.dumps({"success": False, "error": value}).encode()),
    st.none() | st.text(max_size=30),
)
def test_any_refusal_gives_a_typed_outcome_with_plain_words(
    status: int, raw: bytes, retry_after: str | None
) -> None:
    why = refusal(Reply(status=status, body=raw, retry_after=retry_after), START)

    assert why.kind in set(OutcomeKind) - {OutcomeKind.QUOTES, OutcomeKind.NO_FARES}
    assert why.detail.isprintable()
    assert why.retry_at is None or why.retry_at > START


@replies(20)
@given(st.integers(1, 200_000))
def test_deep_nesting_is_malformed(depth: int) -> None:
    assert is_typed(b'{"success":true,"currency":"eur","data":' + b"[" * depth)
    assert is_typed(b'{"success":true,"currency":"eur","data":' + b"[" * depth + b"]" * depth + b"}")


def test_a_million_rows_are_malformed() -> None:
    rows = b",".join([b"{}"] * 1_000_000)
    assert is_typed(b'{"success":true,"currency":"eur","data":[' + rows + b"]}")
