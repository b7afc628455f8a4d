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

from collections.abc import Sequence


class EngineError(Exception):
    """Root of everything the engine raises on purpose."""


class InvalidInput(EngineError):
    """A person asked for something that cannot be done.

    `field` names the option at fault (`origin`, `depart`, ...), `sentence` says in plain words
    what is wrong and what to do, `suggestions` are replacements that would be accepted.
    """

    def __init__(self, field: str, sentence: str, suggestions: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence
        self.suggestions = tuple(suggestions)


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
    """A route list could not be read at all; the last good list stays in force."""
