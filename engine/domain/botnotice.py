"""Notices about the bot itself, for whoever runs it, and about a phone, for its member. Pure."""

from datetime import date, datetime
from typing import Final

import msgspec

from engine.domain.alert import Notification, NotificationId, NotificationKind
from engine.domain.announce import notification_id
from engine.domain.news import News
from engine.domain.places import Place
from engine.domain.route import FixedDates, Route
from engine.domain.watch import Destination, DestinationKind

# Each row of the outbox names a route; a notice about the bot concerns none. ZZZ is nowhere.
_NOWHERE: Final = Route(
    origin=Place.airport("ZZZ"),
    destination=Place.airport("ZZZ"),
    trip=FixedDates(date(1970, 1, 1)),
    currency="EUR",
)


def about_the_bot(id_: NotificationId, to: Destination, text: str, at: datetime) -> Notification:
    """A notice that concerns no watch; its headline stands in the place of a route."""
    return Notification(
        id=id_,
        destination=to,
        kind=NotificationKind.NOTICE,
        route=_NOWHERE,
        subjects=(),
        created_at=at,
        headline="For whoever runs this bot",
        text=text,
    )


def about_a_server(server_id: str, to: Destination, news: News, at: datetime) -> Notification:
    """News for who runs a server, that concern none of its routes alone."""
    return Notification(
        id=notification_id("server", server_id, type(news).__name__, at.isoformat()),
        destination=to,
        kind=NotificationKind.NOTICE,
        route=_NOWHERE,
        subjects=(),
        created_at=at,
        news=news,
    )


def about_a_text(
    id_: NotificationId, lost: Notification, member_id: str, news: News, at: datetime
) -> Notification:
    """A direct message to a member about an alert that did not reach their phone."""
    return msgspec.structs.replace(
        lost,
        id=id_,
        destination=Destination(DestinationKind.DM, member_id),
        kind=NotificationKind.NOTICE,
        created_at=at,
        quote=None,
        news=news,
    )
