"""Copies of public alerts: the webhooks of a server, and the operator's own targets."""

from typing import Any

from engine.domain.alert import Confirmation, Notification, NotificationKind, Reason
from engine.domain.announce import Telling, announce
from engine.domain.judge import fresh_state
from engine.domain.judgement import Effect, Judgement
from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind, Watch, WatchId
from tests.support import build
from tests.support.clock import START

CHANNEL = Destination(DestinationKind.CHANNEL, "9001")
DIRECT = Destination(DestinationKind.DM, "1001")
HOOK, OTHER_HOOK = Destination(DestinationKind.WEBHOOK, "h1"), Destination(DestinationKind.WEBHOOK, "h2")
TARGET = Destination(DestinationKind.APPRISE, "1")
HOOKS = {"5001": (HOOK, OTHER_HOOK)}


def told(
    *watches: Watch, posts: dict[WatchId, list[Notification]] | None = None, **changes: Any
) -> list[Notification]:
    telling = Telling(route=build.route(), at=START, webhooks=HOOKS, targets=(TARGET,))
    judgement = Judgement(
        **{
            "reason": Reason.ALERT,
            "state": fresh_state(from_list=True),
            "effect": Effect.POST,
            "quote": build.quote(400),
            **changes,
        }
    )
    return announce(telling, [(watch, judgement) for watch in watches], posts or {})


def places(notifications: list[Notification]) -> list[Destination]:
    return [notification.destination for notification in notifications]


def test_a_public_alert_is_copied_to_every_webhook_of_its_server_and_every_target() -> None:
    assert places(told(build.watch())) == [CHANNEL, HOOK, OTHER_HOOK, TARGET]


def test_what_is_told_by_direct_message_is_copied_nowhere() -> None:
    assert places(told(build.watch(tell=(DIRECT,)))) == [DIRECT]
    assert places(told(build.watch(tell=(CHANNEL, DIRECT)))) == [CHANNEL, DIRECT]


def test_the_watch_of_another_server_is_not_copied_to_these_webhooks() -> None:
    elsewhere = build.watch(owner=Owner(OwnerKind.MEMBER, "1001", "5002"))
    assert places(told(elsewhere)) == [CHANNEL, TARGET]


def test_the_rows_of_a_list_belong_to_no_server_and_reach_the_targets() -> None:
    console = Destination(DestinationKind.CONSOLE, "-")
    listed = build.watch(owner=Owner(OwnerKind.LIST, "sheet"), tell=(console,))
    assert places(told(listed)) == [console, TARGET]


def test_a_copy_names_the_watches_of_its_own_server_only() -> None:
    elsewhere = build.watch(id=WatchId("w2"), owner=Owner(OwnerKind.MEMBER, "1002", "5002"))
    by_place = {each.destination: each for each in told(build.watch(), elsewhere)}
    assert [len(by_place[place].subjects) for place in (CHANNEL, HOOK, TARGET)] == [2, 1, 2]
    assert by_place[HOOK].subjects[0].watch_id == "w1"


def test_copies_of_one_look_have_ids_of_their_own() -> None:
    assert len({each.id for each in told(build.watch())}) == 4


def test_what_no_live_source_confirmed_is_copied_too_and_says_so() -> None:
    copies = told(build.watch(), confirmation=Confirmation.UNCONFIRMED)
    assert {each.confirmation for each in copies} == {Confirmation.UNCONFIRMED}
    assert places(copies) == [CHANNEL, HOOK, OTHER_HOOK, TARGET]


def test_an_edit_follows_the_posts_that_were_copied_but_not_to_the_targets() -> None:
    watch = build.watch()
    posts = {watch.id: told(watch)}
    edits = told(watch, posts=posts, effect=Effect.EDIT, reason=Reason.ABOVE)
    assert places(edits) == [CHANNEL, HOOK, OTHER_HOOK]
    assert [edit.edits for edit in edits] == [post.id for post in posts[watch.id][:3]]
    assert {edit.kind for edit in edits} == {NotificationKind.EDIT}


def test_notices_are_for_owners_alone() -> None:
    assert places(told(build.watch(), effect=Effect.NOTICE, reason=Reason.EXPIRED)) == [CHANNEL]


def test_a_watch_that_was_moved_to_direct_messages_changes_nothing_told_elsewhere() -> None:
    posts = {WatchId("w1"): told(build.watch())}
    moved = build.watch(tell=(DIRECT,))
    assert places(told(moved, posts=posts, effect=Effect.EDIT, reason=Reason.ABOVE)) == []
