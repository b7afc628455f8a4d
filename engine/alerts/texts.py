"""The words of texts and console lines: one GSM-7 segment, the route and its price first.

`HYD-CDG 450 EUR, under your 460. 10 Mar-24 Mar, nonstop AF. #a1B2c3`
Amounts are plain numbers with their code: no currency sign costs two septets, no thin space turns
the message into UCS-2. Who reads it knows the route at a glance and can quote the reference.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from engine.alerts import gsm7, words
from engine.domain.alert import Confirmation, Notification, NotificationId, NotificationKind, Reason
from engine.domain.quote import Quote
from engine.domain.watch import Condition
from engine.tongue import is_said, key, say

# Six characters of base62 from the random end of the id. Two messages among the fifty newest to
# one number, the ones a reference is looked up in, are confused once in 57 billion / 50; four
# characters, as one would dictate on the phone, once in 300,000.
_REFERENCE_LENGTH: Final = 6

_OPENINGS: Final[Mapping[Reason, str]] = MappingProxyType(
    {
        Reason.LOWER_STILL: key("lower still"),
        Reason.LOWER: key("lower still"),
        Reason.REPEAT: key("still there"),
        Reason.REMINDER: key("reminder"),
        Reason.ABOVE: key("risen"),
        Reason.BACK: key("back"),
    }
)
_CONDITIONS: Final[Mapping[Condition, str]] = MappingProxyType(
    {Condition.DROP: key("a drop"), Condition.NEW_LOW: key("a new low")}
)
_LOWER: Final = (Reason.LOWER_STILL, Reason.LOWER)
_LABELS: Final[Mapping[NotificationKind, str]] = MappingProxyType(
    {
        NotificationKind.POST: "ALERT",
        NotificationKind.EDIT: "UPDATE",
        NotificationKind.NOTICE: "NOTICE",
        NotificationKind.LIST: "ALERTS",
        NotificationKind.DRY_RUN: "DRY RUN",
    }
)


def reference(id_: NotificationId) -> str:
    """The mark at the end of a message by which the provider's list is searched."""
    return f"#{id_[-_REFERENCE_LENGTH:]}"


def sms_text(notification: Notification) -> str:
    """One segment of GSM-7: what it costs, why it is told, when one flies; ends in the reference.

    Of several finds the cheapest, and how many more there are.
    """
    more, notification = len(words.further(notification)), words.leading(notification)
    tail = f" {reference(notification.id)}"
    room = gsm7.ONE_SEGMENT - gsm7.length(tail)
    if notification.quote is None:
        return gsm7.cut(_one_line(_about_no_fare(notification)), room) + tail
    text = gsm7.cut(_one_line(_about(notification, notification.quote, more)), room)
    for detail in map(_one_line, _details(notification, notification.quote)):
        if gsm7.length(f"{text}, {detail}.") <= room:
            text = f"{text}, {detail}"
    return f"{text}.{tail}" if gsm7.length(text) < room else text + tail


def console_text(notification: Notification) -> str:
    """The same words as a line of a log: `[ALERT] HYD-CDG 450 EUR ...`."""
    return f"[{_LABELS[notification.kind]}] {sms_text(notification)}"


def _one_line(text: str) -> str:
    return " ".join(gsm7.into_alphabet(text).split())


def _about_no_fare(notification: Notification) -> str:
    pair = notification.route.pair
    text = notification.text
    said = say(text) if text and is_said(text) else text or _gone(notification)
    if notification.kind is NotificationKind.DRY_RUN:
        return said
    return said if pair in said else f"{pair}: {said}"


def _about(notification: Notification, quote: Quote, more: int) -> str:
    """What must be said of a fare; the details follow where room is left."""
    besides = f", {say('+{n} more', n=more)}" if more else ""
    told = f"{notification.route.pair} {words.amount(quote.total)}{_why(notification, quote)}{besides}."
    if notification.confirmation is Confirmation.UNCONFIRMED:
        told = f"{told} {say('(not confirmed, {seen})', seen=words.seen(notification, quote))}"
    return f"{told} {_dates(notification)}"


def _why(notification: Notification, quote: Quote) -> str:
    """`, lower still, under your 460`."""
    subject = words.most_telling(notification)
    if subject is None:
        return ""
    reasons = [say(_OPENINGS[subject.reason])] if subject.reason in _OPENINGS else []
    if subject.reason in _LOWER and subject.told is not None and subject.told > quote.total:
        reasons.append(say("was {amount}", amount=subject.told.plain()))
    target = words.lowest_target_met(notification, quote.total)
    if target is not None:
        is_just = target == quote.total
        held = say("at your {amount}", amount=target.plain())
        reasons.append(held if is_just else say("under your {amount}", amount=target.plain()))
    elif subject.condition is not None and subject.condition in _CONDITIONS:
        reasons.append(say(_CONDITIONS[subject.condition]))
    return "".join(f", {reason}" for reason in reasons)


def _gone(notification: Notification) -> str:
    lived = words.lived(notification)
    return say("gone") if lived is None else say("gone, it lived {time}", time=words.span(lived))


def _dates(notification: Notification) -> str:
    trip = words.trip_of(notification)
    out = words.day(trip.depart_on)
    return out if trip.return_on is None else f"{out}-{words.day(trip.return_on)}"


def _details(notification: Notification, quote: Quote) -> Iterator[str]:
    """Nice to know, most useful first."""
    if quote.stops or quote.carriers:
        # Some sources show the way out alone; its stops say nothing about the way back.
        is_half = len(quote.stops) < notification.route.directions
        stops = [words.stops(max(quote.stops), is_half=is_half)] if quote.stops else []
        yield " ".join([*stops, "/".join(quote.carriers)])
    if notification.route.travellers > 1:
        yield words.party(notification.route)
    if quote.self_transfer:
        yield say("self-transfer")
    if notification.median is not None:
        yield say("30-day median {amount}", amount=notification.median.plain())
