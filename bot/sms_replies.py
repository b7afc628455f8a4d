"""Messages about a member's phone, with their buttons; only that member sees them."""

from bot import ids
from bot.answer import Reply
from bot.present import sms
from bot.press import PressButton, Style
from engine.actions.sms import PhoneStatus


def not_set_up(lacks: tuple[str, ...]) -> Reply:
    """The operator has not made texts to members possible."""
    return Reply(embed=sms.not_set_up(lacks))


def code_sent(number: str) -> Reply:
    """A code is on its way; the same words where none is."""
    return Reply(embed=sms.code_sent(number), rows=((_enter(),),))


def linked(status: PhoneStatus) -> Reply:
    """The code was right."""
    return Reply(embed=sms.linked(status))


def status(status: PhoneStatus) -> Reply:
    """What is linked and what was texted."""
    if status.lacks and status.number is None:
        return Reply(embed=sms.not_set_up(status.lacks))
    return Reply(embed=sms.status(status), rows=((_enter(),),) if status.under_way else ())


def forgotten(*, there_was_one: bool) -> Reply:
    """The number is deleted."""
    return Reply(embed=sms.forgotten(there_was_one=there_was_one))


def _enter() -> PressButton:
    return PressButton.labelled("Enter the code", ids.custom_id("code"), Style.primary)
