"""The matrix: every form, opened by who may and sent off by somebody else."""

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final

import discord
import pytest
from simcord.results import InteractionResult

import bot
from bot.edit_forms import EditForm
from bot.forms import TargetForm
from bot.list_forms import PasteForm
from bot.phone_forms import CodeForm, NumberForm
from bot.setup import SetupForm
from bot.webhook_forms import WebhookForm
from engine.domain.webhook import WebhookKind
from tests.bot.forging import answer_of, press, sent_off
from tests.bot.house import PHONES, PRIVATE, PUBLIC, SERVERS, House, changed, open_house
from tests.bot.test_sms import OTHER_PHONE
from tests.support.outside import URLS

REFUSED: Final = "Only members who may manage this server can do that."
NOT_THEIRS: Final = "That route is not on your list any more."
Opened = Callable[[House], Awaitable[InteractionResult]]


async def _target(house: House) -> InteractionResult:
    shown = await house.stage.ada.slash(house.stage.channel, "help")
    assert shown.response
    (form,) = await press(house.stage.ada, shown.response, f"fare1:target:{house.ids['private route']}")
    return form


async def _edit(house: House) -> InteractionResult:
    return await house.stage.ada.slash(house.stage.channel, "route edit", route=house.ids["private"])


async def _setup(house: House) -> InteractionResult:
    shown = await house.mia.slash(house.stage.channel, "settings setup")
    assert shown.response
    return await house.mia.click(shown.response, label="Currency, time zone, limit")


async def _webhook(house: House) -> InteractionResult:
    return await house.mia.slash(house.stage.channel, "settings webhook add", kind="json")


async def _number(house: House) -> InteractionResult:
    return await house.stage.ada.slash(house.stage.channel, "sms link")


async def _code(house: House) -> InteractionResult:
    form = await house.stage.ada.slash(house.stage.channel, "sms link")
    sent = await house.stage.ada.submit_modal(form, {"number": OTHER_PHONE})
    assert sent.response
    return await house.stage.ada.click(sent.response, label="Enter the code")


async def _paste(house: House) -> InteractionResult:
    return await house.stage.ada.slash(house.stage.channel, "route import")


# How each is opened, what is typed into it, and what somebody else reads; None: it is about who sends it.
FORMS: Final[Mapping[type[discord.ui.Modal], tuple[Opened, Mapping[str, Any], str | None]]] = {
    TargetForm: (_target, {"target": "1"}, NOT_THEIRS),
    EditForm: (_edit, {"target": "1", "out": "2027-03-11", "stops": ["0"], "details": ""}, NOT_THEIRS),
    SetupForm: (_setup, {"currency": "SEK", "timezone": "UTC", "most": "1"}, REFUSED),
    WebhookForm: (_webhook, {"url": URLS[WebhookKind.JSON], "secret": "mine"}, REFUSED),
    NumberForm: (_number, {"number": OTHER_PHONE}, None),
    CodeForm: (_code, {"code": "123456"}, None),
    PasteForm: (_paste, {"rows": "destination\nOSL"}, None),
}


def test_the_matrix_knows_every_form() -> None:
    for module in pkgutil.walk_packages(bot.__path__, "bot."):
        if not module.name.startswith(("bot.demo", "bot.__main__")):
            importlib.import_module(module.name)
    ours = {form for form in _below(discord.ui.Modal) if form.__module__.startswith("bot.")}
    assert {form for form in ours if not form.__subclasses__()} == set(FORMS)


@pytest.mark.parametrize("who", ["ben", "dora"])
async def test_a_form_does_for_who_sends_it_off_what_they_may(tmp_path: Path, who: str) -> None:
    async with open_house(tmp_path) as house:
        actor, channel = house.actor(who)
        await house.greeted(who)
        for opened, values, refusal in FORMS.values():
            shown = await opened(house)
            before = house.rows()

            answer = answer_of(await sent_off(actor, channel, shown, values))

            assert refusal is None or refusal in answer
            secrets = (*PUBLIC, *PRIVATE, *SERVERS, *PHONES)
            assert [secret for secret in secrets if secret in answer] == []
            assert [row for row in changed(before, house.rows()) if str(actor.id) not in row] == []


def _below(kind: type[Any]) -> set[type[Any]]:
    return {each for sub in kind.__subclasses__() for each in (sub, *_below(sub))}
