"""How a picture looks: matplotlib on a dark ground. For the drawing process alone: it is slow to import."""

import itertools
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Final

from babel.dates import format_skeleton
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from bot.charts.colours import FAINT, FARE, GRID, GROUND, INK, LOW, TARGET
from bot.charts.monthmap import draw_months
from bot.charts.spec import Day, Line, MonthMap, Picture, PriceChart
from bot.present.money import money
from engine.domain.money import Money
from engine.tongue import Tongue, speaking

_SIZE: Final = (8.0, 4.2)  # inches; at 150 dots each Discord shows it sharp on any screen
_DPI: Final = 150
_EDGE: Final = 0.15
_MOST_DATES: Final = 6
# Where no look was made for longer than this, the line is drawn faint: nobody knows what it was.
_GAP: Final = timedelta(days=2)


def draw(picture: Picture) -> bytes:
    """The picture as PNG."""
    return draw_months(picture) if isinstance(picture, MonthMap) else _draw_chart(picture)


def _draw_chart(chart: PriceChart) -> bytes:
    with speaking(Tongue(locale=chart.locale)):
        layout = ConstrainedLayoutEngine(w_pad=_EDGE, h_pad=_EDGE)
        figure = Figure(figsize=_SIZE, dpi=_DPI, facecolor=GROUND, layout=layout)
        FigureCanvasAgg(figure)
        axes = figure.add_subplot(facecolor=GROUND)
        _frame(axes, chart)
        _fares(axes, chart)
        _marks(axes, chart)
        png = BytesIO()
        figure.savefig(png, format="png")
    return png.getvalue()


def _frame(axes: Axes, chart: PriceChart) -> None:
    """Title, axes and the room around what is drawn."""
    amount = _amounts(chart)
    first, last = chart.days[0].on, chart.days[-1].on
    span = max((last - first).days, 1)
    axes.set_xlim(first.toordinal() - 0.02 * span - 0.3, last.toordinal() + 0.16 * span + 1.2)
    shown = [*(day.low for day in chart.days), chart.now.minor]
    shown += [chart.target.minor] if chart.target else []
    room = max(max(shown) - min(shown), round(0.08 * max(shown)))
    axes.set_ylim(max(min(shown) - 0.18 * room, 0), max(shown) + 0.22 * room)
    axes.set_title(chart.title, loc="left", color=INK, fontsize=13, fontweight="bold", pad=12)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda minor, _: amount(round(minor))))
    days = _dates(first, last)
    axes.xaxis.set_major_locator(FixedLocator([day.toordinal() for day in days]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda at, _: _date(round(at), chart.locale)))
    axes.tick_params(colors=FAINT, length=0, labelsize=10, pad=6)
    axes.grid(visible=True, axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _fares(axes: Axes, chart: PriceChart) -> None:
    """Each day's low as a step that holds until the next look; the last one ends at the fare of now."""
    runs = _runs(chart.days)
    for days in runs:
        end = chart.now.minor if days is runs[-1] else days[-1].low
        at = [day.on.toordinal() for day in days] + [days[-1].on.toordinal() + 1]
        lows = [day.low for day in days] + [end]
        axes.step(at, lows, where="post", color=FARE, linewidth=2.4, solid_joinstyle="round")
        axes.fill_between(at, lows, axes.get_ylim()[0], step="post", color=FARE, alpha=0.12, linewidth=0)
    for before, after in itertools.pairwise(runs):
        ends = [before[-1].on.toordinal() + 1, after[0].on.toordinal()]
        axes.plot(ends, [before[-1].low, after[0].low], color=FARE, linewidth=1.2, linestyle=":", alpha=0.6)


def _marks(axes: Axes, chart: PriceChart) -> None:
    """The target across, the lowest day and today, each with its words: colour alone says nothing."""
    if chart.target is not None:
        axes.axhline(chart.target.minor, color=TARGET, linewidth=1.6, linestyle=(0, (6, 4)))
        _say_at_left(axes, chart.target, TARGET)
    low = min(chart.days, key=lambda day: day.low)
    today = chart.days[-1]
    if low.low < chart.now.minor:
        _dot(axes, low.on.toordinal() + 0.5, low.low, LOW, "v")
        _say(axes, low.on.toordinal() + 0.5, low.low, chart.low.words, LOW, below=True)
    _dot(axes, today.on.toordinal() + 1, chart.now.minor, FARE, "o")
    _say(axes, today.on.toordinal() + 1, chart.now.minor, chart.now.words, INK, below=False, aside=True)


def _dot(axes: Axes, at: float, minor: int, colour: str, marker: str) -> None:
    axes.plot([at], [minor], marker, color=colour, markersize=9, markeredgecolor=GROUND, markeredgewidth=1.5)


def _say(
    axes: Axes, at: float, minor: int, words: str, colour: str, *, below: bool, aside: bool = False
) -> None:
    axes.annotate(
        words,
        (at, minor),
        xytext=(10, 0) if aside else (0, -14 if below else 12),
        textcoords="offset points",
        ha="left" if aside else "center",
        va="center" if aside else "top" if below else "bottom",
        color=colour,
        fontsize=10.5,
        fontweight="bold",
    )


def _say_at_left(axes: Axes, line: Line, colour: str) -> None:
    axes.annotate(
        line.words,
        (0.012, line.minor),
        xycoords=("axes fraction", "data"),
        xytext=(0, 5),
        textcoords="offset points",
        color=colour,
        fontsize=10.5,
        fontweight="bold",
        bbox={"facecolor": GROUND, "edgecolor": "none", "alpha": 0.85, "pad": 1.5},
    )


def _runs(days: tuple[Day, ...]) -> list[list[Day]]:
    """The days in stretches without a gap that is worth showing."""
    runs = [[days[0]]]
    for day in days[1:]:
        if day.on - runs[-1][-1].on > _GAP:
            runs.append([])
        runs[-1].append(day)
    return runs


def _dates(first: date, last: date) -> list[date]:
    """A handful of dates at even distances, the first among them."""
    span = (last - first).days
    step = max(-(-span // (_MOST_DATES - 1)), 1)
    return [first + timedelta(days=days) for days in range(0, span + 1, step)]


def _date(ordinal: int, locale: str) -> str:
    return format_skeleton("MMMd", date.fromordinal(ordinal), locale=locale)


def _amounts(chart: PriceChart) -> Callable[[int], str]:
    """Whole amounts at the axis: nobody reads cents there."""
    unit = chart.major_unit
    return lambda minor: money(Money(round(minor / unit) * unit, chart.currency))
