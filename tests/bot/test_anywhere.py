"""From London to anywhere: /route add, the post with the five cheapest, its edits, and the other commands."""

from pathlib import Path
from typing import Any

import pytest

from bot import autocomplete
from engine.domain.watch import DestinationKind
from tests.bot.forms import fill
from tests.bot.stage import LOOK_AFTER_S, Stage, captions, open_stage, words
from tests.bot.test_trips import by_tequila, cached

WEEKEND: dict[str, Any] = {
    "destination": "anywhere",
    "depart": "2027-03-12",
    "return": "2027-03-14",
    "target": "40",
}
ALL = "PAR ROM BER MAD IST AMS DUB LIS ATH BCN NYC TYO SIN BKK SYD DXB HKG CPT YTO MOW FAO OPO".split()


def costs(stage: Stage, **fares: int) -> None:
    """Everything costs 200 from London but these."""
    for code in ALL:
        stage.fare(f"LON-{code}", fares.get(code, 200))


async def looks(stage: Stage, **fares: int) -> None:
    costs(stage, **fares)
    while not stage.seen.ended.empty():
        stage.seen.ended.get_nowait()
    await stage.clock.advance(LOOK_AFTER_S)
    stage.engine._loops.looks.poke()
    await stage.seen.batch()


def said_last(stage: Stage) -> str:
    message = stage.alert
    (embed,) = message.embeds
    return f"{message.content}\n{embed.title}\n{embed.description}"


async def test_the_answer_shows_the_five_cheapest_and_which_are_under_the_target(tmp_path: Path) -> None:
    async with open_stage(tmp_path, point=by_tequila) as stage:
        costs(stage, FAO=29, DUB=35, OPO=41, LIS=44, BCN=50, PAR=60)

        result = await stage.add(**WEEKEND)

        said = words(result)
        assert "Watching London → anywhere" in said
        lines = said.split("The cheapest today:")[1].splitlines()[1:6]
        assert [line.split(" · ")[0] for line in lines] == [
            "**Faro €29**",
            "**Dublin €35**",
            "**Porto €41**",
            "**Lisbon €44**",
            "**Barcelona €50**",
        ]
        assert "Priced live by Tequila" in said
        assert "**2 of them are already at or under your €40.**" in said
        assert "here, when it costs €40 or less; each place by itself" in said
        assert captions(result) == ["Change", "Undo"]
        assert await stage.quiet()


async def test_what_gets_cheap_is_one_post_with_the_five_cheapest(tmp_path: Path) -> None:
    async with open_stage(tmp_path, point=by_tequila) as stage:
        costs(stage)
        await stage.add(**WEEKEND)

        await looks(stage, FAO=29, DUB=31, OPO=32, LIS=33, BCN=34, PAR=35, ROM=36)
        await stage.delivered()

        said = said_last(stage)
        assert f"<@{stage.ada.id}> London → Faro €29 and 6 more" in said
        assert "London → Faro €29 and 6 more, under your €40" in said
        assert "**London → Faro €29**, under your €40 · " in said
        assert "](https://" in said
        assert "London → Barcelona €34" in said
        assert "London → Paris" not in said
        assert "and 2 more: `/route show`" in said
        assert [user.id for user in stage.alert.mentions] == [stage.ada.id]


async def test_a_line_follows_its_fare_and_news_is_a_post_of_its_own(tmp_path: Path) -> None:
    async with open_stage(tmp_path, point=by_tequila) as stage:
        costs(stage)
        await stage.add(**WEEKEND)
        await looks(stage, FAO=29, DUB=35)
        await stage.delivered()
        first = stage.alert

        await looks(stage, FAO=60, DUB=34)
        await stage.delivered()
        assert stage.alert.id == first.id
        assert "London → Faro €60**, above your €40" in said_last(stage)
        assert "London → Dublin €34**, under your €40" in said_last(stage)

        await looks(stage, FAO=60, DUB=34)
        await stage.delivered()
        assert "London → Faro: gone after" in said_last(stage)

        await looks(stage, FAO=60, DUB=34, OPO=20)
        await stage.delivered()
        assert stage.alert.id != first.id
        assert "London → Porto €20, under your €40" in said_last(stage)
        assert "Dublin" not in said_last(stage)


async def test_a_lead_is_confirmed_before_it_is_told(tmp_path: Path) -> None:
    async with open_stage(tmp_path, point=cached) as stage:
        costs(stage)
        await stage.add(**WEEKEND)
        costs(stage, FAO=29)
        stage.world.travelpayouts.keep_showing(
            "LON-FAO", stage.world.market.price("LON-FAO", stage.clock.now())
        )

        while not stage.seen.ended.empty():
            stage.seen.ended.get_nowait()
        await stage.clock.advance(4 * 3600)
        stage.engine._loops.looks.poke()
        await stage.delivered()

        assert "**London → Faro €29**, under your €40" in said_last(stage)
        assert "not confirmed" not in said_last(stage)


async def test_the_list_names_the_cheapest_place_and_show_ten_of_them(tmp_path: Path) -> None:
    async with open_stage(tmp_path, point=by_tequila) as stage:
        costs(stage, FAO=29, DUB=35)
        await stage.add(**WEEKEND)

        listed = words(await stage.ada.slash(stage.channel, "route list"))
        shown = words(await stage.ada.slash(stage.channel, "route show", route="anywhere"))

        assert "London → anywhere" in listed
        assert "from **€29** (Faro)" in listed
        assert "**Faro €29**" in shown
        assert "**Dublin €35**" in shown
        assert shown.count("€200") == 8


@pytest.mark.parametrize(
    "command", ["route check", "route history", "route pause", "route resume", "route remove"]
)
async def test_every_command_takes_it(tmp_path: Path, command: str) -> None:
    async with open_stage(tmp_path, point=by_tequila) as stage:
        costs(stage, FAO=29)
        await stage.add(**WEEKEND)

        said = words(await stage.ada.slash(stage.channel, command, route="anywhere"))

        assert "London → anywhere" in said


async def test_the_buttons_under_the_post_act_on_the_watch(tmp_path: Path) -> None:
    async with open_stage(tmp_path, point=by_tequila) as stage:
        costs(stage)
        await stage.add(**WEEKEND)
        await looks(stage, FAO=29)
        await stage.delivered()

        result = await stage.ada.click(stage.alert, label="Snooze 24 h")

        assert "Snoozed London → anywhere" in words(result)


@pytest.mark.parametrize(
    ("options", "answer"),
    [
        ({"target": None}, "Somewhere is always cheap"),
        ({"origin": "anywhere"}, "I need to know where the journey begins"),
        ({"destination": "anywhere, PAR"}, "Anywhere is every other place as well"),
    ],
)
async def test_what_cannot_be_meant_is_refused(tmp_path: Path, options: dict[str, Any], answer: str) -> None:
    async with open_stage(tmp_path, point=by_tequila) as stage:
        said = words(await stage.add(**(WEEKEND | options)))

        assert answer in said
        assert await stage.routes() == []


async def test_without_a_source_that_can_sweep_it_is_refused(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:  # amadeus alone
        said = words(await stage.add(**WEEKEND))

        assert "None of my fare sources can look everywhere at once" in said
        assert await stage.routes() == []


async def test_anywhere_comes_first_while_it_may_be_meant(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        names = {
            typed: [choice.value for choice in autocomplete.destinations(stage.bot.desk, typed)][:1]
            for typed in ("", "an", "Irgend", "üb", "Paris")
        }

        assert names == {
            "": ["anywhere"],
            "an": ["anywhere"],
            "Irgend": ["anywhere"],
            "üb": ["anywhere"],
            "Paris": ["PAR"],
        }
        assert len(autocomplete.destinations(stage.bot.desk, "")) == 25
        assert "anywhere" not in [each.value for each in autocomplete.places(stage.bot.desk, "an")]


async def test_the_form_changes_it_like_any_route(tmp_path: Path) -> None:
    async with open_stage(tmp_path, point=by_tequila) as stage:
        costs(stage, FAO=29, DUB=35)
        await stage.add(**WEEKEND)
        (watch,) = await stage.routes()

        shown = await stage.ada.slash(stage.channel, "route edit", route=watch)
        changed = words(await fill(stage.ada, shown, target="30", out="19 Mar 2027", back="21 Mar 2027"))
        shown = await stage.ada.slash(stage.channel, "route edit", route=watch)
        none = words(await fill(stage.ada, shown, target=""))

        assert "London → anywhere" in changed
        assert "**1 of them is already at or under your €30.**" in changed
        assert "Somewhere is always cheap" in none


async def test_departed_days_end_every_post(tmp_path: Path) -> None:
    async with open_stage(tmp_path, point=by_tequila) as stage:
        costs(stage)
        await stage.add(**(WEEKEND | {"depart": "2026-11-23", "return": "2026-11-24"}))
        for fares in ({"FAO": 29}, {"FAO": 29, "DUB": 35}):
            await looks(stage, **fares)
            await stage.delivered()
        posts = [message for message in stage.channel.history() if message.embeds][:2]

        await stage.clock.advance(3 * 86_400)
        stage.engine._loops.looks.poke()
        for _ in range(3):  # both posts, and the notice
            await stage.delivered()

        said = [str(message.embeds[0].description) for message in stage.channel.history() if message.embeds]
        assert len(posts) == 2
        assert sum("nobody waits for it here any more" in each for each in said) == 2


async def test_an_exported_route_to_anywhere_can_be_imported_again(tmp_path: Path) -> None:
    async with open_stage(tmp_path, point=by_tequila) as stage:
        costs(stage, FAO=29)
        await stage.add(**WEEKEND)

        exported = await stage.engine.actions.exporting.of_owner(stage.owner)
        text = exported.content.decode("utf-8-sig")
        preview = await stage.engine.actions.importing.preview("mine.csv", exported.content, stage.owner, ())

        assert "LON,anywhere,," in text
        assert (len(preview.plan.same), preview.plan.refused) == (1, ())


async def test_a_private_post_is_told_by_direct_message(tmp_path: Path) -> None:
    async with open_stage(tmp_path, point=by_tequila) as stage:
        costs(stage)
        await stage.add(**WEEKEND, where="dm")

        await looks(stage, FAO=29, DUB=35)
        await stage.delivered(DestinationKind.DM)

        message = stage.ada_user.dm_channel.last_message
        assert message is not None
        assert message.content == "London → Faro €29 and 1 more, under your €40"


async def test_from_several_cities_each_line_and_its_link_say_in_which_it_begins(tmp_path: Path) -> None:
    async with open_stage(tmp_path, point=by_tequila) as stage:
        costs(stage)
        stage.fare("PAR-DUB", 200)

        result = await stage.add(**WEEKEND | {"origin": "LON, PAR"})
        assert "Watching London or Paris → anywhere" in words(result)

        stage.fare("PAR-DUB", 31)
        await looks(stage, FAO=35)
        await stage.delivered()

        said = said_last(stage)
        assert f"<@{stage.ada.id}> Paris → Dublin €31 and 1 more" in said
        assert "**Paris → Dublin €31**" in said
        assert "**London → Faro €35**" in said
        shown = words(await stage.ada.slash(stage.channel, "route show", route="LON"))
        assert "Paris → Dublin €31" in shown
