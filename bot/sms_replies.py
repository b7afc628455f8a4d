"""Messages about a member's phone, with their buttons; only that member sees them."""

from bot import ids
from bot.answer import Reply
from bot.present import own_text, sms
from bot.press import PressButton, Style
from engine.actions.quiethours import Calm
from engine.actions.selftexts import TextTest
from engine.actions.sms import PhoneStatus
from engine.tongue import say


def not_set_up(lacks: tuple[str, ...]) -> Reply:
    """The operator has not made texts to members possible."""
    return Reply(embed=sms.not_set_up(lacks))


def code_sent(number: str) -> Reply:
    """A code is on its way; the same words where none is."""
    return Reply(embed=sms.code_sent(number), rows=((_enter(),),))


def linked(status: PhoneStatus, calm: Calm) -> Reply:
    """The code was right."""
    return Reply(embed=sms.linked(status, calm))


def status(status: PhoneStatus) -> Reply:
    """What is linked and what was texted."""
    if status.lacks and status.number is None:
        return Reply(embed=sms.not_set_up(status.lacks))
    buttons = [
        *([_enter()] if status.under_way else []),
        *([_resume()] if status.paused_at is not None else []),
    ]
    return Reply(embed=sms.status(status), rows=(tuple(buttons),))


def paused(status: PhoneStatus) -> Reply:
    """Texts rest; the way back stands below."""
    return Reply(embed=sms.paused(status), rows=((_resume(),),))


def resumed(status: PhoneStatus) -> Reply:
    """Texts come again."""
    return Reply(embed=sms.resumed(status))


def tested(test: TextTest, status: PhoneStatus) -> Reply:
    """What came of a test."""
    return Reply(embed=own_text.tested(test, status))


def forgotten(*, there_was_one: bool) -> Reply:
    """The number is deleted."""
    return Reply(embed=sms.forgotten(there_was_one=there_was_one))


def _enter() -> PressButton:
    return PressButton.labelled(say("Enter the code"), ids.custom_id("code"), Style.primary)


def _resume() -> PressButton:
    return PressButton.labelled(say("Resume texts"), ids.custom_id("texts"), Style.primary)
