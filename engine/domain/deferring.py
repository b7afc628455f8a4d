"""Posts that wait for the end of quiet hours: how they gather, and what of them is told in the end.

A post that waits claims something at its first look; at its release a look decides whether that
still holds. Whatever alerts in the meantime joins it, so that nobody is pinged twice in the morning.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from engine.domain.alert import Notification, NotificationId, NotificationKind, Reason, Subject
from engine.domain.announce import by_target, notification_id
from engine.domain.conditions import DEEPER_PERCENT, forgotten, stands, step
from engine.domain.findtelling import merged, only
from engine.domain.judgement import ConditionState, WatchState
from engine.domain.money import Money
from engine.domain.watch import Condition, WatchId

# Of two claims about one watch the one that is easier to keep stays: an alert asks only that the fare
# is still good, a LOWER_STILL that it still lies 5 % under what was last told.
_EASIEST_FIRST: Final = (Reason.ALERT, Reason.REMINDER, Reason.REPEAT, Reason.LOWER_STILL)


class Joined(NamedTuple):
    """What becomes of new posts: those that wait and have changed, and those to be enqueued."""

    changed: list[Notification]
    new: list[Notification]


def joined(waiting: Iterable[Notification], new: Sequence[Notification]) -> Joined:
    """Let new posts join those that wait already, on the same lane and about the same route.

    A watch that a waiting post names stays with it, also when its owner is awake again: that post
    is about to go out. Further watches join the one that waits for the same instant.
    """
    posts = {post.id: post for post in waiting}
    changed: dict[NotificationId, None] = {}
    left: list[Notification] = []
    for post in new:
        rest = list(post.subjects)
        for home in _homes(posts.values(), post):
            moving = [subject for subject in rest if _belongs(home, post, subject)]
            if moving:
                posts[home.id] = _with(home, post, moving)
                changed[home.id] = None
                rest = [subject for subject in rest if subject not in moving]
        if rest:
            left.append(_of_these(post, rest))
    return Joined([posts[id_] for id_ in changed], left)


def parted(post: Notification, watch_ids: Iterable[WatchId]) -> tuple[Notification | None, Notification]:
    """A waiting post without these watches (None when it names no other), and one of theirs alone."""
    leaving = set(watch_ids)
    theirs = tuple(subject for subject in post.subjects if subject.watch_id in leaving)
    others = tuple(subject for subject in post.subjects if subject.watch_id not in leaving)
    if not others:
        return None, post
    own_id = notification_id(post.id, *sorted(subject.watch_id for subject in theirs))
    return _of_these(post, others), msgspec.structs.replace(_of_these(post, theirs), id=own_id)


def still_claimed(
    post: Notification, subject: Subject, state: WatchState, met: Iterable[Condition], total: Money
) -> Condition | None:
    """The condition for which a waiting post is still true of a watch; None when it is not.

    `met` holds at `total`, the fare of now. A new low that rose by less than a step is still that.
    An alert stands for what was first told by it and nothing else; what a seed has shown to its
    owner since is no news any more.
    """
    good = list(met)
    if Condition.NEW_LOW not in good and _nearly_as_low(state.of(Condition.NEW_LOW), total):
        good.append(Condition.NEW_LOW)
    if subject.reason is Reason.ALERT:
        good = [condition for condition in good if _begun_since(post.created_at, state.of(condition))]
    if subject.reason is Reason.LOWER_STILL and not _deeper(subject, total):
        return None
    good = [condition for condition in good if state.of(condition).pinged_at is not None]
    if subject.condition in good:
        return subject.condition
    return good[0] if good else None


def heard(state: WatchState, post: Notification, subject: Subject, total: Money, now: datetime) -> WatchState:
    """What is remembered of a watch when the post that waited is told: its ping is of now, at `total`."""

    def memory(before: ConditionState) -> ConditionState:
        if before.armed or before.pinged_at is None or before.pinged_at < post.created_at:
            return before
        earlier = before.pinged if subject.fell_from is None else subject.fell_from.minor
        first = earlier is None or _begun_since(post.created_at, before)
        pinged = total.minor if first or earlier is None else min(earlier, total.minor)
        return msgspec.structs.replace(before, pinged=pinged, pinged_at=now)

    return _remembering(state, memory)


def untold(state: WatchState, post: Notification, subject: Subject) -> WatchState:
    """What is remembered of a watch when the post that waited is not told after all.

    What was first told by it is armed again, its ping forgotten, so that the next such fare is news
    and not back. What had been told before is as it was: its last ping is the one that arrived.
    """
    return unheard(state, post.created_at, subject.fell_from)


def unheard(state: WatchState, since: datetime, fell_from: Money | None = None) -> WatchState:
    """What is remembered of a watch when nothing since that instant was heard of."""

    def memory(before: ConditionState) -> ConditionState:
        if before.pinged_at is None or before.pinged_at < since:
            return before
        if before.armed or _begun_since(since, before):
            return forgotten(before)
        return before if fell_from is None else msgspec.structs.replace(before, pinged=fell_from.minor)

    return _remembering(state, memory)


def _remembering(state: WatchState, change: Callable[[ConditionState], ConditionState]) -> WatchState:
    conditions = {condition: change(before) for condition, before in state.conditions.items()}
    return msgspec.structs.replace(state, conditions=conditions)


def _nearly_as_low(memory: ConditionState, total: Money) -> bool:
    told = memory.told if stands(memory) else None
    return told is not None and total.minor < told + step(memory, total)


def _begun_since(instant: datetime, memory: ConditionState) -> bool:
    """Whether a fare that stands was first told at that instant or later."""
    return memory.since is not None and memory.since >= instant


def _deeper(subject: Subject, total: Money) -> bool:
    before = subject.fell_from
    return before is None or total.minor * 100 <= before.minor * DEEPER_PERCENT


def _homes(waiting: Iterable[Notification], post: Notification) -> list[Notification]:
    if post.kind is not NotificationKind.POST:
        return []
    same = (post.destination, post.route.id)
    return [home for home in waiting if (home.destination, home.route.id) == same]


def _belongs(home: Notification, post: Notification, subject: Subject) -> bool:
    named = any(known.watch_id == subject.watch_id for known in home.subjects)
    return named or (post.held_until is not None and post.held_until == home.held_until)


def _with(home: Notification, post: Notification, moving: Sequence[Subject]) -> Notification:
    """The waiting post at the newer price; it keeps the instant of its first look."""
    if home.gathered or post.gathered:
        return merged(home, _of_these(post, moving))
    subjects = {subject.watch_id: subject for subject in home.subjects}
    for subject in moving:
        before = subjects.get(subject.watch_id)
        subjects[subject.watch_id] = subject if before is None else _claiming(before, subject)
    return msgspec.structs.replace(
        home,
        subjects=by_target(subjects.values()),
        quote=post.quote,
        confirmation=post.confirmation,
        median=post.median,
    )


def _of_these(post: Notification, subjects: Sequence[Subject]) -> Notification:
    """The post to these of its watches; of one with lines those that name them."""
    if len(subjects) == len(post.subjects):
        return post
    kept = only(post, [subject.watch_id for subject in subjects]) if post.gathered else None
    return kept or msgspec.structs.replace(post, subjects=tuple(subjects))


def _claiming(before: Subject, after: Subject) -> Subject:
    """The newer word on a watch under the claim that is easier to keep; of two alike the first."""
    kept = min(before, after, key=lambda subject: _EASIEST_FIRST.index(subject.reason))
    return msgspec.structs.replace(
        after, reason=kept.reason, condition=kept.condition, fell_from=kept.fell_from
    )


def due_at(post: Notification) -> datetime:
    """When a notification may first go out."""
    return post.held_until or post.created_at
