"""What the doctor says of Discord."""

import pytest
from pydantic import SecretStr

from bot.invite import invite_link, own_apps_link
from engine.doctor.findings import Area, Finding, State
from sandbox.discord import SERVICE
from sandbox.discord_replies import APPLICATION_ID
from tests.integration.doctor.clinic import Clinic

CHANNEL = "123456789012345678"


async def found(clinic: Clinic, **changes: object) -> Finding:
    return (await clinic.about(Area.DISCORD, **changes))[0]


async def test_a_token_that_is_taken_comes_with_the_bots_own_invite_link(clinic: Clinic) -> None:
    finding = await found(clinic)
    assert finding.state is State.OK
    assert f"application {APPLICATION_ID}" in finding.says
    assert finding.advice == f"Invite it to another server: {invite_link(int(APPLICATION_ID))}"


async def test_one_request_is_enough(clinic: Clinic) -> None:
    await found(clinic)
    assert [entry.path for entry in clinic.world.ledger.of(SERVICE)] == ["/api/v10/applications/@me"]


async def test_a_bot_that_is_in_no_server_is_to_be_invited(clinic: Clinic) -> None:
    clinic.discord.servers = 0
    finding = await found(clinic)
    assert finding.state is State.CAREFUL
    assert finding.advice == f"Invite it: {invite_link(int(APPLICATION_ID))}"


async def test_whether_people_can_add_it_to_their_own_apps_is_said_with_the_way(clinic: Clinic) -> None:
    _, closed = await clinic.about(Area.DISCORD)
    clinic.discord.to_people = True
    _, opened = await clinic.about(Area.DISCORD)

    assert (closed.state, opened.state) == (State.UNSET, State.OK)
    assert "Installation, User Install" in (closed.advice or "")
    assert opened.advice == own_apps_link(int(APPLICATION_ID))


async def test_a_refused_token_blocks_and_says_where_to_get_one(clinic: Clinic) -> None:
    finding = await found(clinic, discord_token=SecretStr("canary-other"))
    assert (finding.state, finding.blocks) == (State.WRONG, True)
    assert "Reset Token" in (finding.advice or "")
    assert "canary" not in finding.says


async def test_a_token_that_no_header_can_hold_is_refused_unasked(clinic: Clinic) -> None:
    assert (await found(clinic, discord_token=SecretStr("canary\ntoken"))).state is State.WRONG
    assert list(clinic.world.ledger.of(SERVICE)) == []


async def test_without_a_token_only_the_bot_cannot_run(clinic: Clinic) -> None:
    finding = await found(clinic, discord_token=None)
    assert (finding.state, finding.blocks) == (State.UNSET, False)


async def operators(clinic: Clinic) -> Finding:
    return (await clinic.about(Area.DISCORD, operator_channel_id=int(CHANNEL)))[-1]


async def test_the_operators_channel_is_one_that_the_bot_sees(clinic: Clinic) -> None:
    assert (await operators(clinic)).state is State.OK


@pytest.mark.parametrize(
    ("refused", "state"),
    [
        ((403, 50001, "Missing Access"), State.WRONG),
        ((404, 10003, "Unknown Channel"), State.WRONG),
        ((500, 0, "oops"), State.CAREFUL),
    ],
)
async def test_an_operators_channel_that_the_bot_does_not_see_is_named(
    clinic: Clinic, refused: tuple[int, int, str], state: State
) -> None:
    clinic.discord.closed[CHANNEL] = refused
    finding = await operators(clinic)
    assert (finding.state, finding.blocks) == (state, False)
    assert "OPERATOR_CHANNEL_ID" in finding.says


async def test_with_a_refused_token_no_channel_is_asked_for(clinic: Clinic) -> None:
    (finding,) = await clinic.about(
        Area.DISCORD, operator_channel_id=int(CHANNEL), discord_token=SecretStr("canary-other")
    )
    assert finding.blocks
