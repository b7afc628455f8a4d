"""Junk to put into replies, and where to put it."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(width=32) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
amounts = st.sampled_from(
    ["450.00", "NaN", "-1", "0", "1e400", "1e-400", "9" * 400, "", "4_5", "٤٥", "Infinity"]
)


def replies(count: int) -> settings:
    """How many a test reads; more under the profile `hostile`, with which `make faults` reads over 10,000."""
    return settings(deadline=None, max_examples=count * settings().max_examples // 100)


def paths(value: Any, so_far: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [so_far] + [path for key, inner in inside for path in paths(inner, (*so_far, key))]


def spoilt(value: Any, path: tuple[Any, ...], junk: Any) -> Any:
    """The same JSON value with junk in one place."""
    if not path:
        return junk
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = spoilt(copy[path[0]], path[1:], junk)
    return copy
