"""What a member reads about texts to their phone."""

import discord

from bot.present.embeds import Field, Tone, embed
from bot.present.faults import plain_sentence
from bot.present.text import listed
from bot.present.when import clock
from engine.actions.sms import MOST_PER_NUMBER, PhoneStatus


def not_set_up(lacks: tuple[str, ...]) -> discord.Embed:
    """Texts to members are the operator's to allow."""
    names = listed([f"`{name}`" for name in lacks])
    lines = [
        "Whoever runs me has not set up texts to members. Alerts in Discord are not affected.",
        f"For that person: set {names}.",
    ]
    return embed("No texts here yet", lines, Tone.CARE)


def code_sent(number: str) -> discord.Embed:
    """The same whether or not the number is free: a stranger learns nothing."""
    lines = [
        f"A text with a code is on its way to **{number}**. It is good for 10 minutes.",
        "",
        "No text after two minutes? Check the number and use `/sms link` again.",
        f"A number gets at most {MOST_PER_NUMBER} codes a day and belongs to one member.",
        "A phone that once replied STOP gets none before it replies START.",
    ]
    return embed("Enter the code", lines, Tone.CALM)


def linked(status: PhoneStatus) -> discord.Embed:
    """The number is the member's."""
    lines = [
        f"Alerts of your routes come to **{status.number}** as well as to Discord.",
        f"At most {status.most} texts a day; codes count.",
        "Reply STOP to end it from the phone; `/sms forget` deletes the number at once.",
    ]
    return embed("Your phone is linked", lines, Tone.GOOD)


def status(status: PhoneStatus) -> discord.Embed:
    """Which number, since when, how many texts today, and what stands in the way."""
    under_way = f"A code is on its way to **{status.under_way}**." if status.under_way else None
    if status.number is None or status.since is None:
        lines = [under_way or "Use `/sms link` to get the alerts of your routes as texts."]
        return embed("No phone is linked", lines, Tone.CALM)
    fields = [
        Field("Number", status.number),
        Field("Linked", clock(status.since)),
        Field("Today", f"{status.today} of {status.most} texts"),
    ]
    return embed("Your phone", [_hindrance(status), under_way], _tone(status), fields=fields)


def forgotten(*, there_was_one: bool) -> discord.Embed:
    """Nothing is left to text to."""
    if not there_was_one:
        return embed("No phone is linked", ["There was nothing to forget."], Tone.PAST)
    lines = ["Your number and your consent are deleted. No more texts; alerts in Discord go on."]
    return embed("Forgotten", lines, Tone.PAST)


def _hindrance(status: PhoneStatus) -> str | None:
    if status.lacks:
        return f"Texts rest: whoever runs me has to set {listed([f'`{name}`' for name in status.lacks])}."
    if status.stopped:
        return "Texts rest: your phone replied STOP. Reply START to one of my texts to get them again."
    if status.paused_why:
        return f"Texts rest: {plain_sentence(status.paused_why)}. `/sms link` tries again."
    return None


def _tone(status: PhoneStatus) -> Tone:
    return Tone.CARE if _hindrance(status) else Tone.CALM
