"""How a calendar of fares looks. For the drawing process alone: matplotlib is slow to import."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date
from io import BytesIO
from typing import Final, NamedTuple

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Polygon
from matplotlib.text import Text

from bot.charts.colours import FAINT, GROUND, INK
from bot.charts.spec import Cell, Month, MonthMap

# Lengths are in cells unless they say otherwise.
_DPI: Final = 150
_CELL: Final = (0.64, 0.58)  # inches
_LARGE_CELL: Final = (0.98, 0.64)  # of a month that stands alone
_DAYS: Final = 7
_BETWEEN: Final = 0.6  # two months
_HEAD: Final = 1.2  # a month's name and its days of the week
_TITLE: Final = 1.0
_ABOVE_LEGEND: Final = 0.45
_LINE: Final = 0.75  # of the legend
_MARGIN: Final = 0.5
_GAP: Final = 0.06
_BESIDE: Final = {1: 1, 2: 2, 3: 3, 4: 2}  # how many months stand side by side, by how many there are
_BESIDE_OF_MANY: Final = 3
_SMALL: Final = 9.0  # points: days of the week, legend
_LARGE: Final = 14.5  # points: the title
_LARGEST: Final = 17.0  # points: prices
_FILLED: Final = 0.74  # of a cell by the longest price
# From cheap to dear: yellow to blue, evenly in brightness, which every kind of eye can tell apart.
_COLOURS: Final = "viridis"
_CHEAP, _DEAR = 0.97, 0.12
_DARK_LETTERS_UP_TO: Final = 0.55
_DARK: Final = "#14151a"
_PLAIN: Final = "#2a2c33"
_NO_DAY: Final = "#565964"
_BEST: Final = "#ffffff"


class _Unit(NamedTuple):
    """What is as large in every picture, in cells of this one."""

    wide: float
    high: float


class _Corner(NamedTuple):
    """The top left of something."""

    left: float
    top: float


def draw_months(picture: MonthMap) -> bytes:
    """The picture as PNG."""
    beside = min(_BESIDE.get(len(picture.months), _BESIDE_OF_MANY), len(picture.months))
    rows = [picture.months[first : first + beside] for first in range(0, len(picture.months), beside)]
    cell = _CELL if beside > 1 else _LARGE_CELL
    unit = _Unit(_CELL[0] / cell[0], _CELL[1] / cell[1])
    wide = beside * (_DAYS + _BETWEEN) - _BETWEEN
    high = sum(_HEAD + _weeks(row) for row in rows) + _BETWEEN * (len(rows) - 1)
    legend = _LINE * (2 if picture.met or picture.unknown else 1) * unit.high
    high += (_TITLE + _ABOVE_LEGEND) * unit.high + legend
    figure, axes = _ground(wide, high, cell)
    _fit(axes, _Corner(_GAP, 0.3 * unit.high), picture.title, wide)
    cells, size = {each.on: each for each in picture.cells}, _letters(axes, picture.cells)
    top = _TITLE * unit.high
    for row in rows:
        for column, month in enumerate(row):
            corner = _Corner(column * (_DAYS + _BETWEEN), top)
            _month(axes, month, picture.weekdays, cells, corner, size)
        top += _HEAD + _weeks(row) + _BETWEEN
    _legend(axes, picture, high - legend, unit)
    png = BytesIO()
    figure.savefig(png, format="png")
    return png.getvalue()


def _ground(wide: float, high: float, cell: tuple[float, float]) -> tuple[Figure, Axes]:
    """An empty picture in which one cell is one unit, and the top left is nought."""
    across, down = wide + 2 * _MARGIN, high + 2 * _MARGIN
    figure = Figure(figsize=(across * cell[0], down * cell[1]), dpi=_DPI, facecolor=GROUND)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(-_MARGIN, wide + _MARGIN)
    axes.set_ylim(high + _MARGIN, -_MARGIN)
    axes.axis("off")
    return figure, axes


def _weeks(months: Iterable[Month]) -> int:
    """How many lines of days the longest of these months takes."""
    return max(-(-(each.first.weekday() + _length(each)) // _DAYS) for each in months)


def _length(month: Month) -> int:
    return monthrange(month.first.year, month.first.month)[1]


def _letters(axes: Axes, cells: tuple[Cell, ...]) -> float:
    """How large all prices are written so that the longest has room in a cell, in points."""
    longest = max((cell.words for cell in cells), key=len, default="")
    tried = axes.text(0, 0, longest, fontsize=_LARGEST, fontweight="bold", parse_math=False)
    wide = _end(axes, tried)
    tried.remove()
    return _LARGEST * min(1.0, _FILLED / wide) if wide > 0 else _LARGEST


def _month(
    axes: Axes,
    month: Month,
    weekdays: tuple[str, ...],
    cells: Mapping[date, Cell],
    corner: _Corner,
    size: float,
) -> None:
    """A month with all its days; those that the route does not leave on are numbers only."""
    left, top = corner
    _say(axes, _Corner(left + _GAP, top + 0.3), month.words, size=12, weight="bold")
    for at, name in enumerate(weekdays):
        _say(axes, _Corner(left + at + 0.5, top + 0.98), name, colour=FAINT, size=_SMALL, centred=True)
    first = month.first
    for number in range(_length(month)):
        week, weekday = divmod(first.weekday() + number, _DAYS)
        on = first.replace(day=number + 1)
        place = _Corner(left + weekday, top + _HEAD + week)
        if on in cells:
            _cell(axes, cells[on], place, size)
        else:
            _number(axes, on, place, _NO_DAY)


def _cell(axes: Axes, cell: Cell, corner: _Corner, size: float) -> None:
    if cell.dearness is None:
        _box(axes, corner, _PLAIN)
        _number(axes, cell.on, corner, FAINT)
        return
    ink = _DARK if cell.dearness <= _DARK_LETTERS_UP_TO else INK
    _box(axes, corner, _colour(cell.dearness), is_best=cell.is_best)
    _number(axes, cell.on, corner, ink)
    middle = _Corner(corner.left + 0.5, corner.top + 0.64)
    _say(axes, middle, cell.words, colour=ink, size=size, weight="bold", centred=True)
    if cell.is_met:
        _fold(axes, corner, ink)


def _number(axes: Axes, on: date, corner: _Corner, colour: str) -> None:
    _say(axes, _Corner(corner.left + 0.15, corner.top + 0.25), str(on.day), colour=colour, size=7.5)


def _box(axes: Axes, corner: _Corner, face: str, *, is_best: bool = False) -> None:
    side = 1 - 2 * _GAP
    box = FancyBboxPatch(
        (corner.left + _GAP, corner.top + _GAP),
        side,
        side,
        boxstyle="round,pad=0,rounding_size=0.1",
        facecolor=face,
        edgecolor=_BEST if is_best else face,
        linewidth=3.2 if is_best else 0.8,
        zorder=2 if is_best else 1,
    )
    axes.add_patch(box)


def _fold(axes: Axes, corner: _Corner, colour: str) -> None:
    """A corner folded over, at the top right."""
    right, top = corner.left + 1 - 2 * _GAP, corner.top + 2 * _GAP
    points = [(right - 0.24, top), (right, top), (right, top + 0.26)]
    axes.add_patch(Polygon(points, closed=True, facecolor=colour, edgecolor="none", zorder=3))


def _legend(axes: Axes, picture: MonthMap, top: float, unit: _Unit) -> None:
    """The scale, and what each mark means with a cell that has it: colour alone says nothing."""
    end = _scale(axes, picture, top, unit)
    if picture.best:
        _mark(axes, _Corner(end, top), picture.best, Cell(on=date.min, dearness=0.0, is_best=True), unit)
    left, top = 0.0, top + _LINE * unit.high
    if picture.met:
        met = Cell(on=date.min, dearness=0.3, is_met=True)
        left = _mark(axes, _Corner(left, top), picture.met, met, unit)
    if picture.unknown:
        _mark(axes, _Corner(left, top), picture.unknown, Cell(on=date.min), unit)


def _scale(axes: Axes, picture: MonthMap, top: float, unit: _Unit) -> float:
    """The colours from the lowest fare to the highest; where it ends."""
    dearest = max(cell.dearness or 0.0 for cell in picture.cells)
    steps, length, high = 64, 3.0 * unit.wide, 0.4 * unit.high
    middle, gap = top + high / 2, 0.2 * unit.wide
    begins = _say(axes, _Corner(_GAP, middle), picture.low, size=_SMALL + 0.5) + gap
    if not dearest:  # all days cost the same
        return begins + gap
    for step in range(steps):
        ends = [begins + step * length / steps, begins + (step + 1.1) * length / steps]
        colour = _colour(dearest * step / (steps - 1))
        axes.fill_between(ends, top, top + high, color=colour, linewidth=0, antialiased=False)
    ends_at = _say(axes, _Corner(begins + length + gap, middle), picture.high, size=_SMALL + 0.5)
    return ends_at + 3 * gap


def _mark(axes: Axes, corner: _Corner, words: str, cell: Cell, unit: _Unit) -> float:
    """A small cell and what it means; where the next one may begin."""
    wide, high = 0.44 * unit.wide, 0.44 * unit.high
    colour = _PLAIN if cell.dearness is None else _colour(cell.dearness)
    box = FancyBboxPatch(
        (corner.left + _GAP, corner.top),
        wide,
        high,
        boxstyle="round,pad=0,rounding_size=0.06",
        facecolor=colour,
        edgecolor=_BEST if cell.is_best else colour,
        linewidth=2.2 if cell.is_best else 0.8,
    )
    axes.add_patch(box)
    if cell.is_met:
        right, top = corner.left + _GAP + 0.9 * wide, corner.top + 0.1 * high
        points = [(right - wide / 2, top), (right, top), (right, top + high / 2)]
        axes.add_patch(Polygon(points, closed=True, facecolor=_DARK, edgecolor="none"))
    beside = _Corner(corner.left + _GAP + 1.4 * wide, corner.top + high / 2)
    return _say(axes, beside, words, size=_SMALL + 0.5) + 0.6 * unit.wide


def _colour(dearness: float) -> str:
    return to_hex(colormaps[_COLOURS](_CHEAP + (_DEAR - _CHEAP) * min(max(dearness, 0.0), 1.0)))


def _say(
    axes: Axes,
    at: _Corner,
    words: str,
    *,
    size: float,
    colour: str = INK,
    weight: str = "normal",
    centred: bool = False,
) -> float:
    """Write words beginning, or centred, at a point; where they end."""
    text = axes.text(
        at.left,
        at.top,
        words,
        color=colour,
        fontsize=size,
        fontweight=weight,
        ha="center" if centred else "left",
        va="center",
        parse_math=False,
        zorder=4,
    )
    return _end(axes, text)


def _fit(axes: Axes, at: _Corner, words: str, wide: float) -> None:
    """Write the title, smaller where it would not fit."""
    text = axes.text(at.left, at.top, words, color=INK, fontweight="bold", va="center", parse_math=False)
    text.set_fontsize(_LARGE)
    text.set_fontsize(_LARGE * min(1.0, wide / max(_end(axes, text), 0.1)))


def _end(axes: Axes, text: Text) -> float:
    """Where written words end."""
    return float(axes.transData.inverted().transform(text.get_window_extent().get_points())[1][0])
