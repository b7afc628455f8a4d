from datetime import date

from engine.domain.quote import OutcomeKind, SourceKind
from engine.domain.route import FixedDates
from engine.headless.quote_text import quote_text
from tests.support import build

TODAY = date(2026, 11, 22)


def test_quotes_stand_under_their_route_cheapest_first() -> None:
    shown = quote_text(build.route(), build.outcome(build.quote(450), build.quote(455, stops=(0, 2))), TODAY)
    head, first, second = shown.splitlines()
    assert head == "LON-TYO, 2027-03-10 to 2027-03-24, 1 adult, economy"
    assert first.split() == (
        "€450 NH direct / direct 2027-03-10 10:00 back 2027-03-24 11:00 amadeus, live".split()
    )
    assert "direct / 2 stops" in second


def test_a_lead_says_what_it_is() -> None:
    lead = build.quote(450, kind=SourceKind.CACHED, estimated=True, self_transfer=True, slices=())
    assert quote_text(build.route(), build.outcome(lead), TODAY).endswith(
        "amadeus, cached, an estimate, self-transfer"
    )


def test_ten_quotes_are_shown_and_the_rest_counted() -> None:
    shown = quote_text(build.route(), build.outcome(*(build.quote(450 + n) for n in range(12))), TODAY)
    assert len(shown.splitlines()) == 12
    assert shown.endswith("and 2 more")


def test_no_fares_is_a_sentence() -> None:
    route = build.route(trip=FixedDates(date(2027, 3, 10)), adults=2)
    assert quote_text(route, build.outcome(), TODAY) == (
        "LON-TYO, 2027-03-10, one way, 2 adults, economy\n  amadeus has no fares for it."
    )


def test_a_failure_is_its_typed_outcome() -> None:
    outcome = build.outcome(kind=OutcomeKind.UNREACHABLE, detail="timeout")
    assert quote_text(build.route(), outcome, TODAY).endswith("\n  unreachable (amadeus): timeout")
