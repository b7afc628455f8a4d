"""/route edit and the button Change: one form for everything about a route but its ends."""

from pathlib import Path
from typing import Any

from msgspec import structs
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from engine.domain.watch import DestinationKind, WatchId
from engine.tongue import Tongues
from tests.bot.forms import fill, standing
from tests.bot.stage import Stage, captions, open_stage, words

DASH = "\N{EN DASH}"
GONE = "That route is not on your list any more."
BEGUN = {
    "target": "420",
    "out": "10 Mar 2027",
    "back": "24 Mar 2027",
    "stops": "any",
    "details": "1 adult, economy",
}


async def opened(stage: Stage, watch: str, actor: MemberActor | None = None) -> InteractionResult:
    return await (actor or stage.ada).slash(stage.channel, "route edit", route=watch)


async def edited(stage: Stage, watch: str, **typed: str) -> InteractionResult:
    return await fill(stage.ada, await opened(stage, watch), **typed)


async def test_the_form_has_the_route_as_it_stands(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        shown = await opened(stage, await stage.watched())

        assert shown.modal
        assert shown.modal["title"] == "Change London → Tokyo"
        assert standing(shown) == BEGUN


RICH: dict[str, Any] = {
    "depart": "2027-03-10",
    "return": None,
    "nights": "14",
    "adults": 2,
    "children": 1,
    "cabin": "business",
    "max_stops": 1,
    "airlines": "NH",
    "out_hours": "6-22",
    "back_hours": "after 5",
    "bags": 1,
    "target": None,
}


async def test_a_route_with_everything_stands_in_it_and_sent_off_untouched_nothing_changes(
    tmp_path: Path,
) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.add(**RICH)
        (watch,) = await stage.routes()
        before = await stage.engine.actions.watches.show(WatchId(watch), stage.owner)
        shown = await opened(stage, watch)
        said = "2 adults, 1 child, business, only NH, out 06:00-22:00, back after 05:00, 1 bag"
        assert standing(shown) == {
            "target": "",
            "out": "10 Mar 2027",
            "back": "24 Mar 2027",
            "stops": "1",
            "details": said,
        }

        await fill(stage.ada, shown)

        assert await stage.engine.actions.watches.show(WatchId(watch), stage.owner) == before


async def test_another_target_alone_is_a_change_of_the_target(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450)
        asked = len(stage.world.ledger.entries)

        answer = await edited(stage, watch, target="399,50")

        assert answer.ephemeral
        assert "Changed: London → Tokyo" in words(answer)
        assert "when it costs €399.50 or less" in words(answer)
        assert len(stage.world.ledger.entries) == asked


async def test_an_empty_target_asks_for_new_lows(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        answer = await edited(stage, await stage.watched(450), target="")

        assert "when it is cheaper than in the last 30 days" in words(answer)


async def test_other_days_stops_and_travellers_are_another_route_of_the_same_watch(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450)

        answer = await edited(
            stage, watch, out="12 mar", back="14 nights", stops="1", details="2 adults, not FR"
        )

        said = words(answer)
        assert f"**Fri 12 {DASH} Fri 26 March 2027 · 14 nights**" in said
        assert "economy · 2 adults · at most 1 stop · without Ryanair · in EUR" in said
        assert "Today **€900**" in said
        assert "when it costs €420 or less" in said
        assert await stage.routes() == [watch]


async def test_what_is_met_on_the_new_route_is_said_and_not_pinged(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450)
        stage.fare("LON-TYO", 400)

        said = words(await edited(stage, watch, out="12 mar", back="26 mar"))
        await stage.look("LON-TYO", 400)

        assert "already at or under your €420" in said
        assert await stage.quiet()


async def test_the_old_alert_says_that_nobody_waits_and_never_follows_the_new_route(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450, falls_to=374)
        old = stage.alert
        assert old.embeds[0].title == "London → Tokyo €374, under your €420"

        await edited(stage, watch, out="12 mar", back="26 mar")
        await stage.delivered()

        assert "nobody waits for it here any more" in words(stage.alert)
        assert "€374" in words(stage.alert)
        frozen = words(stage.alert)
        for fare in (500, 500, 500):
            await stage.look("LON-TYO", fare)
        assert await stage.quiet()
        assert words(stage.alert) == frozen

        await stage.look("LON-TYO", 360)
        await stage.delivered()
        assert stage.alert.id != old.id
        assert f"Fri 12 {DASH} Fri 26 March 2027" in words(stage.alert)


async def test_removed_and_brought_back_it_does_not_wake_the_alert_of_the_route_it_was_on(
    tmp_path: Path,
) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450, falls_to=374)
        await edited(stage, watch, out="12 mar", back="26 mar")
        await stage.delivered()
        frozen = words(stage.alert)

        removed = await stage.ada.slash(stage.channel, "route remove", route=watch)
        assert removed.response
        await stage.ada.click(removed.response, label="Undo")

        assert await stage.quiet()
        assert words(stage.alert) == frozen


async def test_the_button_under_the_reply_opens_the_same_form_and_answers_in_its_place(
    tmp_path: Path,
) -> None:
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-TYO", 450)
        added = await stage.add()
        assert added.response

        shown = await stage.ada.click(added.response, label="Change")
        assert standing(shown) == BEGUN
        await fill(stage.ada, shown, back="")

        assert "**Wed 10 March 2027 · one way**" in words(added)


async def test_a_window_is_changed_in_its_own_words(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-TYO", 450)
        await stage.add(depart="weekends in march", **ONE_WAY)
        (watch,) = await stage.routes()
        shown = await opened(stage, watch)
        assert (standing(shown)["out"], standing(shown)["back"]) == ("any Fri in March 2027", "2 nights")

        answer = await fill(stage.ada, shown, back="3 nights")

        assert f"Any Fri {DASH} Mon" in words(answer)


ONE_WAY: dict[str, Any] = {"return": None}
ELSEWHEN: dict[str, Any] = {"depart": "2027-03-12", "return": "2027-03-26"}
WRONG = [
    ({"target": "lots"}, "amount"),
    ({"out": "soon"}, "as a date"),
    ({"back": "9 Mar 2027"}, "before the departure"),
    ({"details": "window seat"}, "cannot read"),
    ({"details": "12 adults"}, "1 to 9"),
    ({"back": "", "details": "back after 18"}, "no way back"),
    ({"out": "in the next 90 days", "back": "1-20 nights"}, "searches a look"),
]


async def test_what_cannot_be_meant_is_said_and_can_be_tried_again_from_where_it_was(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450)
        before = await stage.engine.actions.watches.show(WatchId(watch), stage.owner)
        answer = again = await opened(stage, watch)
        for typed, hint in WRONG:
            answer = await edited(stage, watch, **typed)

            assert hint in words(answer), typed
            assert answer.ephemeral
            assert captions(answer) == ["Try again"]
            assert answer.response
            again = await stage.ada.click(answer.response, label="Try again")
            assert standing(again) == BEGUN | typed
        assert await stage.engine.actions.watches.show(WatchId(watch), stage.owner) == before

        await fill(stage.ada, again, out="12 mar", back="26 mar")
        assert f"Fri 12 {DASH} Fri 26 March 2027" in words(answer)


async def test_a_kept_try_again_of_long_ago_opens_the_route_as_it_stands(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        answer = await edited(stage, await stage.watched(450), out="soon")
        await stage.clock.advance(3600)
        assert answer.response

        again = await stage.ada.click(answer.response, label="Try again")

        assert standing(again) == BEGUN


async def test_the_same_route_in_the_same_place_twice_is_refused(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.add(**ELSEWHEN)
        (other,) = await stage.routes()
        await stage.add()
        (watch,) = {*await stage.routes()} - {other}

        answer = await edited(stage, watch, out="12 mar", back="26 mar")

        assert "You watch exactly that route there already." in words(answer)
        assert len({*await stage.routes()}) == 2


async def test_a_paused_route_stays_paused_and_asks_no_source(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450)
        await stage.ada.slash(stage.channel, "route pause", route=watch)
        asked = len(stage.world.ledger.entries)

        answer = await edited(stage, watch, out="12 mar", back="26 mar")

        assert "It is paused: I look again once you resume it." in words(answer)
        assert len(stage.world.ledger.entries) == asked


async def test_a_departed_route_is_watched_again_on_new_days(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450)
        await stage.clock.advance(110 * 86_400)

        refused = await edited(stage, watch, target="300")
        assert "has departed" in words(refused)
        answer = await edited(stage, watch, out="12 May 2027", back="14 nights")

        assert f"Wed 12 {DASH} Wed 26 May 2027" in words(answer)
        (shown,) = await stage.engine.actions.watches.of_owner(stage.owner)
        assert shown.watch.status.value == "active"


async def test_a_route_between_bot_and_member_stays_so(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-TYO", 450)
        await stage.add(where="dm")
        (watch,) = await stage.routes()

        answer = await edited(stage, watch, out="12 mar", back="26 mar")

        assert answer.ephemeral
        (shown,) = await stage.engine.actions.watches.of_owner(stage.owner)
        assert [place.kind for place in shown.watch.tell] == [DestinationKind.DM]


async def test_a_stranger_learns_nothing_of_it_by_name_or_by_a_forged_id(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450)

        by_id = await opened(stage, watch, stage.ben)

        assert by_id.modal is None
        assert "No route of yours is called so." in words(by_id)


async def test_a_form_that_was_open_when_the_route_was_removed_says_so(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450)
        shown = await opened(stage, watch)
        await stage.ada.slash(stage.channel, "route remove", route=watch)

        answer = await fill(stage.ada, shown, target="300")

        assert GONE in words(answer)
        assert captions(answer) == []


async def test_a_german_finds_german_words_in_it(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450, depart="weekends in march", **ONE_WAY)
        german = stage.bot.desk.tongues.of("de")
        stage.bot.desk = structs.replace(stage.bot.desk, tongues=Tongues({"en": german}))

        found = standing(await opened(stage, watch))

        assert (found["out"], found["back"]) == ("jeden Fr im März 2027", "2 Nächte")
        assert found["details"] == "1 Erwachsener, economy"
