"""A source's budget of calls: what may be asked per day, per month and in total. Pure.

Days and months are those of UTC. A clock that was set back does not begin a new one: calls go on
counting against the latest day and month that were ever seen.

Where members ask for looks of their own (`/route check`, `/route add`), a tenth of a day's calls is set
aside for them: they get no more than that in a day, and the loop leaves them what they have not used of
it yet. So neither can starve the other.
"""

from datetime import date, timedelta
from enum import Enum
from typing import Final

import msgspec

from engine.domain import details

# A stored day this far ahead of today was written under a clock that ran wrong: it must not close a
# source for years, so from the next day on today's date counts again.
_WRONG_DAY: Final = timedelta(days=2)
_WRONG_MONTH: Final = timedelta(days=62)
_ONE_DAY: Final = timedelta(days=1)
# One call in so many of a day is set aside for what members ask for.
_MEMBERS_PART: Final = 10
# A monthly or total budget is taken to last for so many days.
_DAYS: Final = 30


class Asker(Enum):
    """On whose behalf a source is called: the loop with its due looks, or a member who waits for it."""

    LOOP = "loop"
    MEMBER = "member"


class CallLimits(msgspec.Struct, frozen=True, kw_only=True):
    """The most calls to one source; None is no limit, 0 is none at all.

    `for_members` is how many calls of each day are set aside for members; None sets none aside, and
    then it makes no difference who asks.
    """

    per_day: int | None = None
    per_month: int | None = None
    in_total: int | None = None
    for_members: int | None = None

    @property
    def any(self) -> bool:
        """Whether anything is limited, so that calls must be counted."""
        return bool(self._all)

    def shared_with_members(self) -> "CallLimits":
        """The same limits with a tenth of a day's calls set aside for members, at least one.

        A source that may be called once only is left to the loop.
        """
        if not self.any:
            return self
        days = [self.per_day, _a_day(self.per_month), _a_day(self.in_total)]
        tenth = min(calls for calls in days if calls is not None) // _MEMBERS_PART
        return msgspec.structs.replace(self, for_members=max(1, tenth) if min(self._all) > 1 else 0)

    @property
    def _all(self) -> list[int]:
        limits = (self.per_day, self.per_month, self.in_total)
        return [limit for limit in limits if limit is not None]


class CallsMade(msgspec.Struct, frozen=True, kw_only=True):
    """The calls counted so far: of `day`, of the month that begins on `month`, and of all time.

    `counted_on` is the day that the clock showed at the last call; it differs from `day` only after
    the clock was set back. `members_today` are those of today's calls that members asked for.
    """

    day: date
    today: int = 0
    members_today: int = 0
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
            members_today=0 if day_over else self.members_today,
            month=month if month_over else self.month,
            this_month=0 if month_over else self.this_month,
            ever=self.ever,
            counted_on=today,
        )

    def one_more(self, asker: Asker = Asker.LOOP) -> "CallsMade":
        """After a call."""
        return msgspec.structs.replace(
            self,
            today=self.today + 1,
            members_today=self.members_today + (asker is Asker.MEMBER),
            this_month=self.this_month + 1,
            ever=self.ever + 1,
        )


class Spent(Enum):
    """What of a budget is used up."""

    TOTAL = "total"
    MONTH = "month"
    DAY = "day"
    MEMBERS = "members' calls of today"
    LOOPS = "all but members' calls of today"
    LOOK = "the calls that one look takes"


class BudgetSpent(msgspec.Struct, frozen=True):
    """No call is left: why, for people, and the day on which to ask again.

    `what` says it for faces that have words of their own, `calls` how many calls it was of.
    """

    words: str
    until: date
    what: Spent
    calls: int


def budget_spent(
    limits: CallLimits, made: CallsMade, today: date, asker: Asker = Asker.LOOP
) -> BudgetSpent | None:
    """Why a source must not be called on a day on this behalf; None when it may be.

    `made` are the counts as they stand on that day. Of several limits the one that closes longest is
    named. A total ends for good; it is asked about once a day, since somebody may raise it.
    """
    tomorrow = today + _ONE_DAY
    if limits.in_total is not None and made.ever >= limits.in_total:
        return _spent(Spent.TOTAL, limits.in_total, tomorrow)
    if limits.per_month is not None and made.this_month >= limits.per_month:
        next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        return _spent(Spent.MONTH, limits.per_month, next_month)
    if limits.per_day is not None and made.today >= limits.per_day:
        return _spent(Spent.DAY, limits.per_day, tomorrow)
    return _share_spent(limits, made, asker, tomorrow)


def too_few(calls: int, until: date) -> BudgetSpent:
    """Not as many calls are left as a look takes."""
    return _spent(Spent.LOOK, calls, until)


def calls_left(limits: CallLimits, made: CallsMade, asker: Asker = Asker.LOOP) -> int | None:
    """How many calls may still be made today on this behalf; None where nothing is limited."""
    if not limits.any:
        return None
    left = max(_left(limits, made), 0)
    if limits.for_members is None:
        return left
    unused = max(limits.for_members - made.members_today, 0)
    return min(left, unused) if asker is Asker.MEMBER else max(left - unused, 0)


def calls_a_month(limits: CallLimits) -> int | None:
    """How many calls the loop may make in thirty days; a total counts as that of a month. None: no limit."""
    day = None if limits.per_day is None else limits.per_day * _DAYS
    known = [calls for calls in (day, limits.per_month, limits.in_total) if calls is not None]
    return max(min(known) - (limits.for_members or 0) * _DAYS, 0) if known else None


def most_at_once(limits: CallLimits) -> int | None:
    """How many calls one look may take at the most; None for no limit."""
    known = [calls for calls in (limits.per_day, limits.per_month, limits.in_total) if calls is not None]
    return max(min(known) - (limits.for_members or 0), 0) if known else None


def _share_spent(limits: CallLimits, made: CallsMade, asker: Asker, tomorrow: date) -> BudgetSpent | None:
    """Whether what is left belongs to somebody else."""
    if limits.for_members is None:
        return None
    unused = limits.for_members - made.members_today
    if asker is Asker.MEMBER:
        return _spent(Spent.MEMBERS, limits.for_members, tomorrow) if unused <= 0 else None
    return _spent(Spent.LOOPS, unused, tomorrow) if _left(limits, made) <= unused else None


def _left(limits: CallLimits, made: CallsMade) -> int:
    """How many calls the tightest limit leaves."""
    of_each = (
        (limits.per_day, made.today),
        (limits.per_month, made.this_month),
        (limits.in_total, made.ever),
    )
    return min(limit - calls for limit, calls in of_each if limit is not None)


def _a_day(calls: int | None) -> int | None:
    return None if calls is None else calls // _DAYS


def _spent(what: Spent, calls: int, until: date) -> BudgetSpent:
    return BudgetSpent(_words(what, calls), until, what, calls)


def _words(what: Spent, calls: int) -> str:
    match what:
        case Spent.MEMBERS:
            return details.MEMBERS_SPENT.format(calls=calls)
        case Spent.LOOPS:
            return details.KEPT_FOR_MEMBERS.format(calls=calls)
        case Spent.LOOK:
            return details.TOO_FEW_LEFT.format(calls=calls)
        case _ if not calls:
            return details.NO_CALLS
        case Spent.TOTAL:
            return details.SPENT_IN_ALL.format(calls=calls)
        case Spent.MONTH:
            return details.SPENT_THIS_MONTH.format(calls=calls)
        case Spent.DAY:
            return details.SPENT_TODAY.format(calls=calls)


def _over(latest: date, counted_on: date, now: date, wrong: timedelta) -> bool:
    """Whether a period ended: a later one has come, or a day passed under a clock that was set right."""
    return now > latest or (now > counted_on and latest - now > wrong)
