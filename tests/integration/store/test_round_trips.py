"""Whatever a person, a provider or a clock puts into a value comes back out of the store unchanged."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from engine.domain.alert import NotificationId
from engine.domain.judgement import WatchState
from engine.domain.quote import OutcomeKind
from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind, Snooze, WatchId
from engine.errors import StoreError
from engine.store.database import Store
from engine.store.routes import LookRecord
from engine.store.transaction import Transaction
from tests.contract.outbox.world import post
from tests.support.build import quote, route, watch
from tests.support.clock import START, HandClock

HOSTILE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        (
            "'; DROP TABLE watches; --",
            '{"a": "\\u0000"}',
            "\x00",
            "%s %(x)s :name ?",
            "\u202e\u200b\U0001f6eb",
            "]]}\"'",
            "NULL",
            "",
        )
    ),
)
INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
BRIEFLY = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with (
        Store.open(f"sqlite:///{tmp_path / 'fares.db'}", HandClock()) as store,
        store.transaction() as tx,
    ):
        await tx.routes.ensure(route(), START)
    async with Store.open(f"sqlite:///{tmp_path / 'fares.db'}", HandClock()) as store:
        yield store


class _Undo(Exception):
    """Ends an example's transaction."""


@asynccontextmanager
async def undone(store: Store) -> AsyncIterator[Transaction]:
    """A transaction that is taken back, so that the next example begins with the same store."""
    with suppress(_Undo):
        async with store.transaction() as tx:
            yield tx
            raise _Undo


@BRIEFLY
@given(owner=HOSTILE, server=st.none() | HOSTILE, address=HOSTILE, why=st.none() | HOSTILE, until=INSTANTS)
async def test_a_watch(
    store: Store, owner: str, server: str | None, address: str, why: str | None, until: datetime
) -> None:
    one = watch(
        owner=Owner(OwnerKind.MEMBER, owner, server),
        tell=(Destination(DestinationKind.CHANNEL, address),),
        paused_why=why,
        snooze=Snooze(until, 45000),
    )
    async with undone(store) as tx:
        await tx.watches.add(one, WatchState())
        found = await tx.watches.find(one.owner, route().id, one.tell[0])
        assert found is not None
        assert found.watch == one


@BRIEFLY
@given(detail=HOSTILE, link=HOSTILE, source=HOSTILE, at=INSTANTS)
async def test_a_look_and_its_quote(store: Store, detail: str, link: str, source: str, at: datetime) -> None:
    seen = quote(link=link, source=source, observed_at=at)
    look = LookRecord(
        route_id=route().id,
        at=at,
        outcome_kind=OutcomeKind.QUOTES,
        detail=detail,
        quote=seen,
        next_look_at=at,
    )
    async with undone(store) as tx:
        await tx.routes.record([look])
        await tx.quotes.record([seen])
        row = await tx.routes.get(route().id)
        assert row is not None
        assert (row.last_quote, row.last_detail, row.last_look_at) == (seen, detail, at)
        assert await tx.quotes.since(route().id, at) == [seen]
        assert await tx.routes.with_quotes(source, at, 1) == {route().id}


@BRIEFLY
@given(id_=HOSTILE, words=HOSTILE, address=HOSTILE, watch_id=HOSTILE)
async def test_a_notification(store: Store, id_: str, words: str, address: str, watch_id: str) -> None:
    told = post(id_, Destination(DestinationKind.DM, address), watch(id=WatchId(watch_id)), text=words)
    async with undone(store) as tx:
        await tx.notifications.enqueue([told])
        row = await tx.notifications.get(NotificationId(id_))
        assert row is not None
        assert row.notification == told
        assert await tx.notifications.newest_posts([WatchId(watch_id)]) == {watch_id: [told]}


@BRIEFLY
@given(name=HOSTILE, rows=st.binary(max_size=200), at=INSTANTS)
async def test_a_route_list(store: Store, name: str, rows: bytes, at: datetime) -> None:
    async with store.transaction() as tx:
        await tx.lists.save(name, rows, at)
        assert await tx.lists.last(name) == (rows, at)


async def test_half_a_character_is_refused_and_the_rest_goes_on(store: Store) -> None:
    with pytest.raises(StoreError):
        await _enqueue(store, "\ud800")
    await _enqueue(store, "whole")
    async with store.transaction() as tx:
        assert len(await tx.sql.rows(text("SELECT 1 FROM notifications"))) == 1


async def _enqueue(store: Store, words: str) -> None:
    async with store.transaction() as tx:
        await tx.notifications.enqueue([post(f"n-{len(words)}", text=words)])
