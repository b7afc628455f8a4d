"""Plain JSON for programs: one shape for all events, of a version that only grows (docs/webhooks.md).

Fields may be added to version 1; none changes its meaning or goes. Signed with HMAC-SHA256 over the body
where the webhook has a secret.
"""

import hashlib
import hmac
from datetime import UTC, date, datetime
from typing import Final, Literal

import msgspec

from engine.alerts import words
from engine.alerts.cards import targets_of
from engine.alerts.hooks.ports import Message, Request, Target
from engine.domain.alert import Confirmation, Notification, NotificationKind, Reason
from engine.domain.finds import as_found
from engine.domain.quote import Quote

VERSION: Final = 1
SIGNATURE: Final = "X-Fare-Signature"
_MOST_TARGETS: Final = 100


class Journey(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked up; codes are IATA's, `return_on` is null for one way."""

    origin: str
    destination: str
    depart_on: date
    return_on: date | None
    cabin: str
    adults: int
    max_stops: int | None


class Find(msgspec.Struct, frozen=True, kw_only=True):
    """One of several destinations that a route to anywhere is told of; `origin` is None where unknown."""

    origin: str | None
    destination: str
    total: str | None
    depart_on: date
    return_on: date | None
    link: str | None


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """The body. Amounts are decimal text in `currency`, for the whole party; instants are UTC."""

    version: int
    event: Literal["alert", "update", "test"]
    id: str
    alert_id: str
    told_at: datetime
    reason: Reason | None
    headline: str
    route: str
    journey: Journey
    currency: str
    total: str | None
    targets: list[str]
    median_30_days: str | None
    carriers: list[str]
    stops: list[int]
    self_transfer: bool
    source: str | None
    kind: str | None
    confirmation: Confirmation | None
    observed_at: datetime | None
    found_at: datetime | None
    lived_s: int | None
    link: str
    finds: list[Find] | msgspec.UnsetType = msgspec.UNSET


def request(target: Target, message: Message, post_ref: str | None) -> Request:  # noqa: ARG001  nothing is changed
    """An event; its id goes along as the key by which a receiver knows a repetition."""
    body = msgspec.json.encode(event(message))
    headers = {"Content-Type": "application/json", "Idempotency-Key": message.notification.id}
    if target.secret is not None:
        headers[SIGNATURE] = signature(target.secret, body)
    return Request(url=target.url, body=body, headers=headers)


def signature(secret: str, body: bytes) -> str:
    """`sha256=` and the hex digits of HMAC-SHA256 over the body, byte for byte."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def event(message: Message) -> Event:
    """The body of a message."""
    finds = _finds(message.notification)
    notification = words.leading(message.notification)
    route, quote = notification.route, notification.quote
    telling, lived = words.most_telling(notification), words.lived(notification)
    trip = words.trip_of(notification)
    return Event(
        version=VERSION,
        event=_name(message),
        id=notification.id,
        alert_id=notification.edits or notification.id,
        told_at=notification.created_at.astimezone(UTC),
        reason=telling.reason if telling else None,
        headline=message.card.headline,
        route=route.pair,
        journey=Journey(
            origin=route.origin.code,
            destination=route.destination.code,
            depart_on=trip.depart_on,
            return_on=trip.return_on,
            cabin=route.cabin.value,
            adults=route.adults,
            max_stops=route.max_stops,
        ),
        currency=route.currency,
        total=quote.total.fixed() if quote else None,
        targets=[target.fixed() for target in targets_of(notification)[:_MOST_TARGETS]],
        median_30_days=notification.median.fixed() if notification.median else None,
        carriers=list(quote.carriers) if quote else [],
        stops=list(quote.stops) if quote else [],
        self_transfer=bool(quote and quote.self_transfer),
        source=quote.source if quote else None,
        kind=quote.kind.value if quote else None,
        confirmation=notification.confirmation if quote else None,
        observed_at=quote.observed_at.astimezone(UTC) if quote else None,
        found_at=_found_at(quote),
        lived_s=int(lived.total_seconds()) if lived else None,
        link=message.card.page.url,
        finds=finds or msgspec.UNSET,
    )


def _finds(notification: Notification) -> list[Find]:
    """All that a post tells of a route to anywhere, the cheapest first."""
    return [
        Find(
            origin=None if (route := as_found(line.route, line.quote)).also_from else route.origin.code,
            destination=line.route.destination.code,
            total=line.quote.total.fixed() if line.quote else None,
            depart_on=(trip := words.trip_of(line)).depart_on,
            return_on=trip.return_on,
            link=line.quote.link if line.quote else None,
        )
        for line in notification.finds
    ]


def _name(message: Message) -> Literal["alert", "update", "test"]:
    if message.test:
        return "test"
    return "update" if message.notification.kind is NotificationKind.EDIT else "alert"


def _found_at(quote: Quote | None) -> datetime | None:
    return quote.found_at.astimezone(UTC) if quote and quote.found_at else None
