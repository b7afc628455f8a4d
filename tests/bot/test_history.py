"""/route history, the button Chart and the picture in /route show."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from simcord.results import InteractionResult

from engine.domain.history import DayLow
from engine.domain.quote import SourceKind
from engine.domain.watch import WatchId
from tests.bot.stage import Stage, captions, open_stage, words
from tests.support.clock import START


async def with_a_past(stage: Stage, watch_id: str, *lows: int) -> None:
    """Daily lows in euros up to yesterday, the oldest first."""
    async with stage.engine.store.transaction() as tx:
        row = await tx.watches.get(WatchId(watch_id))
        assert row
        days = [
            DayLow(
                day=(START - timedelta(days=ago)).date(),
                kind=SourceKind.LIVE,
                low=low * 100,
                first=low * 100,
                last=low * 100,
            )
            for ago, low in zip(range(len(lows), 0, -1), lows, strict=True)
        ]
        await tx.history.save([(row.route.route.id, day) for day in days])


async def test_the_history_is_a_picture_with_its_numbers_and_words_for_who_cannot_see_it(
    tmp_path: Path,
) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450)
        await with_a_past(stage, watch, 480, 470, 410, 430, 465)

        result = await stage.ada.slash(stage.channel, "route history", route=watch)

        said = words(result)
        assert result.ephemeral
        assert "Now: €450" in said
        assert "Lowest in 60 days: €410" in said
        assert "Your target €420: met on 1 of 6 days" in said
        assert captions(result) == ["Change"]
        assert result.response
        (file,) = result.response.attachments
        assert file.filename == "fares.png"


async def test_a_route_without_any_fare_yet_says_so_and_has_no_picture(tmp_path: Path) -> None:
    async with open_stage(tmp_path, fare_sources=()) as stage:
        await stage.add()
        watch = (await stage.routes())[-1]

        result = await stage.ada.slash(stage.channel, "route history", route=watch)

        assert "no history" in words(result)
        assert result.response
        assert not result.response.attachments


async def test_show_carries_the_picture_too(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450)
        result = await stage.ada.slash(stage.channel, "route show", route=watch)
        assert result.response
        assert [file.filename for file in result.response.attachments] == ["fares.png"]


async def test_the_button_under_an_alert_shows_the_picture_to_its_owner_alone(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450, falls_to=374)

        shown = await stage.ada.click(stage.alert, label="Chart")
        refused = await stage.ben.click(stage.alert, label="Chart")

        assert shown.ephemeral
        assert "the fare so far" in words(shown)
        assert refused.ephemeral
        assert "This is" in words(refused)
        assert "€" not in words(refused)


async def test_the_answer_to_a_new_route_says_what_it_used_to_cost(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-TYO", 450)
        first = words(await stage.add())
        assert "I know no earlier fares of it: its history begins today." in first
        await with_a_past(stage, (await stage.routes())[-1], 480, 470, 410, 430, 465)

        assert "Lowest so far €410, on 19 Nov; usually €465." in words(await stage.add(stage.ben))


MARCH: dict[str, Any] = {"depart": "8-14 Mar 2027", "return": None, "nights": "14"}


async def test_a_window_is_a_calendar_of_what_each_day_costs_and_then_how_its_fare_went(
    tmp_path: Path,
) -> None:
    async with open_stage(tmp_path) as stage:
        watch = await stage.watched(450, **MARCH)
        stage.world.market.pin_day("LON-TYO", date(2027, 3, 12), Decimal(374))
        await stage.look("LON-TYO", 450)
        await stage.delivered()

        shown = await stage.ada.slash(stage.channel, "route history", route=watch)
        detail = await stage.ada.slash(stage.channel, "route show", route=watch)
        chart = await stage.ada.click(stage.alert, label="Chart")

        said = words(shown)
        assert "London → Tokyo: day by day" in said
        assert "**€374** · 12\N{EN DASH}26 Mar" in said
        assert "Priced live by Amadeus" in said
        assert "London → Tokyo: the fare so far" in said
        assert [files(each) for each in (shown, detail, chart)] == [BOTH, BOTH[:1], BOTH]
        assert shown.response
        assert [str(each.image.url).rpartition("/")[2] for each in shown.response.embeds] == BOTH
        (calendar, _) = shown.response.attachments
        assert "Cheapest Fri 12 Mar €374" in str(calendar.description)


BOTH = ["days.png", "fares.png"]


def files(result: InteractionResult) -> list[str]:
    assert result.response
    return [file.filename for file in result.response.attachments]
