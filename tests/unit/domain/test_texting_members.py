"""Who is texted of a ping besides the places a watch names."""

from typing import Any

import msgspec
import pytest

from engine.domain.alert import Confirmation, Notification, NotificationKind, Reason
from engine.domain.announce import Operator, Telling, announce, phone_of
from engine.domain.judge import fresh_state
from engine.domain.judgement import Effect, Judgement
from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind, Watch, WatchId
from tests.support import build
from tests.support.clock import START

OPERATOR = Operator(destination=Destination(DestinationKind.SMS, "operator"), fingerprint="f0")
ADAS, BENS = phone_of("1001"), phone_of("1002")
CHANNEL = Destination(DestinationKind.CHANNEL, "9001")
DIRECT = Destination(DestinationKind.DM, "1001")


def ping(**changes: Any) -> Judgement:
    judgement = Judgement(
        reason=Reason.ALERT, state=fresh_state(from_list=True), effect=Effect.POST, quote=build.quote(400)
    )
    return msgspec.structs.replace(judgement, **changes)


def told(
    *watches: Watch, phones: dict[str, str], operator: Operator | None = None, **changes: Any
) -> list[Notification]:
    telling = Telling(route=build.route(), at=START, operator=operator, phones=phones)
    return announce(telling, [(watch, ping(**changes)) for watch in watches], {})


def places(notifications: list[Notification]) -> list[Destination]:
    return [notification.destination for notification in notifications]


def of_ben(**changes: Any) -> Watch:
    return build.watch(id=WatchId("w2"), owner=Owner(OwnerKind.MEMBER, "1002", "5001"), **changes)


def test_a_ping_goes_to_the_linked_phone_too() -> None:
    assert places(told(build.watch(), phones={"1001": "f1"})) == [CHANNEL, ADAS]


def test_who_linked_none_is_told_in_the_channel_only() -> None:
    assert places(told(build.watch(), phones={})) == [CHANNEL]


def test_each_member_is_texted_about_their_own_watch() -> None:
    shared, adas, bens = told(build.watch(), of_ben(), phones={"1001": "f1", "1002": "f2"})
    assert (adas.destination, bens.destination) == (ADAS, BENS)
    assert [len(each.subjects) for each in (shared, adas, bens)] == [2, 1, 1]
    assert [subject.owner.id for subject in bens.subjects] == ["1002"]


def test_two_watches_of_one_member_are_one_text() -> None:
    second = build.watch(id=WatchId("w9"), owner=Owner(OwnerKind.MEMBER, "1001", "5002"), target=410)
    (text,) = [
        each for each in told(build.watch(), second, phones={"1001": "f1"}) if each.destination == ADAS
    ]
    assert len(text.subjects) == 2


def test_edits_and_notices_are_not_texted() -> None:
    for effect, reason in ((Effect.EDIT, Reason.ABOVE), (Effect.NOTICE, Reason.EXPIRED)):
        assert ADAS not in places(told(build.watch(), phones={"1001": "f1"}, effect=effect, reason=reason))


@pytest.mark.parametrize(("wanted", "texted"), [(False, False), (True, True)])
def test_what_no_live_source_confirmed_is_texted_if_the_watch_says_so(wanted: bool, texted: bool) -> None:
    watch = build.watch(sms_unconfirmed=wanted)
    found = places(told(watch, phones={"1001": "f1"}, confirmation=Confirmation.UNCONFIRMED))
    assert (ADAS in found) is texted
    assert CHANNEL in found


def test_the_watch_of_a_list_with_a_members_id_texts_nobody() -> None:
    listed = build.watch(owner=Owner(OwnerKind.LIST, "1001"))
    assert places(told(listed, phones={"1001": "f1"})) == [CHANNEL]


# The operator's phone.


def test_operator_and_member_each_get_one() -> None:
    found = places(told(build.watch(), phones={"1001": "f1"}, operator=OPERATOR))
    assert found == [CHANNEL, ADAS, OPERATOR.destination]


def test_an_operator_who_is_a_member_too_is_texted_once() -> None:
    found = places(told(build.watch(), phones={"1001": "f0"}, operator=OPERATOR))
    assert found == [CHANNEL, OPERATOR.destination]


def test_by_direct_message_the_operators_own_alert_still_reaches_their_phone_once() -> None:
    private = build.watch(tell=(DIRECT,))
    assert places(told(private, phones={"1001": "f0"}, operator=OPERATOR)) == [DIRECT, ADAS]


def test_one_look_texts_one_phone_once_whoever_else_it_is_about() -> None:
    private = build.watch(tell=(DIRECT,))
    found = places(told(private, of_ben(), phones={"1001": "f0", "1002": "f2"}, operator=OPERATOR))
    assert sorted(place.lane for place in found if place.kind is DestinationKind.SMS) == [
        "sms:1002",
        "sms:operator",
    ]


def test_no_text_is_an_edit_of_another() -> None:
    kinds = {each.kind for each in told(build.watch(), phones={"1001": "f1"}, operator=OPERATOR)}
    assert kinds == {NotificationKind.POST}
