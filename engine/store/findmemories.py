"""What watches remember of the finds that one post told them, changed together."""

from collections.abc import Callable, Collection
from datetime import datetime

from engine.domain.alert import Notification, Subject
from engine.domain.judge import held, released
from engine.domain.judgement import WatchState
from engine.domain.watch import WatchId
from engine.store.transaction import Transaction

Change = Callable[[WatchState, Notification, Subject], WatchState]
"""What is remembered of a find from now on, given what was, the line that told it and whose part of it."""


def armed_again(state: WatchState, line: Notification, told: Subject) -> WatchState:  # noqa: ARG001
    """It was told to nobody after all: what was told of the find is armed, as rule 11 has it."""
    return released(held(state))


async def change_told(
    tx: Transaction, told: Notification, watch_ids: Collection[WatchId], change: Change, now: datetime
) -> None:
    """Change it for these watches; a post without lines, and finds that nobody remembers, are passed over."""
    lines = [(line, each) for line in told.gathered for each in line.subjects if each.watch_id in watch_ids]
    if not lines:
        return
    known = await tx.finds.states(watch_ids)
    changed: dict[tuple[WatchId, str], WatchState] = {}
    for line, each in lines:
        code = line.route.destination.code
        state = known.get(each.watch_id, {}).get(code)
        if state is not None:
            changed[each.watch_id, code] = change(state, line, each)
    await tx.finds.save_states(changed, now)
