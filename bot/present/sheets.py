"""What who manages a server reads about its linked sheet."""

from collections.abc import Sequence
from typing import Final

import discord

from bot.present.embeds import Field, Tone, embed
from bot.present.faults import plain_sentence
from bot.present.sayings import said
from bot.present.text import clip, listed
from bot.present.when import ago
from engine.actions.serversheets import Linked, SheetStanding
from engine.saying import Saying
from engine.tongue import count, say

_MOST_SHOWN: Final = 5
_LONGEST_LINE: Final = 180


def linked(result: Linked, channel_id: str) -> discord.Embed:
    """What came of the first reading."""
    diff = result.diff
    done = [
        count(diff.added, "{n} route added", "{n} routes added") if diff.added else "",
        count(diff.changed, "{n} route changed", "{n} routes changed") if diff.changed else "",
        count(diff.same, "{n} was there already", "{n} were there already") if diff.same else "",
    ]
    lines = [
        say(
            "{what}. They tell in {channel}.",
            what=listed(list(filter(None, done))),
            channel=f"<#{channel_id}>",
        ),
        say("I read the sheet every five minutes: what you change there changes here."),
        say("A row that you delete rests once two readings lack it; an unreadable sheet changes nothing."),
        say("What is wrong with it I tell once, in the channel of `/settings admin`."),
    ]
    faults = [fault.line for fault in result.faults]
    tone = Tone.CARE if faults else Tone.GOOD
    return embed(say("The sheet is linked"), lines, tone, fields=_left_out(faults))


def shown(standing: SheetStanding | None) -> discord.Embed:
    """How it stands."""
    if standing is None:
        none = say("No sheet is linked. `/settings sheet link` takes a link to a Google sheet.")
        return embed(say("The linked sheet"), [none], Tone.CALM)
    sheet = standing.sheet
    where = f"<#{sheet.channel_id}>" if sheet.channel_id else say("this server's channel for alerts")
    routes = count(
        standing.routes, "{n} route of this server stands in it.", "{n} routes of this server stand in it."
    )
    lines: list[str | None] = [
        routes,
        say("They tell in {channel}.", channel=where),
        say("Last read {ago}.", ago=ago(sheet.read_at)) if sheet.read_at else None,
    ]
    if sheet.why is not None and sheet.unread_since is not None:
        lines.append(
            say(
                "⚠️ Since {since} I cannot read it: {why}. Nothing changes meanwhile.",
                since=ago(sheet.unread_since),
                why=plain_sentence(said(sheet.why)),
            )
        )
    tone = Tone.CARE if sheet.why or sheet.faults else Tone.GOOD
    return embed(say("The linked sheet"), lines, tone, fields=_left_out(sheet.faults))


def unlinked(routes: int, *, removed: bool) -> discord.Embed:
    """It is read no more."""
    if removed:
        what = count(routes, "Its {n} route is removed.", "Its {n} routes are removed.")
    else:
        what = count(
            routes,
            "Its {n} route stays, as this server's own.",
            "Its {n} routes stay, as this server's own.",
        )
    return embed(say("The sheet is unlinked"), [say("I read it no more."), what], Tone.PAST)


def _left_out(faults: Sequence[Saying | str]) -> list[Field]:
    if not faults:
        return []
    lines = [f"- {clip(plain_sentence(said(fault)), _LONGEST_LINE)}" for fault in faults[:_MOST_SHOWN]]
    if more := len(faults) - len(lines):
        lines.append(count(more, "- and {n} more", "- and {n} more"))
    return [Field(say("Left out: {n}", n=len(faults)), "\n".join(lines), wide=True)]
