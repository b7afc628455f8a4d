"""What leaving on each day of a window costs: the picture, its best days, the words for who cannot see it."""

import math
from collections.abc import Sequence
from datetime import date
from typing import Final

import discord
from babel.dates import get_day_names

from bot.charts.spec import Cell, Month, MonthMap
from bot.present.days import MONTH, WEEKDAY_SHORT
from bot.present.days import shown as shown_day
from bot.present.embeds import Field, Tone, embed
from bot.present.fare import seen
from bot.present.money import has_sign, money, shortly
from bot.present.route import filters, title
from bot.present.scene import Scene
from bot.present.text import clip
from bot.present.when import dates, short_dates, short_trip
from engine.actions.shown import Shown
from engine.domain.calendars import Calendar, DayFare
from engine.domain.money import Money
from engine.domain.route import FixedDates, Route
from engine.domain.trips import DateWindow
from engine.domain.watch import OwnerKind, Watch
from engine.tongue import count, locale, say

MAP_FILE: Final = "days.png"
_MOST_MONTHS: Final = 12
_BEST_DAYS: Final = 3
_LONGEST_ALT: Final = 1024
# Days that differ by less than this look alike: what hardly matters is not made a contrast.
_LEAST_SPREAD: Final = 1.25


def month_map(shown: Shown, days: Calendar, scene: Scene) -> MonthMap | None:
    """The picture; None where no day had a fare lately."""
    choices = _choices(shown.route, scene.today)
    fares = {day.out_on: day for day in days.days if day.out_on in choices}
    if not fares:
        return None
    low, high = _ends(list(fares.values()))
    target, currency = shown.watch.rules.target, shown.watch.currency
    cells = tuple(_cell(on, fares.get(on), low, high, target, currency) for on in sorted(choices))
    without_sign = "" if has_sign(currency) else f" · {say('in {currency}', currency=currency)}"
    is_met = target is not None and low <= target.minor
    return MonthMap(
        title=f"{title(shown.route, scene.cities)} · {short_dates(shown.route, scene.today)}{without_sign}",
        months=_months(cells),
        cells=cells,
        weekdays=tuple(str(get_day_names("abbreviated", "stand-alone", locale())[day]) for day in range(7)),
        low=money(Money(low, currency))
        if low < high
        else say("all {price}", price=money(Money(low, currency))),
        high=money(Money(high, currency)),
        best=say("cheapest: {price}", price=money(Money(low, currency))) if low < high else "",
        met=_within(shown.watch, target) if is_met and target is not None else "",
        unknown=say("no fare seen") if len(fares) < len(cells) else "",
    )


def in_words(shown: Shown, days: Calendar, scene: Scene) -> str:
    """The picture for who cannot see it."""
    choices = _choices(shown.route, scene.today)
    fares = [day for day in days.days if day.out_on in choices]
    if not fares:
        return ""
    currency, target = shown.watch.currency, shown.watch.rules.target
    told = [count(len(choices), "Calendar of {n} day to leave on.", "Calendar of {n} days to leave on.")]
    low, high = (money(Money(minor, currency)) for minor in _ends(fares))
    if low == high:
        told.append(say("All {price}.", price=low))
    else:
        best = (
            f"{shown_day(day.out_on, WEEKDAY_SHORT)} {money(Money(day.minor, currency))}"
            for day in _best(fares)
        )
        told += [say("Cheapest {days}.", days=", ".join(best)), say("Dearest {price}.", price=high)]
    if target is not None:
        met = sum(day.minor <= target.minor for day in fares)
        told.append(
            count(met, "{n} day {within}.", "{n} days {within}.", within=_within(shown.watch, target))
        )
    if missing := len(choices) - len(fares):
        told.append(count(missing, "{n} day without a fare.", "{n} days without a fare."))
    return clip(" ".join(told), _LONGEST_ALT)


def by_day(shown: Shown, days: Calendar, scene: Scene) -> discord.Embed:
    """The words beside the picture: the best days, with their way back."""
    currency, choices = shown.watch.currency, _choices(shown.route, scene.today)
    best = [
        f"**{money(Money(day.minor, currency))}** · "
        f"{short_trip(FixedDates(day.out_on, day.back_on), scene.today)}"
        for day in _best([day for day in days.days if day.out_on in choices])
    ]
    lines = [
        f"**{dates(shown.route, scene.today)}**",
        filters(shown.route),
        "",
        say("The cheapest fare for each day to leave on, as the newest look found it."),
        seen(shown.row.last_quote) if shown.row.last_quote else None,
    ]
    name = say("{route}: day by day", route=title(shown.route, scene.cities))
    return embed(name, lines, Tone.CALM, fields=[Field(say("Cheapest days"), "\n".join(best), wide=True)])


def _choices(route: Route, today: date) -> frozenset[date]:
    """The days to leave on, of the first twelve months."""
    trip = route.trip.on(today)
    if not isinstance(trip, DateWindow):
        return frozenset()
    days = [out for out, _ in trip.choices(not_before=today)]
    end = _month(days[0], _MOST_MONTHS) if days else today
    return frozenset(day for day in days if day < end)


def _cell(on: date, fare: DayFare | None, low: int, high: int, target: Money | None, currency: str) -> Cell:
    if fare is None:
        return Cell(on=on)
    spread = math.log(max(high / low, _LEAST_SPREAD))
    return Cell(
        on=on,
        words=shortly(Money(fare.minor, currency)),
        dearness=round(math.log(fare.minor / low) / spread, 3),
        is_best=fare.minor == low < high,
        is_met=target is not None and fare.minor <= target.minor,
    )


def _months(cells: Sequence[Cell]) -> tuple[Month, ...]:
    first, last = cells[0].on, cells[-1].on
    many = (last.year - first.year) * 12 + last.month - first.month + 1
    begins = [_month(first, number) for number in range(many)]
    return tuple(Month(first=each, words=shown_day(each, MONTH)) for each in begins)


def _month(day: date, later: int) -> date:
    """The first day of the month of a day, or of a later one."""
    years, month = divmod(day.month - 1 + later, 12)
    return date(day.year + years, month + 1, 1)


def _ends(fares: Sequence[DayFare]) -> tuple[int, int]:
    totals = [day.minor for day in fares]
    return min(totals), max(totals)


def _best(fares: Sequence[DayFare]) -> list[DayFare]:
    return sorted(fares, key=lambda day: (day.minor, day.out_on))[:_BEST_DAYS]


def _within(watch: Watch, target: Money) -> str:
    if watch.owner.kind is OwnerKind.SERVER:
        return say("at or under this server's target {price}", price=money(target))
    return say("at or under your target {price}", price=money(target))
