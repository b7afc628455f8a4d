"""What a member is told when a code could not be sent, or did not link their phone."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from engine.alerts.codes import CodeKind, CodeReply
from engine.saying import Fact, Listed, Saying, saying

WRONG: Final = saying(
    "That is not the code. It stands in the newest text; press the button and type it again."
)
GONE: Final = saying("That code has run out. Ask for another one with /sms link.")
NO_PHONE: Final = saying("No phone is linked. Use /sms link to get the alerts of your routes as texts.")
SAID_STOP: Final = saying(
    "That phone replied STOP, and only the phone can undo it: reply START to one of my texts, then try again."
)
PAUSED: Final = saying("You paused your texts. Use /sms pause with Resume, then test again.")
NOT_FROM_HERE: Final = saying(
    "That number may not be texted from here any more; whoever runs me decides which may. "
    "Use /sms link with another one."
)
TOO_MANY_TRIES: Final = saying("Too many codes were tried. Ask for another one with /sms link.")

_NOT_SENT: Final[Mapping[CodeKind, Saying]] = MappingProxyType(
    {
        CodeKind.TOO_MANY_CODES: saying("Too many codes went to that number. Try again in ten minutes."),
        CodeKind.NO_SUCH_PHONE: saying("Twilio cannot text that number. Check it, or use another one."),
        CodeKind.BLOCKED: saying(
            "Twilio sends no code to that number now. Try again tomorrow, or use another one."
        ),
        CodeKind.BUSY: saying("Twilio is busy. Try again in a minute."),
        CodeKind.UNREACHABLE: saying(
            "Twilio cannot be reached, and no code was sent. Try again in a minute."
        ),
        CodeKind.UNKNOWN: saying(
            "Twilio did not answer: a code may or may not come. Ask for another one in a minute, "
            "and type the newest."
        ),
    }
)
_NOT_LINKED: Final[Mapping[CodeKind, Saying]] = MappingProxyType(
    {
        CodeKind.WRONG: WRONG,
        CodeKind.GONE: GONE,
        CodeKind.TOO_MANY_TRIES: TOO_MANY_TRIES,
        CodeKind.BUSY: saying("Twilio is busy. Press the button again in a minute."),
        CodeKind.UNREACHABLE: saying("Twilio cannot be reached. Press the button again in a minute."),
        CodeKind.UNKNOWN: saying("Twilio did not answer. Press the button again in a minute."),
    }
)


def not_sent(reply: CodeReply) -> Saying:
    """Why no code is on its way."""
    return _NOT_SENT.get(reply.kind) or _operators_fault(reply)


def not_linked(reply: CodeReply) -> Saying:
    """Why the number is not linked yet."""
    return _NOT_LINKED.get(reply.kind) or _operators_fault(reply)


def resting(why: Fact) -> Saying:
    """Why a linked phone is not texted, and what a member can do."""
    return saying("Texts rest: {why}. /sms link tries again.", why=why)


def nothing_is_sent(why: Fact) -> Saying:
    """Why nobody is texted now."""
    return saying("No texts go out at the moment: {why}. Alerts in Discord go on as ever.", why=why)


def not_set_up(lacks: tuple[str, ...]) -> Saying:
    """Why no member can be texted; names the settings, which are no secret."""
    return saying(
        "Texts to members are not set up here. Whoever runs me has to set {settings}.", settings=Listed(lacks)
    )


def _operators_fault(reply: CodeReply) -> Saying:
    if not reply.code:
        return saying(
            "Something is wrong with the Twilio account of whoever runs me. Tell them this: Twilio refused."
        )
    return saying(
        "Something is wrong with the Twilio account of whoever runs me. Tell them this: Twilio {code}.",
        code=str(reply.code),
    )
