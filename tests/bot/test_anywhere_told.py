"""Finds told otherwise than by an alert: digests, looks asked for, posts that nobody waits for."""

from pathlib import Path

from engine.domain.watch import DestinationKind
from tests.bot.stage import Stage, open_stage, words
from tests.bot.test_anywhere import WEEKEND, costs, looks, said_last
from tests.bot.test_digest import EVENING, digest
from tests.bot.test_quiet import at, night, until
from tests.bot.test_trips import by_tequila


async def test_a_digest_in_place_of_pings_names_every_place_that_got_cheap(tmp_path: Path) -> None:
    async with open_stage(tmp_path, point=by_tequila, start=EVENING) as stage:
        costs(stage)
        await stage.add(**WEEKEND)
        await digest(stage, time="8", timezone="Europe/Berlin", gather=True)
        await until(stage, at(7))
        await looks(stage, OPO=20, DUB=33, LIS=35)

        content, said = await digested(stage)

        assert content == "At your target today: London → Porto €20"
        assert "🔔 **London → anywhere**" in said
        assert "from **€20** (Porto)" in said
        assert "also Dublin €33, Lisbon €35" in said


async def test_a_digest_besides_alerts_names_the_cheapest_place(tmp_path: Path) -> None:
    async with open_stage(tmp_path, point=by_tequila, start=EVENING) as stage:
        costs(stage, FAO=44, DUB=45)
        await stage.add(**WEEKEND)
        await digest(stage, time="8", timezone="Europe/Berlin")
        await until(stage, at(7))
        await looks(stage, FAO=44, DUB=45)

        _, said = await digested(stage)

        assert "from **€44** (Faro)" in said
        assert "also" not in said


async def test_a_digest_and_the_list_say_in_which_of_several_cities_a_find_begins(tmp_path: Path) -> None:
    async with open_stage(tmp_path, point=by_tequila, start=EVENING) as stage:
        costs(stage, DUB=33)
        stage.fare("PAR-FAO", 20)
        await stage.add(**WEEKEND | {"origin": "LON, PAR"})
        await digest(stage, time="8", timezone="Europe/Berlin")

        content, said = await digested(stage)

        assert content == "At your target today: Paris → Faro €20"
        assert "from **€20** (Paris → Faro)" in said
        listed = words(await stage.ada.slash(stage.channel, "route list"))
        assert "from **€20** (Paris → Faro)" in listed


async def test_a_look_asked_for_says_until_when_finds_of_an_earlier_one_wait(tmp_path: Path) -> None:
    async with open_stage(tmp_path, point=by_tequila) as stage:
        costs(stage)
        await stage.add(**WEEKEND)
        await night(stage)
        await until(stage, at(23))
        await looks(stage, FAO=29)

        said = words(await stage.ada.slash(stage.channel, "route check", route="anywhere"))

        assert "**1 place is at or under your €40.**" in said
        end = int(at(7).timestamp())
        assert f"The alert waits for the end of your quiet hours, <t:{end}:R>." in said


async def test_a_post_that_nobody_waits_for_any_more_keeps_its_finds(tmp_path: Path) -> None:
    async with open_stage(tmp_path, point=by_tequila) as stage:
        costs(stage)
        await stage.add(**WEEKEND)
        await looks(stage, FAO=29, DUB=35)
        await stage.delivered()

        await stage.ada.slash(stage.channel, "route remove", route="anywhere")
        await stage.delivered()

        said = said_last(stage)
        assert said.startswith("London → Faro €29 and 1 more\n")
        assert "**London → Faro €29** · " in said
        assert "**London → Dublin €35** · " in said
        assert "under your" not in said
        assert "nobody waits for it here any more" in said


async def test_a_list_of_many_posts_names_the_cheapest_place_of_each(tmp_path: Path) -> None:
    async with open_stage(tmp_path, point=by_tequila) as stage:
        costs(stage)
        for day in range(1, 8):
            await stage.add(**WEEKEND | {"depart": f"2027-03-{day:02}"})
        await looks(stage, FAO=29, DUB=31)
        for _ in range(6):
            await stage.delivered()

        (said,) = [words(each) for each in stage.channel.history() if "comes as one list" in words(each)]

        assert said.startswith("London → Faro €29 and 1 more\n")
        assert said.count("**London → Faro €29 and 1 more**, under €40") == 2


async def test_who_adds_it_twice_reads_where_the_cheapest_fare_leads(tmp_path: Path) -> None:
    async with open_stage(tmp_path, point=by_tequila) as stage:
        costs(stage, FAO=29)
        await stage.add(**WEEKEND)

        said = words(await stage.add(**WEEKEND))

        assert "You already watch London → anywhere" in said
        assert "Last seen **Faro €29** · " in said


async def test_a_post_of_finds_says_by_whom_and_when_they_were_seen(tmp_path: Path) -> None:
    async with open_stage(tmp_path, point=by_tequila) as stage:
        costs(stage)
        await stage.add(**WEEKEND)
        await looks(stage, FAO=29, DUB=35)
        await stage.delivered()

        assert said_last(stage).count("Priced live by Tequila <t:") == 1


async def digested(stage: Stage) -> tuple[str, str]:
    """What the digest of the morning says, on a phone and in full."""
    await until(stage, at(8))
    stage.engine._loops.digests.wake()
    await stage.delivered(DestinationKind.DM)
    message = stage.ada_user.dm_channel.last_message
    assert message is not None
    return message.content, message.embeds[0].description or ""
