"""What a member reads after a command or a press: added, changed, paused, removed, checked."""

from datetime import timedelta

import discord

from bot.present.doubts import doubtful
from bot.present.embeds import Field, Tone, embed
from bot.present.fare import brief, flights, seen
from bot.present.finds import MOST, already, cheapest, place, so_cheap
from bot.present.hidden import hidden_fares
from bot.present.money import compared, money
from bot.present.privately import chosen
from bot.present.reasons import reason
from bot.present.route import filters, goal, looked, met, takes, target_of, telling, title, whose
from bot.present.scene import Scene
from bot.present.text import plain
from bot.present.verdicts import judged, verdict, waits
from bot.present.when import ago, dates, day_of, of_all, own_days
from engine.actions.shown import Added, Checked, Shown
from engine.domain.history import FEWEST_DAYS
from engine.domain.money import Money
from engine.domain.planner import Intervals
from engine.domain.quote import Outcome, OutcomeKind, Quote, SourceKind
from engine.domain.route import Route
from engine.domain.watch import WatchStatus
from engine.fares.advice import HOW_TO_GET_A_SOURCE, NO_SOURCE, NOBODY_SWEEPS, NONE_SET_UP, NONE_SWEEPS
from engine.tongue import say


def added(result: Added, scene: Scene) -> discord.Embed:
    """The answer to a new route."""
    choose = say("You named no target: **pick one below**, or keep the new low.") if result.offers else None
    return _standing(say("Watching {route}", route=_named(result.shown, scene)), result, scene, choose)


def existing(result: Added, scene: Scene) -> discord.Embed:
    """The same route in the same place was watched already."""
    shown = result.shown
    lines = [
        whose(shown.watch.owner),
        _when(shown, scene),
        filters(shown.route),
        "",
        _no_need(shown.watch.status),
        _newest(shown, scene),
    ]
    fields = [_telling(shown, scene)]
    name = say("You already watch {route}", route=_named(shown, scene))
    return embed(name, lines, Tone.CALM, fields=fields)


def changed(result: Added, scene: Scene) -> discord.Embed:
    """Another target was set."""
    return _standing(say("Changed: {route}", route=_named(result.shown, scene)), result, scene)


def resumed(result: Added, scene: Scene) -> discord.Embed:
    """A paused route is watched again."""
    return _standing(say("Watching {route} again", route=_named(result.shown, scene)), result, scene)


def told_here(shown: Shown, scene: Scene) -> discord.Embed:
    """A member wants to be told in channels."""
    fields = [_telling(shown, scene)]
    name = say("Watching {route}", route=_named(shown, scene))
    return embed(name, [_when(shown, scene), "", chosen(private=False)], Tone.CALM, fields=fields)


def told_privately(result: Added, scene: Scene) -> discord.Embed:
    """A member wants to be told by direct message."""
    name = say("Watching {route}, between us", route=_named(result.shown, scene))
    return _standing(name, result, scene, chosen(private=True))


def restored(shown: Shown, scene: Scene) -> discord.Embed:
    """A removal was undone."""
    lines = [_when_and_goal(shown, scene), say("As if nothing had happened.")]
    return embed(say("{route} is back on your list", route=_named(shown, scene)), lines, Tone.CALM)


def paused(shown: Shown, scene: Scene) -> discord.Embed:
    """A route is not looked at until it is resumed."""
    lines = [_when_and_goal(shown, scene), say("I stop looking until you press **Resume**.")]
    return embed(say("Paused {route}", route=_named(shown, scene)), lines, Tone.PAST)


def removed(shown: Shown, scene: Scene) -> discord.Embed:
    """A route is off the list."""
    lines = [_when_and_goal(shown, scene), say("You can undo this for 60 seconds.")]
    return embed(say("Removed {route}", route=_named(shown, scene)), lines, Tone.PAST)


def undone(shown: Shown, scene: Scene) -> discord.Embed:
    """A route that was just added is off the list again."""
    name = say("Not watching {route}", route=_named(shown, scene))
    return embed(name, [say("Undone. `/route add` starts anew.")], Tone.PAST)


def snoozed(shown: Shown, scene: Scene) -> discord.Embed:
    """No pings for a while."""
    until = shown.snooze.until if shown.snooze else None
    again = (
        say("No pings; I look again {when} and remind you if it is still good.", when=ago(until))
        if until
        else None
    )
    lines = [again, say("A fare another 5 % lower breaks through.")]
    return embed(say("Snoozed {route}", route=_named(shown, scene)), lines, Tone.CALM)


def checked(result: Checked, scene: Scene) -> discord.Embed:
    """What a look just now came to."""
    shown = result.shown
    name = _named(shown, scene)
    when = _when(shown, scene)
    if result.outcome is None:
        waiting = [when, say("The answer takes its time. I keep at it, and tell you if it is good.")]
        return embed(say("{route}: still looking", route=name), waiting, Tone.CALM)
    if result.outcome.kind is not OutcomeKind.QUOTES or not result.outcome.quotes:
        return embed(
            say("{route}: no fare now", route=name),
            [when, _failure(result.outcome, shown.route), _newest(shown, scene)],
            Tone.CARE,
        )
    best = result.outcome.quotes[0]
    target = shown.watch.rules.target
    if shown.route.to_anywhere:
        return _swept(result, best, scene)
    goal = target_of(shown.watch.owner, target) if target else ""
    fields = [Field(goal, compared(best.total, target))] if target else []
    return embed(
        f"{name} {money(best.total)}",
        [
            _when_of(shown, best, scene),
            *flights(best, shown.route.directions),
            seen(best),
            "",
            verdict(result),
        ],
        Tone.GOOD if shown.met else Tone.CALM,
        fields=fields,
    )


def _swept(result: Checked, best: Quote, scene: Scene) -> discord.Embed:
    """What a look anywhere came to."""
    shown, today = result.shown, cheapest(result.shown, scene, MOST)
    name = f"{_named(shown, scene)} · {place(shown.route, best, scene.cities)} {money(best.total)}"
    news = judged(result) if shown.met else None
    untold = None if news else waits(result)
    lines = [_when(shown, scene), "", *today, "", news or so_cheap(shown), untold, seen(best)]
    return embed(name, lines, Tone.GOOD if shown.met else Tone.CALM)


def strangers(owners: str) -> str:
    """Somebody pressed a button under another member's alert."""
    return say("This is {owners} route. Want your own? Use `/route add`.", owners=owners)


def servers_own() -> str:
    """A member pressed a button under an alert of the server's own route."""
    return say(
        "This route is this server's, and whoever manages it may change it. Want your own? Use `/route add`."
    )


def _standing(headline: str, result: Added, scene: Scene, choose: str | None = None) -> discord.Embed:
    """A route that is now watched: the journey, today's fare, what is met, what will be told."""
    shown = result.shown
    lines = [whose(shown.watch.owner), _when(shown, scene), filters(shown.route), ""]
    lines += [*_today(result, scene), _before(shown, scene), _already(shown)]
    if (doubts := doubtful(result.doubt, shown.route)) is not None:
        lines += ["", doubts]
    if choose:
        lines += ["", choose]
    often = " ".join(filter(None, (looked(_interval(result, scene)), takes(result.price))))
    fields = [_telling(shown, scene), Field(say("How often"), often, wide=True)]
    return embed(headline, lines, Tone.GOOD if shown.met else Tone.CALM, fields=fields)


def _interval(result: Added, scene: Scene) -> timedelta:
    """A cached source is asked less often than a live one."""
    kind = result.outcome.source_kind if result.outcome else SourceKind.LIVE
    return Intervals(live=scene.interval).of(kind)


def _named(shown: Shown, scene: Scene) -> str:
    return title(shown.route, scene.cities)


def _no_need(status: WatchStatus) -> str:
    if status is WatchStatus.PAUSED:
        return say("No need to add it twice: it stays as it is. It is paused.")
    return say("No need to add it twice: it stays as it is.")


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
    return Field(say("I tell you"), telling(shown.watch, shown.route, scene.here), wide=True)


def _today(result: Added, scene: Scene) -> list[str]:
    if result.shown.watch.status is WatchStatus.PAUSED:
        return [say("It is paused: I look again once you resume it.")]
    if result.outcome is None:
        return [say("Today's fare is still on its way; I keep looking.")]
    if result.shown.route.to_anywhere and result.shown.finds:
        today = cheapest(result.shown, scene, MOST)
        return [say("The cheapest today:"), *today, seen(result.shown.finds[0]), ""]
    if result.outcome.quotes:
        best = result.outcome.quotes[0]
        route = result.shown.route
        fare = brief(best, route.directions, own_days(route, best, scene.today))
        return [say("Today {fare}", fare=fare), seen(best)]
    return [_failure(result.outcome, result.shown.route)]


def _before(shown: Shown, scene: Scene) -> str:
    """What it used to cost, in a line: nobody knows from one fare whether it is a good one."""
    lows = {day: low for day, low in shown.history.by_day().items() if day < scene.today}
    if not lows:
        return say("I know no earlier fares of it: its history begins today.")
    on = min(lows, key=lambda day: (lows[day], scene.today - day))
    low = money(Money(lows[on], shown.watch.currency))
    median = shown.history.median(scene.today, fewest=FEWEST_DAYS)
    if median is None:
        return say("Lowest so far {low}, on {day}.", low=low, day=day_of(on))
    usual = money(Money(median, shown.watch.currency))
    return say("Lowest so far {low}, on {day}; usually {usual}.", low=low, day=day_of(on), usual=usual)


def _already(shown: Shown) -> str | None:
    if shown.route.to_anywhere:
        return already(shown)
    if not shown.met:
        return None
    return say(
        "**It is already {met}.** I do not ping for this fare, only when it falls another 5 % or comes back "
        "after a rise.",
        met=met(shown.met, shown.watch.rules),
    )


def _newest(shown: Shown, scene: Scene) -> str | None:
    quote = shown.row.last_quote
    if quote is None:
        return None
    fare = brief(quote, shown.route.directions, own_days(shown.route, quote, scene.today))
    if shown.finds:
        (fare,) = cheapest(shown, scene, 1)
    return say("Last seen {fare}, {when}", fare=fare, when=ago(quote.observed_at))


def _failure(outcome: Outcome, route: Route) -> str:
    if outcome.source == NO_SOURCE and outcome.detail == NONE_SET_UP:
        return say(HOW_TO_GET_A_SOURCE)
    if outcome.source == NO_SOURCE and outcome.detail == NONE_SWEEPS:
        return say(NOBODY_SWEEPS)
    return f"{_why_none(outcome, route)} {say('I keep looking.')}"


def _why_none(outcome: Outcome, route: Route) -> str:
    """What the source said in place of a fare."""
    source = plain(outcome.source, 30).capitalize()
    if outcome.kind is OutcomeKind.NO_FARES and outcome.hidden is not None:
        return hidden_fares(outcome.hidden, route)
    if outcome.kind is OutcomeKind.NO_FARES and outcome.source_kind is SourceKind.CACHED:
        return say(
            "Nobody has looked for these dates on {source} lately, so it knows no fare.", source=source
        )
    why = f" ({plain(reason(outcome.detail), 60)})" if outcome.detail else ""
    said = {
        OutcomeKind.QUOTES: say(
            "{source} sells nothing for just these dates, filters and currency today.", source=source
        ),
        OutcomeKind.NO_FARES: say("{source} sells no such journey today.", source=source),
        OutcomeKind.BLOCKED: say("{source} asks me to slow down{why}.", source=source, why=why),
        OutcomeKind.QUOTA: say("{source} has no calls left for now{why}.", source=source, why=why),
        OutcomeKind.UNREACHABLE: say("{source} does not answer{why}.", source=source, why=why),
        OutcomeKind.MALFORMED: say("I could not read the answer of {source}.", source=source),
        OutcomeKind.REJECTED: say("{source} refused the question{why}.", source=source, why=why),
    }
    return said.get(outcome.kind, say("No fare yet."))
