"""/route history, the button Chart and the picture in /route show."""

from datetime import timedelta
from pathlib import Path

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
        assert "I have seen no fare of an earlier day, so its history begins now." in first
        await with_a_past(stage, (await stage.routes())[-1], 480, 470, 410, 430, 465)

        assert "Lowest so far €410, on 19 Nov; usually €465." in words(await stage.add(stage.ben))
