"""What readers outside of Discord read of an alert."""

from datetime import timedelta
from typing import Any

import pytest

from engine.alerts.cards import Card, Mood, Page, card
from engine.domain.alert import Confirmation, NotificationKind, Reason
from engine.domain.quote import SourceKind
from engine.domain.watch import Condition, WatchId
from tests.support import build
from tests.support.clock import START
from tests.unit.alerts.stage import notification, subject

CITIES = {"LON": "London", "TYO": "Tokyo"}


def of(*, test: bool = False, **changes: Any) -> Card:
    return card(
        notification(**changes),
        lambda code: CITIES.get(code, code),
        lambda *_: Page("https://example.com/fare", books=True),
        test=test,
    )


def facts(**changes: Any) -> dict[str, str]:
    return dict(of(**changes).facts)


def about(reason: Reason, **changes: Any) -> dict[str, Any]:
    return {"subjects": (subject(reason=reason, **changes),)}


def test_the_headline_names_the_route_the_price_and_the_target() -> None:
    assert of().headline == "London → Tokyo 450 EUR, under the target of 460 EUR"


@pytest.mark.parametrize(
    ("changes", "headline"),
    [
        (about(Reason.ALERT, target=build.eur(450)), "London → Tokyo 450 EUR, at the target of 450 EUR"),
        (about(Reason.ALERT, target=None, condition=Condition.DROP), "London → Tokyo 450 EUR, a clear drop"),
        (about(Reason.ALERT, target=None, condition=Condition.NEW_LOW), "London → Tokyo 450 EUR, a new low"),
        (about(Reason.LOWER_STILL), "London → Tokyo lower still: 450 EUR, under the target of 460 EUR"),
        (about(Reason.LOWER), "London → Tokyo now 450 EUR, under the target of 460 EUR"),
        (about(Reason.ABOVE, target=build.eur(400)), "London → Tokyo now 450 EUR, up again"),
        (about(Reason.BACK), "London → Tokyo back at 450 EUR, under the target of 460 EUR"),
        (about(Reason.REPEAT), "London → Tokyo still 450 EUR, under the target of 460 EUR"),
        (about(Reason.RECOVERED, lived_s=11_000), "London → Tokyo: gone after 3 h, now 450 EUR"),
        (about(Reason.GONE, lived_s=2_700) | {"quote": None}, "London → Tokyo: gone after 45 min"),
    ],
)
def test_the_headline_says_why_it_is_told(changes: dict[str, Any], headline: str) -> None:
    assert of(**changes).headline == headline


def test_a_dry_run_says_so_in_its_first_word() -> None:
    assert of(test=True).headline.startswith("Test only: London")
    assert of(test=True).short == "Test only: London → Tokyo 450 EUR"


def test_the_short_form_leaves_the_reason_out() -> None:
    assert of().short == "London → Tokyo 450 EUR"
    assert of(**about(Reason.RECOVERED, lived_s=60)).short == "London → Tokyo: gone"
    assert of(**about(Reason.GONE), quote=None).short == "London → Tokyo: gone"


def test_the_facts_say_when_with_whom_and_for_how_much() -> None:
    assert facts(median=build.eur(520)) == {
        "Dates": "10 Mar to 24 Mar 2027",
        "Flights": "NH · nonstop",
        "For": "1 adult, economy",
        "Target": "460 EUR",
        "30-day median": "520 EUR",
        "Price": "priced live by Amadeus",
    }


def test_a_party_reads_what_each_pays() -> None:
    route = build.route(adults=4)
    assert (
        facts(route=route, quote=build.quote("450.10", route))["For"] == "4 adults, economy; 112.53 EUR each"
    )


def test_targets_stand_from_low_to_high_each_once_and_many_are_counted() -> None:
    many = tuple(
        subject(watch_id=WatchId(f"w{number}"), target=build.eur(460 + number // 2)) for number in range(20)
    )
    assert facts(subjects=many)["Targets"] == "460 EUR, 461 EUR, 462 EUR, 463 EUR, 464 EUR and 5 more"


@pytest.mark.parametrize(
    ("changes", "price"),
    [
        ({"confirmation": Confirmation.CONFIRMED}, "confirmed with Amadeus"),
        (
            {
                "confirmation": Confirmation.UNCONFIRMED,
                "quote": build.quote(found_at=START - timedelta(hours=3), source="travelpayouts"),
            },
            "not confirmed, seen 3 h ago by Travelpayouts",
        ),
        ({"quote": build.quote(kind=SourceKind.CACHED)}, "seen in the last 7 days, from Amadeus"),
    ],
)
def test_the_price_says_how_sure_it_is(changes: dict[str, Any], price: str) -> None:
    assert facts(**changes)["Price"] == price


def test_no_member_is_named() -> None:
    whole = of()
    assert "1001" not in whole.headline + "".join(fact.text for fact in whole.facts)


def test_what_sources_call_things_carries_no_markup() -> None:
    quote = build.quote(source="<@1|x>*_`[a](b)", carriers=("<!", "*N_", "@everyone"))
    told = facts(quote=quote)
    assert not set("<>@*_`[]()|!") & set(told["Price"] + told["Flights"])


@pytest.mark.parametrize(
    ("reason", "mood"), [(Reason.ALERT, Mood.GOOD), (Reason.ABOVE, Mood.CARE), (Reason.GONE, Mood.PAST)]
)
def test_the_mood_goes_with_the_reason(reason: Reason, mood: Mood) -> None:
    assert of(**about(reason)).mood is mood


def test_a_change_is_known_as_one() -> None:
    assert of(kind=NotificationKind.EDIT).update
    assert not of().update
