"""Alerts: the message of a post, of its later edits, and of a notice."""

from collections.abc import Sequence
from typing import Final

import msgspec

from bot.present.digest import digest_page
from bot.present.dryrun import dry_run
from bot.present.embeds import Field, Tone, embed
from bot.present.fare import facts, flights, seen
from bot.present.finds import find_words, left_words
from bot.present.links import Link, fare_link
from bot.present.message import Told, reference
from bot.present.money import money
from bot.present.news import words
from bot.present.outcome import FIRST, NOW, gone, is_gone, outcome, score
from bot.present.route import filters, title, whose
from bot.present.scene import Cities
from bot.present.storm import storm_list
from bot.present.text import clip
from bot.present.when import ago, dates, of_all, own_days
from engine.domain.alert import OVER, Notification, NotificationKind, Reason, Subject
from engine.domain.news import Departed, DirectClosed, News, PlaceFails, TextUnknown
from engine.domain.watch import DestinationKind, OwnerKind
from engine.tongue import say

_LONGEST_CONTENT: Final = 2000
_MOST_MENTIONS: Final = 100  # ids that Discord takes in allowed_mentions
_LONGEST_MENTION: Final = len("<@18446744073709551615> ")
# News whose owner may be reached in no other way, and news that are about a route of theirs.
_PINGS: Final = (DirectClosed, Departed, PlaceFails, TextUnknown)
_OF_A_ROUTE: Final = (Departed, PlaceFails, TextUnknown)


def headline_for(notification: Notification, subject: Subject, cities: Cities) -> str:
    """London → Tokyo €374, under your €420: what it says to one of those it concerns."""
    told = next((line for line in notification.finds if _names(line, subject)), notification)
    price = told.quote.total if told.quote else None
    return outcome(title(told.route, cities), subject, price)


def _names(line: Notification, subject: Subject) -> bool:
    return any(each.watch_id == subject.watch_id for each in line.subjects)


def told(notification: Notification, cities: Cities) -> Told:
    """The message of a notification, as it is posted or as the post is changed to."""
    if notification.kind is NotificationKind.NOTICE:
        return _notice(notification, cities)
    if notification.kind is NotificationKind.DRY_RUN:
        return dry_run(notification)
    if notification.gathered and not notification.finds:
        return storm_list(notification, cities)
    if notification.digest is not None:
        made_at, mark = notification.created_at, reference(notification)
        content, page = digest_page(notification.digest, made_at, mark, cities)
        return Told(content=content, embed=page, pinged=(), link=None)
    everyone = tuple(subject for subject in notification.subjects if not subject.left)
    if not everyone:
        return _left(notification, cities)
    notification = msgspec.structs.replace(notification, subjects=everyone)
    private = notification.destination.kind is DestinationKind.DM
    finds = find_words(notification, cities)
    headline = finds.headline if finds else _headline(notification, cities)
    short = finds.short if finds else _short(notification, cities)
    named = () if private else tuple(dict.fromkeys(_members(everyone)))[:_MOST_MENTIONS]
    return Told(
        content=clip(headline, _LONGEST_CONTENT) if private else _mentions(notification, named, short),
        embed=embed(
            headline,
            finds.lines if finds else _lines(notification),
            finds.tone if finds else _tone(everyone),
            fields=() if finds else _fields(notification),
            footer=_footer(notification),
        ),
        pinged=() if private else _pinged(everyone),
        roles=() if private else _roles(everyone),
        link=_link(notification),
    )


def _link(notification: Notification) -> Link:
    """The page of the fare; of several finds that of the cheapest."""
    told = notification.finds[0] if notification.finds else notification
    return fare_link(told.route, told.quote, notification.created_at.date())


def _left(notification: Notification, cities: Cities) -> Told:
    """What stays of an alert that nobody waits for any more: what it said, and that it stands still."""
    over = all(subject.reason in OVER for subject in notification.subjects)
    finds = left_words(notification, cities)
    short = finds.short if finds else _short(notification, cities)
    headline = _headline(notification, cities) if over and not finds else short
    since = ago(notification.created_at)
    why = say("I stopped updating this {when}: nobody waits for it here any more.", when=since)
    if notification.destination.kind is DestinationKind.DM:
        why = say("I stopped updating this {when}: you do not wait for it any more.", when=since)
    day = notification.created_at.date()
    lines = [f"**{dates(notification.route, day)}**"] if over else _lines(notification)
    if finds:
        lines = [*finds.lines]
    return Told(
        content=clip(short, _LONGEST_CONTENT),
        embed=embed(headline, [*lines, "", why], Tone.PAST, footer=_footer(notification)),
        pinged=(),
        link=_link(notification),
        followed=False,
    )


def _headline(notification: Notification, cities: Cities) -> str:
    route = title(notification.route, cities)
    price = notification.quote.total if notification.quote else None
    reasons = {subject.reason for subject in notification.subjects}
    if len(notification.subjects) == 1:
        return outcome(route, notification.subjects[0], price)
    if reasons <= OVER:
        return gone(route, max(notification.subjects, key=lambda s: s.lived_s or 0), price)
    if price is None:
        return say("{route} has changed", route=route)
    held = score(notification.subjects, price)
    begin = NOW if notification.kind is NotificationKind.EDIT else FIRST
    return say(begin, route=route, price=money(price), held=held)


def _lines(notification: Notification) -> list[str | None]:
    quote = notification.quote
    today = notification.created_at.date()
    when = f"**{dates(notification.route, today, quote)}**"
    if quote is not None and own_days(notification.route, quote, today):
        when = f"{when} · {of_all(notification.route, today)}"
    if all(subject.reason in OVER for subject in notification.subjects):
        return [when, say("I keep looking and say so when it comes back.")]
    if quote is None:
        return [when]
    owner = next((each.owner for each in notification.subjects if whose(each.owner)), None)
    sure = seen(quote, notification.confirmation)
    return [whose(owner) if owner else None, when, *flights(quote, notification.route.directions), sure]


def _fields(notification: Notification) -> list[Field]:
    quote = notification.quote
    if quote is None or all(subject.reason in OVER for subject in notification.subjects):
        return _told_before(notification)
    only = notification.subjects[0] if len(notification.subjects) == 1 else None
    fields = facts(
        notification.route,
        quote.total,
        owner=only.owner if only else None,
        target=only.target if only else None,
        median=notification.median,
    )
    if notification.kind is NotificationKind.EDIT:
        fields.extend(_told_before(notification))
    return fields


def _told_before(notification: Notification) -> list[Field]:
    prices = [subject.told for subject in notification.subjects if subject.told is not None]
    now = notification.quote.total if notification.quote else None
    if not prices or now == min(prices):
        return []
    return [Field(say("Lowest I told you"), money(min(prices)))]


def _pinged(subjects: Sequence[Subject]) -> tuple[int, ...]:
    """The owners whom the server lets alerts ping."""
    return tuple(dict.fromkeys(_members([each for each in subjects if each.pings])))[:_MOST_MENTIONS]


def _roles(subjects: Sequence[Subject]) -> tuple[int, ...]:
    """The role that the server's own routes ping."""
    return tuple(dict.fromkeys(int(each.role_id) for each in subjects if each.role_id))


def _mentions(notification: Notification, members: Sequence[int], short: str) -> str:
    """Every owner once, targets from low to high; the targets stand only where there are several."""
    if len(notification.subjects) == 1:
        return clip(" ".join(filter(None, (_who(notification.subjects[0]), short))), _LONGEST_CONTENT)
    goals = dict.fromkeys(members, "")
    for subject in reversed(notification.subjects):
        if subject.owner.kind is OwnerKind.MEMBER and subject.target is not None:
            goals[int(subject.owner.id)] = f" ({money(subject.target)})"
    roles = [f"<@&{role}>" for role in _roles(notification.subjects)]
    named = " ".join([*roles, *(f"<@{id_}>{goal}" for id_, goal in goals.items())])
    if len(named) + len(short) >= _LONGEST_CONTENT:
        most = (_LONGEST_CONTENT - len(short)) // _LONGEST_MENTION
        named = " ".join(f"<@{id_}>" for id_ in members[:most])
    return f"{named} {short}".strip()


def _short(notification: Notification, cities: Cities) -> str:
    """London → Tokyo €374; London → Tokyo: gone."""
    route = title(notification.route, cities)
    if all(subject.reason in OVER for subject in notification.subjects):
        return is_gone(route)
    return f"{route} {money(notification.quote.total)}" if notification.quote else route


def _footer(notification: Notification) -> str:
    return f"{reference(notification)} · {filters(notification.route)}"


def _members(subjects: Sequence[Subject]) -> list[int]:
    return [int(subject.owner.id) for subject in subjects if subject.owner.kind is OwnerKind.MEMBER]


def _who(subject: Subject) -> str:
    if subject.role_id is not None:
        return f"<@&{subject.role_id}>"
    return f"<@{subject.owner.id}>" if subject.owner.kind is OwnerKind.MEMBER else ""


def _tone(subjects: Sequence[Subject]) -> Tone:
    reasons = {subject.reason for subject in subjects}
    if reasons <= OVER:
        return Tone.PAST
    return Tone.CARE if reasons <= OVER | {Reason.ABOVE} else Tone.GOOD


def _notice(notification: Notification, cities: Cities) -> Told:
    """Something about a watch's own state, for its owner alone; or, with a headline, about no route."""
    if notification.news is not None:
        return _news(notification, notification.news, cities)
    name = notification.headline or title(notification.route, cities)
    private = notification.destination.kind is DestinationKind.DM
    pinged = () if private else _pinged(notification.subjects)
    lines = [notification.text, None if notification.headline else _route(notification)]
    return Told(
        content=" ".join(f"<@{id_}>" for id_ in pinged),
        embed=embed(name, lines, Tone.PAST, footer=reference(notification)),
        pinged=pinged,
        link=None,
        followed=False,
    )


def _route(notification: Notification) -> str:
    today = notification.created_at.date()
    return f"{dates(notification.route, today)} · {filters(notification.route)}"


def _news(notification: Notification, news: News, cities: Cities) -> Told:
    """What an owner is told besides fares; it pings nobody whom it can reach otherwise."""
    said = words(news, title(notification.route, cities))
    private = notification.destination.kind is DestinationKind.DM
    pinged = () if private or not isinstance(news, _PINGS) else _pinged(notification.subjects)
    lines = [*said.lines, _route(notification) if isinstance(news, _OF_A_ROUTE) else None]
    return Told(
        content=" ".join(f"<@{id_}>" for id_ in pinged),
        embed=embed(said.headline, lines, said.tone, footer=reference(notification)),
        pinged=pinged,
        link=None,
        followed=False,
    )
