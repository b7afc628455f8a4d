"""What can be made to go wrong with the pretend Twilio, and whether the message was made all the same."""

from dataclasses import dataclass
from enum import StrEnum

RATE_LIMITED = 20429


class Reply(StrEnum):
    """How a request is answered instead of well."""

    REFUSED = "refused"  # a 4xx with one of Twilio's codes
    SERVER_ERROR = "server error"  # 500 with a page of HTML
    HTML = "html"  # the right status, a page of HTML
    CUT_JSON = "cut JSON"  # the right status, half the JSON
    HANG = "hang"  # nothing, until the client gives up
    RESET = "reset"  # the connection is dropped


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """One planned mishap.

    `accepted` says whether a create is carried out nevertheless; `late_s`, with HANG, that it is
    carried out so many seconds after the client went away. `status`, `code` and `retry_after`
    belong to REFUSED.
    """

    reply: Reply
    accepted: bool = False
    late_s: float | None = None
    status: int = 400
    code: int = 0
    retry_after: str | None = None


def refused(code: int, status: int = 400) -> Trouble:
    """A refusal by Twilio's code."""
    return Trouble(reply=Reply.REFUSED, status=status, code=code)


def rate_limited(retry_after: str | None = None) -> Trouble:
    """Too many requests at once."""
    return Trouble(reply=Reply.REFUSED, status=429, code=RATE_LIMITED, retry_after=retry_after)


def late(after_s: float) -> Trouble:
    """No answer; the message is made `after_s` seconds after the client went away."""
    return Trouble(reply=Reply.HANG, late_s=after_s)


class TroublePlan:
    """The troubles of one endpoint, taken in the order in which they were planned."""

    def __init__(self) -> None:
        self._planned: list[Trouble] = []
        self._standing: Trouble | None = None

    def plan(self, trouble: Trouble | Reply, *, times: int | None = 1, accepted: bool = False) -> None:
        """Let the next `times` requests go wrong (None: all until cleared)."""
        if isinstance(trouble, Reply):
            trouble = Trouble(reply=trouble, accepted=accepted)
        if times is None:
            self._standing = trouble
        else:
            self._planned += [trouble] * times

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._planned.clear()
        self._standing = None

    def take(self) -> Trouble | None:
        """The trouble that awaits a request, used up by one."""
        return self._planned.pop(0) if self._planned else self._standing
