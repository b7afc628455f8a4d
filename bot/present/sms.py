"""What a member reads about texts to their phone."""

import discord

from bot.present.embeds import Field, Tone, embed
from bot.present.faults import plain_sentence
from bot.present.quiet import when_texts_come
from bot.present.reasons import reason
from bot.present.text import listed
from bot.present.when import clock
from engine.actions.linking import MOST_PER_NUMBER
from engine.actions.quiethours import Calm
from engine.actions.sms import PhoneStatus
from engine.alerts.consent import MANY_A_DAY, ONE_A_DAY, Consent, version
from engine.tongue import count, locale, say


def consent(most_a_day: int) -> Consent:
    """What is agreed to where the number is typed, in the words that its member reads."""
    return Consent(version=version(most_a_day, locale()), sentence=count(most_a_day, ONE_A_DAY, MANY_A_DAY))


def not_set_up(lacks: tuple[str, ...]) -> discord.Embed:
    """Texts to members are the operator's to allow."""
    lines = [
        say("Whoever runs me has not set up texts to members. Alerts in Discord are not affected."),
        say("For that person: set {names}.", names=_settings(lacks)),
    ]
    return embed(say("No texts here yet"), lines, Tone.CARE)


def code_sent(number: str) -> discord.Embed:
    """The same whether or not the number is free: a stranger learns nothing."""
    lines = [
        say("A text with a code is on its way to **{number}**. It is good for 10 minutes.", number=number),
        "",
        say("No text after two minutes? Check the number and use `/sms link` again."),
        count(
            MOST_PER_NUMBER,
            "A number gets at most {n} code a day and belongs to one member.",
            "A number gets at most {n} codes a day and belongs to one member.",
        ),
        say("A phone that once replied STOP gets none before it replies START."),
    ]
    return embed(say("Enter the code"), lines, Tone.CALM)


def linked(status: PhoneStatus, calm: Calm) -> discord.Embed:
    """The number is the member's; `calm` says when texts wait."""
    lines = [
        say("Alerts of your routes come to **{number}** as well as to Discord.", number=status.number),
        count(status.most, "At most {n} text a day; codes count.", "At most {n} texts a day; codes count."),
        when_texts_come(calm),
        say("`/sms test` sends one now, `/sms pause` lets them rest."),
        say("Reply STOP to end it from the phone; `/sms forget` deletes the number at once."),
    ]
    return embed(say("Your phone is linked"), lines, Tone.GOOD)


def status(status: PhoneStatus) -> discord.Embed:
    """Which number, since when, how many texts today, and what stands in the way."""
    under_way = _under_way(status)
    if status.number is None or status.since is None:
        lines = [under_way or say("Use `/sms link` to get the alerts of your routes as texts.")]
        return embed(say("No phone is linked"), lines, Tone.CALM)
    fields = [
        Field(say("Number"), status.number),
        Field(say("Linked"), clock(status.since)),
        Field(say("Today"), used(status)),
    ]
    return embed(say("Your phone"), [hindrance(status), under_way], _tone(status), fields=fields)


def paused(status: PhoneStatus) -> discord.Embed:
    """Nothing is texted until the member says so."""
    lines = [
        say("Nothing is texted to **{number}** until you resume it.", number=status.number),
        say("Alerts in Discord go on as ever."),
    ]
    return embed(say("Your texts are paused"), lines, Tone.PAST)


def resumed(status: PhoneStatus) -> discord.Embed:
    """Texts come again, unless something else stands in the way."""
    why = hindrance(status)
    come = say("Alerts of your routes are texted to **{number}** from now on.", number=status.number)
    return embed(say("Your texts are no longer paused"), [why or come], Tone.CARE if why else Tone.GOOD)


def forgotten(*, there_was_one: bool) -> discord.Embed:
    """Nothing is left to text to."""
    if not there_was_one:
        return embed(say("No phone is linked"), [say("There was nothing to forget.")], Tone.PAST)
    lines = [say("Your number and your consent are deleted. No more texts; alerts in Discord go on.")]
    return embed(say("Forgotten"), lines, Tone.PAST)


def used(status: PhoneStatus) -> str:
    """`2 of 3 texts`."""
    return count(status.most, "{today} of {n} text", "{today} of {n} texts", today=status.today)


def hindrance(status: PhoneStatus) -> str | None:
    """Why nothing is texted although a phone is linked, and what its member can do."""
    if status.lacks:
        names = _settings(status.lacks)
        return say("Texts rest: whoever runs me has to set {names}.", names=names)
    if status.stopped:
        return say("Texts rest: your phone replied STOP. Reply START to one of my texts to get them again.")
    if status.paused_at is not None:
        return say("Texts rest: you paused them {when}.", when=clock(status.paused_at))
    if status.refused_why:
        why = plain_sentence(reason(status.refused_why))
        return say("Texts rest: {why}. `/sms link` tries again.", why=why)
    return None


def _under_way(status: PhoneStatus) -> str | None:
    if status.under_way is None:
        return None
    return say("A code is on its way to **{number}**.", number=status.under_way)


def _settings(names: tuple[str, ...]) -> str:
    return listed([f"`{name}`" for name in names])


def _tone(status: PhoneStatus) -> Tone:
    return Tone.CARE if hindrance(status) else Tone.CALM
