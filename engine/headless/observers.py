"""Those who follow the batches of a headless run and print what happens."""

from collections.abc import Callable, Sequence

from engine.domain.finds import place_of
from engine.headless import lines
from engine.headless.batch_json import batch_json
from engine.look import LookReport
from engine.loops import BatchReport, Observer

Write = Callable[[str], None]


class LogLines:
    """The log lines of the contract, as things happen. `city` names the city of a place's code."""

    def __init__(self, write: Write, city: Callable[[str], str]) -> None:
        self._write = write
        self._city = city

    def dispatched(self, batch: int, count: int) -> None:  # noqa: ARG002
        """Say how many looks are on their way."""
        self._write(lines.dispatched(count))

    def looked(self, batch: int, report: LookReport) -> None:  # noqa: ARG002
        """Say what one of them came to."""
        cheapest = place_of(report.best) if report.best else None
        place = cheapest or report.route.destination
        self._write(lines.looked(report, self._city(place.code)))

    def finished(self, report: BatchReport) -> None:
        """Say how the batch went."""
        self._write(lines.finished(report))


class JsonLines:
    """One JSON object per batch, when it is complete."""

    def __init__(self, write: Write) -> None:
        self._write = write

    def dispatched(self, batch: int, count: int) -> None:
        """Nothing yet."""

    def looked(self, batch: int, report: LookReport) -> None:
        """Nothing yet."""

    def finished(self, report: BatchReport) -> None:
        """Print the batch."""
        self._write(batch_json(report))


class Together:
    """Several observers as one."""

    def __init__(self, observers: Sequence[Observer]) -> None:
        self._observers = tuple(observers)

    def dispatched(self, batch: int, count: int) -> None:
        """Pass it on."""
        for observer in self._observers:
            observer.dispatched(batch, count)

    def looked(self, batch: int, report: LookReport) -> None:
        """Pass it on."""
        for observer in self._observers:
            observer.looked(batch, report)

    def finished(self, report: BatchReport) -> None:
        """Pass it on."""
        for observer in self._observers:
            observer.finished(report)
