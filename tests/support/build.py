"""Builders of domain values with everyday defaults; a test names only what it is about."""

from datetime import date, datetime, timedelta
from typing import Any

from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.quote import LocalTime, Outcome, OutcomeKind, Quote, Segment, Slice, SourceKind
from engine.domain.route import FixedDates, Route
from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind, Rules, Watch, WatchId
from tests.support.clock import START


def eur(amount: int | str) -> Money:
    return Money.parse(str(amount), "EUR")


def route(**changes: Any) -> Route:
    return Route(
        **{
            "origin": Place.metro("LON"),
            "destination": Place.metro("TYO"),
            "trip": FixedDates(date(2027, 3, 10), date(2027, 3, 24)),
            "currency": "EUR",
            **changes,
        }
    )


def segment(**changes: Any) -> Segment:
    return Segment(
        **{
            "origin": "LHR",
            "destination": "HND",
            "departs": LocalTime("2027-03-10T10:00"),
            "arrives": LocalTime("2027-03-11T07:00"),
            "carrier": "NH",
            "number": "212",
            **changes,
        }
    )


def quote(total: int | str | Money = 450, of: Route | None = None, **changes: Any) -> Quote:
    of = of or route()
    money = total if isinstance(total, Money) else Money.parse(str(total), of.currency)
    back = segment(
        origin="HND",
        destination="LHR",
        departs=LocalTime("2027-03-24T11:00"),
        arrives=LocalTime("2027-03-24T15:00"),
        number="211",
    )
    return Quote(
        **{
            "route_id": of.id,
            "total": money,
            "source": "amadeus",
            "kind": SourceKind.LIVE,
            "observed_at": START,
            "slices": (Slice(segments=(segment(),)), Slice(segments=(back,))),
            "carriers": ("NH",),
            "stops": (0, 0),
            **changes,
        }
    )


def outcome(*quotes: Quote, at: datetime = START, **changes: Any) -> Outcome:
    """Quotes when any are given, else no_fares; name `kind` for a failure."""
    return Outcome(
        **{
            "kind": OutcomeKind.QUOTES if quotes else OutcomeKind.NO_FARES,
            "source": quotes[0].source if quotes else "amadeus",
            "source_kind": quotes[0].kind if quotes else SourceKind.LIVE,
            "observed_at": at,
            "quotes": quotes,
            **changes,
        }
    )


def watch(of: Route | None = None, target: int | str | None = 420, **changes: Any) -> Watch:
    of = of or route()
    money = None if target is None else Money.parse(str(target), of.currency)
    return Watch(
        **{
            "id": WatchId("w1"),
            "owner": Owner(OwnerKind.MEMBER, "1001", "5001"),
            "route_id": of.id,
            "currency": of.currency,
            "rules": Rules(target=money),
            "tell": (Destination(DestinationKind.CHANNEL, "9001"),),
            "created_at": START - timedelta(days=1),
            **changes,
        }
    )
