"""What a token of Duffel says: whether searches with it cost money."""

from typing import Final

from engine.domain.budget import CallLimits

_TEST_TOKEN: Final = "duffel_test_"  # noqa: S105  how tokens of the test mode begin
_NO_CALLS: Final = CallLimits(per_month=0)


def is_test(token: str) -> bool:
    """Whether a token is of the test mode: free, and its prices made up."""
    return token.startswith(_TEST_TOKEN)


def limits(token: str, asked: CallLimits) -> CallLimits:
    """What may be asked: as somebody set it, else without end of the test mode and nothing of the live one.

    A live search costs $0.005 once there are more than 1,500 of them per order, so without orders
    always.
    """
    return asked if asked.any or is_test(token) else _NO_CALLS
