"""How a route's fare went: the picture, its numbers, and the words for who cannot see it."""

from collections.abc import Collection
from typing import Final

import discord

from bot.charts.spec import Day, Line, PriceChart
from bot.present.embeds import Field, Tone, embed
from bot.present.money import compared, money
from bot.present.route import filters, target_of, title
from bot.present.scene import Scene
from bot.present.when import dates, day_of, short_dates
from engine.actions.shown import Shown
from engine.domain.money import Money
from engine.tongue import count, locale, say

CHART_FILE: Final = "fares.png"
_DAYS: Final = 60
_MEDIAN_DAYS: Final = 30


def price_chart(shown: Shown, scene: Scene) -> PriceChart | None:
    """The daily lows of two months; None before the first look that brought a fare."""
    lows = shown.history.by_day()
    if not lows:
        return None
    now, low, target = _now(shown), _low(shown), shown.watch.rules.target
    at_target = say("your target {price}", price=money(target)) if target else ""
    return PriceChart(
        days=tuple(Day(on=day, low=minor) for day, minor in lows.items()),
        currency=now.currency,
        major_unit=now.major_unit,
        locale=locale(),
        title=f"{title(shown.route, scene.cities)} · {short_dates(shown.route, scene.today)}",
        now=Line(minor=now.minor, words=say("now {price}", price=money(now))),
        low=Line(minor=low.minor, words=say("lowest {price}", price=money(low))),
        target=Line(minor=target.minor, words=at_target) if target else None,
    )


def in_words(shown: Shown) -> str:
    """The picture for who cannot see it."""
    days = len(shown.history.by_day())
    return count(
        days,
        "Chart of the lowest fare on {n} day: {low} at the lowest, {now} now.",
        "Chart of the lowest fares on {n} days: {low} at the lowest, {now} now.",
        low=money(_low(shown)),
        now=money(_now(shown)),
    )


def history(shown: Shown, scene: Scene, *, below_another: bool = False) -> discord.Embed:
    """The numbers beside the picture; `below_another` message that says which route it is."""
    name = title(shown.route, scene.cities)
    lines = [] if below_another else [f"**{dates(shown.route, scene.today)}**", filters(shown.route)]
    if not shown.history.days:
        lines += ["", say("No fare seen yet, so there is no history. I keep looking.")]
        return embed(say("{route}: the fare so far", route=name), lines, Tone.CALM)
    return embed(say("{route}: the fare so far", route=name), lines, Tone.CALM, fields=_numbers(shown, scene))


def _numbers(shown: Shown, scene: Scene) -> list[Field]:
    lows = shown.history.by_day()
    now, low = _now(shown), _low(shown)
    on = next(day for day, minor in lows.items() if minor == low.minor)
    fields = [
        Field(say("Now"), money(now)),
        Field(say("Lowest in {days} days", days=_DAYS), f"{money(low)} · {day_of(on)}"),
    ]
    median = shown.history.median(scene.today, _MEDIAN_DAYS)
    if median is not None:
        usual = Money(median, now.currency)
        fields.append(Field(say("30-day median"), f"{money(usual)}\n{compared(now, usual)}"))
    target = shown.watch.rules.target
    if target is not None:
        fields.append(Field(target_of(shown.watch.owner, target), _hits(lows.values(), target)))
    return fields


def _hits(lows: Collection[int], target: Money) -> str:
    """How often a target would have been met: whether it is within reach."""
    hits = sum(minor <= target.minor for minor in lows)
    return count(len(lows), "met on {hits} of {n} day", "met on {hits} of {n} days", hits=hits)


def _now(shown: Shown) -> Money:
    quote = shown.row.last_quote
    newest = list(shown.history.by_day().values())[-1:]
    return quote.total if quote else Money(newest[0], shown.watch.currency)


def _low(shown: Shown) -> Money:
    return Money(min(shown.history.by_day().values()), shown.watch.currency)
