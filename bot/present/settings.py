"""What managers of a server read about its settings."""

import discord

from bot.present.embeds import Field, Tone, embed
from bot.tongue import say
from engine.domain.server import Server


def shown(server: Server, *, home_currency: str, news: str | None = None) -> discord.Embed:
    """Everything chosen for a server; `news` is the sentence about what was just changed."""
    fields = [
        Field(say("Alerts"), _channel(server)),
        Field(say("Currency"), _currency(server, home_currency)),
        Field(say("Time zone"), _timezone(server)),
    ]
    tone = Tone.GOOD if news else Tone.CALM
    return embed(say("Settings of this server"), [news], tone, fields=fields)


def channel_chosen(server: Server) -> str:
    """What a new default channel means."""
    if server.channel_id is None:
        return say("Saved: each route tells where it was added.")
    return say(
        "Saved: new routes tell in {channel}, unless their owner says otherwise.",
        channel=f"<#{server.channel_id}>",
    )


def currency_chosen(server: Server, home_currency: str) -> str:
    """What a new currency means."""
    currency = server.currency or home_currency
    return say("Saved: new routes count in {currency}, unless their owner says otherwise.", currency=currency)


def timezone_chosen(server: Server) -> str:
    """What a new time zone means."""
    return say("Saved: times for everybody here are told in {zone}.", zone=server.timezone or "UTC")


def _channel(server: Server) -> str:
    return f"<#{server.channel_id}>" if server.channel_id else say("Where each route was added")


def _currency(server: Server, home_currency: str) -> str:
    return server.currency or say("{currency}, since nobody chose", currency=home_currency)


def _timezone(server: Server) -> str:
    return server.timezone or say("{zone}, since nobody chose", zone="UTC")
