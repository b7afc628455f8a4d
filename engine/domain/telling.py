"""Rules 5, 6, 8 and 10: what is to be told of a quote, pinged or edited, and what is then remembered.

Rule 7 has had its say before: conditions that it armed are armed here.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

import msgspec

from engine.domain.alert import Reason
from engine.domain.conditions import DEEPER_PERCENT, learning, new_low_most, stands, step, with_memory
from engine.domain.history import History
from engine.domain.judgement import ConditionState, WatchState
from engine.domain.quote import Quote
from engine.domain.watch import Condition, Snooze, Watch

_BACK_WITHIN: Final = timedelta(hours=12)


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """What a quote comes to: the reason, the condition it is named after, and the state once told.

    `first`: it would tell a condition that is armed, a fare that nobody was told of. `fell_from` is
    the last ping's total that a LOWER_STILL lies 5 % under.
    """

    reason: Reason
    state: WatchState
    condition: Condition | None = None
    first: bool = False
    fell_from: int | None = None


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """A watch, its state after rule 7, and the quote that is held against it.

    `met` are the conditions that hold: `fresh` ones are armed, `standing` ones were told before.
    """

    watch: Watch
    state: WatchState
    quote: Quote
    met: tuple[Condition, ...]
    history: History
    at: datetime
    now: datetime

    @property
    def fresh(self) -> tuple[Condition, ...]:
        """Met and armed."""
        return tuple(condition for condition in self.met if self.state.of(condition).armed)

    @property
    def standing(self) -> tuple[Condition, ...]:
        """Met and disarmed."""
        return tuple(condition for condition in self.met if not self.state.of(condition).armed)


def tell(scene: Scene) -> Telling:
    """What is to be told of a quote, with no regard to whether it is firm or a lead (rule 2)."""
    snooze = open_snooze(scene.watch, scene.state)
    if snooze is None:
        return _plain(_awake(scene))
    if scene.now < snooze.until:
        return _snoozed(_asleep(scene), snooze)
    scene = _awake(scene)
    over = msgspec.structs.replace(scene.state, snooze_over=snooze.until)
    scene = msgspec.structs.replace(scene, state=over)
    return _ping(scene, Reason.REMINDER, scene.met[0]) if scene.met else _plain(scene)


def open_snooze(watch: Watch, state: WatchState) -> Snooze | None:
    """The snooze of a watch unless a deeper drop broke it or its end was judged (rule 10)."""
    snooze = watch.snooze
    return None if snooze is None or snooze.until == state.snooze_over else snooze


def _asleep(scene: Scene) -> Scene:
    """With a new low that nobody is told of noted: the history that is made of it would hide it."""
    if Condition.NEW_LOW not in scene.fresh:
        return scene
    memory = scene.state.of(Condition.NEW_LOW)
    most = new_low_most(memory, scene.watch.rules, scene.quote.total, scene.history, scene.now.date())
    return _with_untold(scene, most)


def _awake(scene: Scene) -> Scene:
    """With such a note forgotten where its fare is over."""
    return scene if Condition.NEW_LOW in scene.met else _with_untold(scene, None)


def _with_untold(scene: Scene, most: int | None) -> Scene:
    memory = scene.state.of(Condition.NEW_LOW)
    if memory.untold == most:
        return scene
    noted = msgspec.structs.replace(memory, untold=most)
    return msgspec.structs.replace(scene, state=with_memory(scene.state, Condition.NEW_LOW, noted))


def _plain(scene: Scene) -> Telling:
    """Rules 5, 6 and 8, the most telling first.

    LOWER_STILL comes before BACK: where one condition is back and another one's fare fell by 5 %
    since its last ping, the fall is the news.
    """
    fresh, back = scene.fresh, _all_back(scene)
    if fresh and not back:
        return _ping(scene, Reason.ALERT, fresh[0])
    if deeper := _deeper(scene):
        fallen = _ping(scene, Reason.LOWER_STILL, deeper)
        return msgspec.structs.replace(fallen, fell_from=scene.state.of(deeper).pinged)
    if back:
        return _edit(scene, Reason.BACK, fresh[0])
    return _edits(scene) or _reminders(scene) or _nothing(scene)


def _snoozed(scene: Scene, snooze: Snooze) -> Telling:
    """Rule 10 before the snooze ends: edits go on, pings wait but for a deeper drop.

    A drop at or under 0.95 x the snoozed price breaks through when it is news: a condition is
    armed, or the total is a step under everything told. Without a known price nothing does.
    """
    fresh = scene.fresh
    price = snooze.at_minor
    if price is not None and scene.quote.total.minor * 100 <= price * DEEPER_PERCENT:
        broken = msgspec.structs.replace(scene.state, snooze_over=snooze.until)
        through = msgspec.structs.replace(scene, state=broken)
        if fresh:
            return _ping(through, Reason.ALERT, fresh[0])
        if lower := _lower(scene):
            return _ping(through, Reason.LOWER_STILL, lower)
    if _all_back(scene):
        return _edit(scene, Reason.BACK, fresh[0])
    if edit := _edits(scene):
        return edit
    withheld = fresh[0] if fresh else _deeper(scene)
    if withheld:
        return Telling(reason=Reason.SNOOZED, state=scene.state, condition=withheld)
    return _nothing(scene)


def _all_back(scene: Scene) -> bool:
    return bool(scene.fresh) and all(_is_back(scene, condition) for condition in scene.fresh)


def _is_back(scene: Scene, condition: Condition) -> bool:
    """Rule 8: met within 12 h of its own last ping and not a step under its old told.

    Nor 5 % under that ping: what would be LOWER_STILL had it never been armed is news. A ping is
    every met condition's own, whichever it is named after. BACK takes the clear back: the alert
    goes on, and falls are counted from its old ping.
    """
    memory = scene.state.of(condition)
    if memory.told is None or memory.pinged is None or memory.pinged_at is None:
        return False
    total = scene.quote.total
    step_of_old = step(msgspec.structs.replace(memory, armed=False), total)
    return (
        scene.now - memory.pinged_at <= _BACK_WITHIN
        and total.minor > memory.told - step_of_old
        and total.minor * 100 > memory.pinged * DEEPER_PERCENT
    )


def _deeper(scene: Scene) -> Condition | None:
    """The first standing condition whose fare fell by 5 % since its last ping."""
    total = scene.quote.total.minor
    for condition in scene.standing:
        pinged = scene.state.of(condition).pinged
        if pinged is not None and total * 100 <= pinged * DEEPER_PERCENT:
            return condition
    return None


def _lower(scene: Scene) -> Condition | None:
    """The first standing condition whose fare is a step under told."""
    total = scene.quote.total
    for condition in scene.standing:
        memory = scene.state.of(condition)
        if memory.told is not None and total.minor <= memory.told - step(memory, total):
            return condition
    return None


def _edits(scene: Scene) -> Telling | None:
    """LOWER; or, where the post shows a price above, back to the price of now (called BACK)."""
    if lower := _lower(scene):
        return _edit(scene, Reason.LOWER, lower)
    for condition in scene.standing:
        if scene.state.of(condition).shown_above:
            return _edit(scene, Reason.BACK, condition)
    return None


def _reminders(scene: Scene) -> Telling | None:
    """REPEAT, counted from the last ping of any condition, or from what a seed showed."""
    every = scene.watch.rules.remind_every
    if every is None or not scene.standing:
        return None
    memories = [scene.state.of(condition) for condition in scene.watch.rules.conditions]
    told_at = [at for memory in memories if (at := memory.pinged_at or memory.since) is not None]
    if told_at and scene.now - max(told_at) < every:
        return None
    return _ping(scene, Reason.REPEAT, scene.standing[0])


def _nothing(scene: Scene) -> Telling:
    """Nothing to tell; LEARNING is said where it may be why nothing is met."""
    reason = Reason.NO_CHANGE if scene.met else Reason.NOT_MET
    if not scene.met and learning(scene.watch.rules, scene.history, scene.now):
        reason = Reason.LEARNING
    return Telling(reason=reason, state=scene.state)


def _ping(scene: Scene, reason: Reason, named: Condition) -> Telling:
    """All met conditions disarm; a ping lowers pinged of every one to its total (rule 5)."""
    total = scene.quote.total.minor

    def pinged(memory: ConditionState) -> ConditionState:
        lowest = total if memory.armed or memory.pinged is None else min(memory.pinged, total)
        return msgspec.structs.replace(_told(scene, memory), pinged=lowest, pinged_at=scene.now)

    changed = {condition: pinged(scene.state.of(condition)) for condition in scene.met}
    return _telling(scene, reason, named, changed)


def _edit(scene: Scene, reason: Reason, named: Condition) -> Telling:
    """What stands is told at the total of now; what is back disarms; nobody is pinged."""
    silent = scene.fresh if reason is Reason.BACK and named in scene.fresh else ()
    told: Collection[Condition] = (*scene.standing, *silent)
    changed = {condition: _told(scene, scene.state.of(condition)) for condition in told}
    return _telling(scene, reason, named, changed)


def _telling(
    scene: Scene, reason: Reason, named: Condition, changed: dict[Condition, ConditionState]
) -> Telling:
    state = msgspec.structs.replace(scene.state, conditions={**scene.state.conditions, **changed})
    first = any(scene.state.of(condition).armed for condition in changed)
    return Telling(reason=reason, state=state, condition=named, first=first)


def _told(scene: Scene, memory: ConditionState) -> ConditionState:
    """One condition once the quote is told: disarmed, its runs begun anew.

    What a firm quote told stays firm and stays with its source when a lead is told over it
    (possible only unconfirmed): leads must not talk a firm alert away.
    """
    total = scene.quote.total.minor
    fresh = not stands(memory)
    lead_over_firm = not fresh and memory.firm and not scene.quote.firm
    return ConditionState(
        armed=False,
        source=memory.source if lead_over_firm else scene.quote.source,
        firm=memory.firm if lead_over_firm else scene.quote.firm,
        heard_at=memory.heard_at if lead_over_firm else scene.at,
        pinged=memory.pinged,
        pinged_at=memory.pinged_at,
        told=total if fresh or memory.told is None else min(memory.told, total),
        since=scene.now if fresh else memory.since,
        empty=memory.empty if lead_over_firm else None,
        highs=memory.highs,
    )
