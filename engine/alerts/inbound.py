"""What a phone says to the sender: STOP, START, HELP, or nothing that concerns us. Pure.

Consent may be withdrawn in any words (reliability 2.8), so STOP is read out of sentences; taking back
a STOP needs the very word, as it does at Twilio, which would go on refusing after any other.
"""

import re
import unicodedata
from enum import StrEnum
from typing import Final


class Word(StrEnum):
    """What was said; the names are those of Twilio's OptOutType."""

    STOP = "STOP"
    START = "START"
    HELP = "HELP"


# Twilio's own lists (docs/messaging, Advanced Opt-Out), and the same in German and French.
_STOP: Final = frozenset(
    "stop stopall unsubscribe end quit revoke optout cancel stopp abmelden arret".split()
)
_START: Final = frozenset(("start", "unstop", "yes"))
_HELP: Final = frozenset(("help", "info"))
_POLITE: Final = frozenset(("please", "pls", "now", "bitte", "thanks", "thank", "you", "it", "this", "all"))

_LONGEST: Final = 1600  # Twilio joins parts up to here; longer is no text message

_TEXTS: Final = r"(?:texts?|texting|messag(?:es?|ing)|sms|alerts?|notifications?|nachrichten|these|them)"
# `stop` in a sentence means STOP, unless it is a stop of a flight or is asked not to.
_NO_STOP: Final = re.compile(
    r"\b(?:do ?n[o']?t|never|not|non|no|one|two|\d+) ?stop"
    r"|\bstop ?over|\bstops\b|\bbus stop|\bwith(?:out)? (?:a )?stop"
)
_WITHDRAWN: Final = re.compile(
    r"\bstop(?:p|all)?\b|\bunsubscribe\b|\brevoke\b|\bopt(?:ing)? ?(?:me )?out\b"
    rf"|\b(?:end|quit|cancel|cease) (?:\w+ ){{0,3}}{_TEXTS}"
    rf"|\bno (?:more|further) (?:\w+ )?{_TEXTS}|\bkeine? (?:\w+ )?{_TEXTS} mehr"
    r"|\b(?:do not|don'?t|never) (?:ever )?(?:text|message|sms|contact|write)\b"
    r"|\b(?:remove|delete|forget) (?:me|my|this) ?(?:phone|number|mobile)?\b"
    r"|\btake me off\b|\bleave me alone\b"
)


def word_of(body: str, opt_out_type: str | None = None) -> Word | None:
    """What an inbound message asks for; `opt_out_type` is Twilio's own reading of it, where it gives one."""
    if opt_out_type is not None and opt_out_type.upper() in Word.__members__:
        return Word(opt_out_type.upper())
    said = _plain(body[:_LONGEST])
    alone = [word for word in said.split() if word not in _POLITE] or said.split()
    if len(alone) == 1:
        for words, meaning in ((_STOP, Word.STOP), (_START, Word.START), (_HELP, Word.HELP)):
            if alone[0] in words:
                return meaning if meaning is Word.STOP or said == alone[0] else None
    return Word.STOP if _WITHDRAWN.search(_NO_STOP.sub(" ", said)) else None


def _plain(body: str) -> str:
    """Lower case, without accents and signs, words one space apart; an apostrophe stays within a word."""
    folded = unicodedata.normalize("NFKD", body.replace("\u2019", "'")).casefold()
    kept = "".join(
        character if character.isalnum() or character == "'" else " "
        for character in folded
        if not unicodedata.combining(character)
    )
    return " ".join(word.strip("'") for word in kept.split())
