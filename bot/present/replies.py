"""What a member reads after a command or a press: added, changed, paused, removed, checked."""

from datetime import date, timedelta

import discord

from bot.present.embeds import Field, Tone, embed
from bot.present.fare import brief, flights, seen
from bot.present.money import compared, money
from bot.present.route import Cities, filters, goal, looked, met, places, promise, title
from bot.present.text import plain
from bot.present.when import ago, dates
from engine.actions.shown import Added, Checked, Shown
from engine.domain.alert import Reason
from engine.domain.quote import Outcome, OutcomeKind
from engine.domain.watch import WatchStatus

_CHECKED = {
    Reason.ALERT: "That is news: the alert is on its way.",
    Reason.LOWER_STILL: "That is lower still: the alert is on its way.",
    Reason.CONFIRM: "It looks good; I am asking a second time before I tell.",
    Reason.SUSPECT: "That is so far from the usual that I look again before I believe it.",
    Reason.LEARNING: "I am still learning what is usual here.",
    Reason.SNOOZED: "It meets your wish, and you snoozed it.",
    Reason.NOT_MET: "It is not what you wait for yet.",
}


def added(result: Added, cities: Cities, interval: timedelta, today: date) -> discord.Embed:
    """The answer to a new route."""
    shown = result.shown
    choose = "**Pick a target below**, or keep the new low." if result.offers else None
    return _standing(f"Watching {title(shown.route, cities)}", result, interval, today, choose)


def existing(result: Added, cities: Cities, today: date) -> discord.Embed:
    """The same route in the same place was watched already."""
    shown = result.shown
    paused = "It is paused." if shown.watch.status is WatchStatus.PAUSED else None
    lines = [
        f"**{dates(shown.route, today)}**",
        f"You hear of it {places(shown.watch.tell)} {promise(shown.watch.rules)}.",
        paused,
        "Nothing was changed. Press **Change target** for another one.",
        "",
        _newest(shown),
    ]
    return embed(f"You already watch {title(shown.route, cities)}", lines, Tone.CALM)


def changed(result: Added, cities: Cities, interval: timedelta, today: date) -> discord.Embed:
    """Another target was set."""
    return _standing(f"Changed: {title(result.shown.route, cities)}", result, interval, today, None)


def resumed(result: Added, cities: Cities, interval: timedelta, today: date) -> discord.Embed:
    """A paused route is watched again."""
    return _standing(f"Watching {title(result.shown.route, cities)} again", result, interval, today, None)


def restored(shown: Shown, cities: Cities, today: date) -> discord.Embed:
    """A removal was undone."""
    lines = [f"**{dates(shown.route, today)}** · {goal(shown.watch.rules)}", "As if nothing had happened."]
    return embed(f"{title(shown.route, cities)} is back on your list", lines, Tone.CALM)


def paused(shown: Shown, cities: Cities, today: date) -> discord.Embed:
    """A route is not looked at until it is resumed."""
    lines = [
        f"**{dates(shown.route, today)}** · {goal(shown.watch.rules)}",
        "I stop looking until you press **Resume**.",
    ]
    return embed(f"Paused {title(shown.route, cities)}", lines, Tone.PAST)


def removed(shown: Shown, cities: Cities, today: date) -> discord.Embed:
    """A route is off the list."""
    lines = [
        f"**{dates(shown.route, today)}** · {goal(shown.watch.rules)}",
        "You can undo this for 60 seconds.",
    ]
    return embed(f"Removed {title(shown.route, cities)}", lines, Tone.PAST)


def undone(shown: Shown, cities: Cities) -> discord.Embed:
    """A route that was just added is off the list again."""
    return embed(f"Not watching {title(shown.route, cities)}", ["Undone, nothing is kept."], Tone.PAST)


def snoozed(shown: Shown, cities: Cities) -> discord.Embed:
    """No pings for a while."""
    until = shown.watch.snooze.until if shown.watch.snooze else None
    lines = [
        f"No pings until {ago(until)}." if until else "No pings for a while.",
        "A fare another 5 % lower still breaks through, and I remind you at the end if it is good then.",
    ]
    return embed(f"Snoozed {title(shown.route, cities)}", lines, Tone.CALM)


def checked(result: Checked, cities: Cities, today: date) -> discord.Embed:
    """What a look just now came to."""
    shown = result.shown
    name = title(shown.route, cities)
    when = f"**{dates(shown.route, today)}**"
    if result.outcome is None:
        waiting = [when, "The answer takes its time. I keep at it, and tell you if it is good."]
        return embed(f"{name}: still looking", waiting, Tone.CALM)
    if result.outcome.kind is not OutcomeKind.QUOTES or not result.outcome.quotes:
        return embed(f"{name}: no fare now", [when, _failure(result.outcome), _newest(shown)], Tone.CARE)
    best = result.outcome.quotes[0]
    verdict = _CHECKED.get(result.judgement.reason) if result.judgement else None
    if shown.met and verdict is None:
        verdict = f"It is {met(shown.met, shown.watch.rules)}; you know of it already."
    tone = Tone.GOOD if shown.met else Tone.CALM
    target = shown.watch.rules.target
    fields = [Field(f"Your target {money(target)}", compared(best.total, target))] if target else []
    lines = [when, *flights(best), seen(best), verdict]
    return embed(f"{name} {money(best.total)}", lines, tone, fields=fields)


def strangers(owners: str) -> str:
    """Somebody pressed a button under another member's alert."""
    return f"This is {owners} route. Want your own? Use `/route add`."


def _standing(
    headline: str, result: Added, interval: timedelta, today: date, choose: str | None
) -> discord.Embed:
    """A route that is now watched: the journey, today's fare, what is met, what will be told."""
    shown = result.shown
    lines = [f"**{dates(shown.route, today)}**", filters(shown.route), "", _today(result), _already(shown)]
    fields = [
        Field("You hear of it", f"{places(shown.watch.tell)}, {promise(shown.watch.rules)}", wide=True),
        Field("How often", f"{looked(interval)}, next {ago(shown.row.next_look_at)}", wide=True),
    ]
    if choose:
        fields.append(Field("No target yet", choose, wide=True))
    return embed(headline, lines, Tone.GOOD if shown.met else Tone.CALM, fields=fields)


def _today(result: Added) -> str:
    if result.outcome is None:
        return "Today's fare is still on its way; I keep looking."
    if result.outcome.quotes:
        best = result.outcome.quotes[0]
        return f"Today {brief(best)}\n{seen(best)}"
    return _failure(result.outcome)


def _already(shown: Shown) -> str | None:
    if not shown.met:
        return None
    return (
        f"**It is already {met(shown.met, shown.watch.rules)}.** "
        "I do not ping for this fare, only when it falls another 5 % or comes back after a rise."
    )


def _newest(shown: Shown) -> str | None:
    quote = shown.row.last_quote
    return f"Last seen {brief(quote)} {ago(quote.observed_at)}" if quote else None


def _failure(outcome: Outcome) -> str:
    source = plain(outcome.source, 30).capitalize()
    detail = f" ({plain(outcome.detail, 60)})" if outcome.detail else ""
    again = "I keep looking."
    words = {
        OutcomeKind.NO_FARES: f"{source} sells no such journey today. {again}",
        OutcomeKind.BLOCKED: f"{source} asks me to slow down{detail}. {again}",
        OutcomeKind.QUOTA: f"{source} has no calls left for now{detail}. {again}",
        OutcomeKind.UNREACHABLE: f"{source} does not answer{detail}. {again}",
        OutcomeKind.MALFORMED: f"I could not read the answer of {source}. {again}",
        OutcomeKind.REJECTED: f"{source} refused the question{detail}. {again}",
    }
    return words.get(outcome.kind, f"No fare yet. {again}")
