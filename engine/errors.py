"""The one error tree of the engine.

    EngineError
    ├── InvalidInput        something a person typed; carries one sentence for that person
    ├── SettingsFault       the environment is wrong; carries every fault at once (exit code 2)
    ├── StoreError          the database refused or lost something
    │   └── StoreUnusable   it cannot be opened at all (exit code 3)
    │       └── StoreInUse  another process has it open
    └── RouteListFault      a route list could not be read as a whole (a bad row is data, not an error)

A search or a delivery that goes wrong is not an exception: it is a typed outcome
(`engine.domain.quote.Outcome`, `engine.alerts.ports.Delivery`).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Self

from engine.saying import Fact, Saying, saying


class EngineError(Exception):
    """Root of everything the engine raises on purpose."""


class InvalidInput(EngineError):
    """A person asked for something that cannot be done.

    `field` names the option at fault (`origin`, `depart`, ...), `saying` tells in plain words what is
    wrong and what to do, as a template and its facts; `suggestions` are replacements that would be accepted.
    """

    def __init__(
        self, field: str, template: str, /, *, suggestions: Sequence[str] = (), **facts: Fact | date
    ) -> None:
        self.field = field
        self.saying = saying(template, **facts)
        self.suggestions = tuple(suggestions)
        super().__init__(str(self.saying))

    @classmethod
    def of(cls, field: str, said: Saying, *, suggestions: Sequence[str] = ()) -> Self:
        """The fault that a saying made elsewhere tells."""
        fault = cls(field, "", suggestions=suggestions)
        fault.saying, fault.args = said, (str(said),)
        return fault

    @property
    def sentence(self) -> str:
        """The whole sentence in English."""
        return str(self.saying)

    @property
    def facts(self) -> Mapping[str, Fact]:
        """What stands in its template, by name."""
        return self.saying.facts


class SettingsFault(EngineError):
    """The settings cannot be used; `faults` lists all of them, none echoing a secret."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


class StoreError(EngineError):
    """The database refused an operation or lost its connection."""


class StoreUnusable(StoreError):
    """The database cannot be opened: locked by another process, newer than the code, corrupt."""


class StoreInUse(StoreUnusable):
    """Another process holds the database; `holder` says which, as it wrote itself down."""

    def __init__(self, database: str, holder: str) -> None:
        super().__init__(f"{database} is in use by {holder}; stop it first")
        self.holder = holder


class RouteListFault(EngineError):
    """A route list could not be read at all; the last good list stays in force.

    `saying` is half a sentence, that has the list in front of it.
    """

    def __init__(self, template: str, /, **facts: Fact | date) -> None:
        self.saying = saying(template, **facts)
        super().__init__(str(self.saying))
