"""What a message must know besides its subject: how places are called, the day, where it is read."""

from collections.abc import Callable
from datetime import date, timedelta

import msgspec

Cities = Callable[[str], str]
"""Gives the city of a place's code, as `Gazetteer.city` does."""


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """Where and when a reply is read.

    `today` is the day in UTC; `here` the id of the channel, so that it need not be named;
    `interval` the time between two looks.
    """

    cities: Cities
    today: date
    here: str | None
    interval: timedelta
