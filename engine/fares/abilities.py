"""What a source can do in one request; each declares its own, and nowhere else is it asked."""

from enum import Enum

import msgspec

from engine.domain.filters import Filter


class Sweep(Enum):
    """How many days one request takes."""

    DAY = "one day out, and one back"
    MONTH = "all days of one month out, and of one month back"
    SPAN = "days in a row out, and days in a row or a number of nights back"


class Abilities(msgspec.Struct, frozen=True, kw_only=True):
    """One request of a source.

    `weekday`: a sweep of days can be asked to leave on one day of the week only. `places` is how many it
    takes at either end; of a city without a code of its own there `airports_each` are asked for one by one.
    `party`: it prices everybody together, and not one adult. `shows` are the filters
    that a reply answers, whether or not they can be asked for: what it does not show makes a lead.
    `anywhere`: it can be asked for all destinations at once; only what public descriptions say it can.
    """

    sweep: Sweep = Sweep.DAY
    weekday: bool = False
    places: int = 1
    airports_each: int = 1
    party: bool = True
    anywhere: bool = False
    shows: frozenset[Filter] = frozenset({Filter.STOPS, Filter.AIRLINES, Filter.HOURS})
