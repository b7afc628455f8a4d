"""A row of `make bench`: one figure, its unit, and the goal it is held against."""

from collections.abc import Iterable

import msgspec


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One measured figure.

    `goal` is the most it may be (in the same unit) and `ok` whether it is; both are None where the
    figure is only there to compare with.
    """

    name: str
    value: float
    unit: str
    goal: float | None = None
    ok: bool | None = None


def at_most(name: str, value: float, unit: str, goal: float) -> Row:
    """A figure that must not exceed its goal."""
    return Row(name=name, value=round(value, 3), unit=unit, goal=goal, ok=value <= goal)


def for_comparison(name: str, value: float, unit: str) -> Row:
    """A figure without a goal."""
    return Row(name=name, value=round(value, 3), unit=unit)


def table(rows: Iterable[Row]) -> str:
    """The rows as aligned lines for a terminal."""
    return "\n".join(_line(row) for row in rows)


def _line(row: Row) -> str:
    goal = "" if row.goal is None else f"  goal {row.goal:g}  {'ok' if row.ok else 'MISSED'}"
    return f"{row.name:<36}{row.value:>10g} {row.unit}{goal}"
