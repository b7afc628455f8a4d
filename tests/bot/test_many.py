"""One post for many members, and one list for many alerts."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import discord
import msgspec
from simcord.actors import MemberActor

from engine.actions.asking import AddWatch
from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind, Rules, WatchId
from tests.bot.stage import Stage, open_stage, words
from tests.support import build


def crowd(stage: Stage, size: int) -> list[MemberActor]:
    return [stage.guild.add_member(stage.env.create_user(f"m{number:03}")) for number in range(size)]


async def watch_all(stage: Stage, members: Sequence[MemberActor], targets: Sequence[int]) -> None:
    """Many at once, as copies of the first one's watch."""
    await watch(stage, members[0], str(targets[0]))
    async with stage.engine.store.transaction() as tx:
        (first,) = await tx.watches.of_owner(owner_of(stage, members[0]))
        copies = [
            msgspec.structs.replace(
                first.watch,
                id=WatchId(f"copy{number}"),
                owner=owner_of(stage, member),
                rules=Rules(target=build.eur(target)),
            )
            for number, (member, target) in enumerate(zip(members[1:], targets[1:], strict=True))
        ]
        await tx.watches.add_many([(copy, first.state) for copy in copies])


def owner_of(stage: Stage, member: MemberActor) -> Owner:
    return Owner(OwnerKind.MEMBER, str(member.id), str(stage.guild.id))


async def watch(stage: Stage, member: MemberActor, target: str, **options: Any) -> None:
    """As `/route add` does, without a round through Discord for each of many."""
    place = Destination(DestinationKind.CHANNEL, str(stage.channel.id))
    asked = {"origin": "LON", "destination": "TYO", "depart": "2027-03-10", "return_": "2027-03-24"}
    owner = owner_of(stage, member)
    await stage.engine.actions.watches.add(
        AddWatch(owner=owner, tell=(place,), target=target, **asked | options)
    )


def posts(stage: Stage) -> Sequence[discord.Message]:
    return [message for message in stage.channel.history() if not message.interaction_metadata]


def sent(stage: Stage) -> list[dict[str, Any]]:
    """What was posted, as Discord got it."""
    messages = f"/channels/{stage.channel.id}/messages"
    return [
        request.json
        for request in stage.env.http_requests
        if request.json and (request.method, request.path) == ("POST", messages)
    ]


async def test_twenty_members_get_one_post_that_names_each_once_from_the_lowest_target_up(
    tmp_path: Path,
) -> None:
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-TYO", 450)
        members = crowd(stage, 20)
        targets = [400 + (7 * number) % 20 for number in range(20)]
        await watch_all(stage, members, targets)

        await stage.look("LON-TYO", 374)
        await stage.delivered()

        (post,) = posts(stage)
        by_target = sorted(zip(members, targets, strict=True), key=lambda pair: pair[1])
        named = " ".join(f"<@{member.id}> (€{target})" for member, target in by_target)
        assert post.content == f"{named} London → Tokyo €374"
        assert post.embeds[0].title == "London → Tokyo €374, under all 20 targets"
        assert sorted(sent(stage)[0]["allowed_mentions"]["users"]) == sorted(member.id for member in members)


async def test_the_same_target_is_said_once_with_each_member(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-TYO", 450)
        await watch_all(stage, [stage.ada, stage.ben], [420, 420])

        await stage.look("LON-TYO", 374)
        await stage.delivered()

        (post,) = posts(stage)
        assert post.content.count("<@") == 2
        assert post.content.count("(€420)") == 2


async def test_a_hundred_and_fifty_members_are_each_named_and_pinged_once(tmp_path: Path) -> None:
    """Discord takes 2,000 signs and pings 100 members a message: two messages reach them all."""
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-TYO", 450)
        members = crowd(stage, 150)
        await watch_all(stage, members, [380 + number % 60 for number in range(150)])

        await stage.look("LON-TYO", 374)
        for _ in range(2):
            await stage.delivered()

        messages = sent(stage)
        pinged = [member for message in messages for member in message["allowed_mentions"]["users"]]
        assert len(messages) == 2
        assert sorted(pinged) == sorted(member.id for member in members)
        for message in messages:
            assert len(message["content"]) <= 2000
            assert all(
                f"<@{member}>" in message["content"] for member in message["allowed_mentions"]["users"]
            )


async def test_thirty_drops_in_one_batch_are_five_posts_and_one_list(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        places = PLACES[:30]
        for number, destination in enumerate(places):
            stage.fare(f"LON-{destination}", 450)
            await watch(stage, (stage.ada, stage.ben)[number % 2], "420", destination=destination)
        for number, destination in enumerate(places):
            stage.fare(f"LON-{destination}", 400 - number)

        await stage.look(f"LON-{places[0]}", 400)
        while not await stage.quiet():
            await stage.delivered()

        *five, listed = posts(stage)
        assert len(five) == 5
        said = words(listed)
        assert said.count("under €420") == 25
        assert sum("€" in (post.embeds[0].title or "") for post in five) == 5
        assert listed.embeds[0].title == "25 more fares are low now"
        pings = [len(message["allowed_mentions"].get("users", [])) for message in sent(stage)]
        assert pings == [1, 1, 1, 1, 1, 0]


PLACES = (
    "PAR ROM BER MAD LIS ATH OSL HEL VIE PRG WAW BUD DUB BRU AMS ZRH GVA MIL VCE NCE BCN AGP CPH ARN "
    "IST DXB SIN BKK HKG NYC"
).split()
