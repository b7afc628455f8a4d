"""Why something was not delivered, or waits: half sentences that are stored in English and said later.

Stored rows, logs and headless runs have them filled in; a face that speaks another language recognises
them (`engine.saying.recognised`), so that rows of older versions are understood like new ones.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from engine.domain.caps import Cap, Caps, in_words
from engine.saying import Saying, Template, recognised

# The relay.
REFUSED: Final = "refused"
NOT_TRIED: Final = "not tried yet"
GIVEN_UP: Final = "given up after {tries} tries: {why}"
TOO_LATE: Final = "too late to be of use"
NOT_LOOKED_AGAIN: Final = "looking again failed"
LOOKED_AGAIN: Final = "looked at again"
QUIET_HOURS: Final = "quiet hours"
NOT_TRUE: Final = "no longer true when looked at again"
NOT_TRUE_AFTER_QUIET: Final = "no longer true at the end of quiet hours"
NO_CHANNEL: Final = "nothing here delivers to a {kind}"
FAULT: Final = "fault in the channel: {fault}"
DRY_RUN_OVER: Final = "the dry run is over"
NOT_FOR_AN_HOUR: Final = "it could not be sent for an hour"
# Begins the reason of a dead letter whose sending may or may not have happened: it is told apart from a
# refusal, because the owner may hold the message in hand.
OUTCOME_UNKNOWN: Final = "outcome unknown"
UNKNOWN: Final = "outcome unknown: {why}"
SENT_TWICE: Final = "sent twice, and the provider knows of neither"
NO_ANSWER_YET: Final = "the provider did not answer for 15 minutes"
NEVER_GOT_IT: Final = "the provider never got it"
# The reason of an edit that found its post deleted: nothing more of that post is tried.
POST_GONE: Final = "the message is gone"
NO_POST: Final = "the post it would edit was never made"
OVERTAKEN: Final = "a later change of the same post went out before"
NOT_WATCHED: Final = "it is not watched any more"

# Texts.
NO_EDITS: Final = "a text cannot be edited"
NOT_COUNTED: Final = "it cannot be read what texts were sent already"
NO_NUMBER: Final = "there is no number that may be texted"
NO_CONNECTION: Final = "no connection to Twilio ({fault})"
NO_USABLE_ANSWER: Final = "no usable answer from Twilio ({what})"
NO_ID: Final = "a reply without a message id"
NOT_LISTED: Final = "not in Twilio's list"
NOT_LISTED_YET: Final = "not in Twilio's list yet"
HELD_BACK: Final = "no texts until {time} UTC: {why}"
HELD_BACK_LONG: Final = "no texts until whoever runs this bot sees to it: {why}"
MEMBER_PAUSED: Final = "its member paused texts"
YOU_PAUSED: Final = "you have paused your texts"
NUMBER_FORGOTTEN: Final = "the number was forgotten"
OTHER_NUMBER: Final = "another number was linked"
SAID_STOP: Final = "the phone had said STOP"
REPLIED_STOP: Final = "it replied STOP, and gets no texts until it replies START"
TWILIO_SAYS: Final = "Twilio {code}: {meaning}"
TWILIO_CODE: Final = "Twilio {code}"
TWILIO_WITHOUT_CODE: Final = "Twilio without a code"

TWILIO: Final[Mapping[int, str]] = MappingProxyType(
    {
        20003: "the account SID or auth token is wrong",
        20429: "too many requests",
        21211: "the number is not valid",
        21212: "the sender number is not valid",
        21408: "texts to that country are not enabled in the account",
        21606: "the sender number cannot send texts from this account",
        21608: "a trial account may only text verified numbers",
        21609: "PUBLIC_BASE_URL cannot be called by Twilio",
        21610: "the recipient replied STOP; START undoes it",
        21611: "the sender's queue is full",
        21612: "this sender cannot reach that number",
        21614: "the number cannot receive texts",
        21617: "the text is too long",
        21635: "the number is a landline",
        21659: "the sender number is not one of this account",
        30001: "the sender's queue is full",
        30002: "the account is suspended",
        30003: "the phone cannot be reached",
        30004: "the message was blocked",
        30005: "the phone is unknown to its carrier",
        30006: "the number is a landline or out of reach",
        30007: "the carrier filtered the message",
        30008: "the carrier did not deliver it and does not say why",
        30022: "the sender went over its rate",
        30034: "the sender is not registered for US numbers",
        60728: "the account went over its hourly limit",
        63038: "the account went over its daily limit",
    }
)
"""What Twilio's codes say, without what follows from them (`engine.alerts.channels.sms_errors`)."""

# Copies to webhooks and the operator's own targets.
ONLY_ALERTS: Final = "only alerts are copied"
NO_CHANGES: Final = "nothing is changed there"
NO_TARGET: Final = "APPRISE_URLS has no such target any more"
STILL_BUSY: Final = "it is still busy with the one before"
NOT_TAKEN: Final = "it did not take the message"
WEBHOOKS_UNREADABLE: Final = "the webhooks cannot be read"
OTHER_KEY: Final = "its address was stored with another key than PHONE_KEYS has; add it anew"
WEBHOOK_REMOVED: Final = "the webhook was removed"
NO_KEYS: Final = "PHONE_KEYS is not set"
PAUSE_ASKED: Final = "it asked for a pause"
NOT_KNOWN: Final = "not known to have arrived"
ANSWERED: Final = "it answered HTTP {status}"
REDIRECTED: Final = "it answered with a redirect (HTTP {status}), which is not followed"
NOT_PUBLIC: Final = "it leads to an address that is not on the public internet"
BAD_ADDRESS: Final = "its address cannot be used"
NO_HOST: Final = "its host cannot be found"
NOT_TRUSTED: Final = "its certificate is not trusted"
NOT_REACHED: Final = "no connection to it"
NOT_IN_TIME: Final = "no answer in time"
LOST: Final = "the connection was lost"

_USED_UP: Final = tuple(in_words(cap, Caps()) for cap in Cap)
ALL: Final[tuple[Template, ...]] = (
    *(text for name, text in tuple(globals().items()) if name.isupper() and isinstance(text, str)),
    *TWILIO.values(),
    *((each.template, each.many or each.template) for each in _USED_UP),
)
"""All of them, and what is said of a cap that is used up."""


def read(why: str) -> Saying | str:
    """A stored reason as a saying; one that is none of these as it stands."""
    return recognised(why, ALL) or why
