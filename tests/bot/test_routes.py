"""/route list, show, pause, resume, remove, check, and the choices while typing."""

from pathlib import Path

from engine.fares.cache import KEPT_S
from sandbox.amadeus import OFFERS_PATH
from sandbox.faults import Fault
from tests.bot.forms import fill
from tests.bot.stage import Stage, captions, open_stage, words
from tests.support.clock import START

TWELVE = ("PAR", "ROM", "BER", "MAD", "IST", "AMS", "DUB", "LIS", "ATH", "BCN", "NYC", "TYO")


async def twelve_routes(stage: Stage) -> None:
    """Fares of 100, each route with a target further below: the later, the farther from its target."""
    for number, destination in enumerate(TWELVE):
        stage.fare(f"LON-{destination}", 100)
        await stage.add(destination=destination, target=str(99 - number))


async def test_the_list_shows_the_closest_first_ten_a_page_and_buttons_turn_it(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await twelve_routes(stage)

        first = await stage.ada.slash(stage.channel, "route list")

        assert first.ephemeral
        assert "1. London → Paris · 10\N{EN DASH}24 Mar" in words(first)
        assert "10. London → Barcelona" in words(first)
        assert "Tokyo" not in words(first)
        assert "12 routes of 25 · page 1 of 2" in words(first)
        assert captions(first) == ["[Previous]", "Next"]
        assert first.response

        await stage.ada.click(first.response, label="Next")

        assert "12. London → Tokyo" in words(first)
        assert captions(first) == ["Previous", "[Next]"]


async def test_the_list_shows_fare_target_last_look_and_state(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450)
        await stage.ada.slash(stage.channel, "route pause", route=watch)

        said = words(await stage.ada.slash(stage.channel, "route list"))

        assert "**€450** · €30 above (7 %) · target €420" in said
        assert "looked <t:" in said
        assert "Paused" in said
        assert "1 route of 25" in said
        assert watch not in said


async def test_an_empty_list_says_how_to_begin(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        assert "`/route add` begins" in words(await stage.ada.slash(stage.channel, "route list"))


async def test_show_has_the_numbers(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450)

        result = await stage.ada.slash(stage.channel, "route show", route=watch)

        said = words(result)
        assert "Target €420: now €30 above (7 %)" in said
        assert "Lowest in 30 days: €450" in said
        assert "**Out** 10 Mar" in said
        assert "next <t:" in said
        assert captions(result) == ["Change", "Pause", "Remove"]


async def test_a_paused_route_is_not_looked_at_and_resuming_tells_what_is_met(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450)
        result = await stage.ada.slash(stage.channel, "route pause", route=watch)
        searches = len(stage.world.ledger.of("amadeus"))
        stage.fare("LON-TYO", 400)
        await stage.clock.advance(7200)
        assert len(stage.world.ledger.of("amadeus")) == searches
        assert result.response

        await stage.ada.click(result.response, label="Resume")

        assert "Watching London → Tokyo again" in words(result)
        assert "already at or under your €420" in words(result)
        assert await stage.quiet()


async def test_a_removed_route_comes_back_within_a_minute(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched()
        result = await stage.ada.slash(stage.channel, "route remove", route=watch)
        assert await stage.routes() == []
        assert "undo this for 60 seconds" in words(result)
        assert result.response
        await stage.clock.advance(59)

        await stage.ada.click(result.response, label="Undo")

        assert "back on your list" in words(result)
        assert await stage.routes() == [watch]


async def test_after_a_minute_a_removal_stays(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        result = await stage.ada.slash(stage.channel, "route remove", route=await stage.watched())
        assert result.response
        await stage.clock.advance(61)

        answer = await stage.ada.click(result.response, label="Undo")

        assert "too late" in words(answer.followups[0])
        assert await stage.routes() == []


async def test_undoing_the_removal_of_a_route_that_was_added_again_leaves_one(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        removed = await stage.ada.slash(stage.channel, "route remove", route=await stage.watched())
        assert removed.response
        await stage.add()

        answer = await stage.ada.click(removed.response, label="Undo")

        assert "added this route again already" in words(answer.followups[0])
        assert len(await stage.routes()) == 1


async def test_a_removal_is_not_undone_past_the_last_route_a_member_may_have(tmp_path: Path) -> None:
    async with open_stage(tmp_path, max_watches_per_member=1) as stage:
        removed = await stage.ada.slash(stage.channel, "route remove", route=await stage.watched())
        assert removed.response
        await stage.add(destination="PAR")

        answer = await stage.ada.click(removed.response, label="Undo")

        assert "You watch 1 of 1 routes" in words(answer.followups[0])
        assert len(await stage.routes()) == 1


async def test_another_target_for_a_paused_route_asks_no_source(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched()
        await stage.ada.slash(stage.channel, "route pause", route=watch)
        await stage.clock.advance(2 * 3600)
        asked = len(stage.world.ledger.entries)
        shown = await stage.ada.slash(stage.channel, "route show", route=watch)
        assert shown.response

        form = await stage.ada.click(shown.response, label="Change")
        await fill(stage.ada, form, target="399")

        assert "It is paused: I look again once you resume it." in words(shown)
        assert len(stage.world.ledger.entries) == asked


async def test_a_departed_route_is_said_to_be_departed(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450, falls_to=400)
        await stage.clock.advance(110 * 86_400)

        checked = await stage.ada.slash(stage.channel, "route check", route=watch)
        snoozed = await stage.ada.click(stage.alert, label="Snooze 24 h")

        assert "has departed" in words(checked)
        assert "has departed" in words(snoozed)


async def test_check_looks_now(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450)
        await stage.clock.advance(KEPT_S)
        stage.fare("LON-TYO", 431)

        said = words(await stage.ada.slash(stage.channel, "route check", route=watch))

        assert "London → Tokyo €431" in said
        assert "not what you wait for yet" in said


async def test_check_within_five_minutes_shows_what_was_seen_and_asks_nobody(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450)
        asked = len(stage.world.ledger.of("amadeus", OFFERS_PATH))
        stage.fare("LON-TYO", 400)
        await stage.clock.advance(KEPT_S - 1)

        said = words(await stage.ada.slash(stage.channel, "route check", route=watch))

        assert "London → Tokyo €450" in said
        assert f"<t:{int(START.timestamp())}:R>" in said
        assert len(stage.world.ledger.of("amadeus", OFFERS_PATH)) == asked


async def test_check_says_when_the_alert_is_on_its_way(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450)
        await stage.clock.advance(KEPT_S)
        stage.fare("LON-TYO", 400)

        said = words(await stage.ada.slash(stage.channel, "route check", route=watch))

        assert "the alert is on its way" in said
        await stage.delivered()


async def test_check_of_a_blocked_source_shows_the_last_fare(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450)
        await stage.clock.advance(KEPT_S)
        stage.world.amadeus.faults.plan(Fault.RATE_LIMIT, times=None)

        said = words(await stage.ada.slash(stage.channel, "route check", route=watch))

        assert "no fare now" in said
        assert "Last seen **€450**" in said


async def test_somebody_elses_route_is_as_unknown_as_any(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched()
        for command in ("show", "pause", "resume", "remove", "check"):
            result = await stage.ben.slash(stage.channel, f"route {command}", route=watch)

            assert "No route of yours" in words(result), command
        assert await stage.routes() == [watch]


async def test_a_route_may_be_named_by_words_instead_of_picked(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.add()
        await stage.add(destination="PAR", target="80")

        assert "Paris" in words(await stage.ada.slash(stage.channel, "route show", route="paris"))
        several = words(await stage.ada.slash(stage.channel, "route show", route="london"))
        assert "2 routes of yours fit" in several


async def test_places_routes_and_currencies_are_offered_while_typing(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched()
        here = stage.channel

        places = await stage.ada.autocomplete(here, "route add", "origin", "heathr")
        routes = await stage.ada.autocomplete(here, "route show", "route", "tokyo 420")
        money = await stage.ada.autocomplete(here, "route add", "currency", "yen")
        others = await stage.ben.autocomplete(here, "route show", "route", "")

        assert places == [{"name": "London Heathrow · LHR · United Kingdom", "value": "LHR"}]
        assert routes == [{"name": "LON → TYO · 10\N{EN DASH}24 Mar · target €420", "value": watch}]
        assert {"name": "JPY · Japanese Yen", "value": "JPY"} in money
        assert others == []


async def test_a_route_is_found_as_logs_and_texts_name_it(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-TYO", 450)
        stage.fare("LON-PAR", 100)
        await stage.add()
        await stage.add(destination="PAR")

        for typed in ("LON-TYO", "lon-tyo", "LON TYO", "LON->TYO"):
            assert "London → Tokyo" in words(await stage.ada.slash(stage.channel, "route show", route=typed))
        assert "No route of yours" in words(
            await stage.ada.slash(stage.channel, "route show", route="LON-BER")
        )
