"""What a member reads about their quiet hours."""

from datetime import time

import discord

from bot.present.embeds import Tone, embed
from bot.present.when import ago
from engine.actions.quiethours import Calm
from engine.domain.hush import TEXTS_BY_DEFAULT
from engine.tongue import count, say


def chosen(calm: Calm) -> discord.Embed:
    """Other quiet hours, or another time zone."""
    if calm.quiet is None:
        zone = say("Saved: your time zone is {zone}.", zone=calm.member.timezone)
        return embed(say("No quiet hours"), [zone, *_none(calm)], Tone.GOOD)
    return embed(_title(calm), _hours(calm), Tone.GOOD, footer=_how_to_end())


def shown(calm: Calm) -> discord.Embed:
    """What holds now."""
    if calm.quiet is None:
        return embed(say("No quiet hours"), [*_none(calm), _how_to_begin()], Tone.CALM)
    return embed(_title(calm), _hours(calm), Tone.CALM, footer=_how_to_end())


def ended(calm: Calm) -> discord.Embed:
    """None from now on, for texts neither."""
    lines: list[str | None] = [say("Alerts reach you at any hour, texts too if you linked a phone.")]
    if calm.waiting:
        lines.append(
            count(
                calm.waiting,
                "An alert waited for the morning: I look at its route now and tell you if it still stands.",
                "Alerts of {n} routes waited for the morning: I look now and tell you what still stands.",
            )
        )
    return embed(say("Quiet hours are off"), lines, Tone.GOOD)


def shown_time(at: time) -> str:
    """07:00, as it can be typed again."""
    return f"{at:%H:%M}"


def _title(calm: Calm) -> str:
    quiet = calm.quiet
    if quiet is None:
        return say("No quiet hours")
    return say("Quiet from {start} to {end}", start=shown_time(quiet.start), end=shown_time(quiet.end))


def _hours(calm: Calm) -> list[str | None]:
    return [
        say(
            "In these hours ({zone}) nothing pings or texts you. At their end I look again, and tell you "
            "only what still stands.",
            zone=calm.member.timezone,
        ),
        _now(calm),
    ]


def _now(calm: Calm) -> str | None:
    if calm.until is None:
        return None
    if not calm.waiting:
        return say("It is quiet now; it ends {when}.", when=ago(calm.until))
    return count(
        calm.waiting,
        "It is quiet now; it ends {when}. An alert of one route waits until then.",
        "It is quiet now; it ends {when}. Alerts of {n} routes wait until then.",
        when=ago(calm.until),
    )


def when_texts_come(calm: Calm) -> str | None:
    """At which hours texts wait; nothing for a member who chose that they never do."""
    hours = calm.texts
    if hours is None:
        return say("I do not know your time zone, so they come at any hour: `/alerts quiet` changes that.")
    if hours.is_off:
        return None
    return say(
        "From {start} to {end} ({zone}) they wait: `/alerts quiet` changes that.",
        start=shown_time(hours.start),
        end=shown_time(hours.end),
        zone=calm.member.timezone,
    )


def _none(calm: Calm) -> list[str]:
    lines = [say("Alerts reach you at any hour.")]
    if calm.texts_by_default:
        lines.append(
            say(
                "Texts wait from {start} to {end} ({zone}) until you choose other hours, or off.",
                start=shown_time(TEXTS_BY_DEFAULT.start),
                end=shown_time(TEXTS_BY_DEFAULT.end),
                zone=calm.member.timezone,
            )
        )
    return lines


def _how_to_begin() -> str:
    return say("To have some: `/alerts quiet from:22:00 to:07:00`, with your `timezone` the first time.")


def _how_to_end() -> str:
    return say("/alerts quiet off:True ends them")
