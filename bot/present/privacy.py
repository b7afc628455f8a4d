"""What a member reads about what is stored of them."""

import discord

from bot.present.embeds import Field, Tone, embed
from engine.actions.privacy import Stored
from engine.tongue import count, say


def stored(what: Stored) -> discord.Embed:
    """What there is, why, for how long, and the way out."""
    lines = [
        say("This is all that I keep about you. Nobody else can see it, and nothing of it is sold."),
        "",
        say(
            "Removed routes are deleted after a day, what I told you after 90 days. "
            "Fares are kept without any name."
        ),
        say("Texts go through Twilio; sources of fares never learn who asks."),
    ]
    fields = [
        Field(say("Routes"), count(what.routes, "{n} route", "{n} routes")),
        Field(say("Told you"), count(what.told, "{n} message", "{n} messages")),
        Field(say("Texts counted"), count(what.texts, "{n} text", "{n} texts")),
        Field(say("Phone"), what.number or say("none")),
        Field(say("Choices"), say("time zone, language and the like") if what.choices else say("none")),
    ]
    return embed(say("What I know about you"), lines, Tone.CALM, fields=fields)


def exported() -> discord.Embed:
    """The file is attached."""
    lines = [say("Everything I keep about you, as JSON. The number of a phone stands in it shortened.")]
    return embed(say("Your data"), lines, Tone.CALM)


def sure(what: Stored) -> discord.Embed:
    """The last question before everything is gone."""
    lines = [
        count(
            what.routes,
            "{n} route, your phone, your choices and what I told you are deleted at once and for good.",
            "{n} routes, your phone, your choices and what I told you are deleted at once and for good.",
        ),
        say("What I posted in channels stays there; Discord lets its moderators delete it."),
    ]
    return embed(say("Delete everything?"), lines, Tone.CARE)


def deleted(routes: int) -> discord.Embed:
    """Nothing is left."""
    lines = [
        count(
            routes,
            "{n} route and all else that I kept about you is deleted. `/route add` begins anew.",
            "{n} routes and all else that I kept about you is deleted. `/route add` begins anew.",
        )
    ]
    return embed(say("Forgotten"), lines, Tone.PAST)


def kept() -> discord.Embed:
    """They thought better of it."""
    return embed(say("Nothing was deleted"), [say("All is as it was.")], Tone.CALM)
