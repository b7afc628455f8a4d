"""When an owner stops watching, or begins again: what was posted of it promises no more than is true.

Pure, as `engine.domain.announce` is.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

import msgspec

from engine.domain.alert import Notification, NotificationId, NotificationKind, Subject
from engine.domain.announce import notification_id
from engine.domain.watch import WatchId


def leave(
    watch_ids: Collection[WatchId], standing: Iterable[Notification], at: datetime, *, left: bool = True
) -> list[Notification]:
    """Edits of what stands where these watches were posted: their owners left it, or came back.

    A post that names others too goes on for them. Copies are left alone: they are of their moment.
    """
    posts: dict[NotificationId, Notification] = {}
    for post in standing:
        named = any(subject.watch_id in watch_ids and subject.left is not left for subject in post.subjects)
        if named and post.destination.kind.editable and not post.destination.kind.is_copy:
            posts[post.edits or post.id] = post
    return [_edit(post_id, post, watch_ids, at, left=left) for post_id, post in posts.items()]


def _edit(
    post_id: NotificationId, post: Notification, watch_ids: Collection[WatchId], at: datetime, *, left: bool
) -> Notification:
    word = "left" if left else "back"

    def marked(subjects: Iterable[Subject]) -> tuple[Subject, ...]:
        return tuple(
            msgspec.structs.replace(subject, left=left) if subject.watch_id in watch_ids else subject
            for subject in subjects
        )

    return msgspec.structs.replace(
        post,
        id=notification_id(post_id, *sorted(watch_ids), at.isoformat(), word),
        kind=NotificationKind.EDIT,
        subjects=marked(post.subjects),
        gathered=tuple(
            msgspec.structs.replace(line, subjects=marked(line.subjects)) for line in post.gathered
        ),
        created_at=at,
        edits=post_id,
    )
