"""From the judgements of one look to notifications: who is told what, where, in one message each.

Pure, and the same look always gives the same notifications with the same ids, so that a transaction
that has to be tried again cannot tell twice.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from engine.domain.alert import Confirmation, Notification, NotificationId, NotificationKind, Reason, Subject
from engine.domain.hush import Hush
from engine.domain.judgement import Effect, Judgement
from engine.domain.money import Money
from engine.domain.news import Departed
from engine.domain.route import Route
from engine.domain.server import Server
from engine.domain.watch import Destination, DestinationKind, OwnerKind, Watch, WatchId

Judged = tuple[Watch, Judgement]
Lane = tuple[Destination, datetime | None]
"""A place, and the end of the quiet hours for which it waits, if any."""

_BASE62: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ID_LENGTH: Final = 22  # 131 bits; Discord's nonce holds 25 characters
# Owners whom one message of Discord can name and ping: 2,000 signs, 24 for each, and what it is about.
MOST_NAMED: Final = 75


class Operator(msgspec.Struct, frozen=True, kw_only=True):
    """The operator's own phone: a copy of every public alert goes there.

    Alerts that a member takes by direct message stay between the bot and that member.
    `unconfirmed` is SMS_UNCONFIRMED: send also what no live source confirmed. `fingerprint` is
    that of TO_NUMBER, by which it is known when it is a member's number too.
    """

    destination: Destination
    unconfirmed: bool = False
    fingerprint: str | None = None


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """What all notifications of one look have in common.

    `phones` are the owners who are texted as well, each with the fingerprint of their number.
    Public alerts are copied to the `webhooks` of the server that a watch was made in, by its id, and
    to the operator's own `targets`. `hush` says whose part of a message waits for the end of their
    quiet hours. `servers` is what was chosen for the servers of the watches.
    """

    route: Route
    at: datetime
    median: Money | None = None
    operator: Operator | None = None
    phones: Mapping[str, str] = {}
    webhooks: Mapping[str, Sequence[Destination]] = {}
    targets: Sequence[Destination] = ()
    hush: Hush = Hush()
    servers: Mapping[str, Server] = {}

    def server_of(self, watch: Watch) -> Server | None:
        """What was chosen for the server in which a watch was made."""
        return self.servers.get(watch.owner.server_id or "")


def notification_id(*parts: str) -> NotificationId:
    """22 characters of base62 from SHA-256 over what makes the notification what it is."""
    number = int.from_bytes(hashlib.sha256("\n".join(parts).encode()).digest(), "big")
    digits = []
    for _ in range(_ID_LENGTH):
        number, digit = divmod(number, len(_BASE62))
        digits.append(_BASE62[digit])
    return NotificationId("".join(digits))


def announce(
    telling: Telling, judged: Sequence[Judged], posts: Mapping[WatchId, Sequence[Notification]]
) -> list[Notification]:
    """Everything that the judgements of one look ask to be told.

    `posts` holds, per watch, what stands now in each place where it was posted before (the post
    itself, or its latest edit).
    """
    return [*_posts(telling, judged), *_edits(telling, judged, posts), *_notices(telling, judged)]


def phone_of(member_id: str) -> Destination:
    """Where a member is texted; which number that is, the moment of sending decides."""
    return Destination(DestinationKind.SMS, member_id)


def is_public(watch: Watch) -> bool:
    """Whether others may have a copy: what is told by direct message stays between bot and member."""
    return not any(destination.kind is DestinationKind.DM for destination in watch.tell)


def subject(watch: Watch, judgement: Judgement, server: Server | None = None) -> Subject:
    """One watch's part of a message; `server` is the one it was made in, where anything was chosen for it."""
    owned = watch.owner.kind is OwnerKind.SERVER
    return Subject(
        watch_id=watch.id,
        owner=watch.owner,
        reason=judgement.reason,
        condition=judgement.condition,
        target=watch.rules.target,
        told=_told(watch, judgement),
        lived_s=judgement.lived_s,
        fell_from=None if judgement.fell_from is None else Money(judgement.fell_from, watch.currency),
        pings=server is None or server.pings_owners,
        role_id=server.ping_role_id if server is not None and owned else None,
    )


def _subjects(telling: Telling, told: Iterable[Judged]) -> Iterator[Subject]:
    return (subject(watch, judgement, telling.server_of(watch)) for watch, judgement in told)


def by_target(subjects: Iterable[Subject]) -> tuple[Subject, ...]:
    """Targets from low to high, watches without one last."""
    return tuple(sorted(subjects, key=lambda each: _rank(each.target, each.watch_id)))


def _rank(target: Money | None, watch_id: WatchId) -> tuple[bool, int, WatchId]:
    return target is None, target.minor if target else 0, watch_id


def _told(watch: Watch, judgement: Judgement) -> Money | None:
    told = [state.told for state in judgement.state.conditions.values() if state.told is not None]
    return Money(min(told), watch.currency) if told else None


def _posts(telling: Telling, judged: Sequence[Judged]) -> list[Notification]:
    return [
        _post(telling, place, part, until, number)
        for (place, until), told in lanes_of(telling, judged).items()
        for number, part in enumerate(parts_of(place, told))
    ]


def lanes_of(telling: Telling, judged: Sequence[Judged]) -> dict[Lane, list[Judged]]:
    """Who is told by a new post in each place, and until when that waits."""
    lanes: dict[Lane, list[Judged]] = {}
    for watch, judgement in judged:
        if judgement.effect is Effect.POST:
            for destination in _destinations(telling, watch, judgement):
                if telling.hush.gathers(watch.owner, destination):
                    continue
                until = telling.hush.until(watch.owner, destination)
                lanes.setdefault((destination, until), []).append((watch, judgement))
    doubled = _doubled(telling) if telling.operator and (telling.operator.destination, None) in lanes else ()
    return {lane: told for lane, told in lanes.items() if lane[0] not in doubled}


def parts_of(place: Destination, told: Sequence[Judged]) -> Sequence[Sequence[Judged]]:
    """Those who are told in one message each: more than a channel's message can name share several."""
    if place.kind is not DestinationKind.CHANNEL or len(told) <= MOST_NAMED:
        return [told]
    in_order = sorted(told, key=lambda pair: _rank(pair[0].rules.target, pair[0].id))
    return [in_order[first : first + MOST_NAMED] for first in range(0, len(in_order), MOST_NAMED)]


def _doubled(telling: Telling) -> list[Destination]:
    """The members' phones that are the operator's own: one phone is texted once."""
    own = telling.operator.fingerprint if telling.operator else None
    return [phone_of(member) for member, fingerprint in telling.phones.items() if fingerprint == own]


def _post(
    telling: Telling, destination: Destination, told: Sequence[Judged], until: datetime | None, number: int
) -> Notification:
    leading = told[0][1]
    return Notification(
        id=post_id(telling, destination, until, number),
        destination=destination,
        kind=NotificationKind.POST,
        route=telling.route,
        subjects=by_target(_subjects(telling, told)),
        created_at=telling.at,
        quote=leading.quote,
        confirmation=leading.confirmation,
        median=telling.median,
        held_until=until,
    )


def post_id(
    telling: Telling, destination: Destination, until: datetime | None, number: int
) -> NotificationId:
    """The id of a post of this look in a place, or of one of its parts."""
    apart = [] if until is None else [until.isoformat()]
    apart += [f"part {number}"] if number else []
    return notification_id(telling.route.id, telling.at.isoformat(), destination.lane, "post", *apart)


def _destinations(telling: Telling, watch: Watch, judgement: Judgement) -> list[Destination]:
    operator = telling.operator
    unconfirmed = judgement.confirmation is Confirmation.UNCONFIRMED
    wanted = list(watch.tell)
    if watch.owner.kind is OwnerKind.MEMBER and watch.owner.id in telling.phones:
        wanted.append(phone_of(watch.owner.id))
    told = [
        destination
        for destination in wanted
        if not (unconfirmed and destination.kind is DestinationKind.SMS and not watch.sms_unconfirmed)
    ]
    if not is_public(watch):
        return told
    copied = [*telling.webhooks.get(watch.owner.server_id or "", ()), *telling.targets]
    if operator is None or operator.destination in watch.tell or (unconfirmed and not operator.unconfirmed):
        return [*told, *copied]
    return [*told, operator.destination, *copied]


def _edits(
    telling: Telling, judged: Sequence[Judged], posts: Mapping[WatchId, Sequence[Notification]]
) -> list[Notification]:
    changed: dict[NotificationId, tuple[Notification, dict[WatchId, Judged]]] = {}
    for watch, judgement in judged:
        for post in posts.get(watch.id, ()):
            if edits_post(telling, watch, judgement, post):
                _, subjects = changed.setdefault(post.edits or post.id, (post, {}))
                subjects[watch.id] = (watch, judgement)
    return [_edit(telling, post_id, post, news) for post_id, (post, news) in changed.items()]


def edits_post(telling: Telling, watch: Watch, judgement: Judgement, post: Notification) -> bool:
    """Whether a post is to be edited for a watch that it names."""
    if post.route != telling.route:  # it was about another route, before its owner changed it
        return False
    if not changes_post(telling.hush, watch, judgement, post.destination):
        return False
    return post.destination.kind.editable and _is_told(watch, post.destination)


def changes_post(hush: Hush, watch: Watch, judgement: Judgement, place: Destination) -> bool:
    """Whether what was posted there is to be edited.

    A lower price is also shown where its ping waits for the morning, or for a digest.
    """
    waits = hush.until(watch.owner, place) is not None or hush.gathers(watch.owner, place)
    return judgement.effect is Effect.EDIT or (judgement.reason is Reason.LOWER_STILL and waits)


def _is_told(watch: Watch, place: Destination) -> bool:
    """Whether a place where it was told is still one.

    It may tell elsewhere now; and one that became private is nobody else's business.
    """
    return is_public(watch) if place.kind.is_copy else place in watch.tell


def _edit(
    telling: Telling, post_id: NotificationId, post: Notification, news: Mapping[WatchId, Judged]
) -> Notification:
    leading = next(iter(news.values()))[1]
    subjects = (
        next(_subjects(telling, [news[standing.watch_id]])) if standing.watch_id in news else standing
        for standing in post.subjects
    )
    return Notification(
        id=notification_id(telling.route.id, telling.at.isoformat(), post.destination.lane, post_id),
        destination=post.destination,
        kind=NotificationKind.EDIT,
        route=telling.route,
        subjects=by_target(subjects),
        created_at=telling.at,
        quote=leading.quote,
        confirmation=leading.confirmation,
        median=telling.median,
        edits=post_id,
    )


def _notices(telling: Telling, judged: Sequence[Judged]) -> list[Notification]:
    return [
        Notification(
            id=notification_id(telling.route.id, watch.id, destination.lane, judgement.reason.value),
            destination=destination,
            kind=NotificationKind.NOTICE,
            route=telling.route,
            subjects=tuple(_subjects(telling, [(watch, judgement)])),
            created_at=telling.at,
            news=Departed(),
            text="Its last departure has passed; this route is no longer watched.",
        )
        for watch, judgement in judged
        if judgement.effect is Effect.NOTICE
        for destination in watch.tell
        if destination.kind is not DestinationKind.SMS and watch.owner.kind is not OwnerKind.LIST
    ]
