"""The scripted evening: routes are added, a phone is linked, a fare falls, alert and texts arrive."""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final

import discord
import msgspec
from simcord import InteractionResult

from bot.demo.stage import OPERATORS_PHONE, Stage, open_stage
from engine.domain.alert import Reason
from engine.headless.batch_json import batch_json
from engine.loops import BatchReport

_PATIENCE_S: Final = 20.0
_INTERVAL: Final = timedelta(seconds=2)
_LATENCY: Final = (0.2, 0.4)
_DEPART, _RETURN = "2026-05-14", "2026-05-21"


ADAS_PHONE: Final = "+4915187654321"


class Evening(msgspec.Struct, frozen=True, kw_only=True):
    """What happened; `batch` is the JSON of the batch that found the fare.

    `sms_sent` counts alerts, on the operator's phone and on the member's; codes are not among them.
    """

    batch: msgspec.Raw
    alerts_posted: int
    sms_sent: int
    buttons_pressed: int
    ok: bool


async def play(folder: Path) -> Evening:
    """Play it. Raises TimeoutError, with what did not happen, when it goes wrong."""
    async with open_stage(folder, check_interval=_INTERVAL, latency=_LATENCY) as stage:
        pressed = await _add_routes(stage)
        pressed += await _link_phone(stage)
        _let_the_fare_fall(stage)
        await stage.until(lambda: bool(_alerts(stage)), _PATIENCE_S, "an alert in the channel")
        for phone, whose in ((OPERATORS_PHONE, "the operator's"), (ADAS_PHONE, "Ada's")):
            got_one = partial(_has_text, stage, phone)
            await stage.until(got_one, _PATIENCE_S, f"a text on {whose} phone")
        pressed += await _snooze(stage)
        telling = await _telling_batch(stage)
        alerts, texts = len(_alerts(stage)), len(stage.world.twilio.messages)
    return Evening(
        batch=msgspec.Raw(batch_json(telling).encode()),
        alerts_posted=alerts,
        sms_sent=texts,
        buttons_pressed=pressed,
        ok=alerts >= 1 and texts >= 2 and pressed >= 3,
    )


async def _add_routes(stage: Stage) -> int:
    """Ada names a target; Ben takes one of those on offer. How many presses were answered."""
    stage.world.market.pin("LON-LIS", Decimal(130))
    added = await stage.act(
        stage.ada.slash(
            stage.channel,
            "route add",
            origin="LON",
            destination="LIS",
            depart=_DEPART,
            **{"return": _RETURN},
            target="110",
        )
    )
    _expect(added, "Lisbon")
    offered = await stage.act(
        stage.ben.slash(stage.channel, "route add", origin="NYC", destination="LAX", depart=_DEPART)
    )
    message = _expect(offered, "Los Angeles")
    taken = await stage.act(stage.ben.click(message, label=_button(message, "10")))
    return int(taken.acknowledged)


async def _link_phone(stage: Stage) -> int:
    """Ada types her number, reads the code on her phone and types it; how many presses were answered."""
    form = await stage.act(stage.ada.slash(stage.channel, "sms link"))
    asked = await stage.act(stage.ada.submit_modal(form, {"number": ADAS_PHONE}))
    message = _expect(asked, "code")
    pressed = await stage.act(stage.ada.click(message, label=_button(message, "code")))
    code = stage.world.twilio.verify.code_on(ADAS_PHONE)
    _expect(await stage.act(stage.ada.submit_modal(pressed, {"code": code})), "linked")
    return int(pressed.modal is not None)


def _let_the_fare_fall(stage: Stage) -> None:
    stage.world.market.pin("LON-LIS", Decimal(98))


def _alerts(stage: Stage) -> list[discord.Message]:
    """What stands in the channel for everybody to see: alerts and nothing else."""
    return stage.channel.history()


def _has_text(stage: Stage, phone: str) -> bool:
    return any(message.to == phone for message in stage.world.twilio.messages)


async def _snooze(stage: Stage) -> int:
    """Ada presses the button under the alert; how many presses were answered."""
    alert = _alerts(stage)[0]
    pressed = await stage.act(stage.ada.click(alert, label="Snooze 24 h"))
    return int(pressed.acknowledged and pressed.ephemeral)


async def _telling_batch(stage: Stage) -> BatchReport:
    """The batch whose look found the fare."""
    found: list[BatchReport] = []

    def finished() -> bool:
        found.extend(report for report in stage.batches.reports if _told(report))
        return bool(found)

    await stage.until(finished, _PATIENCE_S, "the end of the batch that found the fare")
    return found[0]


def _told(report: BatchReport) -> bool:
    return any(judged.reason is Reason.ALERT for look in report.reports for _, judged in look.judgements)


def _expect(result: InteractionResult, word: str) -> discord.Message:
    """The reply, which must name the route. Raises TimeoutError when the bot said something else."""
    response = result.response or (result.followups[0] if result.followups else None)
    if response is None or word not in str([embed.to_dict() for embed in response.embeds]) + response.content:
        raise TimeoutError(f"the bot did not answer about {word}")
    return response.message


def _button(message: discord.Message, word: str) -> str:
    """The label of the first enabled button that has this word in it."""
    labels = [
        child.label
        for row in message.components
        if isinstance(row, discord.ActionRow)
        for child in row.children
        if isinstance(child, discord.Button) and child.label and not child.disabled
    ]
    found = next((label for label in labels if word in label), None)
    if found is None:
        raise TimeoutError(f"no button says {word}: {labels}")
    return found
