"""What was told about a member's routes lately: each with its place and how it went."""

from typing import Final

import discord

from bot.present.alert import headline_for
from bot.present.embeds import Field, Tone, embed
from bot.present.news import words
from bot.present.reasons import reason
from bot.present.route import places, title
from bot.present.scene import Scene
from bot.present.text import clip, plain
from bot.present.when import ago, short_dates
from engine.actions.alerts import Recent
from engine.domain.alert import OUTCOME_UNKNOWN, NotificationKind
from engine.domain.watch import OwnerKind
from engine.store.notifications import NotificationStatus
from engine.store.told import ToldRow
from engine.tongue import count, say

_LONGEST_NAME: Final = 200
_LONGEST_WHY: Final = 100
_LONGEST_NOTICE: Final = 200


def recent(page: Recent, member_id: str, scene: Scene) -> discord.Embed:
    """A page of it, the newest first."""
    lines = [] if page.count else [say("I have told you nothing yet. `/route list` shows what I look at.")]
    footer = ""
    if page.of > 1:
        footer = say("page {number} of {of}", number=page.number + 1, of=page.of)
    fields = [_entry(row, member_id, scene) for row in page.rows]
    return embed(say("What I told you lately"), lines, Tone.CALM, fields=fields, footer=footer)


def _entry(row: ToldRow, member_id: str, scene: Scene) -> Field:
    one = row.notification
    when = short_dates(one.route, scene.today)
    name = f"{clip(_headline(row, member_id, scene), _LONGEST_NAME)} · {when}"
    place = places((one.destination,), scene.here)
    lines = [f"{place[:1].upper()}{place[1:]}, {ago(row.told_at)}", _outcome(row)]
    if one.kind is NotificationKind.NOTICE and one.text and one.news is None:
        lines.insert(0, clip(one.text, _LONGEST_NOTICE))
    if one.news is not None:
        news = words(one.news, title(one.route, scene.cities))
        lines.insert(0, clip(" ".join(news.lines), _LONGEST_NOTICE))
    return Field(name, "\n".join(lines), wide=True)


def _headline(row: ToldRow, member_id: str, scene: Scene) -> str:
    one = row.notification
    own = [s for s in one.subjects if s.owner.kind is OwnerKind.MEMBER and s.owner.id == member_id]
    if one.kind is NotificationKind.NOTICE or not own:
        return title(one.route, scene.cities)
    return headline_for(one, own[0], scene.cities)


def _outcome(row: ToldRow) -> str:
    match row.status:
        case NotificationStatus.DELIVERED:
            return f"✅ {_delivered(row)}"
        case NotificationStatus.PENDING | NotificationStatus.GATHERED:
            return f"⏳ {_waiting(row)}"
        case NotificationStatus.DEAD:
            return f"⚠️ {_given_up(row)}"
        case NotificationStatus.DROPPED:
            return f"🚫 {say('Not told: {why}', why=_why(row.why))}"


def _delivered(row: ToldRow) -> str:
    if row.in_list:
        return say("Delivered, in one list with others that came at once")
    if not row.edits or row.edited_at is None:
        return say("Delivered")
    return count(
        row.edits,
        "Delivered; updated since, {when}",
        "Delivered; updated {n} times since, last {when}",
        when=ago(row.edited_at),
    )


def _waiting(row: ToldRow) -> str:
    if row.paused_why is not None:
        return say(
            "Held: {why}. `/alerts test` tries that place; once it works I tell you.",
            why=_why(row.paused_why),
        )
    if row.notification.held_until is not None:
        return say(
            "Waits for the end of your quiet hours, {when}: told then if it still stands",
            when=ago(row.not_before),
        )
    if row.why is None:
        return say("On its way")
    return say("Waits: {why}; tried again {when}", why=_why(row.why), when=ago(row.not_before))


def _given_up(row: ToldRow) -> str:
    if (row.why or "").startswith(OUTCOME_UNKNOWN):
        return say("Nobody knows whether it arrived, so I do not send it again")
    return say("Not delivered: {why}", why=_why(row.why))


def _why(why: str | None) -> str:
    return plain(reason(why) if why else say("no reason was given"), _LONGEST_WHY)
