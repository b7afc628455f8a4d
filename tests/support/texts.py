"""What the SMS channel asks for, where a test is about neither numbers nor caps."""

from engine.alerts.channels.sms import Numbers
from engine.alerts.ports import Delivery
from engine.domain.alert import Notification
from engine.tongue import Tongue


async def in_english(_: Notification) -> Tongue:
    """For readers whose language nobody knows."""
    return Tongue()


def always(number: str | None) -> Numbers:
    """The same number behind every address."""

    async def number_of(_address: str) -> str | None:
        return number

    return number_of


class Stops:
    """Notes the phones that are said to have replied STOP."""

    def __init__(self) -> None:
        self.numbers: list[str] = []

    async def __call__(self, number: str) -> None:
        self.numbers.append(number)


class Unlimited:
    """An `engine.alerts.ports.Allowance` that counts and allows everything."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, int]] = []
        self.given_back: list[str] = []

    async def take(self, notification: Notification, segments: int) -> str | None:
        self.taken.append((notification.id, segments))
        return None

    async def give_back(self, notification: Notification) -> None:
        self.given_back.append(notification.id)


class Willing:
    """An `engine.alerts.ports.Sender` that sends whatever it is given, and notes what it is told."""

    def __init__(self, held: Delivery | None = None) -> None:
        self.codes: list[int] = []
        self.took_texts = 0
        self.silences = 0
        self._held = held

    async def holds_back(self, notification: Notification) -> Delivery | None:  # noqa: ARG002
        return self._held

    async def refused(self, notification: Notification, code: int) -> None:  # noqa: ARG002
        self.codes.append(code)

    async def took(self) -> None:
        self.took_texts += 1

    async def silent(self, notification: Notification) -> None:  # noqa: ARG002
        self.silences += 1
