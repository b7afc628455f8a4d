"""What a member is told when a code could not be sent, or did not link their phone."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from engine.alerts.codes import CodeKind, CodeReply

WRONG: Final = "That is not the code. It stands in the newest text; press the button and type it again."
GONE: Final = "That code has run out. Ask for another one with /sms link."
NO_PHONE: Final = "No phone is linked. Use /sms link to get the alerts of your routes as texts."
SAID_STOP: Final = (
    "That phone replied STOP, and only the phone can undo it: reply START to one of my texts, then try again."
)
PAUSED: Final = "You paused your texts. Use /sms pause with Resume, then test again."
NOT_FROM_HERE: Final = (
    "That number may not be texted from here any more; whoever runs me decides which may. "
    "Use /sms link with another one."
)
TOO_MANY_TRIES: Final = "Too many codes were tried. Ask for another one with /sms link."

_NOT_SENT: Final[Mapping[CodeKind, str]] = MappingProxyType(
    {
        CodeKind.TOO_MANY_CODES: "Too many codes went to that number. Try again in ten minutes.",
        CodeKind.NO_SUCH_PHONE: "Twilio cannot text that number. Check it, or use another one.",
        CodeKind.BLOCKED: "Twilio sends no code to that number now. Try again tomorrow, or use another one.",
        CodeKind.BUSY: "Twilio is busy. Try again in a minute.",
        CodeKind.UNREACHABLE: "Twilio cannot be reached, and no code was sent. Try again in a minute.",
        CodeKind.UNKNOWN: (
            "Twilio did not answer: a code may or may not come. Ask for another one in a minute, "
            "and type the newest."
        ),
    }
)
_NOT_LINKED: Final[Mapping[CodeKind, str]] = MappingProxyType(
    {
        CodeKind.WRONG: WRONG,
        CodeKind.GONE: GONE,
        CodeKind.TOO_MANY_TRIES: TOO_MANY_TRIES,
        CodeKind.BUSY: "Twilio is busy. Press the button again in a minute.",
        CodeKind.UNREACHABLE: "Twilio cannot be reached. Press the button again in a minute.",
        CodeKind.UNKNOWN: "Twilio did not answer. Press the button again in a minute.",
    }
)


def not_sent(reply: CodeReply) -> str:
    """Why no code is on its way."""
    return _NOT_SENT.get(reply.kind) or _operators_fault(reply)


def not_linked(reply: CodeReply) -> str:
    """Why the number is not linked yet."""
    return _NOT_LINKED.get(reply.kind) or _operators_fault(reply)


def resting(why: str) -> str:
    """Why a linked phone is not texted, and what a member can do."""
    return f"Texts rest: {why}. /sms link tries again."


def nothing_is_sent(why: str) -> str:
    """Why nobody is texted now."""
    return f"No texts go out at the moment: {why}. Alerts in Discord go on as ever."


def not_set_up(lacks: tuple[str, ...]) -> str:
    """Why no member can be texted; names the settings, which are no secret."""
    return f"Texts to members are not set up here. Whoever runs me has to set {', '.join(lacks)}."


def _operators_fault(reply: CodeReply) -> str:
    return (
        "Something is wrong with the Twilio account of whoever runs me. "
        f"Tell them this: Twilio {reply.code or 'refused'}."
    )
