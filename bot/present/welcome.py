"""The one message with which the bot says hello to a server."""

import discord

from bot.present.embeds import Tone, embed
from engine.tongue import say


def welcome() -> discord.Embed:
    """What it does, how to begin, what it keeps."""
    lines = [
        say("I keep an eye on flight fares and tell you, once, when one gets as cheap as you want."),
        "",
        say("**Everybody:** `/route add` with where from, where to and when. `/help` shows the rest."),
        say(
            "**Who runs this server:** `/settings setup` asks for a channel for alerts, a currency "
            "and who may add routes. It takes a minute."
        ),
        "",
        say("I read no messages. `/privacy` says what I keep about you, and deletes it."),
    ]
    return embed(say("Hello! I watch flight fares"), lines, Tone.CALM)
