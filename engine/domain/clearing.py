"""Rule 7: when a told condition is armed again, and what its post is to say of that.

Every function takes the memory of one told condition and a look, and gives the memory after it with
what the look says about the fare that was told (`Sign`).
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec

from engine.domain.conditions import at_level, fare_missing, stands
from engine.domain.judgement import ConditionState, Run
from engine.domain.quote import Quote
from engine.domain.watch import Condition, Rules

_TWO_LOOKS: Final = timedelta(minutes=20)
_WHOLE_DAY: Final = timedelta(hours=24)
_EMPTY: Final = timedelta(hours=6)
_WITHOUT: Final = timedelta(hours=6)
_SILENT: Final = timedelta(hours=6)
_SILENT_LEAD: Final = timedelta(hours=24)


class Sign(StrEnum):
    """What a look says about the fare that was told."""

    QUIET = "quiet"
    ABOVE = "above"
    CLEARED = "cleared"


def after_quote(
    condition: Condition, memory: ConditionState, rules: Rules, quote: Quote, at: datetime
) -> tuple[ConditionState, Sign]:
    """What a usable quote says.

    A look counts when its source is the one that told (and firm, if what was told was), or when it
    is firm and that source gave no quotes for 6 h. What a lead told, with no live source to ask,
    also counts another source's leads once its own was silent for 24 h: else a source that is
    switched off would keep the watch disarmed for ever. Among the rest, leads about a firm alert
    are kept as hints; a firm quote ends the hints, and the no-fares of a source, where it shows
    the fare.
    """
    memory = _heard(memory, quote, at)
    if quote.firm:
        memory = msgspec.structs.replace(memory, leads_above=None, without=None)
    if _counts(memory, quote, at):
        return _counted(condition, memory, rules, quote, at)
    missing = fare_missing(condition, memory, rules, quote.total)
    if memory.firm and not quote.firm:
        above = at_level(condition, memory, rules, quote.total)
        hints = {
            "leads_above": _extended(memory.leads_above, at) if above else None,
            "without": _extended(memory.without, at) if missing else None,
        }
        return msgspec.structs.replace(memory, **hints), Sign.QUIET
    return (memory if missing else msgspec.structs.replace(memory, empty=None)), Sign.QUIET


def after_no_fares(
    memory: ConditionState, source: str, at: datetime, *, alive: bool
) -> tuple[ConditionState, Sign]:
    """What a no_fares says: from the source that told, three spread over 6 h clear the condition.

    It counts only while that source gives quotes elsewhere (`alive`). From another source it is a
    look without the fare, a hint about a firm alert.
    """
    if source != memory.source:
        without = _extended(memory.without, at) if memory.firm else None
        return msgspec.structs.replace(memory, without=without), Sign.QUIET
    if not alive:
        return memory, Sign.QUIET
    empty = _extended(memory.empty, at)
    memory = msgspec.structs.replace(memory, empty=empty)
    return memory, Sign.CLEARED if empty.spans(3, _EMPTY) else Sign.QUIET


def doubtful(memory: ConditionState) -> bool:
    """Whether leads say that what a firm quote told is over: one live look is to settle it.

    Two leads at or above the level (20 min apart, as looks that count), or 6 h without the fare.
    """
    if not (stands(memory) and memory.firm):
        return False
    above, without = memory.leads_above, memory.without
    return (above is not None and above.spans(2, _TWO_LOOKS)) or (
        without is not None and without.spans(2, _WITHOUT)
    )


def armed_again(memory: ConditionState) -> ConditionState:
    """Armed by rule 7: only what rule 8 asks about is kept; DROP's base begins anew."""
    return ConditionState(pinged=memory.pinged, pinged_at=memory.pinged_at, told=memory.told)


def lived_s(memory: ConditionState, at: datetime) -> int:
    """How long the fare stood, in seconds, from when it was first told.

    It ended with this look, or with the first of the looks in a row that did not see it.
    """
    runs = [run.first_at for run in (memory.above, memory.over, memory.empty) if run is not None]
    ended_at = min([*runs, at])
    return max(int((ended_at - (memory.since or ended_at)).total_seconds()), 0)


def _heard(memory: ConditionState, quote: Quote, at: datetime) -> ConditionState:
    if quote.source != memory.source:
        return memory
    return msgspec.structs.replace(memory, heard_at=at, empty=None)


def _counts(memory: ConditionState, quote: Quote, at: datetime) -> bool:
    if memory.firm and not quote.firm:
        return False
    if quote.source == memory.source:
        return True
    silent = at - (memory.heard_at or at)
    return silent >= _SILENT if quote.firm else silent >= _SILENT_LEAD


def _counted(
    condition: Condition, memory: ConditionState, rules: Rules, quote: Quote, at: datetime
) -> tuple[ConditionState, Sign]:
    """Two looks at or above the level clear; TARGET also does when 24 h of looks were above it."""
    above = _extended(memory.above, at) if at_level(condition, memory, rules, quote.total) else None
    over = None
    if condition is Condition.TARGET and fare_missing(condition, memory, rules, quote.total):
        over = _extended(memory.over, at)
    begins = above is not None and memory.above is None
    memory = msgspec.structs.replace(
        memory, above=above, over=over, shown_above=memory.shown_above or above is not None
    )
    if (above and above.spans(2, _TWO_LOOKS)) or (over and over.spans(2, _WHOLE_DAY)):
        return memory, Sign.CLEARED
    return memory, Sign.ABOVE if begins else Sign.QUIET


def _extended(run: Run | None, at: datetime) -> Run:
    """One look more; the same look again adds nothing, a clock that was set back starts over."""
    if run is None or at < run.first_at:
        return Run(at, at)
    if at <= run.last_at:
        return run
    return Run(run.first_at, at, run.looks + 1)
