"""What the doctor found: one finding per thing looked at, and whether the engine could do its job."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, Self

import msgspec


class Area(StrEnum):
    """The things that are looked at, in the order in which they are shown."""

    SETTINGS = "settings"
    DATABASE = "database"
    SOURCES = "sources"
    TWILIO = "twilio"
    DISCORD = "discord"
    APPRISE = "apprise"


class State(StrEnum):
    """How it stands with one thing."""

    OK = "ok"
    UNSET = "unset"  # not configured, and that may well be meant
    CAREFUL = "careful"  # works, but somebody should know
    WRONG = "wrong"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at: what is so, and what to do about it.

    `name` is what it is called in its area (`amadeus`). `blocks` says that the engine cannot do its
    job because of it. No text holds a secret or a phone number.
    """

    area: Area
    name: str
    state: State
    says: str
    advice: str | None = None
    blocks: bool = False


# As `fare-engine run` would end, were it started.
_EXIT_CODES: Final = {Area.SETTINGS: 2, Area.DATABASE: 3, Area.APPRISE: 2}


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was found, area by area."""

    usable: bool
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, findings: Sequence[Finding]) -> Self:
        """The findings in the order of their areas."""
        order = list(Area)
        return cls(
            usable=not any(finding.blocks for finding in findings),
            findings=tuple(sorted(findings, key=lambda finding: order.index(finding.area))),
        )

    @property
    def exit_code(self) -> int:
        """0 when usable; 2 for settings, 3 for the database, 1 for anything else that blocks."""
        if self.usable:
            return 0
        first = next(finding.area for finding in self.findings if finding.blocks)
        return _EXIT_CODES.get(first, 1)
