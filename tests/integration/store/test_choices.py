"""What members and servers chose is kept whole, replaced whole, and forgotten."""

from engine.domain.member import Member
from engine.domain.server import Server
from engine.store.database import Store


async def test_who_never_chose_has_nothing_chosen(store: Store) -> None:
    async with store.transaction() as tx:
        assert await tx.members.of("1001") == Member(id="1001")
        assert await tx.servers.of("5001") == Server(id="5001")
        assert await tx.members.of_many(["1001"]) == {}


async def test_a_choice_replaces_the_one_before(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.members.save(Member(id="1001", timezone="Europe/Berlin"))
        await tx.members.save(Member(id="1001", locale="de"))
        await tx.servers.save(Server(id="5001", currency="GBP"))
        await tx.servers.save(Server(id="5001", channel_id="9001"))
    async with store.transaction() as tx:
        assert await tx.members.of("1001") == Member(id="1001", locale="de")
        assert await tx.servers.of("5001") == Server(id="5001", channel_id="9001")


async def test_forgetting_says_whether_there_was_anything(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.members.save(Member(id="1001", timezone="Europe/Berlin"))
        await tx.servers.save(Server(id="5001", currency="GBP"))
        assert [await tx.members.forget("1001"), await tx.members.forget("1001")] == [True, False]
        assert [await tx.servers.forget("5001"), await tx.servers.forget("5001")] == [True, False]
