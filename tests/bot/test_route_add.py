"""/route add: what it answers, what it stores, what it refuses."""

from pathlib import Path
from typing import Any

import discord

from sandbox.faults import Fault
from tests.bot.forms import fill
from tests.bot.stage import captions, open_stage, words


async def test_the_answer_shows_todays_fare_the_filters_and_how_often_it_is_looked_at(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-TYO", 450)

        result = await stage.add(max_stops=1, adults=2, target="210 pp")

        said = words(result)
        assert result.ephemeral
        assert "Watching London → Tokyo" in said
        assert "**Wed 10 \N{EN DASH} Wed 24 March 2027 · 14 nights**" in said
        assert "economy · 2 adults · at most 1 stop · in EUR" in said
        assert "Today **€900**" in said
        assert "here, when it costs €420 or less" in said
        assert "I look every 15 minutes" in said
        assert captions(result) == ["Change", "Undo"]


async def test_a_fare_already_under_the_target_is_said_and_not_pinged(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-TYO", 400)

        said = words(await stage.add())

        assert "already at or under your €420" in said
        assert await stage.quiet()
        assert stage.channel.last_message is None or stage.channel.last_message.interaction_metadata


async def test_without_a_target_three_are_offered_and_one_that_cannot_be_had_says_why(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-TYO", 450)

        result = await stage.add(target=None)

        assert captions(result) == [
            "[Cheapest quarter: needs 5 days of fares]",
            "10 % below today: €405",
            "A new low",
            "Change",
            "Undo",
        ]


async def test_an_offer_pressed_becomes_the_target(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-TYO", 450)
        result = await stage.add(target=None)
        assert result.response

        await stage.ada.click(result.response, label="10 % below today: €405")

        assert "when it costs €405 or less" in words(result)
        assert captions(result) == ["Change"]


async def test_undo_takes_the_new_route_off_the_list(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        result = await stage.add()
        assert result.response

        await stage.ada.click(result.response, label="Undo")

        assert "Not watching London → Tokyo" in words(result)
        assert await stage.routes() == []


async def test_change_opens_a_form_with_the_present_target_in_it(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        result = await stage.add(target="420")
        assert result.response

        shown = await stage.ada.click(result.response, label="Change")
        assert shown.modal
        assert "'value': '420'" in str(shown.modal)
        await fill(stage.ada, shown, target="399,50")

        assert "when it costs €399.50 or less" in words(result)


async def test_a_target_that_cannot_be_read_leaves_the_old_one_and_its_message(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        result = await stage.add(target="420")
        assert result.response
        before = words(result)
        shown = await stage.ada.click(result.response, label="Change")

        answer = await fill(stage.ada, shown, target="lots")

        assert "amount" in words(answer.followups[0])
        assert answer.followups[0].ephemeral
        assert words(result) == before


async def test_the_same_route_in_the_same_place_is_shown_instead_of_doubled(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.add()

        said = words(await stage.add(target="300"))

        assert "You already watch London → Tokyo" in said
        assert "when it costs €420 or less" in said
        assert len(await stage.routes()) == 1


async def test_the_same_route_elsewhere_and_of_another_member_is_another(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.add()
        await stage.add(where="dm")
        await stage.add(stage.ben)

        assert len(await stage.routes()) == 2
        assert len(await stage.routes(stage.ben)) == 1
        assert len(stage.world.ledger.of("amadeus", "/v2/shopping/flight-offers")) == 1


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"origin": "JKF"}, "JFK"),
    ({"destination": "Lodnon"}, "London"),
    ({"return": "2027-03-09"}, "return"),
    ({"depart": "2020-01-01", "return": None}, "past"),
    ({"depart": "soon"}, "2027-03-10"),
    ({"target": "0"}, "above zero"),
    ({"target": "-5"}, "above zero"),
    ({"currency": "EUX"}, "EUX"),
    ({"adults": 10}, "9"),
    ({"adults": 0}, "1"),
    ({"destination": "LON"}, "both LON"),
]


async def test_what_cannot_be_meant_is_answered_in_a_sentence_and_nothing_is_stored(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        for options, hint in WRONG:
            result = await stage.add(**options)

            said = words(result)
            assert result.ephemeral
            assert hint.casefold() in said.casefold(), (options, said)
            assert "Error" not in said
            assert "Traceback" not in said
        assert await stage.routes() == []
        assert not stage.world.ledger.of("amadeus")


async def test_the_last_route_a_member_may_have_is_counted(tmp_path: Path) -> None:
    async with open_stage(tmp_path, max_watches_per_member=1) as stage:
        await stage.add()

        said = words(await stage.add(destination="PAR"))

        assert "1 of 1 routes" in said


async def test_a_source_in_trouble_is_said_in_words_and_the_route_is_watched(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        for number, fault in enumerate((Fault.SERVER_ERROR, Fault.HTML, Fault.EMPTY, Fault.RATE_LIMIT)):
            stage.world.amadeus.faults.clear()
            stage.world.amadeus.faults.plan(fault, times=None)

            said = words(await stage.add(target=str(100 + number), depart=f"2027-03-1{number}"))

            assert "Watching London → Tokyo" in said, fault
            assert "Amadeus" in said
            assert "I keep looking" in said
        assert len(await stage.routes()) == 4


async def test_a_channel_where_the_bot_may_not_write_is_refused_with_what_is_missing(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.channel = stage.guild.create_text_channel(
            "silent",
            overwrites={
                stage.guild.default_role: discord.PermissionOverwrite(send_messages=False, embed_links=False)
            },
        )

        said = words(await stage.add())

        assert "Send Messages and Embed Links" in said
        assert await stage.routes() == []


async def test_markdown_and_mentions_that_somebody_typed_are_harmless(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        said = words(await stage.add(origin="<@&1> @everyone **x** [a](https://b.example)"))

        assert "<@" not in said
        assert "@everyone" not in said
        assert "**x**" not in said


async def test_in_a_direct_message_here_means_the_direct_message(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        cleo = stage.env.create_user("cleo")
        stage.guild.add_member(cleo)

        result = await cleo.slash("route add", origin="LON", destination="TYO", depart="2027-03-10")

        assert "by direct message" in words(result)


WITH_NIGHTS: dict[str, Any] = {"depart": "12. März", "return": "2 weeks later"}


async def test_days_in_free_words_are_understood_and_shown_as_days(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        said = words(await stage.add(**WITH_NIGHTS))

        assert "**Fri 12 \N{EN DASH} Fri 26 March 2027 · 14 nights**" in said
        assert "3 Apr or 4 Mar" in words(await stage.add(depart="03/04"))
