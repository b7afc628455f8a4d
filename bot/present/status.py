"""How the bot is: each source in words, the last looks, what waits to be told."""

from typing import Final

import discord

from bot.present.embeds import Field, Tone, embed
from bot.present.money import money
from bot.present.text import listed, plain
from bot.present.when import ago, clock
from engine.actions.status import EngineStatus, SourceStatus
from engine.domain.budget import CallLimits
from engine.domain.quote import OutcomeKind, SourceKind
from engine.fares.advice import HOW_TO_GET_A_SOURCE
from engine.fares.fetcher import Standing

_KINDS: Final = {
    SourceKind.LIVE: "live",
    SourceKind.CACHED: "cached",
    SourceKind.TEST: "made-up fares",
}
# What says that a source waits by agreement: nothing is broken.
_RESTS: Final = (OutcomeKind.BLOCKED, OutcomeKind.QUOTA)


def status(read: EngineStatus) -> discord.Embed:
    """One message for everybody; nothing in it is secret."""
    stuck = [source for source in read.sources if not _answers(source.standing)]
    fields = [Field(_name(source.standing), _source(source), wide=True) for source in read.sources]
    fields += [Field("Last looks", _batch(read), wide=True), Field("Alerts", _outbox(read), wide=True)]
    return embed(
        _headline(read, stuck),
        [HOW_TO_GET_A_SOURCE] if not read.sources else [],
        Tone.CARE if stuck or not read.sources else Tone.GOOD,
        fields=fields,
        footer=f"Fare Engine {read.version}",
    )


def _headline(read: EngineStatus, stuck: list[SourceStatus]) -> str:
    if not read.sources:
        return "I have no fare source"
    if not stuck:
        return "All is well"
    if len(stuck) == len(read.sources):
        return "No source gives fares now"
    names = listed([_word(source.standing) for source in stuck])
    return f"{names} {'gives' if len(stuck) == 1 else 'give'} no fares now"


def _answers(standing: Standing) -> bool:
    return standing.down_since is None and standing.spent is None


def _word(standing: Standing) -> str:
    return plain(standing.source, 30).capitalize()


def _name(standing: Standing) -> str:
    return f"{_word(standing)} · {_KINDS[standing.kind]}"


def _source(source: SourceStatus) -> str:
    standing = source.standing
    figures = [*_calls(standing), *_share(standing.limits, standing.made.members_today)]
    if source.cost is not None:
        most = f" of {money(source.cost.at_most)}" if source.cost.at_most else ""
        figures.append(f"this month ≈ {money(source.cost.so_far)}{most}")
    return f"{_state(standing)}\n{' · '.join(figures)}"


def _state(standing: Standing) -> str:
    if standing.spent is not None:
        return f"💤 {_sentence(standing.spent.words)}{_again(standing)}"
    if standing.down_since is None or standing.why is None:
        return "🟢 Answers"
    why = plain(standing.why.detail or standing.why.kind.value, 80)
    again = f"tried again {ago(standing.until)}" if standing.until else "being tried again"
    if standing.why.kind in _RESTS:
        return f"💤 Rests ({why}); {again}"
    return f"🔴 Down since {clock(standing.down_since)} ({why}); {again}"


def _again(standing: Standing) -> str:
    """When a spent budget begins anew; a total that is used up and a budget of none never do."""
    limits, spent = standing.limits, standing.spent
    for_good = limits.in_total is not None and standing.made.ever >= limits.in_total
    if spent is None or for_good or 0 in (limits.per_day, limits.per_month):
        return ""
    return f"; again on {spent.until.day} {spent.until:%B}"


def _sentence(words: str) -> str:
    """What is said to its operator, said to everybody."""
    bare = plain(words.removeprefix("your "), 80)
    return bare[:1].upper() + bare[1:]


def _calls(standing: Standing) -> list[str]:
    made, limits = standing.made, standing.limits
    if not limits.any:
        return [f"{_count(made.today)} today, since I started"]
    lines = [f"{_of(made.today, limits.per_day)} today"]
    if limits.per_month is not None or limits.in_total is None:
        lines.append(f"{_of(made.this_month, limits.per_month, unit='')} this month")
    if limits.in_total is not None:
        lines.append(f"{_of(made.ever, limits.in_total, unit='')} in all")
    return lines


def _share(limits: CallLimits, used: int) -> list[str]:
    """What members may ask for at once, such as with /route check."""
    return [f"{used} of {limits.for_members} for `/route check`"] if limits.for_members else []


def _of(calls: int, limit: int | None, *, unit: str = " calls") -> str:
    if limit is not None:
        return f"{calls:,} of {limit:,}{unit}"
    return _count(calls) if unit else f"{calls:,}"


def _count(calls: int) -> str:
    return "1 call" if calls == 1 else f"{calls:,} calls"


def _batch(read: EngineStatus) -> str:
    last = read.last_batch
    if last is None:
        return "None yet."
    routes = "1 route" if last.dispatched == 1 else f"{last.dispatched:,} routes"
    failed = f", {last.failed:,} without an answer" if last.failed else ""
    return f"{routes} in {_seconds(last.elapsed_s)}{failed}, {ago(last.at)}"


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s"


def _outbox(read: EngineStatus) -> str:
    if not read.waiting and not read.held:
        return "All told, none waits."
    words = []
    if read.waiting:
        words.append(f"{read.waiting:,} on {'its' if read.waiting == 1 else 'their'} way")
    if read.held:
        words.append(f"{read.held:,} held back until {'it' if read.held == 1 else 'they'} can be delivered")
    return f"{listed(words)}."
