"""What managers of a server read about its settings."""

from collections.abc import Iterable

import discord

from bot.present.embeds import Field, Tone, embed
from bot.present.faults import plain_sentence
from bot.present.text import listed
from engine.domain.server import Server
from engine.tongue import count, language_name, say


def shown(server: Server, *, home_currency: str, most_routes: int, news: str | None = None) -> discord.Embed:
    """Everything chosen for a server; `news` is the sentence about what was just changed.

    `most_routes` is how many one member may have as whoever runs the bot set it.
    """
    tone = Tone.GOOD if news else Tone.CALM
    fields = _fields(server, home_currency, most_routes)
    return embed(say("Settings of this server"), [news], tone, fields=fields)


def setup(
    server: Server, check: str, *, home_currency: str, most_routes: int, trouble: str | None = None
) -> discord.Embed:
    """The same, to be picked; `check` says what the bot may do, `trouble` why a pick was not saved."""
    lines = [
        check,
        f"⚠️ {plain_sentence(trouble)}" if trouble else None,
        "",
        say("Pick what you like. Each pick is saved at once, and `/settings setup` opens this again."),
    ]
    fields = _fields(server, home_currency, most_routes)
    return embed(say("Set up this server"), lines, Tone.CARE if trouble else Tone.CALM, fields=fields)


def set_up(server: Server, *, home_currency: str, most_routes: int) -> discord.Embed:
    """Setting up came to its end."""
    lines = [
        say("That is all I need. `/route add` begins, for every member."),
        say("`/route add` with **for: This server** makes a route that belongs to everybody here."),
    ]
    fields = _fields(server, home_currency, most_routes)
    return embed(say("This server is set up"), lines, Tone.GOOD, fields=fields)


def may_post(channel: str, lacking: list[str]) -> str:
    """What the bot may do in a channel, and what it needs."""
    if not lacking:
        return say("✅ I may post in {channel}.", channel=channel)
    return say(
        "⚠️ I may not post in {channel}: I need {permissions}. Allow me that in the channel's settings.",
        channel=channel,
        permissions=listed([f"**{name}**" for name in lacking]),
    )


def channel_chosen(server: Server) -> str:
    """What a new default channel means."""
    if server.channel_id is None:
        return say("Saved: each route tells where it was added.")
    return say(
        "Saved: new routes tell in {channel}, unless their owner says otherwise.",
        channel=f"<#{server.channel_id}>",
    )


def admin_channel_chosen(server: Server) -> str:
    """What a new admin channel means."""
    if server.admin_channel_id is None:
        return say("Saved: I keep news for whoever runs this server to myself.")
    return say(
        "Saved: what you should know about this server's routes comes to {channel}.",
        channel=f"<#{server.admin_channel_id}>",
    )


def currency_chosen(server: Server, home_currency: str) -> str:
    """What a new currency means."""
    currency = server.currency or home_currency
    return say("Saved: new routes count in {currency}, unless their owner says otherwise.", currency=currency)


def timezone_chosen(server: Server) -> str:
    """What a new time zone means."""
    return say("Saved: times for everybody here are told in {zone}.", zone=server.timezone or "UTC")


def language_chosen(server: Server) -> str:
    """What a new language means."""
    if server.locale is None:
        return say("Saved: I write in this server's channels in the language that Discord has for it.")
    return say(
        "Saved: I write in this server's channels in {language}.", language=language_name(server.locale)
    )


def limit_chosen(role: str | None, most: int | None) -> str:
    """What a new limit means."""
    whom = say("members with {role}", role=f"<@&{role}>") if role else say("members")
    if most is None:
        return say("Saved: no limit of this server's own for {whom}.", whom=whom)
    routes = count(most, "{n} route", "{n} routes")
    stays = say("What they have already stays.")
    return f"{say('Saved: {whom} may have {routes} here.', whom=whom, routes=routes)} {stays}"


def watchers_chosen(server: Server) -> str:
    """Who may add routes from now on."""
    if not server.watchers:
        return say("Saved: everybody may add routes.")
    return say("Saved: only {roles} may add routes. What others have stays.", roles=_roles(server.watchers))


def pings_chosen(server: Server) -> str:
    """Who is pinged from now on."""
    return say("Saved: {pings}", pings=_pings(server))


def _fields(server: Server, home_currency: str, most_routes: int) -> list[Field]:
    return [
        Field(say("Alerts"), _channel(server)),
        Field(say("Currency"), server.currency or _unchosen(home_currency)),
        Field(say("Time zone"), server.timezone or _unchosen("UTC")),
        Field(say("Language"), language_name(server.locale) if server.locale else say("As Discord has it")),
        Field(say("Who may add routes"), _roles(server.watchers) if server.watchers else say("Everybody")),
        Field(say("Routes of a member"), _limits(server, most_routes)),
        Field(say("Pings"), _pings(server)),
        Field(say("News for those who run this server"), _admin(server)),
    ]


def _channel(server: Server) -> str:
    return f"<#{server.channel_id}>" if server.channel_id else say("Where each route was added")


def _unchosen(instead: str) -> str:
    return say("{instead}, since nobody chose", instead=instead)


def _admin(server: Server) -> str:
    return f"<#{server.admin_channel_id}>" if server.admin_channel_id else say("Nowhere yet")


def _limits(server: Server, most_routes: int) -> str:
    most = most_routes if server.most_routes is None else min(server.most_routes, most_routes)
    lines = [say("At most {most}", most=most)]
    for role, limit in server.most_by_role.items():
        lines.append(say("{role}: {most}", role=f"<@&{role}>", most=min(limit, most_routes)))
    return "\n".join(lines)


def _pings(server: Server) -> str:
    owners = say("Owners are pinged.") if server.pings_owners else say("Owners are not pinged.")
    if server.ping_role_id is None:
        return owners
    return f"{owners} {say('Routes of this server ping {role}.', role=f'<@&{server.ping_role_id}>')}"


def _roles(ids: Iterable[str]) -> str:
    return listed([f"<@&{id_}>" for id_ in ids], say("or"))
