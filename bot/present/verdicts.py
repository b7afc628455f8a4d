"""What a look that a member asked for means for what they wait for, in a sentence."""

from bot.present.route import met
from bot.present.when import ago
from engine.actions.shown import Checked
from engine.domain.alert import Reason
from engine.tongue import key, say

_CHECKED = {
    Reason.ALERT: key("That is news: the alert is on its way."),
    Reason.LOWER_STILL: key("That is lower still: the alert is on its way."),
    Reason.BACK: key("It is back at a price you know; I say so under the alert."),
    Reason.CONFIRM: key("It looks good; I am asking a second time before I tell."),
    Reason.SUSPECT: key("That is so far from the usual that I look again before I believe it."),
    Reason.LEARNING: key("A new low counts once I know a week of fares; I am still learning."),
    Reason.SNOOZED: key("It is what you wait for, and you snoozed it."),
    Reason.NOT_MET: key("It is not what you wait for yet; I keep looking."),
}
_WAITS = {
    Reason.ALERT: key("That is news: the alert waits for the end of your quiet hours, {when}."),
    Reason.LOWER_STILL: key("That is lower still: the alert waits for the end of your quiet hours, {when}."),
}
_GATHERED = {
    Reason.ALERT: key("That is news: your next digest tells it."),
    Reason.LOWER_STILL: key("That is lower still: your next digest tells it."),
}


def verdict(result: Checked) -> str | None:
    """What the look means for who waits."""
    shown = result.shown
    if (said := judged(result)) is not None:
        return said
    if shown.met and (untold := waits(result)) is not None:
        return " ".join((say("**It is {met}.**", met=met(shown.met, shown.watch.rules)), untold))
    if shown.met:
        return say("It is {met}; you know of it already.", met=met(shown.met, shown.watch.rules))
    return None


def waits(result: Checked) -> str | None:
    """Of an alert that an earlier look made: when it will be told; None where nothing waits."""
    if result.gathered:
        return say("Your next digest tells it.")
    if result.waits_until is not None:
        return say("The alert waits for the end of your quiet hours, {when}.", when=ago(result.waits_until))
    return None


def judged(result: Checked) -> str | None:
    """What comes of the judgement, and when: a ping may have to wait."""
    reason = result.judgement.reason if result.judgement else None
    if reason in _WAITS and result.gathered:
        return say(_GATHERED[reason])
    if reason in _WAITS and result.waits_until is not None:
        return say(_WAITS[reason], when=ago(result.waits_until))
    said = _CHECKED.get(reason) if reason else None
    return say(said) if said else None
