"""/status: for everybody, and about everything that may stand in the way of an alert."""

from pathlib import Path

from sandbox.faults import Fault
from tests.bot.stage import open_stage, words


async def test_status_tells_anybody_that_all_is_well(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        await stage.watched(450)

        result = await stage.ben.slash(stage.channel, "status")

        said = words(result)
        assert result.ephemeral
        assert "All is well" in said
        assert "Amadeus · live" in said
        assert "1 call today, since I started" in said
        assert "1 route in " in said
        assert "All told, none waits." in said
        assert "Fare Engine 0.1.0" in said


async def test_status_says_which_source_is_down_since_when_and_why(tmp_path: Path) -> None:
    async with open_stage(tmp_path, fetch_timeout="1s") as stage:
        for number, destination in enumerate(("TYO", "PAR", "ROM", "BER", "MAD")):
            stage.world.amadeus.faults.plan(Fault.SERVER_ERROR)
            await stage.add(destination=destination, target=str(99 - number))

        said = words(await stage.ada.slash(stage.channel, "status"))

        assert "No source gives fares now" in said
        assert "Down since <t:" in said
        assert "tried again <t:" in said


async def test_status_says_how_much_of_a_budget_is_used_and_what_members_may_ask(tmp_path: Path) -> None:
    async with open_stage(tmp_path, amadeus_daily_budget=20, amadeus_monthly_budget=400) as stage:
        await stage.watched(450)

        said = words(await stage.ada.slash(stage.channel, "status"))

        assert "1 of 20 calls today" in said
        assert "1 of 400 this month" in said
        assert "1 of 1 for `/route check`" in said


async def test_status_of_a_spent_budget_says_when_it_begins_anew(tmp_path: Path) -> None:
    async with open_stage(tmp_path, amadeus_daily_budget=1) as stage:
        await stage.watched(450)

        said = words(await stage.ada.slash(stage.channel, "status"))

        assert "Budget of 1 call a day is spent; again on 23 November" in said


async def test_without_a_source_status_says_how_to_get_one(tmp_path: Path) -> None:
    async with open_stage(tmp_path, amadeus_client_id=None, amadeus_client_secret=None) as stage:
        said = words(await stage.ada.slash(stage.channel, "status"))

        assert "I have no fare source" in said
        assert "TRAVELPAYOUTS_TOKEN" in said
