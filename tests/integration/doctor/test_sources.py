"""What the doctor says of the fare sources."""

from datetime import timedelta

from pydantic import SecretStr

from engine.clock import SystemClock
from engine.doctor.findings import Area, Finding, State
from engine.doctor.sources import check_sources
from engine.http import open_session
from sandbox import ignav, tequila
from sandbox.amadeus import SERVICE, TOKEN_PATH
from sandbox.faults import Fault
from tests.integration.doctor.clinic import Clinic
from tests.support.names import NamesNothing


async def amadeus(clinic: Clinic, **changes: object) -> Finding:
    found = await clinic.about(Area.SOURCES, **changes)
    return next(finding for finding in found if finding.name == "amadeus")


async def blocking(clinic: Clinic, **changes: object) -> list[str]:
    return [finding.says for finding in await clinic.about(Area.SOURCES, **changes) if finding.blocks]


async def test_a_key_that_is_taken_costs_one_request_and_no_search(clinic: Clinic) -> None:
    found = await amadeus(clinic)
    assert found.state is State.OK
    assert [entry.path for entry in clinic.world.ledger.of(SERVICE)] == [TOKEN_PATH]


async def test_what_a_month_costs_at_worst_is_counted_per_route(clinic: Clinic) -> None:
    found = await amadeus(clinic, check_interval=timedelta(hours=1))
    assert "A month is at worst 744 calls for each watched route" in found.says


async def test_a_refused_key_is_told_when_self_service_closed(clinic: Clinic) -> None:
    found = await amadeus(clinic, amadeus_client_secret=SecretStr("canary"))
    assert (found.state, found.advice) == (State.WRONG, "Use Enterprise keys, or another source.")
    assert "Self-Service API closed on 17 July 2026" in found.says


async def test_a_revoked_key_is_told_when_self_service_closed(clinic: Clinic) -> None:
    clinic.world.amadeus.token_faults.plan(Fault.KEY_REVOKED)
    assert "39683 API key revoked; the Amadeus Self-Service API closed" in (await amadeus(clinic)).says


async def test_a_name_that_is_gone_is_told_when_self_service_closed(clinic: Clinic) -> None:
    settings = clinic.settings.model_copy(update={"amadeus_base_url": "https://api.amadeus.com"})
    async with open_session(limit=1, resolver=NamesNothing()) as session:
        found, *_ = await check_sources(settings, session, SystemClock())
    assert "Host not found: the Amadeus Self-Service API closed on 17 July 2026" in found.says


async def test_a_source_that_asks_for_patience_is_usable(clinic: Clinic) -> None:
    clinic.world.amadeus.token_faults.plan(Fault.RATE_LIMIT)
    found = await clinic.about(Area.SOURCES)
    assert [finding.state for finding in found if finding.name == "amadeus"] == [State.CAREFUL]
    assert not any(finding.blocks for finding in found)


async def test_a_spent_quota_says_until_when(clinic: Clinic) -> None:
    clinic.world.amadeus.token_faults.plan(Fault.QUOTA, times=None)
    found = await amadeus(clinic)
    assert found.state is State.WRONG
    assert found.says.startswith("38195 monthly quota, until 01 ")


async def test_something_else_that_answers_is_not_taken_for_the_source(clinic: Clinic) -> None:
    clinic.world.amadeus.token_faults.plan(Fault.HTML)
    found = await amadeus(clinic)
    assert found.advice == "Something else answers there: is AMADEUS_BASE_URL right?"


async def test_when_no_source_can_be_used_the_engine_cannot_do_its_job(clinic: Clinic) -> None:
    clinic.world.amadeus.token_faults.plan(Fault.RESET, times=None)
    assert await blocking(clinic) == ["No source can be used: no fare will be found."]


async def test_without_any_source_it_says_so_and_whom_each_is_for(clinic: Clinic) -> None:
    keys = {"amadeus_client_id": None, "amadeus_client_secret": None}
    assert await blocking(clinic, **keys) == ["No source is configured: every look will be rejected."]
    unset = await amadeus(clinic, **keys)
    assert unset.state is State.UNSET
    assert "AMADEUS_CLIENT_ID and AMADEUS_CLIENT_SECRET" in unset.says


async def test_a_tequila_key_that_is_refused_says_why_no_new_one_is_to_be_had(clinic: Clinic) -> None:
    address = clinic.world.tequila.base_url
    keys = {"amadeus_client_id": None, "tequila_api_key": SecretStr("canary"), "tequila_endpoint": address}
    found = await clinic.about(Area.SOURCES, **keys)
    (refused,) = [finding for finding in found if finding.name == "tequila"]
    assert refused.says == "Tequila: key refused (by invitation only)."
    assert any(finding.blocks for finding in found)


async def test_a_tequila_that_is_not_there_names_its_own_setting(clinic: Clinic) -> None:
    nowhere = {"tequila_api_key": SecretStr("canary"), "tequila_endpoint": "http://127.0.0.1:9"}
    found = await clinic.about(Area.SOURCES, **nowhere)
    (lost,) = [finding for finding in found if finding.name == "tequila"]
    assert "TEQUILA_ENDPOINT" in (lost.advice or "")


async def test_keys_of_tequila_and_ignav_are_tried_without_a_search(clinic: Clinic) -> None:
    world = clinic.world
    found = await clinic.about(
        Area.SOURCES,
        tequila_api_key=SecretStr(tequila.API_KEY),
        tequila_endpoint=world.tequila.base_url,
        ignav_api_key=SecretStr(ignav.API_KEY),
        ignav_base_url=world.ignav.base_url,
    )
    says = {finding.name: finding.says for finding in found}
    assert says["tequila"] == "It answers and takes the key. A month costs 0."
    assert says["ignav"].startswith(
        "It answers and takes the key. A month is at worst 1,000 calls, by its budget"
    )
    assert world.ignav.asked == []


async def test_a_budget_bounds_what_a_month_costs(clinic: Clinic) -> None:
    found = await amadeus(clinic, amadeus_daily_budget=10, amadeus_monthly_budget=500)
    assert "A month is at worst 310 calls, by its budget" in found.says


async def test_the_free_sources_are_asked_without_a_search_and_cost_nothing(clinic: Clinic) -> None:
    found = await clinic.about(Area.SOURCES, **clinic.newcomers)
    assert {finding.name: finding.says for finding in found if finding.state is State.OK} == {
        "travelpayouts": "It answers and takes the key. A month costs 0.",
        "kiwi": "It answers. A month costs 0.",
    }
    asked = clinic.world.ledger.of("travelpayouts") + clinic.world.ledger.of("kiwi")
    assert len(asked) == 2


async def test_a_refused_token_says_where_to_get_another(clinic: Clinic) -> None:
    changes = clinic.newcomers | {"travelpayouts_token": SecretStr("canary")}
    found = next(f for f in await clinic.about(Area.SOURCES, **changes) if f.name == "travelpayouts")
    assert found.state is State.WRONG
    assert found.advice == "Copy the API token anew from your profile at travelpayouts.com."
    assert not found.blocks, "kiwi still answers"


async def test_cached_prices_that_nobody_confirms_are_pointed_out(clinic: Clinic) -> None:
    changes = clinic.newcomers | {"fare_sources": ("travelpayouts",)}
    assert any("No live source confirms" in f.says for f in await clinic.about(Area.SOURCES, **changes))
    assert not any("No live source" in f.says for f in await clinic.about(Area.SOURCES, **clinic.newcomers))
