"""What a member reads after a command or a press: added, changed, paused, removed, checked."""

from datetime import timedelta

import discord

from bot.present.embeds import Field, Tone, embed
from bot.present.fare import brief, flights, seen
from bot.present.hidden import hidden_fares
from bot.present.money import compared, money
from bot.present.privately import chosen
from bot.present.route import filters, goal, looked, met, places, promise, takes, target_of, title, whose
from bot.present.scene import Scene
from bot.present.text import plain
from bot.present.when import ago, dates, of_all, own_days
from bot.tongue import say
from engine.actions.shown import Added, Checked, Shown
from engine.domain.alert import Reason
from engine.domain.planner import Intervals
from engine.domain.quote import Outcome, OutcomeKind, Quote, SourceKind
from engine.domain.route import Route
from engine.domain.watch import WatchStatus
from engine.fares.advice import HOW_TO_GET_A_SOURCE, NO_SOURCE, NONE_SET_UP

_CHECKED = {
    Reason.ALERT: "That is news: the alert is on its way.",
    Reason.LOWER_STILL: "That is lower still: the alert is on its way.",
    Reason.BACK: "It is back at a price you know; I say so under the alert.",
    Reason.CONFIRM: "It looks good; I am asking a second time before I tell.",
    Reason.SUSPECT: "That is so far from the usual that I look again before I believe it.",
    Reason.LEARNING: "A new low counts once I know a week of fares; I am still learning.",
    Reason.SNOOZED: "It is what you wait for, and you snoozed it.",
    Reason.NOT_MET: "It is not what you wait for yet; I keep looking.",
}


def added(result: Added, scene: Scene) -> discord.Embed:
    """The answer to a new route."""
    choose = "You named no target: **pick one below**, or keep the new low." if result.offers else None
    return _standing(f"Watching {title(result.shown.route, scene.cities)}", result, scene, choose)


def existing(result: Added, scene: Scene) -> discord.Embed:
    """The same route in the same place was watched already."""
    shown = result.shown
    lines = [
        whose(shown.watch.owner),
        _when(shown, scene),
        filters(shown.route),
        "",
        "No need to add it twice: it stays as it is."
        + (" It is paused." if shown.watch.status is WatchStatus.PAUSED else ""),
        _newest(shown, scene),
    ]
    fields = [_telling(shown, scene)]
    return embed(f"You already watch {title(shown.route, scene.cities)}", lines, Tone.CALM, fields=fields)


def changed(result: Added, scene: Scene) -> discord.Embed:
    """Another target was set."""
    return _standing(f"Changed: {title(result.shown.route, scene.cities)}", result, scene)


def resumed(result: Added, scene: Scene) -> discord.Embed:
    """A paused route is watched again."""
    return _standing(f"Watching {title(result.shown.route, scene.cities)} again", result, scene)


def told_here(shown: Shown, scene: Scene) -> discord.Embed:
    """A member wants to be told in channels."""
    fields = [_telling(shown, scene)]
    name = say("Watching {route}", route=title(shown.route, scene.cities))
    return embed(name, [_when(shown, scene), "", chosen(private=False)], Tone.CALM, fields=fields)


def told_privately(result: Added, scene: Scene) -> discord.Embed:
    """A member wants to be told by direct message."""
    name = say("Watching {route}, between us", route=title(result.shown.route, scene.cities))
    return _standing(name, result, scene, chosen(private=True))


def restored(shown: Shown, scene: Scene) -> discord.Embed:
    """A removal was undone."""
    lines = [_when_and_goal(shown, scene), "As if nothing had happened."]
    return embed(f"{title(shown.route, scene.cities)} is back on your list", lines, Tone.CALM)


def paused(shown: Shown, scene: Scene) -> discord.Embed:
    """A route is not looked at until it is resumed."""
    lines = [_when_and_goal(shown, scene), "I stop looking until you press **Resume**."]
    return embed(f"Paused {title(shown.route, scene.cities)}", lines, Tone.PAST)


def removed(shown: Shown, scene: Scene) -> discord.Embed:
    """A route is off the list."""
    lines = [_when_and_goal(shown, scene), "You can undo this for 60 seconds."]
    return embed(f"Removed {title(shown.route, scene.cities)}", lines, Tone.PAST)


def undone(shown: Shown, scene: Scene) -> discord.Embed:
    """A route that was just added is off the list again."""
    name = title(shown.route, scene.cities)
    return embed(f"Not watching {name}", ["Undone. `/route add` starts anew."], Tone.PAST)


def snoozed(shown: Shown, scene: Scene) -> discord.Embed:
    """No pings for a while."""
    until = shown.snooze.until if shown.snooze else None
    lines = [
        f"No pings; I look again {ago(until)} and remind you if it is still good." if until else None,
        "A fare another 5 % lower breaks through.",
    ]
    return embed(f"Snoozed {title(shown.route, scene.cities)}", lines, Tone.CALM)


def checked(result: Checked, scene: Scene) -> discord.Embed:
    """What a look just now came to."""
    shown = result.shown
    name = title(shown.route, scene.cities)
    when = _when(shown, scene)
    if result.outcome is None:
        waiting = [when, "The answer takes its time. I keep at it, and tell you if it is good."]
        return embed(f"{name}: still looking", waiting, Tone.CALM)
    if result.outcome.kind is not OutcomeKind.QUOTES or not result.outcome.quotes:
        return embed(
            f"{name}: no fare now",
            [when, _failure(result.outcome, shown.route), _newest(shown, scene)],
            Tone.CARE,
        )
    best = result.outcome.quotes[0]
    verdict = _CHECKED.get(result.judgement.reason) if result.judgement else None
    if shown.met and verdict is None:
        verdict = f"It is {met(shown.met, shown.watch.rules)}; you know of it already."
    target = shown.watch.rules.target
    goal = target_of(shown.watch.owner, target) if target else ""
    fields = [Field(goal, compared(best.total, target))] if target else []
    return embed(
        f"{name} {money(best.total)}",
        [_when_of(shown, best, scene), *flights(best, shown.route.directions), seen(best), "", verdict],
        Tone.GOOD if shown.met else Tone.CALM,
        fields=fields,
    )


def strangers(owners: str) -> str:
    """Somebody pressed a button under another member's alert."""
    return f"This is {owners} route. Want your own? Use `/route add`."


def servers_own() -> str:
    """A member pressed a button under an alert of the server's own route."""
    return say(
        "This route is this server's, and who manages it may change it. Want your own? Use `/route add`."
    )


def _standing(headline: str, result: Added, scene: Scene, choose: str | None = None) -> discord.Embed:
    """A route that is now watched: the journey, today's fare, what is met, what will be told."""
    shown = result.shown
    lines = [whose(shown.watch.owner), _when(shown, scene), filters(shown.route), ""]
    lines += [*_today(result, scene), _already(shown)]
    if choose:
        lines += ["", choose]
    often = " ".join(filter(None, (f"{looked(_interval(result, scene))}.", takes(result.price))))
    fields = [_telling(shown, scene), Field("How often", often, wide=True)]
    return embed(headline, lines, Tone.GOOD if shown.met else Tone.CALM, fields=fields)


def _interval(result: Added, scene: Scene) -> timedelta:
    """A cached source is asked less often than a live one."""
    kind = result.outcome.source_kind if result.outcome else SourceKind.LIVE
    return Intervals(live=scene.interval).of(kind)


def _when(shown: Shown, scene: Scene) -> str:
    return f"**{dates(shown.route, scene.today)}**"


def _when_of(shown: Shown, quote: Quote, scene: Scene) -> str:
    """The days of a fare; of a route that leaves a choice those that it is the cheapest of, too."""
    days = f"**{dates(shown.route, scene.today, quote)}**"
    if not own_days(shown.route, quote, scene.today):
        return days
    return f"{days} · {of_all(shown.route, scene.today)}"


def _when_and_goal(shown: Shown, scene: Scene) -> str:
    return f"{_when(shown, scene)} · {goal(shown.watch.rules)}"


def _telling(shown: Shown, scene: Scene) -> Field:
    words = f"{places(shown.watch.tell, scene.here)}, {promise(shown.watch.rules)}"
    return Field("I tell you", words, wide=True)


def _today(result: Added, scene: Scene) -> list[str]:
    if result.shown.watch.status is WatchStatus.PAUSED:
        return ["It is paused: I look again once you resume it."]
    if result.outcome is None:
        return ["Today's fare is still on its way; I keep looking."]
    if result.outcome.quotes:
        best = result.outcome.quotes[0]
        route = result.shown.route
        return [f"Today {brief(best, route.directions, own_days(route, best, scene.today))}", seen(best)]
    return [_failure(result.outcome, result.shown.route)]


def _already(shown: Shown) -> str | None:
    if not shown.met:
        return None
    return (
        f"**It is already {met(shown.met, shown.watch.rules)}.** "
        "I do not ping for this fare, only when it falls another 5 % or comes back after a rise."
    )


def _newest(shown: Shown, scene: Scene) -> str | None:
    quote = shown.row.last_quote
    if quote is None:
        return None
    fare = brief(quote, shown.route.directions, own_days(shown.route, quote, scene.today))
    return f"Last seen {fare}, {ago(quote.observed_at)}"


def _failure(outcome: Outcome, route: Route) -> str:
    if outcome.source == NO_SOURCE and outcome.detail == NONE_SET_UP:
        return HOW_TO_GET_A_SOURCE
    source = plain(outcome.source, 30).capitalize()
    if outcome.kind is OutcomeKind.NO_FARES and outcome.hidden is not None:
        return f"{hidden_fares(outcome.hidden, route)} {say('I keep looking.')}"
    if outcome.kind is OutcomeKind.NO_FARES and outcome.source_kind is SourceKind.CACHED:
        return f"Nobody has looked for these dates on {source} lately, so it knows no fare. I keep looking."
    detail = f" ({plain(outcome.detail, 60)})" if outcome.detail else ""
    words = {
        OutcomeKind.QUOTES: f"{source} sells nothing for just these dates, filters and currency today.",
        OutcomeKind.NO_FARES: f"{source} sells no such journey today.",
        OutcomeKind.BLOCKED: f"{source} asks me to slow down{detail}.",
        OutcomeKind.QUOTA: f"{source} has no calls left for now{detail}.",
        OutcomeKind.UNREACHABLE: f"{source} does not answer{detail}.",
        OutcomeKind.MALFORMED: f"I could not read the answer of {source}.",
        OutcomeKind.REJECTED: f"{source} refused the question{detail}.",
    }
    return f"{words.get(outcome.kind, 'No fare yet.')} I keep looking."
