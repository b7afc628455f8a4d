"""A member can be taken out of every table, and no table can be forgotten."""

import msgspec
from sqlalchemy import select

from engine.domain import judge
from engine.domain.alert import NotificationId
from engine.domain.announce import phone_of
from engine.domain.caps import Payer
from engine.domain.member import Member
from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind, WatchId
from engine.store.database import Store
from engine.store.people import NAMES_MEMBERS, NAMES_NOBODY
from engine.store.phones import PhoneLink
from engine.store.tables import METADATA
from tests.contract.outbox.world import post
from tests.support import build
from tests.support.clock import START

ADA, BEN = "810000000000000001", "810000000000000002"


def test_every_table_says_whether_it_can_name_a_member() -> None:
    assert set(METADATA.tables) == NAMES_MEMBERS | NAMES_NOBODY
    assert not NAMES_MEMBERS & NAMES_NOBODY


async def _live(store: Store, member: str) -> None:
    """Everything that a member can leave behind."""
    watch = build.watch(
        id=WatchId(f"w{member}"),
        owner=Owner(OwnerKind.MEMBER, member, "5001"),
        tell=(Destination(DestinationKind.DM, member), Destination(DestinationKind.CHANNEL, "9001")),
    )
    async with store.transaction() as tx:
        await tx.routes.ensure(build.route(), START)
        await tx.watches.add(watch, judge.fresh_state(from_list=False))
        await tx.finds.save_states({(watch.id, "FAO"): judge.fresh_state(from_list=True)}, START)
        await tx.members.save(Member(id=member, timezone="Europe/Berlin"))
        await tx.phones.note_start(member, "5001", f"hash of {member[-1]}", START)
        await tx.phones.begin(_link(member))
        await tx.sms_ledger.charge(
            f"ref {member[-1]}", Payer(member_id=member, server_id="5001"), 1, START.date()
        )
        await tx.texts.note_sent(f"SM{member[-1]}", NotificationId("n1"), phone_of(member).lane, START)
    await store.outbox.pause_lane(f"dm:{member}", "closed", START)


def _link(member: str) -> PhoneLink:
    return PhoneLink(
        member_id=member,
        fingerprint=f"hash of {member[-1]}",
        sealed="sealed",
        consent_version="1",
        asked_at=START,
        verification=None,
    )


async def _bytes(store: Store) -> str:
    """All rows of all tables as text."""
    found = []
    async with store.transaction() as tx:
        for table in METADATA.sorted_tables:
            found += [str(tuple(row)) for row in await tx.sql.rows(select(table))]
    return "\n".join(found)


async def test_who_is_forgotten_is_named_nowhere_and_the_others_stay(store: Store) -> None:
    await _live(store, ADA)
    await _live(store, BEN)
    shared = post("both")
    subjects = tuple(
        msgspec.structs.replace(
            shared.subjects[0], watch_id=WatchId(f"w{member}"), owner=Owner(OwnerKind.MEMBER, member)
        )
        for member in (ADA, BEN)
    )
    alone = msgspec.structs.replace(post("alone"), subjects=subjects[:1])
    async with store.transaction() as tx:
        await tx.notifications.enqueue([msgspec.structs.replace(shared, subjects=subjects), alone])
    before = await _bytes(store)

    async with store.transaction() as tx:
        watches = await tx.people.forget(ADA)

    after = await _bytes(store)
    assert ADA in before
    assert ADA not in after
    assert BEN in after
    assert watches == 1
    async with store.transaction() as tx:
        told = await tx.notifications.get(shared.id)
        assert told is not None
        assert [one.owner.id for one in told.notification.subjects] == [BEN]
        assert await tx.notifications.get(alone.id) is None


async def test_what_was_texted_still_counts_against_everybodys_caps(store: Store) -> None:
    await _live(store, ADA)
    async with store.transaction() as tx:
        await tx.people.forget(ADA)
        spent = await tx.sms_ledger.spent(Payer(member_id=BEN, server_id="5001"), START.date())
    assert (spent.member, spent.server, spent.day) == (0, 1, 1)


async def test_an_export_holds_what_is_the_members_and_no_secret(store: Store) -> None:
    await _live(store, ADA)
    await _live(store, BEN)
    async with store.transaction() as tx:
        everything = await tx.people.everything(ADA)
    written = msgspec.json.encode(everything).decode()
    assert {"watches", "members", "phone_links", "phone_starts", "sms_ledger", "texts"} <= set(everything)
    assert BEN not in written
    assert "sealed" not in written
    assert f"hash of {ADA[-1]}" not in written
