"""The notices that the store itself writes: a destination failed. Pure."""

from collections.abc import Sequence
from datetime import datetime

from engine.domain.alert import Notification, NotificationKind, Reason, Subject
from engine.domain.announce import notification_id
from engine.domain.news import PlaceFails, TextUnknown, WebhookFails
from engine.domain.route import Route
from engine.domain.watch import Destination, DestinationKind, Watch
from engine.domain.webhook import Webhook


def fault(
    lane: str,
    why: str,
    to: Destination,
    watches: Sequence[Watch],
    route: Route,
    now: datetime,
    *,
    about: Notification | None = None,
) -> Notification:
    """A notice to one owner that a lane takes nothing any more; `about` is the alert that was lost."""
    lost = "" if about is None else f" An alert for {about.route.pair} did not reach you."
    return Notification(
        id=notification_id(lane, to.lane, now.isoformat(), "fault"),
        destination=to,
        kind=NotificationKind.NOTICE,
        route=route if about is None else about.route,
        subjects=tuple(
            Subject(watch_id=watch.id, owner=watch.owner, reason=Reason.HELD, target=watch.rules.target)
            for watch in watches
        ),
        created_at=now,
        quote=None if about is None else about.quote,
        news=PlaceFails(lane=lane, why=why, lost=None if about is None else about.route.pair),
        text=f"Alerts can no longer be delivered to {_named(lane)}: {why}.{lost} {_meanwhile(lane)}",
    )


def webhook_fault(webhook: Webhook, why: str, to: Destination, route: Route, now: datetime) -> Notification:
    """A notice to those who care for a webhook that nothing is sent there any more."""
    return Notification(
        id=notification_id(webhook.destination.lane, to.lane, now.isoformat(), "fault"),
        destination=to,
        kind=NotificationKind.NOTICE,
        route=route,
        subjects=(),
        created_at=now,
        news=WebhookFails(name=webhook.name, host=webhook.host, why=why),
        headline=f"The webhook {webhook.name} is paused",
        text=f"Copies of alerts can no longer be sent to {webhook.host}: {why}. Alerts in Discord go on. "
        "Once it is mended, `/settings webhook test` in the server opens it again.",
    )


def outcome_unknown(given_up: Notification, to: Destination, now: datetime) -> Notification:
    """A notice that a text message may or may not have arrived, and is not sent again."""
    return Notification(
        id=notification_id(given_up.id, to.lane, "unknown"),
        destination=to,
        kind=NotificationKind.NOTICE,
        route=given_up.route,
        subjects=given_up.subjects,
        created_at=now,
        quote=given_up.quote,
        news=TextUnknown(pair=given_up.route.pair),
        text=f"It is not known whether the text message about {given_up.route.pair} arrived. "
        "It is not sent again.",
    )


def _meanwhile(lane: str) -> str:
    if lane.startswith(f"{DestinationKind.SMS.value}:"):  # a phone is told in addition to a place in Discord
        return "Alerts in Discord go on as ever."
    return "Your routes stay watched and alert again once it works."


def _named(lane: str) -> str:
    kind, _, address = lane.partition(":")
    match kind:
        case DestinationKind.CHANNEL.value:
            return f"<#{address}>"
        case DestinationKind.DM.value:
            return "your direct messages"
        case DestinationKind.SMS.value:
            return "your phone"
        case _:
            return kind
