"""The daily digest as it is read, and what a member reads about having one."""

from datetime import datetime
from typing import Final, NamedTuple

import discord
import msgspec

from bot.present.days import WEEKDAY_MONTH
from bot.present.days import shown as shown_day
from bot.present.embeds import Field, Tone, embed
from bot.present.faults import plain_sentence
from bot.present.money import money, percent
from bot.present.quiet import shown_time
from bot.present.reasons import reason
from bot.present.route import extras, goal, title
from bot.present.scene import Cities
from bot.present.text import clip
from bot.present.when import ago, clock, short_dates
from engine.actions.digests import DigestPlan
from engine.domain.digest import Find, Line, Page
from engine.domain.finds import to_place
from engine.domain.route import Route
from engine.tongue import count, say

_LONGEST_NAME: Final = 60
_LONGEST_TEXT: Final = 3800  # of the 4,096 that Discord takes, with room for what stands around the lines
_OLD_S: Final = 3 * 3600
_MOST_FINDS: Final = 4


class DigestMessage(NamedTuple):
    """What is read in the notification of a phone, and the message itself."""

    content: str
    embed: discord.Embed


def digest_page(page: Page, made_at: datetime, reference: str, cities: Cities) -> DigestMessage:
    """The digest of a day: one line a route, the closest to its target first."""
    lines = [_line(line, made_at, cities) for line in page.lines]
    kept = _fitting(lines)
    head = [_news(page), ""]
    if more := len(lines) - len(kept):
        kept.append(count(more, "… and one more: `/route list`", "… and {n} more: `/route list`"))
    day = shown_day(page.day, WEEKDAY_MONTH)
    return DigestMessage(
        content=_preview(page, cities),
        embed=embed(
            say("Your fares on {day}", day=day),
            [*head, *kept],
            Tone.GOOD if any(line.is_good for line in page.lines) else Tone.CALM,
            footer=f"{reference} · {say('↓ ↑ since yesterday · /alerts digest ends it')}",
        ),
    )


def chosen(plan: DigestPlan) -> discord.Embed:
    """A digest, or another time for it."""
    return _plan(plan, Tone.GOOD)


def shown(plan: DigestPlan) -> discord.Embed:
    """What holds now."""
    if plan.digest is None:
        lines = [
            say("I can send you one message a day with all your routes and their fares."),
            say("To have it: `/alerts digest time:08:00`, with your `timezone` the first time."),
        ]
        return embed(say("No digest"), lines, Tone.CALM)
    return _plan(plan, Tone.CALM)


def ended() -> discord.Embed:
    """None any more."""
    return embed(say("No digest any more"), [say("Alerts tell you as they come.")], Tone.GOOD)


def _plan(plan: DigestPlan, tone: Tone) -> discord.Embed:
    digest = plan.digest
    if digest is None:
        return shown(plan)
    lines = [
        say("One direct message a day with all your routes: the fare, against your target and yesterday."),
        say("Alerts do not ping you one by one; the digest tells them.") if digest.gathers else None,
        say("That is within your quiet hours; it comes all the same.") if plan.in_quiet_hours else None,
        None if plan.routes else say("You watch no routes yet, so there is nothing to tell: `/route add`."),
        _hindrance(plan),
    ]
    fields = [Field(say("Next one"), clock(plan.next_at))] if plan.next_at and plan.routes else []
    return embed(
        say("A digest every day at {time}", time=shown_time(digest.at)),
        lines,
        Tone.CARE if plan.paused_why else tone,
        fields=[*fields, Field(say("Time zone"), plan.timezone or "")],
        footer=say("/alerts digest off:True ends it"),
    )


def _hindrance(plan: DigestPlan) -> str | None:
    if plan.paused_why is None:
        return None
    return say("I cannot reach you there now: {why}.", why=plain_sentence(reason(plan.paused_why)))


def _preview(page: Page, cities: Cities) -> str:
    good = [line for line in page.lines if line.is_good]
    if len(good) == 1 and good[0].fare is not None:
        route, price = title(_to_find(good[0]), cities), money(good[0].fare)
        return clip(say("At your target today: {route} {price}", route=route, price=price), 200)
    if good:
        return say("{n} of your {all} routes are at their targets today", n=len(good), all=len(page.lines))
    return say("Your fares today: none is at its target")


def _news(page: Page) -> str:
    """What is new in a sentence, so that a day without news is read at a glance."""
    news = sum(line.is_news for line in page.lines)
    if news:
        return count(
            news, "🔔 **One alert** since the last digest.", "🔔 **{n} alerts** since the last digest."
        )
    told = sum(line.told_at is not None for line in page.lines)
    if told:
        return count(told, "I told you of one of them since then.", "I told you of {n} of them since then.")
    moved = sum(_move(line) != "" for line in page.lines)
    if moved:
        return count(moved, "No alert; one fare moved.", "No alert; {n} fares moved.")
    return say("Nothing new since yesterday.")


def _line(line: Line, made_at: datetime, cities: Cities) -> str:
    name = clip(title(line.route, cities), _LONGEST_NAME)
    when = f"{short_dates(line.route, made_at.date())}{extras(line.route)}"
    bell = "🔔 " if line.is_news else ""
    fare, finds = _fare(line, cities), _further(line, cities)
    parts = [f"- {bell}**{name}** {when}", fare, _against(line), finds, *_besides(line, made_at)]
    return " · ".join(filter(None, parts))


def _to_find(line: Line) -> Route:
    """The journey that the fare of a line is for."""
    return _journey(line, line.finds[0]) if line.finds else line.route


def _journey(line: Line, find: Find) -> Route:
    route = to_place(line.route, find.place)
    return route if find.start is None else msgspec.structs.replace(route, origin=find.start, also_from=())


def _place(line: Line, find: Find, cities: Cities) -> str:
    """Where a find leads to; where one may begin in several places, from which as well."""
    return title(_journey(line, find), cities) if line.route.also_from else cities(find.place.code)


def _fare(line: Line, cities: Cities) -> str:
    if line.fare is None:
        return say("no fare seen yet")
    price = f"**{money(line.fare)}**"
    if line.finds:
        price = say("from {price} ({place})", price=price, place=_place(line, line.finds[0], cities))
    return " ".join(filter(None, (price, _move(line))))


def _further(line: Line, cities: Cities) -> str:
    """What else a route to anywhere found that is news: also Dublin €33, Rome €35 and 2 more."""
    further = line.finds[1:]
    if not further:
        return ""
    named = ", ".join(f"{_place(line, find, cities)} {money(find.fare)}" for find in further[:_MOST_FINDS])
    if (rest := len(further) - _MOST_FINDS) > 0:
        named = count(rest, "{best} and {n} more", "{best} and {n} more", best=named)
    return say("also {finds}", finds=named)


def _move(line: Line) -> str:
    """How the fare moved since yesterday: ↓ €12."""
    if line.fare is None or line.yesterday is None or line.fare.minor == line.yesterday.minor:
        return ""
    gap = line.fare.with_minor(abs(line.fare.minor - line.yesterday.minor))
    arrow = "↓" if line.fare.minor < line.yesterday.minor else "↑"
    return f"{arrow}\N{NO-BREAK SPACE}{money(gap)}"


def _against(line: Line) -> str:
    target = line.rules.target
    if target is None or line.fare is None:
        return goal(line.rules)
    share = percent(target.with_minor(abs(line.fare.minor - target.minor)), target)
    goal_ = money(target)
    if line.fare.minor > target.minor:
        return say("{share}\N{NO-BREAK SPACE}% over {target}", share=share or "<1", target=goal_)
    if line.fare.minor == target.minor:
        return f"**{say('just your {target}', target=goal_)}**"
    under = say("{share}\N{NO-BREAK SPACE}% under {target}", share=share or "<1", target=goal_)
    return f"**{under}**"


def _besides(line: Line, made_at: datetime) -> list[str]:
    said = []
    if line.low is not None:
        said.append(say("was at {price}", price=money(line.low)))
    if line.told_at is not None:
        said.append(say("told {when}", when=ago(line.told_at)))
    elif line.seen_at is not None and (made_at - line.seen_at).total_seconds() > _OLD_S:
        said.append(say("seen {when}", when=ago(line.seen_at)))
    if line.snoozed:
        said.append(say("snoozed"))
    return said


def _fitting(lines: list[str]) -> list[str]:
    """As many lines as a message takes."""
    kept: list[str] = []
    left = _LONGEST_TEXT
    for line in lines:
        left -= len(line) + 1
        if left < 0:
            break
        kept.append(line)
    return kept
