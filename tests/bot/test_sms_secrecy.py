"""Nobody learns by `/sms` whether a number is another member's, or whether its phone said STOP."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.bot.stage import Stage, captions, words
from tests.bot.test_sms import PHONE, asked, entered, linked, texting_stage

WRONG = "000000"


async def free(_stage: Stage) -> None:
    """Nothing is known of the number."""


async def taken(stage: Stage) -> None:
    """Another member has it."""
    await linked(stage, PHONE, stage.ben)


async def stopped(stage: Stage) -> None:
    """Its phone said STOP."""
    assert stage.engine.optouts
    await stage.engine.optouts.stopped(PHONE)


async def said_to_twilio(stage: Stage) -> None:
    """Its phone said STOP while nobody listened: Twilio knows, and nobody else."""
    stage.world.twilio.stopped.add(PHONE)


async def evening(folder: Path, prepare: Callable[[Stage], Awaitable[None]], *, by_verify: bool) -> list[str]:
    """Everything that Ada reads, and that Discord is asked, from the number to the sixth wrong code."""
    changes = {} if by_verify else {"twilio_verify_service_sid": None}
    async with texting_stage(folder, to_number=None, **changes) as stage:
        await prepare(stage)
        asked_before, texts_before = len(stage.env.http_requests), len(stage.world.twilio.ledger.entries)
        read = []
        code_sent, again = await asked(stage, PHONE), await asked(stage, PHONE)
        read += [words(code_sent), *captions(code_sent), words(again)]
        read.append(words(await stage.ada.slash(stage.channel, "sms status")))
        for _ in range(6):
            wrong = await entered(stage, code_sent, WRONG)
            read += [words(answer) for answer in wrong.followups]
        read.append(words(await stage.ada.slash(stage.channel, "sms forget")))
        requests = stage.env.http_requests[asked_before:]
        read += [f"{each.method} {_shape(each.path)} {_shape(str(each.json))}" for each in requests]
        read.append(f"{len(stage.world.twilio.ledger.entries) - texts_before} requests to Twilio")
        return read


def _shape(text: str) -> str:
    """Without ids, tokens and times, which are new each time."""
    return re.sub(r"[0-9a-f]{16,}|\d{9,}", "*", text)


@pytest.mark.parametrize(
    ("prepare", "by_verify"),
    [(taken, True), (stopped, True), (taken, False), (stopped, False), (said_to_twilio, False)],
)
async def test_what_is_read_and_what_is_asked_of_discord_is_the_same_as_for_a_free_number(
    tmp_path: Path, prepare: Callable[[Stage], Awaitable[None]], by_verify: bool
) -> None:
    secret = await evening(tmp_path / "secret", prepare, by_verify=by_verify)
    plain = await evening(tmp_path / "plain", free, by_verify=by_verify)
    assert "Enter the code" in plain
    assert any("not the code" in line for line in plain)
    assert secret == plain
