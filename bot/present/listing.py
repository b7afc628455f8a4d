"""A member's routes: the list in pages, and one of them in full."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

import discord

from bot.present.embeds import Field, Tone, embed
from bot.present.fare import brief, flights, seen
from bot.present.money import compared, money
from bot.present.route import Cities, filters, goal, met, places, promise, title
from bot.present.text import plain
from bot.present.when import ago, dates, short_dates
from engine.actions.shown import Shown
from engine.domain.money import Money
from engine.domain.watch import WatchStatus

PER_PAGE: Final = 10
_MEDIAN_DAYS: Final = 30


class Page(NamedTuple):
    """One page of a list; `number` counts from 0 and `of` is how many there are."""

    embed: discord.Embed
    number: int
    of: int


def page(routes: Sequence[Shown], number: int, cities: Cities, today: date, most: int) -> Page:
    """Ten routes, the closest to their targets first; a number past the end shows the last page."""
    pages = max(-(-len(routes) // PER_PAGE), 1)
    number = min(max(number, 0), pages - 1)
    ordered = by_closeness(routes)[number * PER_PAGE : (number + 1) * PER_PAGE]
    lines = []
    for place, shown in enumerate(ordered, start=number * PER_PAGE + 1):
        lines.append(f"**{place}. {title(shown.route, cities)}** · {short_dates(shown.route, today)}")
        lines.append(f"{_state(shown)}\n{_last_look(shown)}")
    count = "1 route" if len(routes) == 1 else f"{len(routes)} routes"
    turn = f" · page {number + 1} of {pages}" if pages > 1 else ""
    if not routes:
        lines = ["Nothing is watched yet. `/route add` begins: where from, where to, when."]
    footer = f"{count} of {most}{turn}"
    return Page(embed("Your routes", lines, Tone.CALM, footer=footer), number, pages)


def by_closeness(routes: Sequence[Shown]) -> list[Shown]:
    """Active before paused, then the nearest to its target, then those without one, then without a fare."""
    return sorted(routes, key=_closeness)


def detail(shown: Shown, cities: Cities, today: date) -> discord.Embed:
    """One route with its numbers."""
    quote = shown.row.last_quote
    lines = [f"**{dates(shown.route, today)}**", filters(shown.route), ""]
    if quote is not None:
        lines += [f"Now **{money(quote.total)}**", *flights(quote), seen(quote)]
    if shown.met:
        lines.append(f"It is {met(shown.met, shown.watch.rules)}.")
    fields = [
        *_numbers(shown, today),
        Field("You hear of it", f"{places(shown.watch.tell)}, {promise(shown.watch.rules)}", wide=True),
        Field("Looks", f"{_last_look(shown)}{_next_look(shown)}", wide=True),
    ]
    if reason := _standstill(shown):
        fields.append(Field("State", reason, wide=True))
    tone = Tone.PAST if shown.watch.status is not WatchStatus.ACTIVE else _tone(shown)
    return embed(title(shown.route, cities), lines, tone, fields=fields)


def _numbers(shown: Shown, today: date) -> list[Field]:
    quote, target = shown.row.last_quote, shown.watch.rules.target
    fields = []
    if target is not None:
        held = compared(quote.total, target) if quote else "no fare yet"
        fields.append(Field(f"Target {money(target)}", f"now {held}" if quote else held))
    low = shown.history.low(today, _MEDIAN_DAYS)
    median = shown.history.median(today, _MEDIAN_DAYS)
    if low is not None:
        fields.append(Field("Lowest in 30 days", money(Money(low, shown.watch.currency))))
    if median is not None:
        fields.append(Field("Median of 30 days", money(Money(median, shown.watch.currency))))
    return fields


def _closeness(shown: Shown) -> tuple[int, float, str]:
    idle = int(shown.watch.status is not WatchStatus.ACTIVE)
    quote, target = shown.row.last_quote, shown.watch.rules.target
    if quote is None:
        return idle, float("inf"), shown.watch.id
    if target is None:
        return idle, 0.0 if shown.met else 1e9, shown.watch.id
    return idle, quote.total.minor / target.minor, shown.watch.id


def _state(shown: Shown) -> str:
    quote, target = shown.row.last_quote, shown.watch.rules.target
    price = brief(quote) if quote else "no fare yet"
    if quote is None or target is None:
        words = f"{price} · {goal(shown.watch.rules)}"
        held = f" · {met(shown.met, shown.watch.rules)}" if shown.met else ""
    else:
        words = f"{price} · {goal(shown.watch.rules)}"
        held = f" · {compared(quote.total, target)}"
    standstill = _standstill(shown)
    return f"{words}{held}" + (f"\n{standstill}" if standstill else "")


def _standstill(shown: Shown) -> str | None:
    if shown.watch.status is WatchStatus.EXPIRED:
        return "🗓️ Departed, not watched any more"
    if shown.watch.status is WatchStatus.PAUSED:
        why = shown.watch.paused_why
        return "⏸️ Paused" + ("" if why in (None, "owner") else f": {plain(why or '', 120)}")
    if shown.state.held:
        return "⚠️ I cannot reach you there; check that I may write in that place, then `/route resume`"
    if shown.watch.snooze is not None:
        return f"💤 Snoozed, wakes {ago(shown.watch.snooze.until)}"
    if shown.row.failing_since is not None:
        return f"⚠️ No answer since {ago(shown.row.failing_since)}; I keep trying"
    return None


def _last_look(shown: Shown) -> str:
    return f"looked {ago(shown.row.last_look_at)}" if shown.row.last_look_at else "not looked at yet"


def _next_look(shown: Shown) -> str:
    if shown.watch.status is not WatchStatus.ACTIVE:
        return ""
    return f", next {ago(shown.row.next_look_at)}"


def _tone(shown: Shown) -> Tone:
    return Tone.GOOD if shown.met else Tone.CALM
