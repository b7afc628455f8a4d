"""Everything that is texted is one segment of GSM-7, by a counter that is not ours."""

from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.languages import read_tongues
from engine.actions import owncodes, selftexts
from engine.alerts.texts import sms_text
from engine.domain.alert import Confirmation, Notification, NotificationKind, Reason
from engine.domain.money import CURRENCIES, Money
from engine.domain.places import Place
from engine.domain.route import FixedDates
from engine.domain.watch import Condition
from engine.gazetteer import Gazetteer
from engine.tongue import Tongue, say, speaking
from tests.support import build
from tests.support.clock import START
from tests.support.segments import ONE_SEPTET, TWO_SEPTETS, reference_segments
from tests.unit.alerts.stage import SMS, notification, subject


@cache
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@cache
def tongues() -> tuple[Tongue, ...]:
    return tuple(read_tongues().known.values())


CODES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3)
AMOUNTS = st.builds(Money, st.integers(1, 10**12), st.sampled_from(sorted(CURRENCIES)))
# City names as airports have them (São Paulo, Łódź, Tromsø), and whatever else somebody may be called.
CITIES = CODES.map(lambda code: gazetteer().city(code)) | st.text(max_size=300)
AGES = st.none() | st.timedeltas(timedelta(0), timedelta(days=40)).map(lambda age: START - age)


def routes(origin: str, destination: str, days: int, adults: int) -> Any:
    out = date(2027, 1, 1) + timedelta(days=days)
    return build.route(
        origin=Place.airport(origin),
        destination=Place.metro(destination),
        trip=FixedDates(out, out + timedelta(days=days)),
        adults=adults,
    )


ROUTES = st.builds(routes, CODES, CODES, st.integers(0, 300), st.integers(1, 9)).filter(
    lambda route: route.origin.code != route.destination.code
)


def held_to_one_segment(words: str) -> None:
    assert set(words) <= ONE_SEPTET | TWO_SEPTETS, words
    assert reference_segments(words) == 1, words


@pytest.mark.parametrize("reason", Reason)
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_an_alert_of_every_reason_is_one_segment(reason: Reason, data: st.DataObject) -> None:
    route = data.draw(ROUTES)
    total = data.draw(AMOUNTS)
    subjects = tuple(
        subject(
            reason=reason,
            condition=data.draw(st.none() | st.sampled_from(Condition)),
            target=data.draw(st.none() | st.integers(0, 10**12).map(total.with_minor)),
            told=data.draw(st.none() | st.integers(0, 10**12).map(total.with_minor)),
            lived_s=data.draw(st.none() | st.integers(0, 10**9)),
        )
        for _ in range(data.draw(st.integers(0, 3)))
    )
    quote = build.quote(
        total,
        of=route,
        found_at=data.draw(AGES),
        carriers=tuple(data.draw(st.lists(st.sampled_from(["NH", "6E", "Ł1"]), max_size=40))),
        self_transfer=data.draw(st.booleans()),
    )
    alert = notification(
        "a1B2c3",
        SMS,
        route=route,
        subjects=subjects,
        quote=data.draw(st.sampled_from([quote, None])),
        confirmation=data.draw(st.sampled_from(Confirmation)),
        median=data.draw(st.none() | AMOUNTS),
    )
    for tongue in tongues():
        with speaking(tongue):
            words = sms_text(alert)
        held_to_one_segment(words)
        assert words.startswith(
            f"{route.pair} {total.plain()} {total.currency}" if alert.quote else route.pair
        )


@settings(deadline=None)
@given(route=ROUTES, city=CITIES, other=CITIES)
def test_a_notice_that_names_cities_is_one_segment(route: Any, city: str, other: str) -> None:
    said = f"{city} → {other}: its last departure has passed; this route is no longer watched…"
    notice: Notification = notification(
        "a1B2c3", SMS, kind=NotificationKind.NOTICE, route=route, quote=None, text=said
    )
    words = sms_text(notice)
    held_to_one_segment(words)
    assert words.endswith(" #a1B2c3")


@pytest.mark.parametrize("code", ["000000", "999999"])
def test_a_code_of_our_own_is_one_segment(code: str) -> None:
    for tongue in tongues():
        with speaking(tongue):
            held_to_one_segment(say(owncodes._TEXT, code=code))


def test_a_text_that_somebody_sends_to_their_own_phone_is_one_segment() -> None:
    for tongue in tongues():
        with speaking(tongue):
            held_to_one_segment(say(selftexts.TEXT))
