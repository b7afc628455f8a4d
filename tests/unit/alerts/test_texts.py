"""The words of texts: route and price first, one segment, the reference last."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.languages import read_tongues
from engine.alerts.channels.console import ConsoleChannel
from engine.alerts.gsm7 import segments
from engine.alerts.ports import Leased
from engine.alerts.texts import console_text, reference, sms_text
from engine.domain.alert import Confirmation, Notification, NotificationId, NotificationKind, Reason
from engine.domain.money import CURRENCIES, Money
from engine.domain.places import Place
from engine.domain.route import FixedDates, RollingDates
from engine.domain.watch import Condition
from engine.tongue import speaking
from tests.support import build
from tests.support.clock import START
from tests.unit.alerts.stage import SMS, notification, subject

ROUTE = build.route(origin=Place.airport("HYD"), destination=Place.airport("CDG"))


def text(**changes: Any) -> Notification:
    return notification(
        **{
            "name": "a1B2c3",
            "to": SMS,
            "route": ROUTE,
            "quote": build.quote(450, of=ROUTE),
            **changes,
        }
    )


def test_an_alert_reads_well() -> None:
    assert sms_text(text()) == "HYD-CDG 450 EUR, under your 460. 10 Mar-24 Mar, nonstop NH. #a1B2c3"


def test_an_alert_reads_well_in_german() -> None:
    with speaking(read_tongues().of("de")):
        assert sms_text(text()) == "HYD-CDG 450 EUR, unter deinen 460. 10. Mär-24. Mär, nonstop NH. #a1B2c3"


def test_where_only_the_way_out_is_known_its_stops_are_said_to_be_of_the_way_out() -> None:
    half = build.quote(450, of=ROUTE, slices=build.quote().slices[:1], stops=(0,))

    assert "10 Mar-24 Mar, nonstop out NH." in sms_text(text(quote=half))


@pytest.mark.parametrize(
    ("total", "told"),
    [("450", "450 EUR"), ("450.50", "450.50 EUR"), ("1234.00", "1234 EUR"), ("12345.6", "12345.60 EUR")],
)
def test_the_first_amount_is_the_total_as_a_plain_number_with_its_code(total: str, told: str) -> None:
    words = sms_text(text(quote=build.quote(total, of=ROUTE), subjects=()))
    assert words.startswith(f"HYD-CDG {told}.")


def test_a_currency_without_minor_units_has_none() -> None:
    route = build.route(currency="JPY")
    words = sms_text(text(route=route, quote=build.quote(Money(65000, "JPY"), of=route), subjects=()))
    assert words.startswith("LON-TYO 65000 JPY.")


def test_a_total_at_the_target_is_not_under_it() -> None:
    assert "at your 450" in sms_text(text(subjects=(subject(target=build.eur(450)),)))


def test_of_several_owners_the_lowest_target_met_is_shown() -> None:
    targets = (430, 500, 455, 470)
    words = sms_text(text(subjects=tuple(subject(target=build.eur(target)) for target in targets)))
    assert "under your 455" in words


def test_of_several_reasons_the_most_telling_one_is_worded() -> None:
    subjects = (subject(reason=Reason.REMINDER), subject(reason=Reason.LOWER_STILL, told=build.eur(480)))
    assert "lower still, was 480, under your 460" in sms_text(text(subjects=subjects))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"condition": Condition.NEW_LOW, "target": None}, "450 EUR, a new low."),
        ({"condition": Condition.DROP, "target": None}, "450 EUR, a drop."),
        ({"condition": Condition.DROP, "target": build.eur(400)}, "450 EUR, a drop."),
        ({"reason": Reason.BACK}, "450 EUR, back, under your 460."),
        ({"reason": Reason.REMINDER}, "450 EUR, reminder, under your 460."),
        ({"reason": Reason.REPEAT}, "450 EUR, still there, under your 460."),
        ({"reason": Reason.ABOVE, "target": build.eur(440)}, "450 EUR, risen."),
    ],
)
def test_each_reason_has_its_words(changes: dict[str, Any], words: str) -> None:
    assert words in sms_text(text(subjects=(subject(**changes),)))


def test_an_unconfirmed_fare_says_so_and_when_it_was_seen() -> None:
    quote = build.quote(450, of=ROUTE, found_at=START - timedelta(hours=3, minutes=20))
    words = sms_text(text(quote=quote, confirmation=Confirmation.UNCONFIRMED))
    assert "(not confirmed, seen 3 h ago)" in words


def test_a_source_without_times_is_unconfirmed_for_seven_days() -> None:
    words = sms_text(text(confirmation=Confirmation.UNCONFIRMED))
    assert "(not confirmed, seen in the last 7 days)" in words


@pytest.mark.parametrize(
    ("trip", "words"),
    [
        (FixedDates(date(2027, 1, 5)), "5 Jan,"),
        (FixedDates(date(2026, 12, 30), date(2027, 1, 5)), "30 Dec-5 Jan,"),
        (RollingDates(1, 30), "10 Mar-24 Mar,"),  # the days of the fare found
    ],
)
def test_the_days_of_the_trip_are_named(trip: FixedDates | RollingDates, words: str) -> None:
    assert words in sms_text(text(route=build.route(trip=trip)))


def test_a_rolling_trip_without_an_itinerary_is_dated_from_the_day_it_was_told() -> None:
    route = build.route(trip=RollingDates(1, 30))
    assert "23 Nov-23 Dec" in sms_text(text(route=route, quote=build.quote(450, of=route, slices=())))


def test_details_follow_where_there_is_room() -> None:
    route = build.route(adults=2)
    quote = build.quote(450, of=route, stops=(0, 2), carriers=("NH", "LH"), self_transfer=True)
    words = sms_text(text(route=route, quote=quote, median=build.eur(520)))
    assert "24 Mar, 2 stops NH/LH, 2 adults, self-transfer, 30-day median 520. #" in words


def test_a_detail_without_room_is_left_out_whole() -> None:
    quote = build.quote(450, of=ROUTE, carriers=tuple(f"{number:02d}" for number in range(40)))
    words = sms_text(text(quote=quote, median=build.eur(520)))
    assert "24 Mar, 30-day median 520. #" in words


def test_a_notice_names_its_route_and_is_cut_gracefully() -> None:
    words = sms_text(text(kind=NotificationKind.NOTICE, quote=None, text="São Paulo — " * 40))
    assert words.startswith("HYD-CDG: Sao Paulo - Sao Paulo")
    assert words.endswith("... #a1B2c3")
    assert segments(words) == 1


def test_a_fare_that_is_gone_says_how_long_it_lived() -> None:
    words = sms_text(text(quote=None, subjects=(subject(reason=Reason.GONE, lived_s=7 * 3600),)))
    assert words == "HYD-CDG: gone, it lived 7 h #a1B2c3"


def test_a_reference_is_six_characters_of_the_random_end_of_the_id() -> None:
    assert reference(NotificationId("0123456789ABCDEFabcdef")) == "#abcdef"


AMOUNTS = st.builds(Money, st.integers(1, 10**11), st.sampled_from(sorted(CURRENCIES)))


@settings(deadline=None)
@given(
    total=AMOUNTS,
    reason=st.sampled_from(Reason),
    above=st.integers(0, 10**9),
    confirmation=st.sampled_from(Confirmation),
    found=st.none() | st.timedeltas(timedelta(0), timedelta(days=7)).map(lambda age: START - age),
    carriers=st.lists(st.sampled_from(["NH", "LH", "6E"]), max_size=30).map(tuple),
)
def test_every_text_is_one_segment_with_the_price_first_and_the_reference_last(
    total: Money, reason: Reason, above: int, confirmation: Confirmation, found: Any, carriers: Any
) -> None:
    dearer = total.with_minor(total.minor + above)
    alert = text(
        quote=build.quote(total, of=ROUTE, found_at=found, carriers=carriers),
        subjects=(subject(reason=reason, target=dearer, told=dearer),),
        confirmation=confirmation,
        median=dearer,
    )
    words = sms_text(alert)
    assert segments(words) == 1
    assert re.search(r"\d+(\.\d+)?( [A-Z]{3})?", words)[0] == f"{total.plain()} {total.currency}"  # type: ignore[index]
    assert words.startswith("HYD-CDG ")
    assert words.endswith(" #a1B2c3")


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        (NotificationKind.POST, "[ALERT] HYD-CDG 450 EUR"),
        (NotificationKind.EDIT, "[UPDATE] HYD-CDG 450 EUR"),
        (NotificationKind.NOTICE, "[NOTICE] HYD-CDG 450 EUR"),
    ],
)
def test_a_console_line_is_labelled(kind: NotificationKind, label: str) -> None:
    assert console_text(text(kind=kind)).startswith(label)


async def test_the_console_writes_one_line_per_notification() -> None:
    lines: list[str] = []
    alert = text(kind=NotificationKind.NOTICE, quote=None, text="departed\nyesterday")
    await ConsoleChannel(lines.append).deliver(Leased(seq=1, notification=alert))
    assert lines == ["[NOTICE] HYD-CDG: departed yesterday #a1B2c3"]
