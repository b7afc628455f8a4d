"""/settings webhook in Discord: typed into a form, copied to, tried out, and never shown again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from engine.alerts.phones import new_key
from engine.domain.watch import DestinationKind
from engine.domain.webhook import WebhookKind
from sandbox.hooks import Readers, Taken, answers
from tests.bot.crew import elsewhere, manager, open_to_everybody
from tests.bot.stage import PATIENCE_S, Stage, captions, open_stage, words
from tests.support.canaries import Canaries, files_under, listening, public
from tests.support.clock import settle
from tests.support.outside import LOOPBACK, URLS, open_outside

DISCORD, NTFY, JSON = WebhookKind.DISCORD, WebhookKind.NTFY, WebhookKind.JSON
SECRETS = {
    DISCORD: "canary-discord-token-0123456789",
    WebhookKind.SLACK: "canarySlackToken",
    NTFY: "tk_canaryNtfyToken",
    JSON: "canary-json-secret",
}


@asynccontextmanager
async def hooked_stage(folder: Path) -> AsyncIterator[tuple[Stage, Readers, MemberActor]]:
    """A stage whose operator set the keys, the readers of its webhooks, and who manages its server."""
    async with open_outside(folder) as outside:
        keys: dict[str, Any] = {"phone_keys": SecretStr(new_key()), "phone_hash_key": SecretStr(new_key())}
        async with open_stage(folder, hook_session=outside.may_reach(LOOPBACK), **keys) as stage:
            yield stage, outside.readers, manager(stage)


async def added(
    stage: Stage, who: MemberActor, kind: WebhookKind = JSON, **options: str
) -> InteractionResult:
    """`/settings webhook add`, with address and secret typed into the form."""
    form = await who.slash(stage.channel, "settings webhook add", kind=kind.value, **options)
    typed = {"url": URLS[kind]}
    if kind in (NTFY, JSON):
        typed["secret"] = SECRETS[kind]
    return await who.submit_modal(form, typed)


async def taken(readers: Readers, count: int) -> list[Taken]:
    """What the readers have, once it is so much."""
    async with asyncio.timeout(PATIENCE_S):
        await readers.until(lambda world: len(world.taken) >= count)
    return readers.taken


async def test_a_webhook_is_added_by_a_form_and_gets_a_copy_of_the_next_alert(tmp_path: Path) -> None:
    async with hooked_stage(tmp_path) as (stage, readers, mia):
        said = await added(stage, mia, name="Team board")
        await stage.watched(450, falls_to=374)
        (copy,) = await taken(readers, 1)

        assert said.ephemeral
        assert "Team board · JSON" in words(said)
        assert "board.example.com" in words(said)
        assert "canary" not in words(said)
        assert captions(said) == ["Send a test"]
        assert (copy.body["event"], copy.body["total"], copy.body["route"]) == ("alert", "374.00", "LON-TYO")
        assert copy.headers["X-Fare-Signature"].startswith("sha256=")
        assert "€374" in words(stage.alert)


async def test_a_message_in_another_channel_follows_the_fare(tmp_path: Path) -> None:
    async with hooked_stage(tmp_path) as (stage, readers, mia):
        await added(stage, mia, DISCORD)
        await stage.watched(450, falls_to=374)
        (copy,) = await taken(readers, 1)
        await stage.look("LON-TYO", 365)
        async with asyncio.timeout(PATIENCE_S):
            await readers.until(lambda world: bool(world.taken[0].edits))

        assert "London → Tokyo 374 EUR, under the target of 420 EUR" in copy.body["embeds"][0]["title"]
        assert "London → Tokyo now 365 EUR" in copy.edits[0]["embeds"][0]["title"]
        assert len(readers.taken) == 1


async def test_what_is_told_by_direct_message_is_copied_nowhere(tmp_path: Path) -> None:
    async with hooked_stage(tmp_path) as (stage, readers, mia):
        await added(stage, mia)
        await stage.add(origin="BER", where="dm")
        await stage.watched(450)
        stage.fare("BER-TYO", 300)
        await stage.look("LON-TYO", 374)
        await stage.delivered(DestinationKind.DM)
        (copy,) = await taken(readers, 1)
        assert copy.body["route"] == "LON-TYO"


async def test_the_list_shows_the_host_and_how_it_goes(tmp_path: Path) -> None:
    async with hooked_stage(tmp_path) as (stage, readers, mia):
        nothing = words(await mia.slash(stage.channel, "settings webhook list"))
        await added(stage, mia)
        await added(stage, mia, NTFY, name="Phones")
        await stage.watched(450, falls_to=374)
        await taken(readers, 2)
        async with asyncio.timeout(PATIENCE_S):
            while not await stage.quiet():
                await settle()
        said = words(await mia.slash(stage.channel, "settings webhook list"))

        assert "None yet" in nothing
        assert "board.example.com · JSON: `board.example.com`\n✅ Last delivery <t:" in said
        assert "Phones · ntfy: `ntfy.example.com`\n✅ Last delivery <t:" in said
        assert "2 of 5" in said
        assert "canary" not in said


async def test_a_webhook_that_is_gone_pauses_tells_its_manager_once_and_a_test_opens_it_again(
    tmp_path: Path,
) -> None:
    async with hooked_stage(tmp_path) as (stage, readers, mia):
        await added(stage, mia, name="Team board")
        readers.troubles.append(answers(404))
        await stage.watched(450, falls_to=374)
        await stage.delivered(DestinationKind.DM)
        await stage.add(target="400", origin="BER")
        stage.fare("BER-TYO", 300)
        await stage.look("LON-TYO", 300)
        await stage.delivered()
        listed = words(await mia.slash(stage.channel, "settings webhook list"))
        tested = words(await mia.slash(stage.channel, "settings webhook test", webhook="team board"))
        again = words(await mia.slash(stage.channel, "settings webhook list"))

        (notice,) = mia.user.dm_channel.history()
        assert "The webhook Team board is paused" in words(notice)
        assert "can no longer be sent to board.example.com: it answered HTTP 404" in words(notice)
        assert "⏸️ Paused: it answered HTTP 404." in listed
        assert "The test arrived" in tested
        assert [copy.body["event"] for copy in readers.taken] == ["test"]
        assert "Paused" not in again


async def test_the_button_tries_it_out_and_says_what_came_of_it(tmp_path: Path) -> None:
    async with hooked_stage(tmp_path) as (stage, readers, mia):
        said = await added(stage, mia)
        assert said.response
        arrived = await mia.click(said.response.message, label="Send a test")
        readers.troubles.append(answers(500))
        failed = await mia.slash(stage.channel, "settings webhook test", webhook="board.example.com")

        assert "The test arrived" in words(arrived)
        assert "was taken there after 0." in words(arrived)
        assert readers.taken[0].body["event"] == "test"
        assert "The test did not arrive" in words(failed)
        assert "it answered HTTP 500" in words(failed)


async def test_a_removed_webhook_is_forgotten(tmp_path: Path) -> None:
    async with hooked_stage(tmp_path) as (stage, readers, mia):
        await added(stage, mia)
        said = words(await mia.slash(stage.channel, "settings webhook remove", webhook="board.example.com"))
        await stage.watched(450, falls_to=374)

        assert "Its address is deleted" in said
        assert "None yet" in words(await mia.slash(stage.channel, "settings webhook list"))
        assert readers.taken == []


@pytest.mark.parametrize(
    "url", ["https://10.0.0.1/x", "http://board.example.com/x", "https://metadata.google.internal/"]
)
async def test_an_address_inside_is_refused_in_words(tmp_path: Path, url: str) -> None:
    async with hooked_stage(tmp_path) as (stage, _, mia):
        form = await mia.slash(stage.channel, "settings webhook add", kind="json")
        said = words(await mia.submit_modal(form, {"url": url}))

        assert "That does not work yet" in said
        assert "None yet" in words(await mia.slash(stage.channel, "settings webhook list"))


@pytest.mark.parametrize("act", ["add", "list", "remove", "test"])
async def test_who_may_not_manage_the_server_does_nothing(tmp_path: Path, act: str) -> None:
    options = {"add": {"kind": "json"}, "list": {}}.get(act, {"webhook": "board.example.com"})
    async with hooked_stage(tmp_path) as (stage, readers, mia):
        await added(stage, mia)
        await open_to_everybody(stage, "settings")
        said = await stage.ben.slash(stage.channel, f"settings webhook {act}", **options)

        assert said.modal is None
        assert "Only members who may manage this server can do that." in words(said)
        assert "board.example.com" not in words(said)
        assert len(await stage.engine.actions.webhooks.of_server(str(stage.guild.id))) == 1
        assert readers.taken == []


async def test_who_may_not_manage_the_server_cannot_send_off_a_form_or_press_a_button(tmp_path: Path) -> None:
    async with hooked_stage(tmp_path) as (stage, readers, mia):
        said = await added(stage, mia)
        form = await mia.slash(stage.channel, "settings webhook add", kind="discord")
        stage.env.backend.guilds[stage.guild.id].members[mia.id].role_ids.clear()  # no manager any more
        sent_off = await mia.submit_modal(form, {"url": URLS[DISCORD]})
        assert said.response
        pressed = await mia.click(said.response.message, label="Send a test")

        for refused in (sent_off, pressed):
            assert "Only members who may manage this server can do that." in words(refused)
        assert len(await stage.engine.actions.webhooks.of_server(str(stage.guild.id))) == 1
        assert readers.taken == []


async def test_the_managers_of_another_server_see_and_touch_nothing(tmp_path: Path) -> None:
    async with hooked_stage(tmp_path) as (stage, readers, mia):
        await added(stage, mia)
        (standing,) = await stage.engine.actions.webhooks.of_server(str(stage.guild.id))
        zoe, talk = elsewhere(stage)

        for act in ("remove", "test"):
            said = words(await zoe.slash(talk, f"settings webhook {act}", webhook=standing.webhook.id))
            assert "This server has no webhook" in said
        assert "None yet" in words(await zoe.slash(talk, "settings webhook list"))
        assert await zoe.autocomplete(talk, "settings webhook test", "webhook", "") == []
        assert readers.taken == []


async def test_webhooks_are_offered_while_a_manager_types(tmp_path: Path) -> None:
    async with hooked_stage(tmp_path) as (stage, _, mia):
        await added(stage, mia, name="Team board")
        await open_to_everybody(stage, "settings")
        (offered,) = await mia.autocomplete(stage.channel, "settings webhook test", "webhook", "team")

        assert offered["name"] == "Team board · JSON · board.example.com"
        assert await stage.ben.autocomplete(stage.channel, "settings webhook test", "webhook", "") == []


async def test_without_keys_the_settings_are_named(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        said = await manager(stage).slash(stage.channel, "settings webhook add", kind="json")

        assert said.modal is None
        assert "`PHONE_KEYS`, `PHONE_HASH_KEY`" in words(said)


async def test_addresses_and_secrets_stand_in_no_log_no_database_and_no_message(tmp_path: Path) -> None:
    with listening() as heard:
        async with hooked_stage(tmp_path) as (stage, readers, mia):
            for kind in WebhookKind:
                await added(stage, mia, kind)
            await mia.submit_modal(
                await mia.slash(stage.channel, "settings webhook add", kind="json"),
                {"url": "https://10.0.0.1/canary-path", "secret": SECRETS[JSON]},
            )
            readers.troubles += [answers(404), answers(503)]
            await stage.watched(450, falls_to=374)
            await taken(readers, 2)
            await stage.delivered(DestinationKind.DM)
            for kind in WebhookKind:
                host = URLS[kind].split("/")[2]
                await mia.slash(stage.channel, "settings webhook test", webhook=host)
            await mia.slash(stage.channel, "settings webhook list")
            places: dict[str, str | bytes] = {"Discord": public(stage.env), **files_under(tmp_path)}
    places |= {"log": heard.text, **{f"closed {name}": each for name, each in files_under(tmp_path).items()}}
    assert "webhook_added" in heard.text
    assert "webhook_answered" in heard.text
    paths = ("canary-topic", "canary-path", "canary-query")
    Canaries(secrets=(*SECRETS.values(), *paths)).assert_absent(places)
