"""Finds of one look are one post in each place; what changes later changes a line where it was told last."""

import random
from datetime import timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.alert import Confirmation, Notification, NotificationKind, Reason
from engine.domain.announce import Operator, Telling
from engine.domain.deferring import joined, parted
from engine.domain.finds import to_place
from engine.domain.findtelling import announce_finds, only
from engine.domain.judgement import Effect, Judgement, WatchState
from engine.domain.places import Place
from engine.domain.sweep import Found
from engine.domain.watch import Condition, Destination, DestinationKind, Owner, OwnerKind, Watch, WatchId
from tests.support import build
from tests.support.clock import START
from tests.support.finds import SWEEP, line, post, subject

HERE = Destination(DestinationKind.CHANNEL, "9001")
PHONE = Destination(DestinationKind.SMS, "1001")
ADA = build.watch(of=SWEEP, target=40)
BEN = build.watch(of=SWEEP, target=40, id=WatchId("w2"), owner=Owner(OwnerKind.MEMBER, "1002", "5001"))
TELLING = Telling(route=SWEEP, at=START)
LATER = Telling(route=SWEEP, at=START + timedelta(hours=1))


def judgement(price: int | None, reason: Reason = Reason.ALERT, **changes: object) -> Judgement:
    effect = Effect.POST if reason.pings else Effect.EDIT if reason.edits else Effect.NONE
    quote = None if price is None else build.quote(price, SWEEP)
    made = Judgement(
        reason=reason, state=WatchState(seeded=True), effect=effect, quote=quote, condition=Condition.TARGET
    )
    return msgspec.structs.replace(made, **changes)


def found(code: str, price: int | None, *watches: Watch, reason: Reason = Reason.ALERT) -> Found:
    judged = judgement(price, reason)
    return Found(
        route=to_place(SWEEP, Place.airport(code)),
        judgements=tuple((watch, judged) for watch in watches or (ADA,)),
    )


def lines(of: Notification) -> list[str]:
    return [each.route.destination.code for each in of.gathered]


def test_finds_of_one_look_are_one_post_the_cheapest_first() -> None:
    (told,) = announce_finds(TELLING, [found("OPO", 38), found("FAO", 29), found("DUB", 35)], {})

    assert lines(told) == ["FAO", "DUB", "OPO"]
    assert told.quote == told.gathered[0].quote
    assert [each.watch_id for each in told.subjects] == ["w1"]
    assert all(not each.quote.slices for each in told.gathered if each.quote)


def test_each_place_has_one_post_with_the_lines_of_who_is_told_there() -> None:
    elsewhere = Destination(DestinationKind.DM, "1002")
    ben = msgspec.structs.replace(BEN, tell=(elsewhere,))

    posts = announce_finds(TELLING, [found("FAO", 29, ADA, ben), found("DUB", 35, ben)], {})

    assert {each.destination: lines(each) for each in posts} == {HERE: ["FAO"], elsewhere: ["FAO", "DUB"]}


def test_what_nobody_confirmed_is_texted_to_those_only_who_asked_for_such() -> None:
    unsure = judgement(29, confirmation=Confirmation.UNCONFIRMED)
    finds = [
        found("DUB", 35),
        Found(route=to_place(SWEEP, Place.airport("FAO")), judgements=((ADA, unsure),)),
    ]
    telling = msgspec.structs.replace(
        TELLING,
        phones={"1001": "hash"},
        operator=Operator(destination=Destination(DestinationKind.SMS, "operator")),
    )

    posts = {each.destination: lines(each) for each in announce_finds(telling, finds, {})}

    assert posts[HERE] == ["FAO", "DUB"]
    assert posts[PHONE] == ["DUB"]


@given(st.permutations(["FAO", "DUB", "OPO", "BGY", "CPH"]), st.integers(0, 99))
def test_the_order_of_finds_changes_nothing(order: list[str], seed: int) -> None:
    prices = {"FAO": 29, "DUB": 29, "OPO": 38, "BGY": 31, "CPH": 35}
    shuffled = [ADA, BEN]
    random.Random(seed).shuffle(shuffled)  # noqa: S311  no secret

    assert announce_finds(
        TELLING, [found(code, prices[code], *shuffled) for code in order], {}
    ) == announce_finds(TELLING, [found(code, price, ADA, BEN) for code, price in prices.items()], {})


def test_a_change_edits_the_line_where_it_was_told_last() -> None:
    (first,) = announce_finds(TELLING, [found("FAO", 29), found("DUB", 35)], {})
    (second,) = announce_finds(LATER, [found("FAO", 25, reason=Reason.LOWER_STILL)], {})
    later = msgspec.structs.replace(LATER, at=LATER.at + timedelta(hours=1))

    edits = announce_finds(
        later,
        [found("FAO", 60, reason=Reason.RECOVERED), found("DUB", 33, reason=Reason.LOWER)],
        {ADA.id: [first, second]},
    )

    assert {each.edits: lines(each) for each in edits} == {first.id: ["FAO", "DUB"], second.id: ["FAO"]}
    by_post = {each.edits: each for each in edits}
    assert by_post[second.id].quote is None  # the only find of that post is over
    assert [each.kind for each in edits] == [NotificationKind.EDIT] * 2


def test_a_change_of_what_was_never_told_edits_nothing() -> None:
    (first,) = announce_finds(TELLING, [found("FAO", 29)], {})

    assert announce_finds(LATER, [found("DUB", 60, reason=Reason.RECOVERED)], {ADA.id: [first]}) == []


def test_a_change_for_one_owner_leaves_the_others_part_as_it_is() -> None:
    (told,) = announce_finds(TELLING, [found("FAO", 29, ADA, BEN)], {})

    (edit,) = announce_finds(LATER, [found("FAO", 60, ADA, reason=Reason.RECOVERED)], {ADA.id: [told]})

    reasons = {each.watch_id: each.reason for each in edit.gathered[0].subjects}
    assert reasons == {"w1": Reason.RECOVERED, "w2": Reason.ALERT}


def test_more_owners_than_a_message_can_name_share_several_posts() -> None:
    crowd = [
        build.watch(of=SWEEP, target=40, id=WatchId(f"w{n}"), owner=Owner(OwnerKind.MEMBER, str(n), "5001"))
        for n in range(80)
    ]

    posts = announce_finds(TELLING, [found("FAO", 29, *crowd), found("DUB", 35, *crowd[:10])], {})

    assert [len(each.subjects) for each in posts] == [75, 5]
    assert len({each.id for each in posts}) == 2


def test_of_a_post_only_what_concerns_some_is_theirs() -> None:
    told = post({}, line("FAO", 29, subject(1), subject(2)), line("DUB", 35, subject(2)))

    mine = only(told, [WatchId("w1")])

    assert mine is not None
    assert (lines(mine), [each.watch_id for each in mine.subjects]) == (["FAO"], ["w1"])
    assert only(told, [WatchId("w9")]) is None


def test_a_waiting_post_takes_in_what_comes_and_gives_up_who_wakes_later() -> None:
    until = START + timedelta(hours=8)
    home = post({"FAO": 29}, held_until=until)
    news = post({}, line("FAO", 27), line("DUB", 35), held_until=until)
    news = msgspec.structs.replace(news, id=line("XXX", 1).id)

    changed, left = joined([home], [news])

    assert left == []
    assert [(lines(each), each.quote and each.quote.total) for each in changed] == [
        (["FAO", "DUB"], build.eur(27))
    ]
    both = post({}, line("FAO", 29, subject(1), subject(2)), line("DUB", 35, subject(2)), held_until=until)
    awake, theirs = parted(both, [WatchId("w2")])
    assert awake is not None
    assert (lines(awake), lines(theirs)) == (["FAO"], ["FAO", "DUB"])
    assert awake.id == both.id != theirs.id
