"""What is told of a sweep to anywhere: the finds of one look share one post in each place, a line each. Pure.

Such a post is a POST that carries its lines in `gathered`, the cheapest first, each a notification of its own
for the route to that place. Its own quote is that of the cheapest line that still stands, and its subjects
are the watches that its lines name. What changes of a find later changes its line where it was told last.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from engine.domain.alert import OVER, Notification, NotificationId, NotificationKind, Reason, Subject
from engine.domain.announce import (
    Judged,
    Lane,
    Telling,
    by_target,
    edits_post,
    lanes_of,
    notification_id,
    parts_of,
    post_id,
    subject,
)
from engine.domain.judgement import Judgement
from engine.domain.sweep import Found
from engine.domain.watch import Destination, Watch, WatchId


def announce_finds(
    telling: Telling, found: Sequence[Found], posts: Mapping[WatchId, Sequence[Notification]]
) -> list[Notification]:
    """Everything that the judgements of a sweep's finds ask to be told.

    `telling` is of the route to anywhere. `posts` holds, per watch, every post with lines that stands, the
    newest last, as it reads now (the post itself, or its latest edit).
    """
    return [*_posts(telling, found), *_edits(telling, found, posts)]


def with_lines(post: Notification, lines: Iterable[Notification]) -> Notification:
    """The post with these lines: those that stand first, the cheapest first; its head says the cheapest."""
    ordered = sorted(lines, key=_merit)
    named: dict[WatchId, Subject] = {}
    for line in ordered:
        for each in line.subjects:
            named.setdefault(each.watch_id, each)
    first = ordered[0] if ordered and not is_over(ordered[0]) else None
    return msgspec.structs.replace(
        post,
        subjects=by_target(named.values()),
        quote=None if first is None else first.quote,
        confirmation=post.confirmation if first is None else first.confirmation,
        gathered=tuple(ordered),
    )


def only(post: Notification, watch_ids: Iterable[WatchId]) -> Notification | None:
    """What the post says to these watches; None where it says nothing to them."""
    wanted = set(watch_ids)
    lines = []
    for line in post.gathered:
        subjects = tuple(each for each in line.subjects if each.watch_id in wanted)
        if subjects:
            lines.append(msgspec.structs.replace(line, subjects=subjects))
    return with_lines(post, lines) if lines else None


def merged(home: Notification, post: Notification) -> Notification:
    """A post that waits, with the lines of a newer one: of a find that both tell, the newer word."""
    lines = {line.route.id: line for line in home.gathered}
    for line in post.gathered:
        before = lines.get(line.route.id)
        lines[line.route.id] = line if before is None else _joined(before, line)
    return with_lines(home, lines.values())


def is_over(line: Notification) -> bool:
    """Whether the fare of a line is not to be had any more."""
    return line.quote is None or all(each.reason in OVER for each in line.subjects)


def is_good(line: Notification) -> bool:
    """Whether the fare of a line is what somebody it names waits for, and has not risen since."""
    risen = (*OVER, Reason.ABOVE)
    return line.quote is not None and any(each.reason not in risen for each in line.subjects)


def _joined(before: Notification, after: Notification) -> Notification:
    subjects = {each.watch_id: each for each in (*before.subjects, *after.subjects)}
    return msgspec.structs.replace(after, subjects=by_target(subjects.values()))


def _posts(telling: Telling, found: Sequence[Found]) -> list[Notification]:
    lanes: dict[Lane, list[tuple[Found, Judged]]] = {}
    for each in found:
        for lane, told in lanes_of(telling, each.judgements).items():
            lanes.setdefault(lane, []).extend((each, judged) for judged in told)
    return [
        _post(telling, place, {watch.id for watch, _ in part}, told, until, number)
        for (place, until), told in lanes.items()
        for number, part in enumerate(parts_of(place, _once(judged for _, judged in told)))
    ]


def _once(told: Iterable[Judged]) -> list[Judged]:
    """Each watch once, however many finds it is told of."""
    return list({watch.id: (watch, judgement) for watch, judgement in told}.values())


def _post(
    telling: Telling,
    place: Destination,
    watches: set[WatchId],
    told: Sequence[tuple[Found, Judged]],
    until: datetime | None,
    number: int,
) -> Notification:
    id_ = post_id(telling, place, until, number)
    lines: dict[str, list[tuple[Found, Judged]]] = {}
    for found, judged in told:
        if judged[0].id in watches:
            lines.setdefault(found.route.destination.code, []).append((found, judged))
    bare = Notification(
        id=id_,
        destination=place,
        kind=NotificationKind.POST,
        route=telling.route,
        subjects=(),
        created_at=telling.at,
        held_until=until,
    )
    return with_lines(bare, [_line(telling, bare, each) for each in lines.values()])


def _line(telling: Telling, post: Notification, told: Sequence[tuple[Found, Judged]]) -> Notification:
    found, (_, leading) = told[0]
    quote = leading.quote
    return Notification(
        id=notification_id(post.id, found.route.destination.code),
        destination=post.destination,
        kind=NotificationKind.POST,
        route=found.route,
        subjects=by_target(_subject(telling, *judged) for _, judged in told),
        created_at=telling.at,
        quote=None if quote is None else msgspec.structs.replace(quote, slices=()),
        confirmation=leading.confirmation,
        median=found.median,
    )


def _subject(telling: Telling, watch: Watch, judgement: Judgement) -> Subject:
    return subject(watch, judgement, telling.server_of(watch))


def _edits(
    telling: Telling, found: Sequence[Found], posts: Mapping[WatchId, Sequence[Notification]]
) -> list[Notification]:
    changed: dict[NotificationId, Notification] = {}
    for each in found:
        for watch, judgement in each.judgements:
            for post in _where_told(posts.get(watch.id, ()), each.route.destination.code, watch.id):
                if edits_post(telling, watch, judgement, post):
                    id_ = post.edits or post.id
                    changed[id_] = _changed(telling, changed.get(id_, post), each, (watch, judgement))
    return [
        msgspec.structs.replace(
            post,
            id=notification_id(telling.route.id, telling.at.isoformat(), post.destination.lane, id_),
            kind=NotificationKind.EDIT,
            created_at=telling.at,
            edits=id_,
        )
        for id_, post in changed.items()
    ]


def _where_told(posts: Sequence[Notification], code: str, watch_id: WatchId) -> list[Notification]:
    """In each place the newest post that told this watch of this find."""
    newest: dict[Destination, Notification] = {}
    for post in posts:
        if any(_names(line, code, watch_id) for line in post.gathered):
            newest[post.destination] = post
    return list(newest.values())


def _names(line: Notification, code: str, watch_id: WatchId) -> bool:
    named = any(each.watch_id == watch_id for each in line.subjects)
    return named and line.route.destination.code == code


def _changed(telling: Telling, post: Notification, found: Found, judged: Judged) -> Notification:
    """The post with the line of one find as it is to one watch now."""
    watch, judgement = judged
    quote = judgement.quote
    fresh = _subject(telling, watch, judgement)
    lines = [
        msgspec.structs.replace(
            line,
            created_at=telling.at,
            subjects=by_target(fresh if each.watch_id == watch.id else each for each in line.subjects),
            quote=None if quote is None else msgspec.structs.replace(quote, slices=()),
            confirmation=judgement.confirmation,
            median=found.median,
        )
        if _names(line, found.route.destination.code, watch.id)
        else line
        for line in post.gathered
    ]
    return with_lines(post, lines)


def _merit(line: Notification) -> tuple[bool, int, str]:
    """What stands before what is over, the cheapest first."""
    total = 0 if line.quote is None else line.quote.total.minor
    return is_over(line), total, line.id
