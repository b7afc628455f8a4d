"""/sms in Discord: a phone is linked by a code, texted, shown and forgotten; nobody else sees any of it."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from pydantic import SecretStr
from simcord.actors import MemberActor
from simcord.results import InteractionResult
from sqlalchemy import select
from structlog.testing import capture_logs

from engine.actions.selftexts import TEXT
from engine.alerts.phones import new_key
from engine.domain.watch import DestinationKind
from engine.store.tables import NOTIFICATIONS
from engine.tongue import Tongues
from sandbox.twilio import ACCOUNT_SID, AUTH_TOKEN, FROM_NUMBER
from sandbox.twilio_faults import refused
from sandbox.twilio_verify import VERIFY_SERVICE_SID
from sandbox.world import World
from tests.bot.stage import PATIENCE_S, Stage, captions, open_stage, words
from tests.support.canaries import Canaries, files_under, listening, public

PHONE, OTHER_PHONE = "+4915187650001", "+4915187650002"
OPERATORS_PHONE = "+4915187650009"
CONSENT = (
    "Fare Engine texts you the fare alerts of your own routes, at most 3 texts a day. "
    "Msg & data rates may apply. Reply STOP to end, HELP for help. "
    "By asking for the code you agree to this and say that the number is yours."
)


@asynccontextmanager
async def texting_stage(folder: Path, **changes: Any) -> AsyncIterator[Stage]:
    """A stage whose operator has set up texts to members."""
    everything: dict[str, Any] = {
        "twilio_sid": ACCOUNT_SID,
        "twilio_auth_token": SecretStr(AUTH_TOKEN),
        "from_number": FROM_NUMBER,
        "to_number": OPERATORS_PHONE,
        "twilio_verify_service_sid": VERIFY_SERVICE_SID,
        "sms_countries": ("DE",),
        "phone_keys": SecretStr(new_key()),
        "phone_hash_key": SecretStr(new_key()),
    }
    everything |= changes
    async with open_stage(folder, point=_at_the_pretend_twilio, **everything) as stage:
        yield stage


def _at_the_pretend_twilio(world: World) -> dict[str, str]:
    return {"twilio_base_url": world.twilio.base_url}


async def asked(stage: Stage, number: str = PHONE, actor: MemberActor | None = None) -> InteractionResult:
    """`/sms link`, with a number typed into the form."""
    who = actor or stage.ada
    form = await who.slash(stage.channel, "sms link")
    return await who.submit_modal(form, {"number": number})


async def entered(
    stage: Stage, code_sent: InteractionResult, code: str, actor: MemberActor | None = None
) -> InteractionResult:
    """The button pressed and a code typed."""
    who = actor or stage.ada
    assert code_sent.response
    form = await who.click(code_sent.response.message, label="Enter the code")
    return await who.submit_modal(form, {"code": code})


async def linked(stage: Stage, number: str = PHONE, actor: MemberActor | None = None) -> InteractionResult:
    code_sent = await asked(stage, number, actor)
    return await entered(stage, code_sent, codes(stage, number)[-1], actor)


def codes(stage: Stage, *numbers: str) -> list[str]:
    """The codes that went to these phones, the oldest first; Verify's and our own alike."""
    twilio = stage.world.twilio
    verify = [(each.to, each.body) for each in twilio.verify.texts]
    bodies = verify + [(each.to, each.body) for each in twilio.messages]
    found = (re.search(r"[Cc]ode (?:is|ist):? (\d{6})\b", body) for to, body in bodies if to in numbers)
    return [code.group(1) for code in found if code]


async def texts(stage: Stage, count: int) -> list[str]:
    """To whom texts went, once there are so many."""
    twilio = stage.world.twilio
    async with asyncio.timeout(PATIENCE_S):
        await twilio.until(lambda world: len(world.messages) >= count)
    return [message.to for message in twilio.messages]


async def test_a_phone_is_linked_in_two_forms(tmp_path: Path) -> None:
    async with texting_stage(tmp_path) as stage:
        form = await stage.ada.slash(stage.channel, "sms link")
        assert form.modal
        display, label = form.modal["components"]
        assert display["content"] == CONSENT
        assert label["component"]["custom_id"] == "number"

        code_sent = await stage.ada.submit_modal(form, {"number": "+49 151 87650001"})
        assert code_sent.ephemeral
        assert "on its way to **+49…001**" in words(code_sent)
        assert captions(code_sent) == ["Enter the code"]

        done = await entered(stage, code_sent, stage.world.twilio.verify.code_on(PHONE))
        assert code_sent.response
        shown = words(code_sent.response)
        assert done.acknowledged
        assert "Your phone is linked" in shown
        assert "come to **+49…001** as well as to Discord" in shown
        assert captions(code_sent.response) == []


async def test_the_sentence_is_kept_as_it_was_shown(tmp_path: Path) -> None:
    async with texting_stage(tmp_path) as stage:
        await linked(stage)
        async with stage.engine.store.transaction() as tx:
            phone = await tx.phones.of(str(stage.ada.id))
        assert phone
        assert (phone.consent_version, phone.consent_sentence) == ("1, at most 3 a day", CONSENT)


async def test_the_number_cannot_be_given_as_an_option(tmp_path: Path) -> None:
    async with texting_stage(tmp_path) as stage:
        group = stage.bot.tree.get_command("sms")
        assert group
        commands = {command["name"]: command for command in group.to_dict(stage.bot.tree)["options"]}
        assert commands["link"]["options"] == []
        options = [option for command in commands.values() for option in command["options"]]
        assert all(option.get("choices") for option in options)


async def test_the_code_can_be_entered_after_a_restart(tmp_path: Path) -> None:
    async with texting_stage(tmp_path) as stage:
        code_sent = await asked(stage)
        await stage.restart_bot()
        await entered(stage, code_sent, stage.world.twilio.verify.code_on(PHONE))
        assert "+49…001" in words(await stage.ada.slash(stage.channel, "sms status"))


async def test_a_wrong_code_is_said_beside_the_button_which_stays(tmp_path: Path) -> None:
    async with texting_stage(tmp_path) as stage:
        code_sent = await asked(stage)
        wrong = await entered(stage, code_sent, "000000")
        assert wrong.followups[0].ephemeral
        assert "not the code" in words(wrong.followups[0])
        assert captions(code_sent) == ["Enter the code"]


async def test_a_number_that_cannot_be_texted_is_refused_in_words(tmp_path: Path) -> None:
    async with texting_stage(tmp_path) as stage:
        refusal = await asked(stage, "+44 7400 123456")
        assert refusal.ephemeral
        assert "numbers of Germany only" in words(refusal)
        assert stage.world.twilio.verify.texts == []


async def test_a_taken_number_is_answered_like_a_free_one(tmp_path: Path) -> None:
    async with texting_stage(tmp_path) as stage:
        await linked(stage, PHONE, stage.ben)
        taken, free = await asked(stage, PHONE), await asked(stage, OTHER_PHONE)
        assert words(taken).replace("…001", "…002") == words(free)
        assert [text.to for text in stage.world.twilio.verify.texts] == [PHONE, OTHER_PHONE]


@pytest.mark.parametrize("missing", ["phone_keys", "sms_countries"])
async def test_where_the_operator_has_not_set_it_up_this_is_said_in_words(
    tmp_path: Path, missing: str
) -> None:
    async with texting_stage(tmp_path, **{missing: None}) as stage:
        answer = await stage.ada.slash(stage.channel, "sms link")
        assert answer.modal is None
        assert answer.ephemeral
        assert "has not set up texts to members" in words(answer)
        assert f"`{missing.upper()}`" in words(answer)
        assert "`/sms" not in words(await stage.ada.slash(stage.channel, "sms forget"))


async def test_a_form_that_discord_does_not_take_any_more_is_let_go(tmp_path: Path) -> None:
    async with texting_stage(tmp_path) as stage:
        stage.env.inject_error("POST", "/interactions/*/*/callback", status=404, code=10062)
        with capture_logs() as logs:
            await stage.ada.slash(stage.channel, "sms link")
        assert "form not shown" in [log["event"] for log in logs]


# Texts.


async def test_a_ping_is_texted_to_the_member_and_to_the_operator(tmp_path: Path) -> None:
    async with texting_stage(tmp_path) as stage:
        await linked(stage)
        await stage.watched(450, falls_to=374)
        assert sorted(await texts(stage, 2)) == [PHONE, OPERATORS_PHONE]
        bodies = {message.body.split(".")[0] for message in stage.world.twilio.messages}
        assert bodies == {"LON-TYO 374 EUR, under your 420"}


async def test_an_operator_who_links_their_own_number_gets_one_text(tmp_path: Path) -> None:
    async with texting_stage(tmp_path) as stage:
        await linked(stage, OPERATORS_PHONE)
        await stage.watched(450, falls_to=374)
        assert await texts(stage, 1) == [OPERATORS_PHONE]
        async with stage.engine.store.transaction() as tx:
            lanes = await tx.sql.rows(select(NOTIFICATIONS.c.lane))
        assert sorted(row.lane for row in lanes) == [f"channel:{stage.channel.id}", "sms:operator"]


async def test_edits_of_a_post_are_not_texted(tmp_path: Path) -> None:
    async with texting_stage(tmp_path) as stage:
        await linked(stage)
        await stage.watched(450, falls_to=374)
        await texts(stage, 2)
        await stage.look("LON-TYO", 366)
        await stage.delivered()
        assert len(stage.world.twilio.messages) == 2


async def test_a_forgotten_number_is_texted_no_more(tmp_path: Path) -> None:
    async with texting_stage(tmp_path) as stage:
        await linked(stage)
        forgotten = await stage.ada.slash(stage.channel, "sms forget")
        assert forgotten.ephemeral
        assert "Your number and your consent are deleted" in words(forgotten)

        await stage.watched(450, falls_to=374)
        assert await texts(stage, 1) == [OPERATORS_PHONE]
        assert "No phone is linked" in words(await stage.ada.slash(stage.channel, "sms status"))
        assert "nothing to forget" in words(await stage.ada.slash(stage.channel, "sms forget"))


async def test_the_status_counts_todays_texts_codes_among_them(tmp_path: Path) -> None:
    async with texting_stage(tmp_path) as stage:
        await linked(stage)
        await stage.watched(450, falls_to=374)
        await texts(stage, 2)
        shown = await stage.ada.slash(stage.channel, "sms status")
        assert shown.ephemeral
        assert "Number: +49…001" in words(shown)
        assert "Today: 2 of 3 texts" in words(shown)


async def test_deleting_everything_does_not_open_the_cap_of_the_day_again(tmp_path: Path) -> None:
    async with texting_stage(tmp_path) as stage:
        await linked(stage)
        await stage.watched(450, falls_to=374)
        await texts(stage, 2)
        shown = await stage.ada.slash(stage.channel, "privacy")
        assert shown.response
        await stage.ada.click(shown.response, label="Delete everything")
        await stage.ada.click(shown.response, label="Yes, delete it all")
        await asked(stage, OTHER_PHONE)

        refused_now = words(await asked(stage, OTHER_PHONE))

        assert "your 3 texts of today are used up" in refused_now


async def test_over_the_cap_the_channel_is_told_and_the_member_hears_why_once(tmp_path: Path) -> None:
    async with texting_stage(tmp_path, to_number=None, sms_user_daily_cap=1) as stage:
        await linked(stage)
        await stage.watched(450, falls_to=400)
        await stage.delivered(DestinationKind.DM)
        await stage.look("LON-TYO", 350)
        await stage.delivered()

        assert stage.world.twilio.messages == []
        assert "€350" in words(stage.alert)
        (notice,) = stage.ada_user.dm_channel.history()
        assert "Your one text of today is used up" in words(notice)


async def test_a_stop_from_the_phone_is_told_once_and_shown(tmp_path: Path) -> None:
    async with texting_stage(tmp_path, to_number=None) as stage:
        await linked(stage)
        stage.world.twilio.faults.plan(refused(21610))
        await stage.watched(450, falls_to=400)
        await stage.delivered(DestinationKind.DM)

        (notice,) = stage.ada_user.dm_channel.history()
        assert (
            "Alerts can no longer be delivered to your phone: it replied STOP, and gets no texts until "
            "it replies START. Alerts in Discord go on as ever."
        ) in words(notice)
        shown = words(await stage.ada.slash(stage.channel, "sms status"))
        assert "Texts rest: your phone replied STOP. Reply START to one of my texts" in shown


async def test_a_stop_that_the_phone_itself_sent_is_told_at_once(tmp_path: Path) -> None:
    async with texting_stage(tmp_path, to_number=None) as stage:
        await linked(stage)
        await stage.watched(450)
        assert stage.engine.optouts
        await stage.engine.optouts.stopped(PHONE)
        await stage.delivered(DestinationKind.DM)
        (notice,) = stage.ada_user.dm_channel.history()
        assert "it replied STOP, and gets no texts until it replies START" in words(notice)
        assert "That phone replied STOP" in words(await asked(stage))


# Testing and pausing.


async def test_a_test_text_arrives_and_its_time_is_said(tmp_path: Path) -> None:
    async with texting_stage(tmp_path) as stage:
        await linked(stage)
        done = await stage.ada.slash(stage.channel, "sms test")
        (message,) = stage.world.twilio.messages
        assert (message.to, message.body) == (PHONE, TEXT)
        assert done.ephemeral
        assert "Your phone has it" in words(done)
        assert "Twilio took the test after 0.0 s, and **+49…001** had it after 0.0 s." in words(done)
        assert "Today: 2 of 3 texts." in words(done)


async def test_a_test_without_a_phone_says_how_to_link_one(tmp_path: Path) -> None:
    async with texting_stage(tmp_path) as stage:
        for command in ("sms test", "sms pause"):
            refusal = await stage.ada.slash(stage.channel, command)
            assert "No phone is linked. Use /sms link" in words(refusal)


async def test_paused_texts_rest_until_the_button_is_pressed(tmp_path: Path) -> None:
    async with texting_stage(tmp_path, to_number=None) as stage:
        await linked(stage)
        paused = await stage.ada.slash(stage.channel, "sms pause")
        assert "Your texts are paused" in words(paused)
        assert "Texts rest: you paused them" in words(await stage.ada.slash(stage.channel, "sms status"))
        await stage.watched(450, falls_to=374)
        assert "374" in stage.alert.content
        async with stage.engine.store.transaction() as tx:
            lanes = await tx.sql.rows(select(NOTIFICATIONS.c.lane))
        assert [row.lane for row in lanes] == [f"channel:{stage.channel.id}"]

        assert paused.response
        await stage.ada.click(paused.response.message, label="Resume texts")
        assert "Your texts are no longer paused" in words(paused.response)
        await stage.look("LON-TYO", 340)
        assert await texts(stage, 1) == [PHONE]


async def test_texts_are_resumed_by_the_command_too(tmp_path: Path) -> None:
    async with texting_stage(tmp_path) as stage:
        await linked(stage)
        await stage.ada.slash(stage.channel, "sms pause")
        resumed = await stage.ada.slash(stage.channel, "sms pause", action="resume")
        assert "are texted to **+49…001** from now on" in words(resumed)
        assert captions(await stage.ada.slash(stage.channel, "sms status")) == []


# Nothing leaks.


@pytest.mark.parametrize("service", [VERIFY_SERVICE_SID, None], ids=["verify", "own codes"])
async def test_number_and_code_stand_in_no_log_no_database_and_no_message(
    tmp_path: Path, service: str | None
) -> None:
    keys = {"phone_keys": SecretStr(new_key()), "phone_hash_key": SecretStr(new_key())}
    with listening() as heard:
        async with texting_stage(tmp_path, twilio_verify_service_sid=service, **keys) as stage:
            await asked(stage, "not a number 4915187650001")
            await linked(stage, PHONE, stage.ben)
            code_sent = await asked(stage, PHONE)
            await entered(stage, code_sent, codes(stage, PHONE)[-1])
            await linked(stage, OTHER_PHONE)
            await stage.ada.slash(stage.channel, "sms test")
            await stage.watched(450, falls_to=374)
            await texts(stage, 2)
            await stage.ada.slash(stage.channel, "sms status")
            assert stage.engine.optouts
            await stage.engine.optouts.stopped(OTHER_PHONE)
            await asked(stage, OTHER_PHONE)
            await stage.ben.slash(stage.channel, "sms forget")
            places: dict[str, str | bytes] = {"Discord": public(stage.env), **files_under(tmp_path)}
            sent = codes(stage, PHONE, OTHER_PHONE)
    places |= {"log": heard.text, **{f"closed {name}": each for name, each in files_under(tmp_path).items()}}
    assert "phone_linked" in heard.text
    assert {"fares.db", "fares.db-wal", "fares.db-shm", "closed fares.db"} <= set(places)
    assert len(sent) >= 2
    secrets = [AUTH_TOKEN, *(key.get_secret_value() for key in keys.values())]
    numbers = (PHONE, OTHER_PHONE, OPERATORS_PHONE)
    Canaries(numbers=numbers, codes=sent, secrets=secrets).assert_absent(places)


async def test_code_and_alerts_come_in_the_language_of_the_member(tmp_path: Path) -> None:
    async with texting_stage(tmp_path, twilio_verify_service_sid=None) as stage:
        await linked(stage)
        await stage.watched(450)
        await stage.bot.desk.readers.note(str(stage.ada.id), "de")
        stage.bot.desk = structs.replace(
            stage.bot.desk, tongues=Tongues({"en": stage.bot.desk.tongues.of("de")})
        )

        await stage.look("LON-TYO", 374)
        await texts(stage, 3)
        await stage.ada.slash(stage.channel, "sms test")
        _, alert, test = (each.body for each in stage.world.twilio.messages if each.to == PHONE)

        assert alert.startswith("LON-TYO 374 EUR, unter deinen 420. 10. Mär-24. Mär")
        assert test.startswith("Fare Engine: dein Test aus Discord.")
