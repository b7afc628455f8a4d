"""Alerts: the message of a post, of its later edits, and of a notice."""

from collections.abc import Sequence
from typing import Final

import msgspec

from bot.present.digest import digest_page
from bot.present.dryrun import dry_run
from bot.present.embeds import Field, Tone, embed
from bot.present.fare import facts, flights, seen
from bot.present.links import fare_link
from bot.present.message import OVER, Told, reference
from bot.present.money import money
from bot.present.news import words
from bot.present.route import filters, title, whose
from bot.present.scene import Cities
from bot.present.storm import storm_list
from bot.present.text import clip
from bot.present.when import ago, dates, lasted, of_all, own_days
from bot.tongue import say
from engine.domain.alert import Notification, NotificationKind, Reason, Subject
from engine.domain.money import Money
from engine.domain.news import DirectClosed, News
from engine.domain.watch import Condition, DestinationKind, OwnerKind

_LONGEST_CONTENT: Final = 2000
_MOST_MENTIONS: Final = 100  # ids that Discord takes in allowed_mentions
_LONGEST_MENTION: Final = len("<@18446744073709551615> ")


def headline_for(notification: Notification, subject: Subject, cities: Cities) -> str:
    """London → Tokyo €374, under your €420: what it says to one of those it concerns."""
    price = notification.quote.total if notification.quote else None
    return f"{title(notification.route, cities)}{_outcome(subject, price)}"


def told(notification: Notification, cities: Cities) -> Told:
    """The message of a notification, as it is posted or as the post is changed to."""
    if notification.kind is NotificationKind.NOTICE:
        return _notice(notification, cities)
    if notification.kind is NotificationKind.DRY_RUN:
        return dry_run(notification)
    if notification.gathered:
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
    headline = _headline(notification, cities)
    named = () if private else tuple(dict.fromkeys(_members(everyone)))[:_MOST_MENTIONS]
    return Told(
        content=clip(headline, _LONGEST_CONTENT) if private else _mentions(notification, named, cities),
        embed=embed(
            headline,
            _lines(notification),
            _tone(everyone),
            fields=_fields(notification),
            footer=_footer(notification),
        ),
        pinged=() if private else _pinged(everyone),
        roles=() if private else _roles(everyone),
        link=fare_link(notification.route, notification.quote, notification.created_at.date()),
    )


def _left(notification: Notification, cities: Cities) -> Told:
    """What stays of an alert that nobody waits for any more: what it said, and that it stands still."""
    over = all(subject.reason in OVER for subject in notification.subjects)
    short = _short(notification, cities)
    headline = _headline(notification, cities) if over else short
    since = ago(notification.created_at)
    why = say("I stopped updating this {when}: nobody waits for it here any more.", when=since)
    if notification.destination.kind is DestinationKind.DM:
        why = say("I stopped updating this {when}: you do not wait for it any more.", when=since)
    day = notification.created_at.date()
    lines = [f"**{dates(notification.route, day)}**"] if over else _lines(notification)
    return Told(
        content=clip(short, _LONGEST_CONTENT),
        embed=embed(headline, [*lines, "", why], Tone.PAST, footer=_footer(notification)),
        pinged=(),
        link=fare_link(notification.route, notification.quote, day),
        followed=False,
    )


def _headline(notification: Notification, cities: Cities) -> str:
    route = title(notification.route, cities)
    price = notification.quote.total if notification.quote else None
    reasons = {subject.reason for subject in notification.subjects}
    if len(notification.subjects) == 1:
        return f"{route}{_outcome(notification.subjects[0], price)}"
    if reasons <= OVER:
        return f"{route}{_over(max(notification.subjects, key=lambda s: s.lived_s or 0), price)}"
    if price is None:
        return f"{route} has changed"
    now = " now" if notification.kind is NotificationKind.EDIT else ""
    return f"{route}{now} {money(price)}, {_score(notification.subjects, price)}"


def _outcome(subject: Subject, price: Money | None) -> str:
    """What follows the route in the headline for one owner."""
    if subject.reason in OVER:
        return _over(subject, price)
    if price is None:
        return " has changed"
    begin = {
        Reason.LOWER_STILL: " now",
        Reason.LOWER: " now",
        Reason.ABOVE: " now",
        Reason.REPEAT: " still",
        Reason.REMINDER: " still",
        Reason.BACK: " back at",
    }.get(subject.reason, "")
    return f"{begin} {money(price)}, {_against(subject, price)}"


def _over(subject: Subject, price: Money | None) -> str:
    after = f" after {lasted(subject.lived_s)}" if subject.lived_s else ""
    now = f", now {money(price)}" if price else ""
    return f": gone{after}{now}"


def _against(subject: Subject, price: Money) -> str:
    """The price held against what one owner waits for."""
    target = subject.target
    if target is not None and subject.condition in (None, Condition.TARGET):
        goal = f"{_whose_target(subject)} {money(target)}"
        if price.minor == target.minor:
            return f"just {goal}"
        return f"{'under' if price < target else 'above'} {goal}"
    if subject.reason is Reason.ABOVE:
        return "up again"
    return "a clear drop" if subject.condition is Condition.DROP else "a new low"


def _whose_target(subject: Subject) -> str:
    return "this server's" if subject.owner.kind is OwnerKind.SERVER else "your"


def _score(subjects: Sequence[Subject], price: Money) -> str:
    """How many of several owners it is good for."""
    good = sum(subject.target is None or price <= subject.target for subject in subjects)
    if any(subject.target is None for subject in subjects):
        return f"good for {good} of {len(subjects)} members"
    if good == 0:
        return "above every target"
    if good < len(subjects):
        return f"under {good} of {len(subjects)} targets"
    return "under both targets" if good == 2 else f"under all {good} targets"


def _lines(notification: Notification) -> list[str | None]:
    quote = notification.quote
    today = notification.created_at.date()
    when = f"**{dates(notification.route, today, quote)}**"
    if quote is not None and own_days(notification.route, quote, today):
        when = f"{when} · {of_all(notification.route, today)}"
    if all(subject.reason in OVER for subject in notification.subjects):
        return [when, "I keep looking and say so when it comes back."]
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
    return [Field("Lowest I told you", money(min(prices)))]


def _pinged(subjects: Sequence[Subject]) -> tuple[int, ...]:
    """The owners whom the server lets alerts ping."""
    return tuple(dict.fromkeys(_members([each for each in subjects if each.pings])))[:_MOST_MENTIONS]


def _roles(subjects: Sequence[Subject]) -> tuple[int, ...]:
    """The role that the server's own routes ping."""
    return tuple(dict.fromkeys(int(each.role_id) for each in subjects if each.role_id))


def _mentions(notification: Notification, members: Sequence[int], cities: Cities) -> str:
    """Every owner once, targets from low to high; the targets stand only where there are several."""
    short = _short(notification, cities)
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
    price = f" {money(notification.quote.total)}" if notification.quote else ""
    over = all(subject.reason in OVER for subject in notification.subjects)
    return f"{title(notification.route, cities)}{': gone' if over else price}"


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
    today = notification.created_at.date()
    private = notification.destination.kind is DestinationKind.DM
    pinged = () if private else _pinged(notification.subjects)
    route = f"{dates(notification.route, today)} · {filters(notification.route)}"
    lines = [notification.text, None if notification.headline else route]
    return Told(
        content=" ".join(f"<@{id_}>" for id_ in pinged),
        embed=embed(name, lines, Tone.PAST, footer=reference(notification)),
        pinged=pinged,
        link=None,
        followed=False,
    )


def _news(notification: Notification, news: News, cities: Cities) -> Told:
    """What an owner is told besides fares; it pings nobody whom it can reach otherwise."""
    said = words(news, title(notification.route, cities))
    pinged = _pinged(notification.subjects) if isinstance(news, DirectClosed) else ()
    return Told(
        content=" ".join(f"<@{id_}>" for id_ in pinged),
        embed=embed(said.headline, said.lines, said.tone, footer=reference(notification)),
        pinged=pinged,
        link=None,
        followed=False,
    )
