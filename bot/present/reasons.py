"""Why something did not go out, or rests: the engine writes it down in English, here it is said."""

import re
from typing import Final

from bot.tongue import is_said, key, say

# What the engine keeps with a watch, a place or a message. What stands in none of these (a service's own
# words) is shown as it came.
KNOWN: Final = (
    # Why a watch rests.
    key("removed by who manages the server"),
    key("its channel was deleted"),
    key("I was removed from its server"),
    key("you left its server"),
    key("no longer in the list"),
    # What Discord says of a place.
    key("the channel is gone"),
    key("the server is gone"),
    key("the member is gone"),
    key("I may not see the channel"),
    key("direct messages from me are closed"),
    key("I may not write in the channel"),
    key("the thread is archived"),
    key("we share no server any more"),
    key("the thread is locked"),
    key("the message is gone"),
    key("there is no post to edit"),
    key("rate limit"),
    key("not logged in to Discord yet"),
    key("too many refusals by Discord, all posting rests"),
    key("not in the channel's history"),
    key("direct messages opened too fast"),
    key("Discord answered HTTP {status}"),
    key("Discord refused (HTTP {status})"),
    key("Discord could not take the message (HTTP {status})"),
    key("Discord refuses this address for a while (HTTP {status})"),
    key("Discord does not know the token (HTTP {status})"),
    # What Twilio says of a text, behind its code.
    key("too many requests"),
    key("the sender's queue is full"),
    key("the phone cannot be reached"),
    key("the phone is unknown to its carrier"),
    key("the carrier did not deliver it and does not say why"),
    key("the number is not valid"),
    key("the number cannot receive texts"),
    key("the number is a landline"),
    key("the number is a landline or out of reach"),
    key("the recipient replied STOP; START undoes it"),
    key("the account SID or auth token is wrong"),
    key("the sender number is not valid"),
    key("the sender number cannot send texts from this account"),
    key("the sender number is not one of this account"),
    key("the account is suspended"),
    key("texts to that country are not enabled in the account"),
    key("a trial account may only text verified numbers"),
    key("PUBLIC_BASE_URL cannot be called by Twilio"),
    key("the text is too long"),
    key("the message was blocked"),
    key("the carrier filtered the message"),
    key("the sender went over its rate"),
    key("the sender is not registered for US numbers"),
    key("the account went over its hourly limit"),
    key("the account went over its daily limit"),
    key("this sender cannot reach that number"),
)
_STATUS: Final = re.compile(r"HTTP (\d+)")
_CODED: Final = re.compile(r"(Twilio \d+): (.+)")


def reason(why: str) -> str:
    """The same in the tongue of the context, where it is known there."""
    if coded := _CODED.fullmatch(why):
        return f"{coded[1]}: {reason(coded[2])}"
    if is_said(why):
        return say(why)
    status = _STATUS.search(why)
    template = _STATUS.sub("HTTP {status}", why)
    return say(template, status=status[1]) if status and is_said(template) else why
