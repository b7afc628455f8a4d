"""The report as one screen of a terminal: signs and words, colour only on top of them."""

from typing import Final, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from engine.doctor.findings import Finding, Report, State

_SIGNS: Final = {State.OK: "✓", State.UNSET: "·", State.CAREFUL: "!", State.WRONG: "✗"}
_PLAIN_SIGNS: Final = {State.OK: "+", State.UNSET: "-", State.CAREFUL: "!", State.WRONG: "x"}
_STYLES: Final = {State.OK: "green", State.UNSET: "dim", State.CAREFUL: "yellow", State.WRONG: "bold red"}
_WIDEST: Final = 110
_NARROWEST: Final = 60


def print_report(report: Report, out: TextIO) -> None:
    """Write the report, wrapped to the terminal; to a file or a pipe without colours."""
    console = Console(file=out, highlight=False, markup=False, emoji=False)
    console.width = max(_NARROWEST, min(console.width, _WIDEST))
    console.print(_table(report, fancy=_can_write(out, "✓·✗→")))
    console.print()
    console.print(_verdict(report), style="bold")


def _table(report: Report, *, fancy: bool) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    signs, arrow = (_SIGNS, "→") if fancy else (_PLAIN_SIGNS, "->")
    above: Finding | None = None
    for finding in report.findings:
        if above is not None and finding.area is not above.area:
            table.add_row()
        mark = Text(f"{signs[finding.state]} {finding.state.value}", style=_STYLES[finding.state])
        again = above is not None and (above.area, above.name) == (finding.area, finding.name)
        table.add_row(mark, "" if again else _title(finding), finding.says)
        above = finding
        if finding.advice is not None:
            table.add_row("", "", Text(f"{arrow} {finding.advice}"))
    return table


def _title(finding: Finding) -> str:
    """Sources as FARE_SOURCES has them, the rest as headings."""
    return finding.name.capitalize() if finding.name == finding.area.value else finding.name


def _verdict(report: Report) -> str:
    wrong = sum(finding.state is State.WRONG for finding in report.findings)
    if not report.usable:
        return "Not usable yet: mend what is marked wrong."
    return "Usable." if not wrong else "Usable, though something is marked wrong."


def _can_write(out: TextIO, signs: str) -> bool:
    try:
        signs.encode(out.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
