"""A member's routes: the list in pages, and one of them in full."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import discord

from bot.present.embeds import Field, Tone, embed
from bot.present.fare import flights, seen
from bot.present.finds import cheapest, so_cheap
from bot.present.finds import place as place_of_find
from bot.present.hidden import hidden_fares
from bot.present.money import compared, money
from bot.present.reasons import reason
from bot.present.route import extras, filters, goal, met, telling, title, whose
from bot.present.scene import Scene
from bot.present.text import plain
from bot.present.when import ago, dates, own_days, short_dates
from engine.actions.room import Allowed
from engine.actions.shown import Shown
from engine.domain.money import Money
from engine.domain.watch import OwnerKind, WatchStatus
from engine.tongue import count, say

PER_PAGE: Final = 10
_DAYS: Final = 30
_MOST_FINDS: Final = 10


class Page(NamedTuple):
    """One page of a list; `number` counts from 0 and `of` is how many there are."""

    embed: discord.Embed
    number: int
    of: int


def page(
    routes: Sequence[Shown],
    number: int,
    scene: Scene,
    of: OwnerKind = OwnerKind.MEMBER,
    allowed: Allowed | None = None,
) -> Page:
    """Ten routes, the closest to their targets first; a number past the end shows the last page.

    `allowed` is how many of how many a member has.
    """
    pages = max(-(-len(routes) // PER_PAGE), 1)
    number = min(max(number, 0), pages - 1)
    first = number * PER_PAGE
    fields = [
        _entry(place, shown, scene)
        for place, shown in enumerate(by_closeness(routes)[first : first + PER_PAGE], start=first + 1)
    ]
    lines = [] if routes else [say("Nothing yet. `/route add` begins: where from, where to, when.")]
    if of is OwnerKind.SERVER:
        headline, footer = say("Routes of this server"), count(len(routes), "{n} route", "{n} routes")
    else:
        headline, footer = say("Your routes"), _of_most(allowed, len(routes))
    if pages > 1:
        footer = say("{routes} · page {page} of {pages}", routes=footer, page=number + 1, pages=pages)
    return Page(embed(headline, lines, Tone.CALM, fields=fields, footer=footer), number, pages)


def _of_most(allowed: Allowed | None, routes: int) -> str:
    if allowed is None:
        return count(routes, "{n} route", "{n} routes")
    used, most = allowed.used, allowed.most
    if allowed.here:
        return count(
            used, "{n} route of {most} in this server", "{n} routes of {most} in this server", most=most
        )
    return count(used, "{n} route of {most}", "{n} routes of {most}", most=most)


def by_closeness(routes: Sequence[Shown]) -> list[Shown]:
    """Active before paused, then the nearest to its target, then those without one, then without a fare."""
    return sorted(routes, key=_closeness)


def detail(shown: Shown, scene: Scene) -> discord.Embed:
    """One route with its numbers."""
    quote = shown.row.last_quote
    from_sheet = say("It stands in the linked sheet: change and remove it there.")
    lines = [
        whose(shown.watch.owner),
        from_sheet if shown.watch.listed_in else None,
        f"**{dates(shown.route, scene.today)}**",
        filters(shown.route),
        "",
    ]
    if quote is None:
        lines.append(say("No fare seen yet."))
    elif shown.finds:
        lines += [say("The cheapest at the last look:"), *cheapest(shown, scene, _MOST_FINDS), seen(quote)]
    else:
        days = own_days(shown.route, quote, scene.today)
        now = say("Now {price}", price=f"**{money(quote.total)}**")
        lines += [f"{now} · {days}" if days else now, *flights(quote, shown.route.directions), seen(quote)]
    if shown.row.last_hidden is not None:
        lines.append(hidden_fares(shown.row.last_hidden, shown.route))
    if shown.met:
        is_met = say("**It is {met}.**", met=met(shown.met, shown.watch.rules))
        lines.append(so_cheap(shown) if shown.finds else is_met)
    words = telling(shown.watch, shown.route, scene.here)
    fields = [*_numbers(shown, scene), Field(say("I tell you"), words, wide=True)]
    fields.append(
        Field(say("Looks"), ", ".join(filter(None, (_last_look(shown), _next_look(shown)))), wide=True)
    )
    if state := _standstill(shown):
        fields.append(Field(say("State"), state, wide=True))
    tone = Tone.GOOD if shown.met else Tone.CALM
    if shown.watch.status is not WatchStatus.ACTIVE:
        tone = Tone.PAST
    return embed(title(shown.route, scene.cities), lines, tone, fields=fields)


def _numbers(shown: Shown, scene: Scene) -> list[Field]:
    quote, target = shown.row.last_quote, shown.watch.rules.target
    fields = []
    if target is not None:
        held = say("now {difference}", difference=compared(quote.total, target)) if quote else _no_fare()
        fields.append(Field(say("Target {price}", price=money(target)), held))
    low = shown.history.low(scene.today, _DAYS)
    median = shown.history.median(scene.today, _DAYS)
    if low is not None:
        lowest = say("Lowest in {days} days", days=_DAYS)
        fields.append(Field(lowest, money(Money(low, shown.watch.currency))))
    if median is not None:
        usual = say("Median of {days} days", days=_DAYS)
        fields.append(Field(usual, money(Money(median, shown.watch.currency))))
    return fields


def _closeness(shown: Shown) -> tuple[bool, float, str]:
    idle = shown.watch.status is not WatchStatus.ACTIVE
    quote, target = shown.row.last_quote, shown.watch.rules.target
    if quote is None:
        nearness = float("inf")
    elif target is None:
        nearness = 1.0 if shown.met else 1e9
    else:
        nearness = quote.total.minor / target.minor
    return idle, nearness, shown.watch.id


def _entry(place: int, shown: Shown, scene: Scene) -> Field:
    when = f"{short_dates(shown.route, scene.today)}{extras(shown.route)}"
    name = f"{place}. {title(shown.route, scene.cities)} · {when}"
    lines = [_price(shown, scene), _last_look(shown), _standstill(shown)]
    return Field(name, "\n".join(line for line in lines if line), wide=True)


def _price(shown: Shown, scene: Scene) -> str:
    quote, target = shown.row.last_quote, shown.watch.rules.target
    if quote is None:
        return f"{_no_fare()} · {goal(shown.watch.rules)}"
    days = own_days(shown.route, quote, scene.today)
    price = f"**{money(quote.total)}**"
    if shown.route.to_anywhere and (where := place_of_find(shown.route, quote, scene.cities)):
        price = say("from {price} ({place})", price=price, place=where)
    if days:
        price = say("{price} on {days}", price=price, days=days)
    if target is not None:
        return f"{price} · {compared(quote.total, target)} · {goal(shown.watch.rules)}"
    return f"{price} · {met(shown.met, shown.watch.rules) if shown.met else goal(shown.watch.rules)}"


def _standstill(shown: Shown) -> str | None:
    if shown.watch.status is WatchStatus.EXPIRED:
        return say("🗓️ Departed, not watched any more")
    if shown.watch.status is WatchStatus.PAUSED:
        why = shown.watch.paused_why
        if why in (None, "owner"):
            return say("⏸️ Paused")
        return say("⏸️ Paused: {why}", why=plain(reason(why or ""), 120))
    if shown.state.held:
        return say("⚠️ I cannot reach you there. Once I may write in that place again, use `/route resume`")
    if shown.snooze is not None:
        return say("💤 Snoozed, wakes {when}", when=ago(shown.snooze.until))
    if shown.row.failing_since is not None:
        since = ago(shown.row.failing_since)
        return say("⚠️ No answer, for the first time {when}; I keep trying", when=since)
    return None


def _no_fare() -> str:
    return say("no fare yet")


def _last_look(shown: Shown) -> str:
    seen_at = shown.row.last_look_at
    return say("looked {when}", when=ago(seen_at)) if seen_at else say("not looked at yet")


def _next_look(shown: Shown) -> str:
    if shown.watch.status is not WatchStatus.ACTIVE:
        return ""
    return say("next {when}", when=ago(shown.row.next_look_at))
