"""Cells that come as JSON, as the text that a person would have typed."""

Cell = str | int | float | bool | None

# What a spreadsheet computes carries dust in its last digits: 54.300000000000004.
_DIGITS = 6


def cell_text(cell: Cell) -> str:
    """The text of a cell: 54 and 54.0 are `54`, nothing is the empty text."""
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            rounded = round(cell, _DIGITS)
            return str(int(rounded)) if rounded.is_integer() else str(rounded)
        case _:
            return str(cell)
