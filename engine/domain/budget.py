"""A source's budget of calls: what may be asked per day, per month and in total. Pure.

Days and months are those of UTC. A clock that was set back does not begin a new one: calls go on
counting against the latest day and month that were ever seen.
"""

from datetime import date, timedelta
from typing import Final

import msgspec

# A stored day this far ahead of today was written under a clock that ran wrong: it must not close a
# source for years, so from the next day on today's date counts again.
_WRONG_DAY: Final = timedelta(days=2)
_WRONG_MONTH: Final = timedelta(days=62)
_ONE_DAY: Final = timedelta(days=1)


class CallLimits(msgspec.Struct, frozen=True, kw_only=True):
    """The most calls to one source; None is no limit, 0 is none at all."""

    per_day: int | None = None
    per_month: int | None = None
    in_total: int | None = None

    @property
    def any(self) -> bool:
        """Whether anything is limited, so that calls must be counted."""
        return (self.per_day, self.per_month, self.in_total) != (None, None, None)


class CallsMade(msgspec.Struct, frozen=True, kw_only=True):
    """The calls counted so far: of `day`, of the month that begins on `month`, and of all time.

    `counted_on` is the day that the clock showed at the last call; it differs from `day` only after
    the clock was set back.
    """

    day: date
    today: int = 0
    month: date
    this_month: int = 0
    ever: int = 0
    counted_on: date

    @classmethod
    def none(cls, on: date) -> "CallsMade":
        """Nothing called yet."""
        return cls(day=on, month=on.replace(day=1), counted_on=on)

    def on(self, today: date) -> "CallsMade":
        """The counts as they stand on a day: those of a day or month that is over begin anew."""
        month = today.replace(day=1)
        day_over = _over(self.day, self.counted_on, today, _WRONG_DAY)
        month_over = _over(self.month, self.counted_on.replace(day=1), month, _WRONG_MONTH)
        return CallsMade(
            day=today if day_over else self.day,
            today=0 if day_over else self.today,
            month=month if month_over else self.month,
            this_month=0 if month_over else self.this_month,
            ever=self.ever,
            counted_on=today,
        )

    def one_more(self) -> "CallsMade":
        """After a call."""
        return msgspec.structs.replace(
            self, today=self.today + 1, this_month=self.this_month + 1, ever=self.ever + 1
        )


class BudgetSpent(msgspec.Struct, frozen=True):
    """No call is left: why, for people, and the day on which to ask again."""

    words: str
    until: date


def budget_spent(limits: CallLimits, made: CallsMade, today: date) -> BudgetSpent | None:
    """Why a source must not be called on a day; None when it may be.

    `made` are the counts as they stand on that day. Of several limits the one that closes longest is
    named. A total ends for good; it is asked about once a day, since somebody may raise it.
    """
    tomorrow = today + _ONE_DAY
    if limits.in_total is not None and made.ever >= limits.in_total:
        return BudgetSpent(_words(limits.in_total, "in all"), tomorrow)
    if limits.per_month is not None and made.this_month >= limits.per_month:
        next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        return BudgetSpent(_words(limits.per_month, "a month"), next_month)
    if limits.per_day is not None and made.today >= limits.per_day:
        return BudgetSpent(_words(limits.per_day, "a day"), tomorrow)
    return None


def _words(limit: int, span: str) -> str:
    return f"your budget of {limit} calls {span} is spent" if limit else "your budget allows no calls"


def _over(latest: date, counted_on: date, now: date, wrong: timedelta) -> bool:
    """Whether a period ended: a later one has come, or a day passed under a clock that was set right."""
    return now > latest or (now > counted_on and latest - now > wrong)
