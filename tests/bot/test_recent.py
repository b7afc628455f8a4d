"""/alerts recent: what was told, where, and how it went."""

from pathlib import Path

from engine.domain.watch import DestinationKind
from tests.bot.stage import captions, open_stage, words


async def test_before_any_alert_it_says_so(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        result = await stage.ada.slash(stage.channel, "alerts recent")

        assert result.ephemeral
        assert "I have told you nothing yet." in words(result)


async def test_a_delivered_alert_says_where_and_that_it_was_updated(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450, falls_to=374)
        first = words(await stage.ada.slash(stage.channel, "alerts recent"))
        await stage.look("LON-TYO", 366)
        await stage.delivered()

        later = words(await stage.ada.slash(stage.channel, "alerts recent"))

        assert "London → Tokyo €374, under your €420 · 10\N{EN DASH}24 Mar: Here, <t:" in first
        assert "✅ Delivered\n" in f"{first}\n"
        assert "✅ Delivered; updated since, <t:" in later


async def test_of_a_shared_post_each_member_reads_their_own_part(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        stage.fare("LON-TYO", 450)
        await stage.add(stage.ada, target="420")
        await stage.add(stage.ben, target="400")
        await stage.look("LON-TYO", 374)
        await stage.delivered()

        bens = words(await stage.ben.slash(stage.channel, "alerts recent"))

        assert "under your €400" in bens
        assert "€420" not in bens


async def test_an_alert_that_was_refused_says_why_and_the_notice_of_it_stands_above(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450)
        stage.env.inject_error("POST", f"/channels/{stage.channel.id}/messages", status=403, code=50013)
        await stage.look("LON-TYO", 374)
        await stage.delivered()
        await stage.delivered(DestinationKind.DM)

        said = words(await stage.ada.slash(stage.channel, "alerts recent"))

        assert "⚠️ Not delivered: I may not write in the channel" in said
        assert said.index("By direct message") < said.index("⚠️ Not delivered")


async def test_an_alert_that_waits_says_for_what_and_until_when(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450)
        stage.env.inject_error("POST", f"/channels/{stage.channel.id}/messages", status=503)
        await stage.look("LON-TYO", 374)
        await stage.delivered()

        said = words(await stage.ada.slash(stage.channel, "alerts recent"))

        assert "⏳ Waits: Discord answered HTTP 503; tried again <t:" in said


async def test_more_than_a_page_is_turned_by_buttons(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        fares = ("PAR", "ROM", "BER", "MAD", "LIS", "ATH", "OSL", "HEL", "VIE")
        for destination in fares:
            stage.fare(f"LON-{destination}", 450)
            await stage.add(destination=destination)
        for destination in fares:  # one after the other: a sale is told in five posts and a list
            await stage.look(f"LON-{destination}", 300)
            await stage.delivered()
        await stage.written_down()

        page = await stage.ada.slash(stage.channel, "alerts recent")
        assert page.response
        first = (words(page).count("Delivered"), captions(page))
        turned = await stage.ada.click(page.response, label="Next")

        assert first == (8, ["[Previous]", "Next"])
        assert (words(turned).count("Delivered"), captions(turned)) == (1, ["Previous", "[Next]"])
