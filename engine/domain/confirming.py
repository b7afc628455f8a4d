"""Rule 2: when a live look may be asked for again, about a lead's total or about a firm alert's end."""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from engine.domain.judgement import Doubt, Refuted
from engine.domain.quote import Quote

_WAITS: Final = (timedelta(hours=1), timedelta(hours=4), timedelta(hours=12), timedelta(hours=24))
_GIVEN_UP: Final = timedelta(hours=24)


def may_confirm(refuted: Refuted | None, lead: Quote, step: int, now: datetime) -> bool:
    """Whether a lead may be held against a live look, given what was refuted last.

    Yes when nothing was, when it is lower by a step, newer by `found_at`, or when 1, 4, 12, then
    every 24 h have passed. A lead dearer than the refuted total claims less and waits as well.
    """
    if refuted is None or lead.total.minor <= refuted.minor - step or _newer(lead, refuted):
        return True
    return now - refuted.at >= _wait(refuted.tries)


def refutation(refuted: Refuted | None, lead: Quote, step: int, at: datetime) -> Refuted:
    """Remember that the live look of `at` did not bear out a lead.

    The waits go on growing until a lead lower by a step starts them anew.
    """
    tries = 1
    if refuted is not None and refuted.at == at:
        return refuted  # the same look again
    if refuted is not None and lead.total.minor > refuted.minor - step:
        tries = refuted.tries + 1
    return Refuted(minor=lead.total.minor, at=at, tries=tries, found_at=lead.found_at)


def may_settle(doubt: Doubt | None, now: datetime) -> bool:
    """Whether a live look about a firm alert's end may be asked for, by the waits of rule 2.

    One that was wanted in vain for 24 h may be asked for once more whatever the waits say: without
    an answer the leads decide then.
    """
    if doubt is None or doubt.asked_at is None or given_up(doubt, now):
        return True
    return now - doubt.asked_at >= _wait(doubt.tries)


def given_up(doubt: Doubt | None, now: datetime) -> bool:
    """Whether a live look was wanted and could not be had for 24 h."""
    return doubt is not None and doubt.wanted_since is not None and now - doubt.wanted_since >= _GIVEN_UP


def asked(doubt: Doubt | None, at: datetime, *, answered: bool) -> Doubt:
    """Remember that a live look was asked for on behalf of the look of `at`."""
    doubt = doubt or Doubt()
    tries = doubt.tries + (doubt.asked_at != at)
    return Doubt(asked_at=at, tries=tries, wanted_since=None if answered else doubt.wanted_since or at)


def wanted(doubt: Doubt | None, at: datetime) -> Doubt:
    """Remember that no live look could even be asked for."""
    doubt = doubt or Doubt()
    return msgspec.structs.replace(doubt, wanted_since=doubt.wanted_since or at)


def no_longer_wanted(doubt: Doubt | None) -> Doubt | None:
    """The leads show the fare again: only the pace of asking is kept."""
    return None if doubt is None else msgspec.structs.replace(doubt, wanted_since=None)


def _newer(lead: Quote, refuted: Refuted) -> bool:
    return lead.found_at is not None and refuted.found_at is not None and lead.found_at > refuted.found_at


def _wait(tries: int) -> timedelta:
    return _WAITS[min(max(tries, 1), len(_WAITS)) - 1]
