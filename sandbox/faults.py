"""Switchable trouble: the next N requests, or those to one place, go wrong in a chosen way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """What can be made to go wrong with a reply."""

    RATE_LIMIT = "rate limit"
    QUOTA = "quota"
    TOKEN_EXPIRED = "token expired"  # noqa: S105  a fault's name
    KEY_REVOKED = "key revoked"
    EMPTY = "empty"
    HTML = "html"
    CUT_JSON = "cut JSON"
    CUT_TRANSFER = "cut transfer"
    NAN = "NaN price"
    ZERO = "zero price"
    NEGATIVE = "negative price"
    OTHER_CURRENCY = "other currency"
    SERVER_ERROR = "server error"
    HANG = "hang"
    DRIP = "drip"
    RESET = "reset"
    BOMB = "gzip bomb"
    ERROR_INSIDE = "error inside a 200"
    HUGE = "huge body"
    PLAIN_TEXT = "plain text"
    UNKNOWN_PLACE = "unknown place"
    UPSTREAM = "failure upstream"
    EMAIL_UNVERIFIED = "e-mail not verified"
    UNVERIFIED = "unverified prices"
    OTHER_SHAPE = "the other shape of a good reply"


@dataclass(kw_only=True)
class Trouble:
    """A fault in waiting: how often yet (None: until cleared), and for which parameters."""

    fault: Fault
    left: int | None = 1
    when: Mapping[str, str] = field(default_factory=dict)
    retry_after: str | None = None


class FaultPlan:
    """The troubles of one endpoint, taken in the order in which they were planned."""

    def __init__(self) -> None:
        self._planned: list[Trouble] = []

    def plan(
        self,
        fault: Fault,
        *,
        times: int | None = 1,
        when: Mapping[str, str] | None = None,
        retry_after: str | None = None,
    ) -> None:
        """Let the next `times` requests fail (None: all until cleared).

        `when` limits it to requests with these parameters: `{"destinationLocationCode": "PAR"}`.
        """
        self._planned.append(Trouble(fault=fault, left=times, when=when or {}, retry_after=retry_after))

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._planned.clear()

    def take(self, parameters: Mapping[str, str]) -> Trouble | None:
        """The trouble that awaits a request, used up by one."""
        for trouble in self._planned:
            if all(parameters.get(name) == value for name, value in trouble.when.items()):
                if trouble.left is not None:
                    trouble.left -= 1
                    if not trouble.left:
                        self._planned.remove(trouble)
                return trouble
        return None
