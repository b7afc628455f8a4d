"""A dry run: the message that each way gets, and how far all of them are."""

from collections.abc import Sequence
from datetime import timedelta

import discord

from bot.present.embeds import Tone, embed
from bot.present.message import Told, reference
from bot.present.reasons import reason
from bot.present.route import places
from bot.present.scene import Scene
from bot.present.text import plain
from bot.present.when import seconds_
from engine.actions.dryruns import Fate, Way
from engine.domain.alert import Notification
from engine.domain.watch import DestinationKind, OwnerKind
from engine.tongue import count, say


def dry_run(notification: Notification) -> Told:
    """What arrives, clearly no alert; it pings whoever tried it, as an alert would."""
    headline = say("A dry run: your alerts come like this")
    private = notification.destination.kind is DestinationKind.DM
    owners = [each.owner.id for each in notification.subjects if each.owner.kind is OwnerKind.MEMBER]
    named = "" if private else " ".join(f"<@{id_}>" for id_ in owners)
    pings = not private and all(each.pings for each in notification.subjects)
    teaser = say("This is a dry run, no fare has fallen.")
    lines = [say("There is nothing you need to do.")]
    return Told(
        content=f"{named} {teaser}".strip(),
        embed=embed(headline, lines, Tone.CALM, footer=reference(notification)),
        pinged=tuple(int(id_) for id_ in owners) if pings else (),
        link=None,
        followed=False,
    )


def progress(ways: Sequence[Way], scene: Scene) -> discord.Embed:
    """Each way with how long it took, or why nothing came of it."""
    waiting = sum(way.fate is Fate.UNDER_WAY for way in ways)
    failed = sum(way.fate in (Fate.FAILED, Fate.NO_ANSWER) for way in ways)
    lines = [_line(way, scene) for way in ways]
    if waiting:
        return embed(say("Trying every way your alerts take"), lines, Tone.CALM)
    if not failed:
        return embed(say("Everything works: your alerts reach you"), lines, Tone.GOOD)
    headline = count(failed, "One way does not work", "{n} ways do not work")
    hint = say("Mend what is named above, then try again.")
    return embed(headline, [*lines, "", hint], Tone.CARE)


def _line(way: Way, scene: Scene) -> str:
    place = places((way.place,), scene.here)
    return f"{_SIGNS[way.fate]} **{place[:1].upper()}{place[1:]}**: {_fate(way)}"


def _fate(way: Way) -> str:
    match way.fate:
        case Fate.ARRIVED:
            return _took(way)
        case Fate.FAILED:
            return plain(reason(way.why) if way.why else say("no reason was given"), 120)
        case Fate.NO_ANSWER:
            return say("no answer within 20 seconds; I stopped waiting")
        case Fate.UNDER_WAY if way.why:
            return say("not yet ({why}), I try again", why=plain(reason(way.why), 100))
        case Fate.UNDER_WAY:
            return say("on its way")


def _took(way: Way) -> str:
    took = seconds_((way.took or timedelta()).total_seconds())
    if way.place.kind is DestinationKind.SMS:
        return say("handed to the phone network after {time}", time=took)
    return say("arrived after {time}", time=took)


_SIGNS = {Fate.ARRIVED: "✅", Fate.FAILED: "⚠️", Fate.NO_ANSWER: "⚠️", Fate.UNDER_WAY: "⏳"}
