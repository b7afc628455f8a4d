"""How the bot is: each source in words, the last looks, what waits to be told."""

from typing import Final

import discord

from bot.present.days import DAY_LONG, shown
from bot.present.embeds import Field, Tone, embed
from bot.present.money import money
from bot.present.reasons import reason
from bot.present.text import listed, plain
from bot.present.when import ago, clock, seconds_
from engine.actions.status import EngineStatus, SourceStatus
from engine.domain.budget import BudgetSpent, CallLimits, Spent
from engine.domain.quote import OutcomeKind, SourceKind
from engine.fares.advice import HOW_TO_GET_A_SOURCE
from engine.fares.fetcher import Standing
from engine.tongue import count, key, say

_KINDS: Final = {
    SourceKind.LIVE: key("live"),
    SourceKind.CACHED: key("cached"),
    SourceKind.TEST: key("made-up fares"),
}
# What says that a source waits by agreement: nothing is broken.
_RESTS: Final = (OutcomeKind.BLOCKED, OutcomeKind.QUOTA)


def status(read: EngineStatus) -> discord.Embed:
    """One message for everybody; nothing in it is secret."""
    stuck = [source for source in read.sources if not _answers(source.standing)]
    fields = [Field(_name(source.standing), _source(source), wide=True) for source in read.sources]
    fields += [
        Field(say("Last looks"), _batch(read), wide=True),
        Field(say("Alerts"), _outbox(read), wide=True),
    ]
    return embed(
        _headline(read, stuck),
        [say(HOW_TO_GET_A_SOURCE)] if not read.sources else [],
        Tone.CARE if stuck or not read.sources else Tone.GOOD,
        fields=fields,
        footer=f"Fare Engine {read.version}",
    )


def _headline(read: EngineStatus, stuck: list[SourceStatus]) -> str:
    if not read.sources:
        return say("I have no fare source")
    if not stuck:
        return say("All is well")
    if len(stuck) == len(read.sources):
        return say("No source gives fares now")
    names = listed([_word(source.standing) for source in stuck])
    return count(len(stuck), "{names} gives no fares now", "{names} give no fares now", names=names)


def _answers(standing: Standing) -> bool:
    return standing.down_since is None and standing.spent is None


def _word(standing: Standing) -> str:
    return plain(standing.source, 30).capitalize()


def _name(standing: Standing) -> str:
    return f"{_word(standing)} · {say(_KINDS[standing.kind])}"


def _source(source: SourceStatus) -> str:
    standing = source.standing
    figures = [*_calls(standing), *_share(standing.limits, standing.made.members_today)]
    if source.cost is not None:
        so_far, most = money(source.cost.so_far), source.cost.at_most
        figures.append(
            say("this month ≈ {cost} of {most}", cost=so_far, most=money(most))
            if most
            else say("this month ≈ {cost}", cost=so_far)
        )
    return f"{_state(standing)}\n{' · '.join(figures)}"


def _state(standing: Standing) -> str:
    if standing.spent is not None:
        return f"💤 {_spent(standing, standing.spent)}"
    if standing.down_since is None or standing.why is None:
        return say("🟢 Answers")
    why = plain(reason(standing.why.detail or standing.why.kind.value), 80)
    again = (
        say("tried again {when}", when=ago(standing.until)) if standing.until else say("being tried again")
    )
    if standing.why.kind in _RESTS:
        return say("💤 Rests ({why}); {again}", why=why, again=again)
    since = clock(standing.down_since)
    return say("🔴 Down since {when} ({why}); {again}", when=since, why=why, again=again)


def _spent(standing: Standing, spent: BudgetSpent) -> str:
    """What is spent, and when it begins anew; a total that is used up and a budget of none never do."""
    limits = standing.limits
    for_good = limits.in_total is not None and standing.made.ever >= limits.in_total
    what = _what_is_spent(spent)
    if for_good or 0 in (limits.per_day, limits.per_month):
        return what
    return say("{what}; again on {day}", what=what, day=shown(spent.until, DAY_LONG))


def _what_is_spent(spent: BudgetSpent) -> str:
    """What its operator is told, said to everybody."""
    calls = spent.calls
    match spent.what:
        case Spent.MEMBERS:
            return say("Members' calls are spent, {calls} a day", calls=calls)
        case Spent.LOOPS:
            return say("The rest of today's calls is kept for members ({calls})", calls=calls)
        case Spent.LOOK:
            return count(
                calls,
                "A look takes {n} call, and fewer are left today",
                "A look takes {n} calls, and fewer are left today",
            )
        case _ if not calls:
            return say("Budget allows no calls")
        case Spent.TOTAL:
            return count(calls, "Budget of {n} call in all is spent", "Budget of {n} calls in all is spent")
        case Spent.MONTH:
            return count(calls, "Budget of {n} call a month is spent", "Budget of {n} calls a month is spent")
        case Spent.DAY:
            return count(calls, "Budget of {n} call a day is spent", "Budget of {n} calls a day is spent")


def _calls(standing: Standing) -> list[str]:
    made, limits = standing.made, standing.limits
    if not limits.any:
        return [count(made.today, "{n} call today, since I started", "{n} calls today, since I started")]
    lines = [_today(made.today, limits.per_day)]
    if limits.per_month is not None:
        lines.append(say("{calls} of {most} this month", calls=made.this_month, most=limits.per_month))
    elif limits.in_total is None:
        lines.append(say("{calls} this month", calls=made.this_month))
    if limits.in_total is not None:
        lines.append(say("{calls} of {most} in all", calls=made.ever, most=limits.in_total))
    return lines


def _today(calls: int, most: int | None) -> str:
    if most is None:
        return count(calls, "{n} call today", "{n} calls today")
    return say("{calls} of {most} calls today", calls=calls, most=most)


def _share(limits: CallLimits, used: int) -> list[str]:
    """What members may ask for at once, such as with /route check."""
    most = limits.for_members
    return [say("{calls} of {most} for `/route check`", calls=used, most=most)] if most else []


def _batch(read: EngineStatus) -> str:
    last = read.last_batch
    if last is None:
        return say("None yet.")
    time, when = seconds_(last.elapsed_s), ago(last.at)
    if not last.failed:
        return count(
            last.dispatched,
            "{n} route in {time}, {when}",
            "{n} routes in {time}, {when}",
            time=time,
            when=when,
        )
    return count(
        last.dispatched,
        "{n} route in {time}, {failed} without an answer, {when}",
        "{n} routes in {time}, {failed} without an answer, {when}",
        time=time,
        failed=last.failed,
        when=when,
    )


def _outbox(read: EngineStatus) -> str:
    if not read.waiting and not read.held:
        return say("All told, none waits.")
    words = []
    if read.waiting:
        words.append(count(read.waiting, "{n} on its way", "{n} on their way"))
    if read.held:
        words.append(
            count(
                read.held,
                "{n} held back until it can be delivered",
                "{n} held back until they can be delivered",
            )
        )
    return f"{listed(words)}."
